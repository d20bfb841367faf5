"""Drift as Pulumi hears of it: a list that check puts beside the inputs, and what diff, which knows more, makes of it.

A check is shown old inputs only. By which id Vapi knows a number of ours, and where it was seen to answer, stand in the
outputs: so a check takes any of Vapi's hosts for the right one, any other address for drift, and notes which record it
saw; diff, which is shown outputs, has the last word.

An `up` that repairs drift leaves its list in the inputs that the engine keeps, until the next `up`. A refresh asks how
its reading differs from those inputs, right after it: what was repaired since must not be told once more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from vapi_sms.core.errors import Refusal
from vapi_sms.core.inert import Line, line
from vapi_sms.core.planning.drift import AGAIN, drift_lines
from vapi_sms.core.planning.goals import declared_goal
from vapi_sms.core.planning.knowledge import identified
from vapi_sms.core.planning.refusals import refuse_strangers
from vapi_sms.core.routings.vapi_urls import CALLS_PATH, TEXTS_PATH, looks_written
from vapi_sms.core.telling import gathered
from vapi_sms.core.values import NEVER, Desired, Observed, Original, TwilioNumber, VapiEndpoints
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.engine import session
from vapi_sms.resources.engine.lives import Checked
from vapi_sms.resources.engine.notices import DRIFT, tell_once
from vapi_sms.resources.inputs.number import desired_of
from vapi_sms.resources.record import readable
from vapi_sms.resources.record.members import Member, answered_for
from vapi_sms.resources.record.state import records_of

_seen_lock = threading.Lock()
_seen: dict[tuple[str, str], Observed] = {}


def note_checked(owner: str, sid: str, observed: Observed) -> None:
    """Note what a resource's check saw of a number."""
    with _seen_lock:
        _seen[owner, sid] = observed


def checked(owner: str, sid: str) -> Observed | None:
    """Give what a resource's check in this process saw of a number last."""
    with _seen_lock:
        return _seen.get((owner, sid))


def refuse_replaced(owner: str, known: Mapping[str, Original]) -> None:
    """Raise Refusal where somebody else's record is in the place of ours; `known` are a resource's records, by SID."""
    refused: dict[str, str] = {}
    for sid, original in known.items():
        observed = checked(owner, sid)
        if observed is None or not (original.import_id or original.vapi):
            continue
        try:
            refuse_strangers(original.number, identified(observed, original), original)
        except Refusal as refusal:
            refused[original.number] = str(refusal)
    if refused:
        raise Refusal("vapi", "; ".join(gathered(refused)))


Props = dict[str, Any]
Judged = Mapping[str, tuple[Line, ...]]


def as_presumed(original: Original, live: TwilioNumber, usual: VapiEndpoints) -> Original:
    """Give a record for a check, which has Vapi answer where it does, or seems to, at whatever host."""
    texts, calls = live.messaging.url, live.voice.url
    has_calls = looks_written(calls, CALLS_PATH)
    return replace(
        original,
        written=original.written or NEVER,
        at_vapi=VapiEndpoints(
            sms=texts if looks_written(texts, TEXTS_PATH) else usual.sms,
            voice=calls if has_calls else usual.voice,
            status=live.voice.status_callback if has_calls else usual.status,
        ),
    )


def of_number(olds: Props) -> Judged:
    """Give the drift of a number, under an empty name, where its outputs know better than its check."""
    sid = str(olds.get("twilioSid"))
    judged = _judged(olds, {sid: olds})
    return {"": judged[sid]} if sid in judged else {}


def of_numbers(olds: Props, members: Callable[[], Mapping[str, Member]]) -> Judged:
    """Give the drift of those numbers of many of which their outputs know better, each under its name."""
    if not _known_better(olds):
        return {}
    declared = members()
    sids = {str(member.olds.get("twilioSid")): key for key, member in declared.items()}
    judged = _judged(olds, {sid: declared[key].olds for sid, key in sids.items()})
    return {f"{sids[sid]}: ": lines for sid, lines in judged.items()}


def corrected(told: Sequence[str], judged: Judged) -> list[str]:
    """Give the drift that a check found with what the outputs know in its place."""
    # Names end with a colon; that of a number alone is empty.
    kept = [text for text in told if "" not in judged and f"{text.partition(': ')[0]}: " not in judged]
    return [*kept, *(f"{name}{text}" for name, lines in judged.items() for text in lines)]


def tell(who: str, drift: Sequence[str], checked: Sequence[str]) -> None:
    """Tell drift that no input shows (`checked`), since no check could know of it; a fleet's begins with its number."""
    known = {text.removesuffix(AGAIN) for text in checked}
    for text in drift:
        if text.removesuffix(AGAIN) not in known:
            tell_once(line(f"{DRIFT}{who}{text}."))


def _judged(olds: Props, declared: Mapping[str, Props]) -> dict[str, tuple[Line, ...]]:
    """Give the drift of numbers, by SID, of which the outputs know better."""
    return {
        sid: _lines(desired_of(declared[sid]), original, observed, vendors)
        for sid, (original, observed, vendors) in _known_better(olds).items()
        if sid in declared
    }


def _known_better(olds: Props) -> dict[str, tuple[Original, Observed, Vendors]]:
    """Give record and reading, by SID, of each number that stands where Vapi does not usually, or may."""
    owner = str(olds.get("owner", ""))
    records = records_of(olds.get("original")).by_sid
    seen = {sid: reading for sid in records if (reading := checked(owner, sid)) is not None}
    vendors = session.vendors() if seen else None
    if vendors is None:
        return {}
    usual = vendors.settings.endpoints
    return {
        sid: (records[sid], reading, vendors)
        for sid, reading in seen.items()
        if reading.twilio is not None and _is_unusual(records[sid], reading.twilio, usual)
    }


def _is_unusual(original: Original, live: TwilioNumber, usual: VapiEndpoints) -> bool:
    texts, calls = live.messaging.url, live.voice.url
    elsewhere = (looks_written(texts, TEXTS_PATH) and texts != usual.sms) or (
        looks_written(calls, CALLS_PATH) and calls != usual.voice
    )
    return original.at_vapi is not None or elsewhere


def _lines(desired: Desired, original: Original, observed: Observed, vendors: Vendors) -> tuple[Line, ...]:
    applied = declared_goal(desired, answered_for(original), observed, vendors.settings.endpoints)
    return drift_lines(observed, applied, vendors.names.by_id())


_lock = threading.Lock()
_just_read: set[tuple[str, object]] = set()


def was_read(kind: str, props: Mapping[str, Any]) -> None:
    """Note that a resource was just read: if a diff is asked for next, it is the refresh's."""
    with _lock:
        _just_read.add((kind, props.get("owner")))


def was_checked(kind: str, props: Mapping[str, Any]) -> None:
    """Note that a resource was just checked: its drift is news from here on."""
    with _lock:
        _just_read.discard((kind, props.get("owner")))


def as_news(olds: Mapping[str, Any], found: Checked) -> Checked:
    """Tell drift in other words than the inputs hold from the `up` that repaired the last one.

    The engine compares inputs: the same drift once more would be no change, and stay.
    """
    drift = found.inputs.get("drift")
    if not drift or drift != olds.get("drift"):
        return found
    again = readable.of_drift([line(f"{text}{AGAIN}") for text in drift])
    return Checked({**found.inputs, **again}, found.failures)


def told(kind: str, olds: Mapping[str, Any], news: Mapping[str, Any], judged: Judged) -> list[str]:
    """Give the drift that a diff has to show: what the check found, corrected by what the outputs know."""
    key = (kind, olds.get("owner"))
    with _lock:
        of_refresh = key in _just_read
        _just_read.discard(key)
    return [] if of_refresh else corrected(news.get("drift") or (), judged)
