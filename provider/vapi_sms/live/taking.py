"""Taking the steps of a plan: one write at a vendor each, what its answer tells, and the proof after the last."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from vapi_sms.core.describe import handler_line
from vapi_sms.core.errors import NotAsPlanned, Refusal, UnexpectedResponse, VendorUnavailable
from vapi_sms.core.goals import Goal, is_foreign, laid_bare, snapshot
from vapi_sms.core.knowledge import bears
from vapi_sms.core.plan import (
    DeleteFromVapi,
    ImportNumber,
    Plan,
    RouteNumber,
    Step,
    UpdateVapi,
    missing,
    unlike,
)
from vapi_sms.core.values import TwilioNumber, VapiRecord
from vapi_sms.live.retry import valid_until
from vapi_sms.live.vapi_client import AlreadyImported
from vapi_sms.live.vendors import Vendors


@dataclass(slots=True)
class Run:
    """One plan on its way: the newest readings, and whether any write may have taken effect."""

    vendors: Vendors
    twilio: TwilioNumber | None
    vapi: VapiRecord | None
    touched: bool = False
    stale: bool = False  # something was written since Twilio was last read
    handed_key: bool = False  # Vapi may have our credentials for Twilio anew; those it had nobody knows
    import_id: str = ""  # what Vapi called the number that it imported for us

    def note(self, step: Step) -> None:
        """Note that a step took effect, or may have."""
        self.touched = True
        self.handed_key = self.handed_key or (isinstance(step, UpdateVapi) and step.hands_key)


def take(step: Step, run: Run) -> None:
    """Take one step; once anything was written, the next one is no longer bound to a young reading."""
    try:
        if run.touched:
            with valid_until(None):
                _write(step, run)
        else:
            _write(step, run)
    except (VendorUnavailable, UnexpectedResponse):
        run.note(step)  # the write may have taken effect, whatever we were answered
        raise
    run.note(step)


def _write(step: Step, run: Run) -> None:
    vendors = run.vendors
    match step:
        case ImportNumber():
            run.vapi = _import(step, run)
            run.import_id = run.vapi.id
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
            vendors.observer.forget_record(record.id)
            vendors.let_go_at = time.monotonic()
            run.vapi = None
            run.stale = True


def _import(step: ImportNumber, run: Run) -> VapiRecord:
    """Import once; an outcome that is unknown is resolved by looking, and only if nothing is there sent again."""
    vapi = run.vendors.vapi
    try:
        return vapi.import_number(step.number, step.settings)
    except AlreadyImported as known:
        return _unfinished(step, run, known)
    except (VendorUnavailable, UnexpectedResponse):
        run.touched = True
        with valid_until(None):
            found = _look(step, run)
        if found is not None:
            return found
    try:
        with valid_until(None):
            return vapi.import_number(step.number, step.settings)
    except AlreadyImported as known:
        found = vapi.fetch_number(known.existing_id)
        if found is None or not bears(found, step.settings):
            raise
        return found


def _unfinished(step: ImportNumber, run: Run, known: AlreadyImported) -> VapiRecord:
    """Give the import that an earlier run of ours began, by account and settings; anything else is somebody else's."""
    vendors = run.vendors
    found = vendors.vapi.fetch_number(known.existing_id)
    is_earlier = run.twilio is not None and run.twilio.sid not in vendors.recorded_now
    account = vendors.settings.account_sid
    if found and is_earlier and found.account_sid == account and bears(found, step.settings):
        run.touched = True
        return found
    if found is None:
        raise Refusal(
            step.number,
            f"{step.number} is in this Vapi org by now, as {known.existing_id}, which Vapi's answers do not show yet: "
            "run the same command again in a while",
        )
    raise Refusal(
        step.number,
        f"{step.number} is in this Vapi org by now, as {known.existing_id}, imported by somebody else since it was "
        "looked at: change it there, or delete it in Vapi first (dashboard, Phone Numbers); or remove this resource, "
        "run `pulumi up`, and declare it again with adopt=True",
    )


def _look(step: ImportNumber, run: Run) -> VapiRecord | None:
    """Look twice for a record of ours that may just be coming into being."""
    for pause in (0.0, run.vendors.settings.settle):
        time.sleep(pause)
        for record in run.vendors.vapi.search_number(step.number):
            if record.account_sid == run.vendors.settings.account_sid and bears(record, step.settings):
                return record
    return None


def prove(planned: Plan, run: Run) -> None:
    """Read back, and write once more ourselves what is not as planned; what somebody else just set is left."""
    goal = planned.goal
    live, is_proof = _read_back(run)
    if live is None:
        return
    if is_proof:
        goal = _left_to_others(planned, live)
        messaging, voice = missing(live, goal)
    else:
        messaging, voice = goal.messaging, goal.voice
    if messaging is None and voice is None:
        return
    run.twilio = run.vendors.twilio.update_routing(
        live, messaging=messaging, voice=voice, regulatory=goal.regulatory
    )
    run.touched = True
    run.vendors.observer.learn_number(run.twilio)
    if differences := unlike(run.twilio, goal):
        raise NotAsPlanned(run.twilio.number, _planned(goal), "; ".join(differences))


def _left_to_others(planned: Plan, live: TwilioNumber) -> Goal:
    """Give the goal without what somebody else took while we were at it; on the way there that is NotAsPlanned."""
    goal, before = planned.goal, planned.observed.twilio
    if before is None:
        return goal
    bare = laid_bare(replace(planned.observed, twilio=live), snapshot(planned.observed))
    texts = goal.messaging and is_foreign(live.messaging, before.messaging, (goal.messaging, *bare))
    calls = goal.voice and is_foreign(live.voice, before.voice, (goal.voice, *bare))
    if not texts and not calls:
        return goal
    if not goal.gives_back:
        raise NotAsPlanned(live.number, _planned(goal), "; ".join(unlike(live, goal)))
    return replace(goal, messaging=None if texts else goal.messaging, voice=None if calls else goal.voice)


def _read_back(run: Run) -> tuple[TwilioNumber | None, bool]:
    """Give the number as it is after the last write, and whether that can be told; a write's answer is a reading too.

    A reading from before our last write proves nothing.
    """
    if run.twilio is None or not run.stale:
        return run.twilio, True
    with valid_until(None):
        read = run.vendors.twilio.fetch_number(run.twilio.sid, run.twilio.account_sid)
    run.stale = False
    if read is None:
        run.twilio = None
        return None, True
    run.twilio = run.vendors.observer.learn_number(read)
    return run.twilio, run.twilio is read


def _planned(goal: Goal) -> str:
    parts = [f"texts answered by {handler_line(goal.messaging)}"] if goal.messaging is not None else []
    parts += [f"calls answered by {handler_line(goal.voice)}"] if goal.voice is not None else []
    return " and ".join(parts)
