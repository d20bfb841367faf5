"""Restoring: who remembers, puts back. Used by every delete, and by an update that drops a number."""

from __future__ import annotations

from collections.abc import Iterable

from vapi_sms.core.describe import handler_line
from vapi_sms.core.errors import ProviderError, VendorRefused
from vapi_sms.core.gathering import gathered
from vapi_sms.core.goals import Goal, restored_goal
from vapi_sms.core.plan import Plan, RouteNumber, plan
from vapi_sms.core.values import Observed, Original, Source
from vapi_sms.live.apply import restore_many
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources import status
from vapi_sms.resources.notices import tell_once


class NotRestored(ProviderError):
    """Some numbers could not be put back; each is named with its reason."""


def put_back(originals: Iterable[Original], vendors: Vendors, *, who: str, settle: bool) -> None:
    """Put numbers back as recorded, leaving what is somebody else's by now; raises NotRestored naming the others.

    With `settle`, what Vapi's DELETEs did to the webhooks in the meantime is read and undone too. `who` is the
    resource that long work is told of.
    """
    records = list(originals)
    for record in records:
        vendors.refuse_other_owner(record.number, record.account_sid, record.org_id)
    deleted_before = vendors.deleted_at
    failed = _once(records, vendors, who, vendors.settled() if settle else vendors.fresh())
    if settle and vendors.deleted_at != deleted_before:
        # This very pass deleted records in Vapi: look once more at what that did.
        failed = _once(records, vendors, who, vendors.settled())
    if failed:
        raise NotRestored("; ".join(gathered(failed)))


def _once(records: list[Original], vendors: Vendors, who: str, not_before: float) -> dict[str, str]:
    """Put back what one reading shows to be ours and not as recorded; give a text for each that failed."""
    readings = _read(records, vendors, not_before)
    plans: dict[str, Plan] = {}
    for record in records:
        observed = _with_record(readings[record.sid], record, vendors, not_before)
        goal = restored_goal(record, observed)
        plans[record.sid] = plan(observed, goal)
        _tell_left_alone(observed, goal, record)
    pending = {sid: planned for sid, planned in plans.items() if not planned.is_empty}
    outcomes = restore_many(pending, vendors, status.counting(who, len(pending), "put back"))
    return {
        record.number: _not_restored(record, plans[record.sid], outcome)
        for record in records
        if isinstance(outcome := outcomes.get(record.sid), ProviderError)
    }


def _read(records: list[Original], vendors: Vendors, not_before: float) -> dict[str, Observed]:
    """Read the numbers of one resource; of a route's nothing is read at Vapi, since nothing is put back there."""
    observer = vendors.observer
    read = observer.observe_texts if all(record.texts_only for record in records) else observer.observe
    return read([record.sid for record in records], not_before=not_before)


def _with_record(observed: Observed, record: Original, vendors: Vendors, not_before: float) -> Observed:
    """Find Vapi's record of a number that Twilio no longer shows.

    Where the same number was bought again it has another SID, and whatever answers it there is not ours.
    """
    if observed.twilio is not None or record.texts_only:
        return observed
    found = vendors.observer.observe([record.number], not_before=not_before)[record.number]
    return Observed(None, found.vapi if found.twilio is None else None)


def _tell_left_alone(observed: Observed, goal: Goal, record: Original) -> None:
    live = observed.twilio
    if live is None:
        tell_once(
            f"vapi-sms: {record.number} is no longer on Twilio account {record.account_sid}: nothing to put back there."
        )
        return
    channels = [("texts", live.messaging, goal.messaging, record.messaging)]
    if not record.texts_only:
        channels.append(("calls", live.voice, goal.voice, record.voice))
    for what, routing, wanted, recorded in channels:
        if wanted is None and record.source is not Source.LEAVE:
            tell_once(
                f"vapi-sms: {what} to {record.number} stay answered by {handler_line(routing)}, which is not ours; "
                f"the recorded original was {handler_line(recorded)}."
            )


def _not_restored(record: Original, planned: Plan, trouble: ProviderError) -> str:
    reason = str(trouble).rstrip(".")
    refused = isinstance(trouble, VendorRefused) and any(
        isinstance(step, RouteNumber) for step in planned.steps
    )
    if not refused:
        return f"{record.number} is not put back: {reason}. It is still recorded: run the same command again."
    routing = f"texts: {handler_line(record.messaging)}"
    if not record.texts_only:
        routing += f"; calls: {handler_line(record.voice)}"
    return (
        f"{record.number} is not put back: Twilio refuses the recorded routing ({routing}): {reason}. Bring back what "
        "it points at and run the same command again, or declare restore_to= with another routing, `pulumi up`, then "
        "destroy."
    )
