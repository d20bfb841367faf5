"""Applying: the only writes of this package.

SAFETY MODEL
1. A plan reaches this room only with the number's original recorded in the engine's state (law 1).
2. Before every request the engine that asked for it must still listen (law 13; the vendors' clients hold it): if
   not, nothing more is sent, and nothing is undone either.
3. A number's first write stands on a reading of the last seconds: an older one is read again, and planned anew (law
   15). A write that has to wait for its turn too long starts over.
4. After the last write Twilio is read; what differs from the goal is written once more, then it is an error (law 3).
5. A failed change is undone by planning from what is there back to what was there; every part that could not be put
   back is named with its before-value (law 6). On every way back Twilio comes first, texts and calls each for itself
   (law 18).
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass

from vapi_sms.core.errors import EngineGone, Interrupted, ProviderError
from vapi_sms.core.planning.plan import ImportNumber, Plan, RouteNumber
from vapi_sms.core.values import Observed, TwilioNumber, VapiEndpoints, VapiRecord
from vapi_sms.live.calling.calls import ReadingTooOld, ends_at, valid_until
from vapi_sms.live.calling.limiter import Places
from vapi_sms.live.giving_back import give_back, undone
from vapi_sms.live.taking import Run, prove, take
from vapi_sms.live.vendors import Vendors


@dataclass(slots=True)
class Applied:
    """What both vendors held after the last write, as they told us; `wrote` tells whether there was any.

    `endpoints` are the URLs by which Vapi answers the number, where it does. `undo` goes back to what was there before,
    for the cause that it is given, and gives what people are told.
    """

    twilio: TwilioNumber | None
    vapi: VapiRecord | None
    wrote: bool = False
    endpoints: VapiEndpoints | None = None
    undo: Callable[[ProviderError], ProviderError] | None = None

    @classmethod
    def already(cls, planned: Plan) -> Applied:
        """Give what is there where a plan has nothing to write."""
        return cls(planned.observed.twilio, planned.observed.vapi, endpoints=planned.goal.endpoints)


OnDone = Callable[[Applied | ProviderError], None]
Again = Callable[[Observed], Plan]
"""Plans a number anew from a newer reading; raises Refusal where that must not be done any more."""


def apply(planned: Plan, vendors: Vendors, again: Again) -> Applied:
    """Carry out a plan and prove it; a failure leaves the number as it was before, or says what is not.

    Raises Refusal where a newer reading shows that it must not be done, ApplyFailed, or EngineGone without having
    undone anything.
    """
    return _on_young_readings(planned, vendors, again, _switch, others=0)


def apply_many(
    plans: Mapping[str, Plan],
    vendors: Vendors,
    again: Callable[[str, Observed], Plan],
    on_done: OnDone | None = None,
) -> dict[str, Applied | ProviderError]:
    """Carry out plans of different numbers side by side; each succeeds, or fails and is undone, by itself.

    `again` plans the number of a key anew. `on_done` is called with each outcome as it comes, from the thread that
    brought it about.
    """
    return _side_by_side(plans, vendors, again, _switch, on_done)


def restore_many(
    plans: Mapping[str, Plan],
    vendors: Vendors,
    again: Callable[[str, Observed], Plan],
    on_done: OnDone | None = None,
) -> dict[str, Applied | ProviderError]:
    """Carry out plans that put numbers back, side by side: what fails is told, and nothing is undone.

    `again` and `on_done` as in apply_many. HalfWay says what of a number is back although something failed.
    """
    return _side_by_side(plans, vendors, again, _restored, on_done)


_Work = Callable[[Plan, Vendors], Applied]


def _on_young_readings(planned: Plan, vendors: Vendors, again: Again, work: _Work, *, others: int) -> Applied:
    """Carry out a plan on a reading of the last seconds; one that grows old before the first write starts over.

    A vendor that lets us wait for our turns is given more time from try to try, so that this ends.
    """
    for attempt in itertools.count():
        observed, read_at = vendors.observer.observe_again(
            planned.observed, not_before=vendors.young(), others=others
        )
        if observed.twilio != planned.observed.twilio:
            planned = again(observed)
        if planned.is_empty:
            return Applied.already(planned)
        late = ends_at.get() < time.monotonic()
        if late or vendors.guard.interrupted.is_set():
            raise Interrupted(observed.twilio.number if observed.twilio else "this number", late=late)
        try:
            with valid_until(read_at + vendors.settings.reading * 2.0**attempt + _GRACE):
                return work(planned, vendors)
        except ReadingTooOld:
            continue
    raise AssertionError("unreachable")


_GRACE = 1.0  # seconds that a reading of this moment is good for, however young it is asked to be


def _side_by_side(
    plans: Mapping[str, Plan],
    vendors: Vendors,
    again: Callable[[str, Observed], Plan],
    work: _Work,
    on_done: OnDone | None,
) -> dict[str, Applied | ProviderError]:
    waiting = iter(range(len(plans) - 1, -1, -1))

    places = Places(vendors.numbers_at_once)

    def one(item: tuple[str, Plan]) -> Applied | ProviderError:
        places.enter()
        try:
            outcome = tried(*item)
        finally:
            places.leave()
        if on_done is not None:
            on_done(outcome)
        return outcome

    def tried(key: str, planned: Plan) -> Applied | ProviderError:
        try:
            return _on_young_readings(
                planned, vendors, lambda observed: again(key, observed), work, others=next(waiting)
            )
        except EngineGone:
            raise
        except ProviderError as trouble:
            return trouble

    if len(plans) == 1:
        return {key: one((key, planned)) for key, planned in plans.items()}
    with ThreadPoolExecutor(max_workers=vendors.settings.concurrency) as pool:
        going = [pool.submit(copy_context().run, one, item) for item in plans.items()]
        return {key: each.result() for key, each in zip(plans, going, strict=True)}


def _switch(planned: Plan, vendors: Vendors) -> Applied:
    """Take all steps of a plan, or go back."""
    run = Run.of(planned, vendors)
    try:
        if run.twilio is not None and _needs_proof(planned):
            vendors.prove_write(run.twilio, planned.goal.unproven)
        for step in planned.steps:
            take(step, run)
        prove(planned, run)
    except EngineGone:
        raise
    except ProviderError as cause:
        raise undone(planned, run, cause) from None
    return Applied(
        run.twilio,
        run.vapi,
        wrote=True,
        endpoints=run.goal.endpoints,
        undo=lambda cause: undone(planned, run, cause),
    )


def _needs_proof(planned: Plan) -> bool:
    """Tell whether a write that changes nothing comes first: before an import, or over a routing of unusual shape."""
    imports = any(isinstance(step, ImportNumber) for step in planned.steps)
    routes = any(isinstance(step, RouteNumber) for step in planned.steps)
    return imports or (routes and bool(planned.goal.unproven))


def _restored(planned: Plan, vendors: Vendors) -> Applied:
    run = Run.of(planned, vendors)
    give_back(planned, run)
    return Applied(run.twilio, run.vapi)
