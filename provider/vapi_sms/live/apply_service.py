"""Applying a plan of a Messaging Service: its whole pool, in an order in which no text meets anybody new.

SAFETY MODEL
1. A plan reaches this room only with the service, and every number it writes, recorded in the engine's state (law 1).
2. A number is written only while the service answers by itself, so that what is written sleeps: before it defers, and
   after it answers again. Where the service's write failed, the numbers are not touched.
3. Twilio's answer to the last write is read; what differs is written once more, then it is an error (law 3).
4. A failed switch is undone in the other order; what somebody else made of the service meanwhile stays. As long as
   nobody can tell whether the service defers, its numbers keep its handler, which answers either way (law 6).
"""

from __future__ import annotations

import time
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from functools import partial

from vapi_sms.core.errors import (
    ApplyFailed,
    EngineGone,
    NotAsPlanned,
    ProviderError,
    Refusal,
    UnexpectedResponse,
    VendorRefused,
    VendorUnavailable,
    again_beside,
)
from vapi_sms.core.planning.plan import Plan
from vapi_sms.core.routings.describe import handler_line
from vapi_sms.core.services.answers import inbound_line
from vapi_sms.core.services.plan import ServicePlan, SetInbound, plan_again, plan_undo
from vapi_sms.core.services.pool import Inbound, MessagingService, presumed
from vapi_sms.live.apply import Applied, restore_many
from vapi_sms.live.vendors import Vendors

_NAMED = 10  # numbers in one error


class NotGivenBack(ProviderError):
    """A service answers again, and some of its numbers could not get their own routing back; each is named."""


@dataclass(frozen=True, slots=True)
class Served:
    """What was written: the service as Twilio answered it, and when each number, by SID, was changed."""

    service: MessagingService | None = None
    numbers: Mapping[str, int] = field(default_factory=dict)


def apply_service(planned: ServicePlan, vendors: Vendors) -> Served:
    """Carry out a plan and prove it; give what was written.

    Raises Refusal where somebody else changed the service since it was read. A switch that fails leaves all as it was,
    or says what is not (ApplyFailed). What fails on the way back is told, and nothing is undone (NotGivenBack, or the
    vendor's trouble). EngineGone undoes nothing.
    """
    _refuse_changed(planned, vendors)
    if not planned.numbers_first:
        return _give_back(planned, vendors)
    try:
        numbers = _write_numbers(planned, vendors)
        _refuse_changed(planned, vendors)
        return Served(_set(planned.inbound, vendors), numbers)
    except EngineGone:
        raise
    except ProviderError as cause:
        raise _undone(planned, cause, vendors) from None


def _give_back(planned: ServicePlan, vendors: Vendors) -> Served:
    service = _set(planned.inbound, vendors)
    outcomes = restore_many(planned.numbers, vendors, partial(plan_again, planned))
    failed = [
        _not_given_back(planned.numbers[sid], outcome)
        for sid, outcome in outcomes.items()
        if isinstance(outcome, ProviderError)
    ]
    if failed:
        raise NotGivenBack("; ".join(failed))
    return Served(service, _moments(outcomes))


def _refuse_changed(planned: ServicePlan, vendors: Vendors) -> None:
    """Raise Refusal where a reading of the last seconds shows another service, or pool, than was planned for."""
    if planned.inbound is None:
        return
    sid, young = planned.service.sid, vendors.young()
    live = vendors.services.find(sid, not_before=young)
    others = ""
    if live is None:
        others = "is gone"
    elif not presumed(live, planned.original).inbound.same_as(planned.inbound.before.inbound):
        others = f"leaves texts to {inbound_line(live.inbound)} by now"
    elif planned.numbers_first and frozenset(vendors.services.pool(sid, not_before=young)) != planned.pool:
        others = "has other numbers by now"
    if others:
        raise Refusal(sid, f"{planned.service} {others}: somebody changes it. Run the same command again")


def _write_numbers(planned: ServicePlan, vendors: Vendors) -> Mapping[str, int]:
    outcomes = restore_many(planned.numbers, vendors, partial(plan_again, planned))
    for outcome in outcomes.values():
        if isinstance(outcome, ProviderError):
            raise outcome
    return _moments(outcomes)


def _moments(outcomes: Mapping[str, Applied | ProviderError]) -> Mapping[str, int]:
    """Give when each number that was written was changed."""
    return {
        sid: outcome.twilio.updated
        for sid, outcome in outcomes.items()
        if isinstance(outcome, Applied) and outcome.twilio is not None
    }


def _set(step: SetInbound | None, vendors: Vendors) -> MessagingService | None:
    """Write a service's setting, if there is anything to write, prove it, and give what is there then."""
    if step is None:
        return None
    live = _written(step, vendors)
    if not live.inbound.same_as(step.after):
        live = _written(step, vendors)
    if not live.inbound.same_as(step.after):
        raise NotAsPlanned(str(live), _shown(step.after), _shown(live.inbound))
    return live


def _written(step: SetInbound, vendors: Vendors) -> MessagingService:
    """Write once and give what is there then, also where the answer was lost."""
    try:
        live = vendors.twilio.set_inbound(step.before, step.after)
    except (VendorUnavailable, UnexpectedResponse) as lost:
        live = _read_after(lost, step.before, vendors)
        if not live.inbound.same_as(step.after):
            raise
    vendors.services.learn(live)
    return live


def _read_after(lost: ProviderError, service: MessagingService, vendors: Vendors) -> MessagingService:
    """Read a service whose write nobody answered; where that fails too, the first trouble is what is told."""
    try:
        return _read(service, vendors, lost)
    except EngineGone:
        raise
    except ProviderError:
        raise lost from None


def _read(service: MessagingService, vendors: Vendors, trouble: ProviderError) -> MessagingService:
    """Read a service past every cache; raises `trouble` where it is gone."""
    found = vendors.services.find(service.sid, not_before=time.monotonic())
    if found is None:
        raise trouble
    return found


def _undone(planned: ServicePlan, cause: ProviderError, vendors: Vendors) -> ApplyFailed:
    """Go back: the service first, then the numbers, and those only if it surely answers by itself."""
    service = planned.service
    try:
        live = _read(service, vendors, cause)
        if planned.inbound is not None and live.inbound.same_as(planned.inbound.after):
            _set(SetInbound(live, service.inbound), vendors)
        elif live.defers:
            # Somebody else let it defer, and its numbers answer by now: what they were given stays.
            return ApplyFailed(str(service), cause, _kept_lines(planned), thing="service")
    except EngineGone:
        raise
    except ProviderError as trouble:
        left = [f"texts to its numbers (before: {_shown(service.inbound)})", *_kept_lines(planned)]
        return ApplyFailed(str(service), cause, tuple(left), trouble, thing="service")
    return _with_numbers_back(planned, cause, vendors)


def _with_numbers_back(planned: ServicePlan, cause: ProviderError, vendors: Vendors) -> ApplyFailed:
    service = str(planned.service)
    try:
        readings = vendors.observer.observe_texts(list(planned.numbers), not_before=time.monotonic())
    except EngineGone:
        raise
    except ProviderError as trouble:
        return ApplyFailed(service, cause, _kept_lines(planned), trouble, thing="service")
    plans = {sid: plan_undo(planned, sid, readings[sid]) for sid in planned.numbers}
    pending = {sid: each for sid, each in plans.items() if not each.is_empty}
    outcomes = restore_many(pending, vendors, partial(plan_undo, planned))
    left = {sid: outcome for sid, outcome in outcomes.items() if isinstance(outcome, ProviderError)}
    first = next(iter(left.values()), None)
    return ApplyFailed(service, cause, _kept_lines(planned, left), first, thing="service")


def _kept_lines(planned: ServicePlan, only: Container[str] | None = None) -> tuple[str, ...]:
    """Name the first of the numbers that were to get the service's handler, with what they had before."""
    lines = [
        f"own routing of {before.number} (before: {handler_line(before.messaging)})"
        for sid, each in planned.numbers.items()
        if (before := each.observed.twilio) is not None and (only is None or sid in only)
    ]
    more = len(lines) - _NAMED
    return (*lines[:_NAMED], f"own routings of {more} more numbers") if more > 0 else tuple(lines)


def _not_given_back(planned: Plan, trouble: ProviderError) -> str:
    number = planned.observed.twilio.number if planned.observed.twilio else ""
    routing = planned.goal.messaging
    if not isinstance(trouble, VendorRefused) or routing is None:
        reason = str(trouble).rstrip(".")
        return f"{number} is not put back: {reason}. It is still recorded{again_beside(reason, ': ')}."
    # What is advised for a declared number, restore_to, is no way out of another one's.
    reason = str(trouble).removesuffix(f". {trouble.advice}")
    return (
        f"{number} is not put back: Twilio refuses its recorded routing ({handler_line(routing)}): {reason}. Bring "
        "back what it points at; or give the number another routing in Twilio's Console, which then stays; and run "
        "the same command again."
    )


def _shown(inbound: Inbound) -> str:
    return f"texts answered by {inbound_line(inbound)}"
