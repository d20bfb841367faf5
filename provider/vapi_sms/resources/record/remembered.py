"""Remembered: drift as a resource's outputs know it, which a check is not shown.

A check is shown old inputs only; where Vapi was seen to answer stands in the outputs. The engine prints what a check
finds, of what stays the same too. So a check takes any host for the right one where the path is Vapi's, and any other
address for drift, and diff, which knows, has the last word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from vapi_sms.core.inert import Line, line
from vapi_sms.core.planning.drift import AGAIN, drift_lines
from vapi_sms.core.planning.goals import declared_goal
from vapi_sms.core.routings.vapi_urls import CALLS_PATH, TEXTS_PATH, looks_written
from vapi_sms.core.values import Desired, Observed, Original, TwilioNumber, VapiEndpoints
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.engine import session
from vapi_sms.resources.engine.notices import DRIFT, tell_once
from vapi_sms.resources.inputs.declared import desired_of
from vapi_sms.resources.record import identities
from vapi_sms.resources.record.members import Member, answered_for
from vapi_sms.resources.record.records import records_of

Props = dict[str, Any]
Judged = Mapping[str, tuple[Line, ...]]


def as_presumed(original: Original, live: TwilioNumber, usual: VapiEndpoints) -> Original:
    """Give a record for a check, which has Vapi answer where it does, or seems to, at whatever host."""
    texts, calls = live.messaging.url, live.voice.url
    has_calls = looks_written(calls, CALLS_PATH)
    return replace(
        answered_for(original),
        at_vapi=replace(
            usual,
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
    kept = [text for text in told if not any(text.startswith(name) for name in judged)]
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
    seen = {sid: reading for sid in records if (reading := identities.seen(owner, sid)) is not None}
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
