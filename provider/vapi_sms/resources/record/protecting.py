"""Protecting: a number whose entry says protect=True is neither dropped nor destroyed, as long as Twilio has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from vapi_sms.core.errors import Refusal
from vapi_sms.core.telling import named
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.inputs.number import is_a_key
from vapi_sms.resources.record.state import Records

Entries = Mapping[str, Mapping[str, Any]]


def refuse_dropping(before: Entries, now: Iterable[str], records: Records, vendors: Vendors) -> None:
    """Raise Refusal where a protected number is declared no more, neither by its E.164 form nor by its SID."""
    kept = set(now)
    gone = [key for key in _protected(before) if key not in kept]
    if not gone:
        return
    spelled_anew = [key for key in kept - before.keys() if is_a_key(key)]
    still = _sids(spelled_anew, records, vendors)
    found = _sids(gone, records, vendors)
    _refuse([key for key in gone if key in found and found[key] not in still.values()], "before dropping it")


def refuse_deleting(entries: Entries, records: Records, vendors: Vendors) -> None:
    """Raise Refusal where a protected number would be put back since all of its resource goes."""
    protected = _protected(entries)
    if protected:
        found = _sids(protected, records, vendors)
        _refuse([key for key in protected if key in found], "first")


def _protected(entries: Entries) -> list[str]:
    return sorted(key for key, entry in entries.items() if entry.get("protect"))


def _sids(keys: list[str], records: Records, vendors: Vendors) -> dict[str, str]:
    """Find the SIDs of numbers that Twilio has; one that was released has none, and nothing to protect."""
    for key in keys:
        record = records.by_key.get(key)
        if record is not None:
            vendors.refuse_other_owner(key, record.account_sid, record.org_id)
    readings = vendors.observer.observe(keys, not_before=vendors.fresh()) if keys else {}
    return {key: reading.twilio.sid for key, reading in readings.items() if reading.twilio is not None}


def _refuse(keys: list[str], when: str) -> None:
    if keys:
        are = "is" if len(keys) == 1 else "are"
        raise Refusal(
            keys[0], f"{named(keys)} {are} protected: write protect=False and run `pulumi up` {when}"
        )
