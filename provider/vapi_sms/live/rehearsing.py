"""Rehearsing: at a spare number, each thing that is done at Vapi and whose effect at Twilio nobody outside knows.

SAFETY MODEL
1. Nothing is written before the number's original was handed to `remember`, and again whenever what must be known to
   put it back grows.
2. The first write gives the number the routing that it has: if Twilio refuses that, nothing was changed.
3. Marks are written before a trial, and Twilio is read until patience ends after it: what lands later than that is the
   one thing that can be missed, and is why whoever gives back looks again.
4. What neither we nor Vapi is known to write is not overwritten: it ends the rehearsal.
5. Nothing is given back here: whoever asked does that, whether this ends, fails or is interrupted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

from vapi_sms.core.errors import ProviderError, VendorRefused
from vapi_sms.core.inert import redacted_url
from vapi_sms.core.planning.goals import Goal, Presence
from vapi_sms.core.planning.plan import DeleteFromVapi, RouteNumber
from vapi_sms.core.rehearsal.judging import Answers, PageMetadata
from vapi_sms.core.rehearsal.trials import CALLS_MARK, TEXTS_MARK, Change, Seen, Trial
from vapi_sms.core.routings.endpoints import written
from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.routings.vapi_urls import CALLS_PATH
from vapi_sms.core.values import Observed, Original, TwilioNumber, VapiEndpoints, VapiRecord, VapiSettings
from vapi_sms.live.calling.calls import valid_until
from vapi_sms.live.taking import Run, take
from vapi_sms.live.vendors import Vendors

NAME = "vapi-sms rehearsal"
_OTHER_NAME = "vapi-sms rehearsal, renamed"


class Pace(Protocol):
    """How time passes between two readings."""

    def wait(self, seconds: float) -> None:
        """Wait so long."""


class RealPace:
    """As it passes for everybody."""

    def wait(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(seconds)


class CannotTell(ProviderError):
    """What readings show is neither ours nor as Vapi is known to write, so that nothing could be told from them."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is rehearsed with: an assistant's id, and what the user named to be tried, too."""

    assistant_id: str
    patience: int
    """Seconds for which writes of Vapi's are waited for after each of ours."""
    application_sid: str = ""
    trunk_sid: str = ""

    @property
    def trials(self) -> int:
        """How many writes at Vapi there are to wait after."""
        optional = sum(2 for sid in (self.application_sid, self.trunk_sid) if sid)
        return _TRIALS + optional


_TRIALS = 15


@dataclass
class Rehearsal:
    """One number on its way through all trials; `seen` grows as they are done."""

    vendors: Vendors
    original: Original
    wanted: Wanted
    pace: Pace
    remember: Callable[[Original], None]
    tell: Callable[[Seen], None]
    run: Run
    seen: list[Seen] = field(default_factory=list)
    answers: Answers = field(default_factory=Answers)
    lag: int = 0
    """Milliseconds by which a reading of Twilio's was behind our own write at most, as far as it was seen."""

    @classmethod
    def of(  # noqa: PLR0913 who may remember, wait and tell is its caller's
        cls,
        vendors: Vendors,
        observed: Observed,
        original: Original,
        wanted: Wanted,
        *,
        pace: Pace,
        remember: Callable[[Original], None],
        tell: Callable[[Seen], None],
    ) -> Rehearsal:
        """Begin with a number as it was found."""
        known = replace(
            original, applied=_texts(wanted), found_voice=CALLS_MARK, imports=None, seen=0, written=0
        )
        goal = Goal(None, None, Presence.AS_IT_IS)
        return cls(vendors, known, wanted, pace, remember, tell, Run(vendors, observed.twilio, None, goal))

    def rehearse(self) -> None:
        """Try everything, round by round; raises ProviderError where it cannot go on."""
        self.remember(self.original)
        with valid_until(None):
            self._write(self.original.messaging, self.original.voice)
            self._texts_off_and_on()
            self._import_and_delete(Trial.IMPORT_ON, TEXTS_MARK, CALLS_MARK)
            self._import_left_out()
            application, trunk = self.wanted.application_sid, self.wanted.trunk_sid
            if application:
                self._over(
                    Trial.IMPORT_OVER_APP,
                    Routing(application_sid=application),
                    VoiceRouting(application_sid=application),
                )
            if trunk:
                self._over(Trial.IMPORT_OVER_TRUNK, TEXTS_MARK, VoiceRouting(trunk_sid=trunk))

    def _texts_off_and_on(self) -> None:
        """Import with texts off, change one thing after the other, and delete what is at Twilio no more."""
        self._mark(TEXTS_MARK, CALLS_MARK)
        self._import(Trial.IMPORT_OFF, sms_enabled=False)
        self._look_at_answers()
        assistant = self.wanted.assistant_id
        changes: tuple[tuple[Trial, dict[str, object]], ...] = (
            (Trial.NAME_OFF, {"name": _OTHER_NAME}),
            (Trial.TURN_ON, {"smsEnabled": True}),
            (Trial.NAME_ON, {"name": NAME}),
            (Trial.ASSISTANT, {"assistantId": assistant}),
            (Trial.NULL_SQUAD, {"squadId": None}),
            (Trial.NULL_NAME, {"name": None}),
            (Trial.NULL_ASSISTANT, {"assistantId": None}),
            (Trial.TURN_OFF, {"smsEnabled": False}),
        )
        for trial, fields in changes:
            self._patch(trial, fields)
        self._mark(TEXTS_MARK, CALLS_MARK)
        self._delete(Trial.DELETE_LEFT)

    def _import_and_delete(self, trial: Trial, texts: Routing, calls: VoiceRouting) -> None:
        self._mark(texts, calls)
        self._import(trial)
        self._delete(Trial.DELETE_THERE)

    def _import_left_out(self) -> None:
        self._mark(TEXTS_MARK, CALLS_MARK)
        self._import(Trial.IMPORT_LEFT_OUT)
        # Of all that Vapi is told, this one may cost it its way to Twilio: it comes last, and the DELETE after it
        # proves nothing.
        self._patch(Trial.NULL_TOKEN, {"twilioAuthToken": None})
        self._delete(Trial.DELETE_LAST)

    def _over(self, trial: Trial, texts: Routing, calls: VoiceRouting) -> None:
        """Import a number that has an app or a trunk; it is as found when what is remembered changes."""
        self._mark(self.original.messaging, self.original.voice)
        self._remember(replace(self.original, found_voice=calls))
        self._import_and_delete(trial, texts, calls)

    def _import(self, trial: Trial, *, sms_enabled: bool = True) -> None:
        settings = VapiSettings(self.wanted.assistant_id, sms_enabled=sms_enabled, name=NAME)
        self.run.vapi = self.vendors.vapi.import_number(
            self.original.number, settings, leaves_out_texts=trial is Trial.IMPORT_LEFT_OUT
        )
        self._watched(trial)

    def _patch(self, trial: Trial, fields: dict[str, object]) -> None:
        """Change one thing; what Vapi refuses is found out, too."""
        record = self._record()
        self._mark(TEXTS_MARK, CALLS_MARK)
        try:
            self.run.vapi = self.vendors.vapi.patch_number(record.id, fields)
        except VendorRefused as refused:
            self._watched(trial, refused=refused.why)
            return
        self._watched(trial)

    def _delete(self, trial: Trial) -> None:
        take(DeleteFromVapi(self._record()), self.run)
        self._watched(trial)

    def _watched(self, trial: Trial, *, refused: str = "") -> None:
        """Read Twilio until patience ends: at every moment until something shows, then once more at the end."""
        before = self._twilio()
        after, landed, earlier = before, None, 0
        for moment in _moments(self.wanted.patience * 1000):
            self.pace.wait((moment - earlier) / 1000)
            is_last = moment == self.wanted.patience * 1000
            if landed is None or is_last:
                after = self._read()
            if landed is None and after != before:
                landed = (earlier, moment)
            earlier = moment
        settings = None if self.run.vapi is None else self.run.vapi.settings
        found = Seen(trial, before, after, settings, landed, refused)
        self.run.twilio = after
        self.seen.append(found)
        self.tell(found)
        self._refuse_elsewhere(found)
        self._learn(found)

    def _refuse_elsewhere(self, found: Seen) -> None:
        """Raise CannotTell where a channel went where nobody expects it: a mark would overwrite somebody's own."""
        for channel, became, now in (
            ("texts", found.texts, found.after.messaging),
            ("calls", found.calls, found.after.voice),
        ):
            if became is Change.OTHER:
                raise CannotTell(
                    f"{channel} to {self.original.number} went to {redacted_url(now.url)}: somebody else writes to "
                    "this number, or Vapi does what nobody has seen. That is not overwritten: look whose it is"
                )

    def _learn(self, found: Seen) -> None:
        """Remember where Vapi writes, which may be at no host that is known as its: that is ours to take away."""
        if Change.VAPI not in (found.texts, found.calls):
            return
        known = self.original.at_vapi or _endpoints(found.after.voice, self.vendors.settings.endpoints)
        at_vapi = written(found.before, found.after, known)
        if at_vapi != self.original.at_vapi:
            self._remember(replace(self.original, at_vapi=at_vapi))

    def _mark(self, texts: Routing, calls: VoiceRouting) -> None:
        now = self._twilio()
        if not (now.messaging.same_as(texts) and now.voice.same_as(calls)):
            self._write(texts, calls)

    def _write(self, texts: Routing, calls: VoiceRouting) -> None:
        """Write both channels, and wait until readings show them: an older one would look like Vapi's doing."""
        take(RouteNumber(self._twilio(), texts, calls), self.run)
        meant, earlier = self._twilio(), 0
        for moment in _moments(max(self.wanted.patience * 1000, _LEAST)):
            self.pace.wait((moment - earlier) / 1000)
            if self._read() == meant:
                self.lag = max(self.lag, moment)
                return
            earlier = moment
        raise CannotTell(
            f"{self.original.number}: what was written at Twilio does not show within {self.wanted.patience} s, or "
            "somebody else writes to this number: leave it alone meanwhile, or name more seconds with --patience"
        )

    def _read(self) -> TwilioNumber:
        found = self.vendors.twilio.fetch_number(self.original.sid, self.original.account_sid)
        if found is None:
            raise CannotTell(
                f"{self.original.number} is not on this Twilio account any more: somebody moved it"
            )
        return found

    def _remember(self, original: Original) -> None:
        self.remember(original)
        self.original = original

    def _look_at_answers(self) -> None:
        """Tell the shape of Vapi's answers: which keys are null, and what pages say of themselves; no value is kept."""
        vapi, record = self.vendors.vapi, self._record()
        shown = vapi.read(f"Reading Vapi phone number {record.id}", f"/phone-number/{record.id}")
        nulls = any(value is None for value in shown.values()) if isinstance(shown, dict) else None
        page = vapi.read(
            "Listing the phone numbers of the Vapi org", "/v2/phone-number", {"limit": 1, "page": 1}
        )
        self.answers = Answers(nulls, _metadata(page))

    def _record(self) -> VapiRecord:
        if self.run.vapi is None:
            raise AssertionError("unreachable: it was imported just now")
        return self.run.vapi

    def _twilio(self) -> TwilioNumber:
        if self.run.twilio is None:
            raise AssertionError("unreachable: the number was found, and read since")
        return self.run.twilio


_EARLY = (0, 250, 500, 1000, 2000, 4000, 8000, 15_000, 30_000, 60_000, 120_000, 300_000)  # milliseconds
_LEAST = 1000


def _moments(patience: int) -> Iterator[int]:
    """Give the moments to look at, in milliseconds after a write, up to the last."""
    yield from (moment for moment in _EARLY if moment < patience)
    yield patience


def _endpoints(calls: VoiceRouting, usual: VapiEndpoints) -> VapiEndpoints:
    """Give where Vapi would write the rest, going by the URL for calls, which comes first."""
    base = calls.url.removesuffix(CALLS_PATH)
    return VapiEndpoints.at(base) if base != calls.url else usual


def _metadata(page: object) -> PageMetadata | None:
    said = page.get("metadata") if isinstance(page, dict) else None
    if not isinstance(said, dict) or not said.keys() & {"itemsPerPage", "totalItems", "hasNextPage"}:
        return None
    if "hasNextPage" not in said:
        return "counts"
    return "all" if "totalItems" in said else "no_total"


def _texts(wanted: Wanted) -> tuple[Routing, ...]:
    """Give the messaging routings that are ours meanwhile."""
    applications = [wanted.application_sid] if wanted.application_sid else []
    return (TEXTS_MARK, *(Routing(application_sid=sid) for sid in applications))
