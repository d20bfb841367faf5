"""Checking a fleet: from its entries as written to its inputs, every number refused or told of by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vapi_sms.core.errors import EngineGone, ProviderError, Refusal
from vapi_sms.core.inert import Line, line
from vapi_sms.core.telling import Happening, gathered
from vapi_sms.core.values import Observed
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.engine import notices, session, status
from vapi_sms.resources.fleet import entries, set_aside
from vapi_sms.resources.inputs.number import KEY_AT_VAPI, is_a_key
from vapi_sms.resources.inputs.unknowns import contains_unknowns
from vapi_sms.resources.number.checking import attempt, check_members, inputs_only
from vapi_sms.resources.record import readable
from vapi_sms.resources.record.claims import refuse_copied, refuse_held_back
from vapi_sms.resources.record.leaving import staying
from vapi_sms.resources.record.members import Member
from vapi_sms.resources.record.state import records_of, with_own

Props = dict[str, Any]


def inputs_of(olds: Props, given: Props, failures: list[Line], *, is_up: bool) -> Props:
    """Give checked inputs; to `failures` a line is added for each number, or many alike, that `up` would refuse."""
    if contains_unknowns(given["numbers"]) and not isinstance(given["numbers"], Mapping):
        return given
    refuse_copied(
        "this fleet", olds.get("owner"), str(given.get("owner", "")), given.get("formerOwners") or ()
    )
    members = entries.members(olds, given)
    held = records_of(given.get("original"))
    owner = str(given.get("owner", ""))
    refuse_held_back("this fleet", owner, members, held.by_sid if held.are_there else None)
    happens: list[Happening] = []
    results, found = _checked(status.name_of(given), olds, members, happens, is_up=is_up)
    if gone := next((result for result in results.values() if isinstance(result, EngineGone)), None):
        raise gone
    troubles = {key: result for key, result in results.items() if isinstance(result, ProviderError)}
    inputs = {key: result for key, result in results.items() if not isinstance(result, ProviderError)}
    apart = {key for key, trouble in troubles.items() if set_aside.may_be(members[key], trouble)}
    refused = set_aside.told({key: troubles.pop(key) for key in apart})
    inputs |= {key: set_aside.inputs_of(members[key]) for key in apart}
    troubles |= _declared_twice(inputs)
    failures.extend(line(text) for text in gathered(entries.named(troubles)))
    original = with_own(given.get("original"), olds.get("original"), members)
    if not failures:
        notices.tell_happenings([*happens, *_leaving(olds, {**given, "original": original})])
        notices.tell_pace(status.name_of(given), given, switches=any(happens))
    drift = [line(f"{key}: {text}") for key, each in inputs.items() for text in each.get("drift", ())]
    shown = {key: entries.shown(given, key, inputs.get(key, member.given)) for key, member in members.items()}
    return {
        **given,
        "original": original,
        "numbers": shown,
        **found,
        **readable.of_drift(drift),
        **readable.of_refused(refused),
    }


def _leaving(olds: Props, given: Props) -> list[Happening]:
    """Give what happens to numbers that are declared no more: they are put back, unless they stay as they are.

    That is said by their own entries, or by the whole fleet (`retain_on_delete`), which its sibling knows.
    """
    records, now = records_of(olds.get("original")), records_of(given.get("original"))
    stay = {now.sid_of(key) for key in given["numbers"]} | staying(str(given.get("owner", "")))
    before = olds.get("numbers") or {}
    found = [(record, before[key]) for key in sorted(before) if (record := records.by_key.get(key))]
    return [
        notices.going_back(record, entry)
        for record, entry in found
        if record.sid not in stay and not entries.leaves(olds, record)
    ]


def read_services(who: str, readings: Mapping[str, Observed], vendors: Vendors) -> None:
    """Read once which numbers a Messaging Service hides: where that fails, it fails for all alike."""
    present = next((reading for reading in readings.values() if reading.twilio is not None), None)
    if present is not None:
        with status.reading(who, status.SERVICES):
            vendors.observer.with_services(present)


def _checked(
    who: str, olds: Props, members: Mapping[str, Member], happens: list[Happening], *, is_up: bool
) -> tuple[dict[str, Props | ProviderError], Props]:
    """Give what becomes of each number, and the account and org that all were found on."""
    vendors = session.vendors_to_check("this fleet", is_up=is_up)
    if vendors is None:
        notices.tell_unlisted(members)
        offline = {key: attempt(inputs_only, member) for key, member in members.items()}
        return offline, {key: olds[key] for key in ("accountSid", "orgId", KEY_AT_VAPI) if key in olds}
    keys = [key for key in members if is_a_key(key)]
    with status.reading(who, status.NUMBERS):
        readings = vendors.observer.observe(keys) if keys else {}
    read_services(who, readings, vendors)
    results = dict(
        zip(members, check_members(list(members.values()), vendors, happens, readings), strict=True)
    )
    found = {"accountSid": vendors.settings.account_sid, "orgId": vendors.org_id()}
    key = vendors.settings.key_at_vapi
    return results, found | ({KEY_AT_VAPI: key} if key else {})


def _declared_twice(inputs: Mapping[str, Props]) -> dict[str, ProviderError]:
    """Refuse a number that stands there by its E.164 form and by its SID, which no program can tell."""
    keys: dict[str, str] = {}
    refused: dict[str, ProviderError] = {}
    for key, each in sorted(inputs.items()):
        other = keys.setdefault(each.get("twilioSid") or key, key)
        if other != key:
            refused[key] = Refusal(key, f"{key} is declared twice, once as {other}: leave one of them out")
    return refused
