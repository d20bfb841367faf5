"""Giving back: the ways back, of a number that is let go as of a change that failed. Twilio's half comes first.

What could not be put back is named with its before-value.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace

from vapi_sms.core.errors import ApplyFailed, EngineGone, HalfWay, ProviderError, VendorRefused, VendorTrouble
from vapi_sms.core.planning.goals import Goal, Presence, restored_goal, snapshot
from vapi_sms.core.planning.knowledge import identified, presumed, proves
from vapi_sms.core.planning.plan import Plan, RouteNumber, Step, UpdateVapi, plan, unlike
from vapi_sms.core.routings.describe import original_line, settings_changes
from vapi_sms.core.values import Observed, Original, VapiSettings
from vapi_sms.live.calling.calls import valid_until, within
from vapi_sms.live.taking import Run, prove, take


def give_back(planned: Plan, run: Run) -> None:
    """Take the steps of a way back: Twilio's first, texts and calls each for itself where one is refused; then Vapi's.

    As long as a channel is not back, Vapi's record stays: it may be what answers there. Raises HalfWay.
    """
    run.goal = planned.goal
    at_vapi = [step for step in planned.steps if not isinstance(step, RouteNumber)]
    for step in planned.steps:
        if isinstance(step, RouteNumber):
            _route_back(step, planned, run)
    try:
        for step in at_vapi:
            _let_go(step, run)
    except EngineGone:
        raise
    except VendorTrouble as trouble:
        raise HalfWay(trouble, back=("texts", "calls")) from None
    finally:
        if any(isinstance(step, UpdateVapi) for step in at_vapi):
            # No later `up` repairs what a PATCH still does to webhooks.
            run.vendors.let_go_at = time.monotonic()
    prove(planned, run)


def _let_go(step: Step, run: Run) -> None:
    """Take a step at Vapi; a record that is gone has no former settings to be given."""
    try:
        take(step, run)
    except VendorRefused as refused:
        if not (isinstance(step, UpdateVapi) and refused.is_missing):
            raise
        run.vendors.observer.forget_record(step.record.id)
        run.vapi = None


def _route_back(step: RouteNumber, planned: Plan, run: Run) -> None:
    try:
        take(step, run)
    except VendorRefused as refused:
        if planned.observed.twilio is not None and not unlike(planned.observed.twilio, planned.goal):
            return  # it was written only in case that the reading is old: what Twilio refuses was never changed
        if step.messaging is None or step.voice is None:
            raise
        _channel_by_channel(step, run, refused)


def _channel_by_channel(step: RouteNumber, run: Run, refused: VendorRefused) -> None:
    """Put back each channel for itself, where Twilio refuses both together, such as for a TwiML App that is gone."""
    back, trouble = [], refused
    for channel, alone in (("texts", replace(step, voice=None)), ("calls", replace(step, messaging=None))):
        try:
            take(alone, run)
            back.append(channel)
        except VendorRefused as again:
            trouble = again
    if len(back) < len(("texts", "calls")):
        raise HalfWay(trouble, back=tuple(back))


def undone(planned: Plan, run: Run, cause: ProviderError) -> ProviderError:
    """Go back to what was there before, and tell the cause first, then what is left."""
    record = _as_before(planned, run)
    if not run.touched:
        return ApplyFailed(record.number, cause, changed=False)
    ours = tuple(routing for routing in (run.goal.messaging, run.goal.voice) if routing is not None)
    try:
        with within(math.inf):
            now = _read_both(record, run)
            goal = restored_goal(record, now, ours=ours)
            is_proof = now.twilio is None or proves(now.twilio, record)
            give_back(plan(now, goal, is_proof=is_proof), run)
    except EngineGone:
        raise
    except ProviderError as trouble:
        return ApplyFailed(record.number, cause, _left(record, run), trouble)
    return ApplyFailed(record.number, cause, (*_joined(planned, now), *_kept(run)))


def _joined(planned: Plan, now: Observed) -> list[str]:
    """Name what came to be at Vapi meanwhile, and is not ours to take away."""
    known = {record.id for record in planned.observed.strangers}
    return [
        f"Vapi knows the number as {record.id} by now, which is not ours"
        for record in now.strangers
        if record.id not in known
    ]


def _as_before(planned: Plan, run: Run) -> Original:
    """Take what was there before as a record, with all that is known of our own import since."""
    imports = planned.goal.vapi if isinstance(planned.goal.vapi, VapiSettings) else None
    return replace(
        snapshot(planned.observed),
        texts_only=planned.goal.is_texts_only,
        imports=imports or VapiSettings(),
        import_id=run.import_id,
    )


def _read_both(record: Original, run: Run) -> Observed:
    """Read one number past every cache; what we were answered ourselves holds against an older reading."""
    observer = run.vendors.observer
    with valid_until(None):
        read = run.vendors.twilio.fetch_number(record.sid, record.account_sid)
        # What a route changes is at Twilio only, and its program may have no key of Vapi's.
        found = Observed(None) if record.texts_only else observer.look_up_records(record.number)
    run.twilio = read and observer.learn_number(read)
    run.stale = False
    now = presumed(identified(replace(found, twilio=run.twilio), record), record, observer.forgotten)
    run.vapi = now.vapi
    return now


def _left(record: Original, run: Run) -> tuple[str, ...]:
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


def _kept(run: Run) -> tuple[str, ...]:
    """Name what cannot be taken back: which credentials Vapi had before is known to Vapi only."""
    return ("Vapi may have been given the new credentials for Twilio",) if run.handed_key else ()
