"""Taking the steps of a plan: one write at a vendor each, what its answer tells, and the proof after the last.

Vapi writes webhooks at Twilio as it is told of a number, and says nothing of it. Before texts are routed to Vapi after
that, a write's answer shows what it wrote: that is kept, wherever it is, and ours is used only where it wrote nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from vapi_sms.core.errors import NotAsPlanned, Refusal, UnexpectedResponse, VendorUnavailable
from vapi_sms.core.planning.goals import Goal, is_foreign, laid_bare, snapshot
from vapi_sms.core.planning.knowledge import bears
from vapi_sms.core.planning.plan import (
    DeleteFromVapi,
    ImportNumber,
    Plan,
    RouteNumber,
    Step,
    UpdateVapi,
    missing,
    unlike,
)
from vapi_sms.core.routings.describe import handler_line
from vapi_sms.core.routings.endpoints import came_from_vapi, written
from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.routings.shapes import CALLS, TEXTS
from vapi_sms.core.values import TwilioNumber, VapiRecord
from vapi_sms.live.calling.calls import valid_until
from vapi_sms.live.vapi.client import AlreadyImported
from vapi_sms.live.vendors import Vendors


@dataclass(slots=True)
class Run:
    """One plan on its way: the newest readings, and whether any write may have taken effect.

    `goal` is the plan's, with the URLs that Vapi was seen to write.
    """

    vendors: Vendors
    twilio: TwilioNumber | None
    vapi: VapiRecord | None
    goal: Goal
    touched: bool = False
    stale: bool = False  # something was written since Twilio was last read
    handed_key: bool = False  # Vapi may have our credentials for Twilio anew; those it had nobody knows
    told_vapi: bool = False  # Vapi was told of the number, and may have written webhooks
    import_id: str = ""  # what Vapi called the number that it imported for us

    @classmethod
    def of(cls, planned: Plan, vendors: Vendors) -> Run:
        """Begin a plan, from the reading that it stands on."""
        return cls(vendors, planned.observed.twilio, planned.observed.vapi, planned.goal)

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
            run.stale = run.told_vapi = True
        case UpdateVapi(record, after, hands_key):
            run.vapi = vendors.vapi.update_number(record.id, after, before=record, hand_key=hands_key)
            vendors.observer.learn_record(run.vapi)
            run.stale = run.told_vapi = True
        case RouteNumber():
            _route(step, run)
        case DeleteFromVapi(record):
            vendors.vapi.delete_number(record.id)
            vendors.observer.forget_record(record.id)
            vendors.let_go_at = time.monotonic()
            run.vapi = None
            run.stale = True


def _route(step: RouteNumber, run: Run) -> None:
    """Write routings; where Vapi is to answer, what it may have written there just now is looked at before."""
    messaging, voice = step.messaging, step.voice
    for_vapi = (messaging and TEXTS in run.goal.at_vapi) or (voice and CALLS in run.goal.at_vapi)
    if for_vapi and run.told_vapi and run.stale:
        messaging, voice = _left_to_write(step, run)
        if messaging is None and voice is None:
            return
    _learn(
        run.vendors.twilio.update_routing(
            step.before, messaging=messaging, voice=voice, regulatory=step.regulatory
        ),
        run,
    )


def _left_to_write(step: RouteNumber, run: Run) -> tuple[Routing | None, VoiceRouting | None]:
    """Write the channel that is not Vapi's; give what is missing still after what Vapi wrote.

    The answer of a write is a reading that no cache and no replica stands before: after an import, which writes in any
    case, it is worth a write that changes nothing. A PATCH seldom does. A declared fallback goes along.
    """
    twilio, at_vapi = run.vendors.twilio, run.goal.at_vapi
    texts, calls = None if TEXTS in at_vapi else step.messaging, None if CALLS in at_vapi else step.voice
    found: TwilioNumber | None
    fallback = _fallback_to_write(step, run)
    if texts is not None or calls is not None or fallback is not None:
        found = _learn(
            twilio.update_routing(step.before, messaging=texts, voice=calls, fallback=fallback), run
        )
        run.note(step)
    elif run.import_id:
        found = _learn(twilio.prove_write(step.before), run)
    else:
        read, is_proof = _read_back(run)
        found = read if is_proof else None
    if found is None:
        return step.messaging, step.voice
    run.goal = _as_written(run, step.before, found)
    return missing(found, run.goal)


def _fallback_to_write(step: RouteNumber, run: Run) -> Routing | None:
    """Give the messaging routing whose declared fallback can be written before it is known which URL Vapi wrote.

    Twilio takes a fallback beside a URL only: what the import found there, if it did not write another.
    """
    goes_along = run.import_id and run.goal.has_fallback and TEXTS in run.goal.at_vapi
    return step.messaging if goes_along and step.before.messaging.url else None


def _learn(answered: TwilioNumber, run: Run) -> TwilioNumber:
    run.twilio = answered
    run.vendors.observer.learn_number(answered)
    run.stale = False
    return answered


def _as_written(run: Run, before: TwilioNumber, now: TwilioNumber) -> Goal:
    """Give the goal with the URLs that Vapi wrote, where it is to answer."""
    known = run.goal.endpoints
    if known is None or not run.told_vapi or not run.goal.at_vapi:
        return run.goal
    return run.goal.answered_at(written(before, now, known))


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
    live, is_proof = _read_back(run)
    if live is None:
        return
    goal = run.goal
    if is_proof:
        if planned.observed.twilio is not None:
            run.goal = _as_written(run, planned.observed.twilio, live)
        goal = _left_to_others(planned, run, live)
        messaging, voice = missing(live, goal)
    else:
        messaging, voice = goal.messaging, goal.voice
    if messaging is None and voice is None:
        return
    answered = run.vendors.twilio.update_routing(
        live, messaging=messaging, voice=voice, regulatory=goal.regulatory
    )
    run.touched = True
    _learn(answered, run)
    if differences := unlike(answered, goal):
        raise NotAsPlanned(answered.number, _planned(goal), "; ".join(differences))


def _left_to_others(planned: Plan, run: Run, live: TwilioNumber) -> Goal:
    """Give the goal without what somebody else took while we were at it; on the way there that is NotAsPlanned."""
    goal, before = run.goal, planned.observed.twilio
    if before is None:
        return goal
    bare = laid_bare(replace(planned.observed, twilio=live), snapshot(planned.observed))
    if run.told_vapi:
        pairs: tuple[tuple[Routing, Routing], ...] = (
            (before.messaging, live.messaging),
            (before.voice, live.voice),
        )
        bare += tuple(now for was, now in pairs if came_from_vapi(was, now))
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
