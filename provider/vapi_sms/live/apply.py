"""Applying: the only writes of this package.

SAFETY MODEL
1. A plan reaches this room only with the number's original recorded in the engine's state (law 1).
2. Before every request the engine that asked for it must still listen (law 13; the vendors' clients hold it): if
   not, nothing more is sent, and nothing is undone either.
3. After the last write Twilio is read; what differs from the goal is written once more, then it is an error (law 3).
4. A failed change is undone by planning from what is there back to what was there; every part that could not be put
   back is named with its before-value (law 6).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace

from vapi_sms.core.describe import handler_line, original_line, settings_changes
from vapi_sms.core.errors import (
    ApplyFailed,
    EngineGone,
    NotAsPlanned,
    ProviderError,
    UnexpectedResponse,
    VendorRefused,
    VendorUnavailable,
)
from vapi_sms.core.goals import Goal, Presence, restored_goal, snapshot
from vapi_sms.core.plan import (
    DeleteFromVapi,
    ImportNumber,
    Plan,
    RouteNumber,
    Step,
    UpdateVapi,
    missing,
    plan,
    unlike,
)
from vapi_sms.core.values import Observed, Original, TwilioNumber, VapiRecord
from vapi_sms.live.vapi_client import AlreadyImported
from vapi_sms.live.vendors import Vendors


@dataclass(slots=True)
class Applied:
    """What both vendors held after the last write, as they told us."""

    twilio: TwilioNumber | None
    vapi: VapiRecord | None


OnDone = Callable[[Applied | ProviderError], None]


@dataclass(slots=True)
class _Run:
    """One plan on its way: the newest readings, and whether any write may have taken effect."""

    vendors: Vendors
    twilio: TwilioNumber | None
    vapi: VapiRecord | None
    touched: bool = False
    stale: bool = False  # something was written since Twilio was last read
    handed_key: bool = False  # Vapi may have our credentials for Twilio anew; those it had nobody knows

    def note(self, step: Step) -> None:
        """Note that a step took effect, or may have."""
        self.touched = True
        self.handed_key = self.handed_key or (isinstance(step, UpdateVapi) and step.hands_key)


def apply(planned: Plan, vendors: Vendors) -> Applied:
    """Carry out a plan and prove it; a failure leaves the number as it was before, or says what is not.

    Raises ApplyFailed, or EngineGone without having undone anything.
    """
    run = _Run(vendors, planned.observed.twilio, planned.observed.vapi)
    try:
        _perform(planned, run)
    except EngineGone:
        raise
    except ProviderError as cause:
        raise _undone(planned, run, cause) from None
    return Applied(run.twilio, run.vapi)


def apply_many(
    plans: dict[str, Plan], vendors: Vendors, on_done: OnDone | None = None
) -> dict[str, Applied | ProviderError]:
    """Carry out plans of different numbers side by side; each succeeds, or fails and is undone, by itself.

    `on_done` is called with each outcome as it comes, from the thread that brought it about.
    """
    return _side_by_side(plans, lambda planned: apply(planned, vendors), vendors, on_done)


def restore(planned: Plan, vendors: Vendors) -> Applied:
    """Carry out a plan that puts a number back: what fails is told, and nothing is undone."""
    run = _Run(vendors, planned.observed.twilio, planned.observed.vapi)
    try:
        _perform(planned, run)
    except VendorRefused as refused:
        if refused.vendor == "Twilio":
            _channel_by_channel(planned, run)
        raise
    finally:
        if any(isinstance(step, UpdateVapi) for step in planned.steps):
            vendors.let_go_at = time.monotonic()  # no later `up` repairs what a PATCH still does to webhooks
    return Applied(run.twilio, run.vapi)


def _channel_by_channel(planned: Plan, run: _Run) -> None:
    """Put back the channel that Twilio takes, where it refuses the other one, such as a deleted TwiML App's."""
    for step in planned.steps:
        if isinstance(step, RouteNumber) and step.messaging is not None and step.voice is not None:
            for alone in (replace(step, voice=None), replace(step, messaging=None)):
                with suppress(VendorRefused):  # told already, as the refusal of both
                    _write(alone, run)


def restore_many(
    plans: dict[str, Plan], vendors: Vendors, on_done: OnDone | None = None
) -> dict[str, Applied | ProviderError]:
    """Put different numbers back side by side; each succeeds or fails by itself. `on_done` as in apply_many."""
    return _side_by_side(plans, lambda planned: restore(planned, vendors), vendors, on_done)


def _side_by_side(
    plans: dict[str, Plan], work: Callable[[Plan], Applied], vendors: Vendors, on_done: OnDone | None
) -> dict[str, Applied | ProviderError]:
    def one(planned: Plan) -> Applied | ProviderError:
        outcome = tried(planned)
        if on_done is not None:
            on_done(outcome)
        return outcome

    def tried(planned: Plan) -> Applied | ProviderError:
        try:
            return work(planned)
        except EngineGone:
            raise
        except ProviderError as trouble:
            return trouble

    if len(plans) == 1:
        return {key: one(planned) for key, planned in plans.items()}
    with ThreadPoolExecutor(max_workers=vendors.settings.concurrency) as pool:
        return dict(zip(plans, pool.map(one, plans.values()), strict=True))


def _perform(planned: Plan, run: _Run) -> None:
    for step in planned.steps:
        _take(step, run)
    _prove(planned.goal, run)


def _take(step: Step, run: _Run) -> None:
    if isinstance(step, ImportNumber) and run.twilio is not None:
        run.vendors.prove_write(run.twilio)
    try:
        _write(step, run)
    except (VendorUnavailable, UnexpectedResponse):
        run.note(step)  # the write may have taken effect, whatever we were answered
        raise
    run.note(step)


def _write(step: Step, run: _Run) -> None:
    vendors = run.vendors
    match step:
        case ImportNumber():
            run.vapi = _import(step, run)
            vendors.observer.learn_record(run.vapi)
            run.stale = True
        case UpdateVapi(record, after, hands_key):
            run.vapi = vendors.vapi.update_number(
                record.id, after, before=record.settings, hand_key=hands_key
            )
            vendors.observer.learn_record(run.vapi)
            run.stale = True
        case RouteNumber(before, messaging, voice, regulatory):
            run.twilio = vendors.twilio.update_routing(
                before, messaging=messaging, voice=voice, regulatory=regulatory
            )
            vendors.observer.learn_number(run.twilio)
            run.stale = False
        case DeleteFromVapi(record):
            vendors.vapi.delete_number(record.id)
            vendors.observer.forget_record(record)
            vendors.let_go_at = time.monotonic()
            run.vapi = None
            run.stale = True


def _import(step: ImportNumber, run: _Run) -> VapiRecord:
    """Import once; an outcome that is unknown is resolved by looking, and only if nothing is there sent again."""
    vapi = run.vendors.vapi
    try:
        return vapi.import_number(step.number, step.settings)
    except AlreadyImported as known:
        # The record says that the number was not in Vapi: this is our own unfinished import.
        run.touched = True
        return _settle(vapi.fetch_number(known.existing_id), step, run, known)
    except (VendorUnavailable, UnexpectedResponse) as lost:
        run.touched = True
        found = _look(step.number, run)
        if found is not None:
            return _settle(found, step, run, lost)
    try:
        return vapi.import_number(step.number, step.settings)
    except AlreadyImported as known:
        return _settle(vapi.fetch_number(known.existing_id), step, run, known)


def _look(number: str, run: _Run) -> VapiRecord | None:
    """Look twice for a record that may just be coming into being."""
    for pause in (0.0, run.vendors.settings.settle):
        time.sleep(pause)
        for record in run.vendors.vapi.search_number(number):
            if record.account_sid == run.vendors.settings.account_sid:
                return record
    return None


def _settle(record: VapiRecord | None, step: ImportNumber, run: _Run, cause: ProviderError) -> VapiRecord:
    if record is None:
        raise cause
    if record.settings == step.settings:
        return record
    return run.vendors.vapi.update_number(record.id, step.settings, before=record.settings)


def _prove(goal: Goal, run: _Run) -> None:
    """Read back, and write once more ourselves what is not as planned."""
    live = _read_back(run)
    if live is None or not unlike(live, goal):
        return
    messaging, voice = missing(live, goal)
    run.twilio = run.vendors.twilio.update_routing(
        live, messaging=messaging, voice=voice, regulatory=goal.regulatory
    )
    run.touched = True
    run.vendors.observer.learn_number(run.twilio)
    if differences := unlike(run.twilio, goal):
        raise NotAsPlanned(run.twilio.number, _planned(goal), "; ".join(differences))


def _read_back(run: _Run) -> TwilioNumber | None:
    """Give the number as it is after the last write; the answer to a write is a reading too."""
    if run.twilio is not None and run.stale:
        run.twilio = run.vendors.twilio.fetch_number(run.twilio.sid)
        run.stale = False
        if run.twilio is not None:
            run.vendors.observer.learn_number(run.twilio)
    return run.twilio


def _planned(goal: Goal) -> str:
    parts = [f"texts answered by {handler_line(goal.messaging)}"] if goal.messaging is not None else []
    parts += [f"calls answered by {handler_line(goal.voice)}"] if goal.voice is not None else []
    return " and ".join(parts)


def _undone(planned: Plan, run: _Run, cause: ProviderError) -> ApplyFailed:
    """Go back to what was there before, and tell the cause first, then what is left."""
    record = replace(snapshot(planned.observed), texts_only=planned.goal.is_texts_only)
    if not run.touched:
        return ApplyFailed(record.number, cause, changed=False)
    ours = tuple(routing for routing in (planned.goal.messaging, planned.goal.voice) if routing is not None)
    try:
        now = _read_both(record, run)
        _perform(plan(now, restored_goal(record, now, ours=ours)), run)
    except EngineGone:
        raise
    except ProviderError as trouble:
        return ApplyFailed(record.number, cause, _left(record, run), trouble)
    return ApplyFailed(record.number, cause, _kept(run))


def _read_both(record: Original, run: _Run) -> Observed:
    """Read one number past every cache."""
    vendors = run.vendors
    run.twilio = vendors.twilio.fetch_number(record.sid)
    # What a route changes is at Twilio only, and its program may have no key of Vapi's.
    records = [] if record.texts_only else vendors.vapi.search_number(record.number)
    run.vapi = next((found for found in records if found.account_sid == record.account_sid), None)
    run.stale = False
    return Observed(run.twilio, run.vapi)


def _left(record: Original, run: _Run) -> tuple[str, ...]:
    """Name what is not as it was, or all of it where that cannot be read any more."""
    try:
        now = _read_both(record, run)
    except EngineGone:
        raise
    except ProviderError:
        return (f"unknown, since it cannot be read; before: {original_line(record)}",)
    goal = Goal(record.messaging, None if record.texts_only else record.voice, Presence.AS_IT_IS)
    left = list(unlike(now.twilio, goal)) if now.twilio else []
    if now.vapi is not None and record.vapi is None:
        left.append(f"Vapi knows the number as {now.vapi.id}, which it did not before")
    elif now.vapi is not None and record.vapi is not None:
        left.extend(f"Vapi's {line}" for line in settings_changes(now.vapi.settings, record.vapi))
    return (*left, *_kept(run))


def _kept(run: _Run) -> tuple[str, ...]:
    """Name what cannot be taken back: which credentials Vapi had before is known to Vapi only."""
    return ("Vapi may have been given the new credentials for Twilio",) if run.handed_key else ()
