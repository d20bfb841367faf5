"""Proven switches: the question before the first write, the texts after the last, and the way back where they fail.

No state knows of it: killed while it waits, a number is switched and recorded like any other, and the next `up`, which
has nothing to switch, asks and waits for nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from vapi_sms.core.errors import ApplyFailed, ProofFailed, ProviderError, Refusal, VendorTrouble
from vapi_sms.core.inert import Line, line
from vapi_sms.core.planning.plan import Plan
from vapi_sms.core.proof.demand import KEEP, RESTORE, Prove
from vapi_sms.core.proof.evidence import MESSAGES, Evidence, Subject
from vapi_sms.core.proof.standing import Standing, Switched, is_to_prove, standings
from vapi_sms.core.proof.verdict import Fate, Verdict
from vapi_sms.core.telling import counted, gathered, named
from vapi_sms.core.values import Observed, VapiSettings
from vapi_sms.live.apply import Applied, OnDone, apply_many
from vapi_sms.live.calling.calls import ends_at
from vapi_sms.live.calling.many import Nobody, side_by_side
from vapi_sms.live.vapi.sessions import moment_of
from vapi_sms.live.vendors import Vendors

Outcomes = dict[str, Applied | ProviderError]
_SHORTEST, _LONGEST = 0.5, 15.0  # seconds between two looks, of which there are some forty
_LOOKS = 40


@dataclass(frozen=True, slots=True)
class Telling:
    """Where words go: `tell` what stays, `show` how far it is while people wait; `on_done` as apply_many has it."""

    tell: Callable[[Line], None]
    show: Callable[[Line], None]
    on_done: OnDone | None = None


@dataclass(frozen=True, slots=True)
class Wave:
    """Plans that are carried out side by side, and what their keys demand; `together`: one failure takes all back."""

    plans: Mapping[str, Plan]
    demands: Mapping[str, Prove]
    together: bool = False

    @property
    def to_prove(self) -> dict[str, Prove]:
        """What is demanded of each plan that lets somebody else answer."""
        return {
            key: self.demands[key]
            for key, planned in self.plans.items()
            if key in self.demands and is_to_prove(planned)
        }


def apply_proven(
    wave: Wave, vendors: Vendors, again: Callable[[str, Observed], Plan], telling: Telling
) -> Outcomes:
    """Carry out plans as apply_many does, and prove those that let somebody else answer.

    Whose assistant does not answer is not touched, nor is anything else of a wave that goes together. A number whose
    proof fails is put back at once.
    """
    outcomes = _unanswered(wave, vendors, telling)
    if wave.together and outcomes:
        return outcomes
    plans = {key: planned for key, planned in wave.plans.items() if key not in outcomes}
    outcomes |= apply_many(plans, vendors, again, telling.on_done)
    watched = {
        key: _Watched(demand, outcome, _since(plans[key], outcome))
        for key, demand in wave.to_prove.items()
        if demand.within and isinstance(outcome := outcomes.get(key), Applied) and outcome.wrote
    }
    if watched:
        outcomes |= _Watching(watched, outcomes if wave.together else {}, vendors, telling).through()
    return outcomes


def _unanswered(wave: Wave, vendors: Vendors, telling: Telling) -> Outcomes:
    """Ask each assistant first; give the numbers of those that do not answer."""
    whom: dict[tuple[str, str, str], list[str]] = {}
    for key, demand in wave.to_prove.items():
        question, settings = demand.before, wave.plans[key].goal.vapi
        if question is not None and isinstance(settings, VapiSettings):
            whom.setdefault((question, settings.assistant_id, settings.squad_id), []).append(key)
    if count := sum(not vendors.questions.is_asked(*key) for key in whom):
        telling.show(line(f"asking {count:,} {'assistant' if count == 1 else 'assistants'} first ..."))
    answers = side_by_side(lambda key: vendors.questions.ask(*key), list(whom), Nobody(), "assistants")
    silent: Outcomes = {}
    for asked, keys in zip(answers, whom.values(), strict=True):
        if asked.answered:
            telling.tell(line(f"proof: {asked.who} answers the question{asked.bill}.{asked.still_there}"))
            continue
        reason = f"{asked.who} does not answer the question that prove= asks first: {asked.trouble}"
        for key in keys:
            silent[key] = ApplyFailed(key, Refusal(key, reason), changed=False)
    return silent


@dataclass(frozen=True, slots=True)
class _Watched:
    """A number that was switched: what is demanded, what it came to, and since when its texts count."""

    demand: Prove
    applied: Applied
    since: int

    def as_switched(self, pools: Mapping[str, tuple[object, frozenset[str]]]) -> Switched:
        """Give it as the verdict takes it; of a Messaging Service any number may reply."""
        twilio, record = self.applied.twilio, self.applied.vapi
        assert twilio is not None  # noqa: S101 what was switched is there
        settings = VapiSettings() if record is None else record.settings
        subject = Subject(
            twilio.number,
            by_vapi=True,
            record_id="" if record is None else record.id,
            assistant_id=settings.assistant_id,
            squad_id=settings.squad_id,
            pool=pools[twilio.sid][1] if twilio.sid in pools else frozenset(),
        )
        return Switched(subject, self.demand, self.since)


@dataclass(slots=True)
class _Watching:
    """The numbers that are watched, by key, with what they came to; `others` go back with any of them."""

    watched: Mapping[str, _Watched]
    others: Mapping[str, Applied | ProviderError]
    vendors: Vendors
    telling: Telling
    began: float = field(default_factory=time.monotonic)
    switched: dict[str, Switched] = field(default_factory=dict)
    settled: dict[str, tuple[Standing, Verdict]] = field(default_factory=dict)
    failed: Outcomes = field(default_factory=dict)

    def through(self) -> Outcomes:
        """Look again and again until each number is sure, has failed, or had its time; give those that failed."""
        longest = max(each.demand.within or 0 for each in self.watched.values())
        pause = min(max(longest / _LOOKS, _SHORTEST), _LONGEST)
        first, last = (least(each.since for each in self.watched.values()) for least in (min, max))
        while True:
            evidence = self._read(first, last + int(time.monotonic() - self.began))
            self._judge(evidence)
            if len(self.settled) == len(self.watched):
                break
            left = last + longest - evidence.until
            self.telling.show(
                line(
                    f"watching texts: {len(self.settled):,} of {counted(len(self.watched))} settled, "
                    + (f"{left:,} s left" if left > 0 else "replies to the last ones may still come")
                )
            )
            interrupted = self.vendors.guard.interrupted.wait(
                min(pause, max(0.0, ends_at.get() - time.monotonic()))
            )
            if interrupted or ends_at.get() <= time.monotonic():
                open_ = [key for key in self.watched if key not in self.settled]
                why = "interrupted" if interrupted else "the time-out is over"
                stay = "stays" if len(open_) == 1 else "stay"
                self.telling.tell(line(f"proof: {why}: {named(open_)} {stay} with Vapi, not proven."))
                break
        self._tell()
        return self.failed

    def _read(self, since: int, until: int) -> Evidence:
        """Read what there is of those that are open; what cannot be read now may be a moment later."""
        from vapi_sms.live.proving import read_evidence  # noqa: PLC0415 most stacks demand no proof

        try:
            if not self.switched:
                self._begin()
        except VendorTrouble as trouble:
            return Evidence(since, until, unread={MESSAGES: trouble.in_brief})
        open_ = [each.subject for key, each in self.switched.items() if key not in self.settled]
        return read_evidence(self.vendors, open_, since, until, Nobody())

    def _begin(self) -> None:
        """Find out who else sends for each number's Messaging Service."""
        from vapi_sms.live.proving import pools_of  # noqa: PLC0415 as above

        sids = [each.applied.twilio.sid for each in self.watched.values() if each.applied.twilio is not None]
        pools = pools_of(self.vendors, sids, Nobody())
        self.switched |= {key: each.as_switched(pools) for key, each in self.watched.items()}

    def _judge(self, evidence: Evidence) -> None:
        going = {
            key: self.switched.get(key) or each.as_switched({})
            for key, each in self.watched.items()
            if key not in self.settled
        }
        found = dict(zip(going, standings(going.values(), evidence), strict=True))
        self.settled |= {key: each for key, each in found.items() if each[0] is not Standing.OPEN}
        lost = [key for key in found if key in self.settled and self._is_lost(key)]
        if not lost:
            return
        causes = {key: self._cause(key) for key in lost}
        back = {key: cause for key, cause in causes.items() if not cause.stays}
        if back and self.others:
            first = next(iter(back))
            for key, outcome in self.others.items():
                if key not in causes and key not in self.failed and isinstance(outcome, Applied):
                    back[key] = ProofFailed(key, f"that of {first}, which was switched with it")
            self.settled |= {key: found.get(key) or self.settled[key] for key in self.watched if key in back}
        self.failed |= {key: cause for key, cause in causes.items() if cause.stays}
        self.failed |= dict(
            zip(back, side_by_side(self._undone, list(back.items()), Nobody(), "numbers"), strict=True)
        )

    def _is_lost(self, key: str) -> bool:
        standing, demand = self.settled[key][0], self.watched[key].demand
        return standing is Standing.FAILED or (standing is Standing.SILENT and demand.on_silence == RESTORE)

    def _cause(self, key: str) -> ProofFailed:
        (standing, verdict), demand = self.settled[key], self.watched[key].demand
        reasons = "; ".join(verdict.reasons) or _too_few(verdict, demand)
        if standing is Standing.SILENT:
            reasons += f" within {demand.within:,} s, and on_silence is 'restore'"
        return ProofFailed(key, reasons, stays=standing is Standing.FAILED and demand.on_failure == KEEP)

    def _undone(self, item: tuple[str, ProofFailed]) -> ProviderError:
        key, cause = item
        outcome = self.watched[key].applied if key in self.watched else self.others[key]
        assert isinstance(outcome, Applied)  # noqa: S101 only what was carried out is undone
        return cause if outcome.undo is None else outcome.undo(cause)

    def _tell(self) -> None:
        """Say of each number that stays what is known of its texts."""
        said = {}
        for key, (standing, verdict) in self.settled.items():
            if key in self.failed:
                continue
            demand = self.watched[key].demand
            if standing is Standing.SURE:
                after = " after" if verdict.count(Fate.ANSWERED) == 1 else ", the median after"
                said[key] = f"proof: {key}: {_texts(verdict)} answered{after} {verdict.median} s"
            else:
                why = "; ".join(verdict.reasons) or _too_few(verdict, demand)
                said[key] = f"proof: {key}: not proven within {demand.within:,} s, and stays: {why}"
        for text in gathered(said):
            self.telling.tell(line(f"{text}."))


def _texts(verdict: Verdict) -> str:
    count = verdict.count(Fate.ANSWERED)
    return "1 text" if count == 1 else f"{count:,} texts"


def _too_few(verdict: Verdict, demand: Prove) -> str:
    return f"{_texts(verdict)} answered, and at_least says {demand.at_least:,}"


def _since(planned: Plan, applied: Applied) -> int:
    """Give when the last write took effect, by the clock of the vendor that said so: ours may be another.

    Texts bear Twilio's clock, so that counts where Twilio was written. A text of that very second may have gone either
    way.
    """
    before = planned.observed.twilio.updated if planned.observed.twilio is not None else 0
    at_twilio = applied.twilio.updated if applied.twilio is not None else 0
    at_vapi = moment_of(applied.vapi.updated) if applied.vapi is not None else 0
    return 1 + ((at_twilio if at_twilio > before else at_vapi) or int(time.time()))
