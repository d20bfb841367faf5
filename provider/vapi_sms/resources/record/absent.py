"""Absent numbers: recorded ones that the account does not show. Where they are decides what becomes of them.

On a subaccount they are put back there. Released and bought again they have another SID, and what is there now is their
new owner's. Found nowhere they may be on an account that these credentials do not see, and still point at Vapi: nothing
of them is given up, unless a person says that they were released.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vapi_sms.core.routings.describe import original_line
from vapi_sms.core.values import Observed, Original, TwilioNumber
from vapi_sms.live.twilio.client import Account
from vapi_sms.live.vendors import Vendors


@dataclass(frozen=True, slots=True)
class Absent:
    """What is told of an absent number, whether that is a failure, and what is put back all the same, and where."""

    told: str
    fails: bool = False
    observed: Observed | None = None


def absent_numbers(records: Sequence[Original], vendors: Vendors, not_before: float) -> dict[str, Absent]:
    """Look for numbers that the account does not show by their SIDs; give what becomes of each, by SID.

    A number that was bought again, and again, has several SIDs: what is said of one holds for that one alone.
    """
    observe = vendors.observer.observe if vendors.asks_vapi else vendors.observer.observe_texts
    texts = {record.number for record in records if record.texts_only}
    by_number = observe(
        [record.number for record in records if record.number not in texts], not_before=not_before
    )
    by_number |= vendors.observer.observe_texts(texts, not_before=not_before) if texts else {}
    anew = [record for record in records if by_number[record.number].twilio is not None]
    said = [record for record in records if record not in anew and _was_released(record, vendors)]
    sought = [record for record in records if record not in anew and record not in said]
    moved = vendors.elsewhere.find([record.sid for record in sought]) if sought else {}
    found = {record.sid: _bought_again(record, by_number[record.number]) for record in anew}
    found |= {record.sid: _released(record, by_number[record.number]) for record in said}
    for record in sought:
        if record.sid in moved:
            found[record.sid] = _moved(record, *moved[record.sid], by_number[record.number])
        else:
            found[record.sid] = Absent(nowhere(record, vendors), fails=True)
    return found


def nowhere(record: Original, vendors: Vendors) -> str:
    """Say of a number that is nowhere to be seen what is open, and the ways out."""
    at_vapi = ""
    if not record.texts_only:
        known = record.vapi_id or record.import_id
        at_vapi = f"; what Vapi knows of it{f' ({known})' if known else ''} stays, since it may still answer"
    return (
        f"{record.number} ({record.sid}) is not on Twilio account {record.account_sid} any more, and "
        f"{vendors.elsewhere.looked()}: it may have moved, so it is still recorded{at_vapi}. Its original: "
        f"{original_line(record)}. Run again with credentials of {record.account_sid} that see where it is: its auth "
        "token sees its subaccounts, an API key none. Or put it back with credentials of the account that it is on and "
        "`vapi-sms restore --to-account`; after that, and if it was released, run again with "
        f"VAPI_SMS_RELEASED={record.number}"
    )


def _was_released(record: Original, vendors: Vendors) -> bool:
    return not vendors.settings.released.isdisjoint((record.number, record.sid))


def _moved(record: Original, number: TwilioNumber, account: Account, by_number: Observed) -> Absent:
    return Absent(
        f"{record.number} moved to Twilio account {account}: it is put back there",
        observed=Observed(number, by_number.vapi, strangers=by_number.strangers),
    )


def _bought_again(record: Original, by_number: Observed) -> Absent:
    sid = by_number.twilio.sid if by_number.twilio else ""
    return Absent(
        f"{record.number} was released and bought again: it is {sid} now, and there is nothing to put back on "
        f"{record.sid}",
        observed=Observed(None, by_number.vapi, strangers=by_number.strangers),
    )


def _released(record: Original, by_number: Observed) -> Absent:
    return Absent(
        f"{record.number} is on no account any more, as you say (VAPI_SMS_RELEASED): nothing to put back there",
        observed=Observed(None, by_number.vapi, strangers=by_number.strangers),
    )
