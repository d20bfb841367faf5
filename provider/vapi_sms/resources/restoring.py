"""Restoring: who remembers, puts back. Used by every delete, by an update that drops a number, and by the command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from vapi_sms.core.describe import handler_line
from vapi_sms.core.errors import EngineGone, ProviderError, VendorRefused
from vapi_sms.core.gathering import gathered
from vapi_sms.core.goals import restored_goal
from vapi_sms.core.handlers import classify
from vapi_sms.core.inert import Line, line
from vapi_sms.core.plan import Plan, RouteNumber, plan
from vapi_sms.core.routing import Routing
from vapi_sms.core.values import Observed, Original, Source
from vapi_sms.live.apply import OnDone, restore_many
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources import status
from vapi_sms.resources.notices import tell_once


class NotRestored(ProviderError):
    """Some numbers could not be put back; each is named with its reason."""


def put_back(originals: Iterable[Original], vendors: Vendors, *, who: str, settle: bool) -> None:
    """Put numbers back as recorded, leaving what is somebody else's by now; raises NotRestored naming the others.

    With `settle`, what Vapi did to the webhooks of what it let go, by a DELETE or by a PATCH, is read and undone too.
    `who` is the resource that long work is told of.
    """
    records = list(originals)
    for record in records:
        vendors.refuse_other_owner(record.number, record.account_sid, record.org_id)
    watch = partial(status.counting, who, what="put back")
    failed = put_each_back(records, vendors, watch, settle=settle)
    if failed:
        raise NotRestored("; ".join(gathered(failed)))


def put_each_back(
    records: Sequence[Original],
    vendors: Vendors,
    watch: Callable[[int], OnDone],
    *,
    settle: bool,
    tell: Callable[[Line], None] = tell_once,
) -> dict[str, str]:
    """Put numbers back, and give a text, by number, for each that failed; `tell` is told what is left alone.

    `watch` is given how many there are to write, and gives what is called with each outcome.
    """
    let_go_before = vendors.let_go_at
    failed = _once(records, vendors, watch, tell, vendors.settled() if settle else vendors.fresh())
    if settle and vendors.let_go_at != let_go_before:
        # This very pass let go of numbers at Vapi: look once more at what that did.
        try:
            failed = _once(records, vendors, watch, tell, vendors.settled())
        except EngineGone:
            raise
        except ProviderError as trouble:
            if not failed:
                raise
            told = [line.rstrip(".") for line in gathered(failed)]
            raise NotRestored("; ".join([*told, str(trouble)])) from None
    return failed


def plans_back(records: Sequence[Original], vendors: Vendors, not_before: float) -> dict[str, Plan]:
    """Plan, by SID, from one reading back to the records; what is somebody else's by now is left out of a plan."""
    readings = _read(records, vendors, not_before)
    plans = {}
    for record in records:
        observed = _with_record(readings[record.sid], record, vendors, not_before)
        plans[record.sid] = plan(observed, restored_goal(record, observed))
    return plans


def _once(
    records: Sequence[Original],
    vendors: Vendors,
    watch: Callable[[int], OnDone],
    tell: Callable[[Line], None],
    not_before: float,
) -> dict[str, str]:
    """Put back what one reading shows to be ours and not as recorded; give a text for each that failed."""
    plans = plans_back(records, vendors, not_before)
    _tell_left_alone({record.number: left_alone(plans[record.sid], record) for record in records}, tell)
    pending = {sid: planned for sid, planned in plans.items() if not planned.is_empty}
    outcomes = restore_many(pending, vendors, watch(len(pending)))
    return {
        record.number: _not_restored(record, plans[record.sid], outcome)
        for record in records
        if isinstance(outcome := outcomes.get(record.sid), ProviderError)
    }


def _tell_left_alone(lines: Mapping[str, list[str]], tell: Callable[[Line], None]) -> None:
    """Tell what is not put back, texts and calls each for themselves, of many numbers in few lines."""
    for nth in range(max((len(each) for each in lines.values()), default=0)):
        texts = {number: each[nth] for number, each in lines.items() if len(each) > nth}
        for text in gathered(texts):
            tell(line(f"vapi-sms: {text}."))


def _read(records: Sequence[Original], vendors: Vendors, not_before: float) -> dict[str, Observed]:
    """Read numbers; of a route's nothing is read at Vapi, since nothing is put back there."""
    texts_only = [record.sid for record in records if record.texts_only]
    others = [record.sid for record in records if not record.texts_only]
    found = vendors.observer.observe_texts(texts_only, not_before=not_before) if texts_only else {}
    return found | (vendors.observer.observe(others, not_before=not_before) if others else {})


def _with_record(observed: Observed, record: Original, vendors: Vendors, not_before: float) -> Observed:
    """Find Vapi's record of a number that Twilio no longer shows.

    Where the same number was bought again it has another SID, and whatever answers it there is not ours.
    """
    if observed.twilio is not None or record.texts_only:
        return observed
    found = vendors.observer.observe([record.number], not_before=not_before)[record.number]
    return Observed(None, found.vapi if found.twilio is None else None)


def left_alone(planned: Plan, record: Original) -> list[str]:
    """Say, in a line for each, what a plan does not put back although it is recorded, and why."""
    live, goal = planned.observed.twilio, planned.goal
    if live is None:
        return [
            f"{record.number} is no longer on Twilio account {record.account_sid}: nothing to put back there"
        ]
    channels = [("texts", live.messaging, goal.messaging, record.messaging)]
    if not record.texts_only:
        channels.append(("calls", live.voice, goal.voice, record.voice))
    return [
        f"{what} to {record.number} stay answered by {handler_line(routing)}, which is not ours; "
        f"the recorded original was {handler_line(recorded)}"
        for what, routing, wanted, recorded in channels
        if record.source is not Source.LEAVE and _stays(routing, wanted, recorded)
    ]


def _stays(live: Routing, wanted: Routing | None, recorded: Routing) -> bool:
    """Tell whether who answers a channel stays, although it is not who is recorded."""
    return wanted is None or classify(wanted) == classify(live) != classify(recorded)


def _not_restored(record: Original, planned: Plan, trouble: ProviderError) -> str:
    reason = str(trouble).rstrip(".")
    by_twilio = isinstance(trouble, VendorRefused) and trouble.vendor == "Twilio"
    refused = by_twilio and any(isinstance(step, RouteNumber) for step in planned.steps)
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
