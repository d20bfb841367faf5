"""Capturing: from one reading to the record of what was found, or a refusal that names the ways out.

Vapi's URL is never recorded as an original by itself: it is the same for every number and says nothing about who
answered before. Whether a number that is already in Vapi is ours to touch is judged by the record, then by `adopt`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from vapi_sms.core.errors import NothingToPutBack, Refusal
from vapi_sms.core.goals import snapshot
from vapi_sms.core.handlers import Kind, classify, on_account
from vapi_sms.core.routing import Routing
from vapi_sms.core.values import Observed, Original, Source


class LeaveAtVapi:
    """The declaration that texts stay at Vapi when we go."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a program says about the original of one number.

    `restore_to` is a messaging routing to put back instead of the one found, LeaveAtVapi, or another resource's
    record of the same number, which moves the number here.
    """

    adopt: bool = False
    restore_to: Routing | LeaveAtVapi | Original | None = None


def capture(subject: str, observed: Observed, wish: Wish, recorded: Original | None, org_id: str) -> Original:
    """Give the record of a number: the one there is, changed only by `restore_to`, or a new one from a reading.

    Raises Refusal where there is nothing to record that could be put back.
    """
    if isinstance(wish.restore_to, Original):
        return _moved(subject, observed, wish.restore_to)
    if recorded is None:
        recorded = _found(subject, observed, wish, org_id)
    if wish.restore_to is None:
        return _undeclared(recorded)
    found = recorded.messaging if recorded.source is Source.CAPTURED else recorded.found
    if found is not None and classify(found).kind is Kind.VAPI:
        found = None
    if isinstance(wish.restore_to, LeaveAtVapi):
        return replace(recorded, source=Source.LEAVE, found=found)
    declared = on_account(wish.restore_to, recorded.account_sid)
    return replace(recorded, messaging=declared, source=Source.DECLARED, found=found)


def _undeclared(recorded: Original) -> Original:
    """Give a record without what `restore_to` declared, as far as anything else is known to put back."""
    if recorded.found is not None:
        return replace(recorded, messaging=recorded.found, source=Source.CAPTURED, found=None)
    if recorded.source is Source.LEAVE and classify(recorded.messaging).kind is not Kind.VAPI:
        return replace(recorded, source=Source.DECLARED)
    return recorded


def _moved(subject: str, observed: Observed, record: Original) -> Original:
    if observed.twilio is not None and observed.twilio.sid != record.sid:
        raise Refusal(
            subject,
            f"restore_to holds the original of {record.number} ({record.sid}), not of {subject}: pass the `original` "
            "output of the resource that owned this number",
        )
    # What the old owner would have put back is what this number's original is now.
    return replace(record, found=None)


def _found(subject: str, observed: Observed, wish: Wish, org_id: str) -> Original:
    if observed.twilio is None:
        raise Refusal(subject, not_on_account(subject))
    if classify(observed.twilio.messaging).kind is Kind.VAPI and wish.restore_to is None:
        raise NothingToPutBack(subject, _no_known_original(observed, wish))
    if observed.vapi is not None and not wish.adopt:
        raise NothingToPutBack(
            subject,
            f"{observed.twilio.number} is already in this Vapi org as {observed.vapi.id}, imported by somebody else: "
            "write adopt=True to take it over (its Vapi settings are put back on destroy), or delete it in Vapi first",
        )
    return replace(snapshot(observed), org_id=org_id)


def not_on_account(subject: str) -> str:
    """Say that Twilio does not show a number to these credentials."""
    return (
        f"{subject} is not a number of this Twilio account: check the number, and that the credentials are those of "
        "the account (or subaccount) that owns it"
    )


def _no_known_original(observed: Observed, wish: Wish) -> str:
    number = observed.twilio.number if observed.twilio else ""
    start = f"texts to {number} already go to Vapi and no original routing is recorded, so nothing could be put back"
    last = "write restore_to= with the routing to put back, or restore_to=LEAVE_AT_VAPI"
    if observed.vapi is not None and wish.adopt:
        return f"{start} (adopt=True alone does not say what): {last}"
    if observed.vapi is not None:
        last = f"{last}, and adopt=True, since this Vapi org knows the number as {observed.vapi.id}"
    return (
        f"{start}: if this resource was renamed, give it an alias; if another stack or resource owns the number, "
        f"change it there; else {last}"
    )
