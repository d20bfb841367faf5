"""Planning a service: numbers before it defers, it before the numbers when it answers again; and what is refused.

Between two writes, wherever we are killed, every text meets the handler it met before: a routing that is written while
the service answers sleeps, and one that wakes up is the service's own handler.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from vapi_sms.core.errors import Refusal
from vapi_sms.core.planning.goals import Goal, Presence, is_foreign
from vapi_sms.core.planning.knowledge import is_after, is_before
from vapi_sms.core.planning.plan import Plan, plan
from vapi_sms.core.routings.describe import handler_line, routing_changes
from vapi_sms.core.routings.handlers import classify
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.services.answers import Answer, Fate, changed_line, inbound_line, named
from vapi_sms.core.services.pool import (
    Inbound,
    Kept,
    MessagingService,
    PoolReading,
    ServiceOriginal,
    ServiceWish,
    is_at_vapi,
    is_proof,
    was_taken_over,
)
from vapi_sms.core.telling import counted
from vapi_sms.core.values import Observed, TwilioNumber


@dataclass(frozen=True, slots=True)
class SetInbound:
    """Write a service's whole inbound setting."""

    before: MessagingService
    after: Inbound

    def __str__(self) -> str:
        found, meant = inbound_line(self.before.inbound), inbound_line(self.after)
        return f"texts to {self.before} from {found} to {meant}"


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """Writes of texts onto numbers, by SID, and of the service's setting; which come first depends on the way.

    `pool` are the SIDs of the numbers that it was planned for.
    """

    service: MessagingService
    numbers: Mapping[str, Plan]
    inbound: SetInbound | None
    numbers_first: bool
    original: ServiceOriginal
    pool: frozenset[str]

    @property
    def is_empty(self) -> bool:
        """Nothing has to be written."""
        return not self.numbers and self.inbound is None


def plan_service(reading: PoolReading, wish: ServiceWish, original: ServiceOriginal) -> ServicePlan:
    """Plan from a reading to what is declared; raises Refusal where a number to be written has no record."""
    live = reading.service.inbound
    goal = Inbound(wish.defers, original.inbound.handler)
    if not wish.defers:
        refuse_hiding(reading, goal)
        return _giving_back(reading, goal, original)
    numbers = {} if live.defers else _bridged(reading, wish, original)
    return _planned(reading, numbers, goal, original, numbers_first=True)


def plan_again(planned: ServicePlan, sid: str, observed: Observed) -> Plan:
    """Plan one number of a plan anew from a newer reading.

    On the way back, what is its owner's by now is left. On the way there raises Refusal where the own routing is
    another one than was recorded: it would be lost.
    """
    before, live, goal = planned.numbers[sid].observed.twilio, observed.twilio, planned.numbers[sid].goal
    kept = planned.original.kept.get(sid)
    if live is None or before is None or goal.messaging is None:
        return Plan(observed, goal, ())
    if not planned.numbers_first:
        if kept is None or _is_left(live, kept, planned.original.inbound.answer):
            return Plan(observed, goal, ())
        return _texts(observed, goal.messaging, kept)
    if not live.messaging.same_as(before.messaging):
        raise Refusal(
            live.number,
            f"the own routing of {live.number}, in {planned.service}, was changed to {handler_line(live.messaging)} "
            "since it was recorded: run the same command again",
        )
    return _texts(observed, goal.messaging)


def plan_undo(planned: ServicePlan, sid: str, observed: Observed) -> Plan:
    """Plan one number of a plan that failed back to what it had before; what is somebody else's by now is left."""
    before, live, goal = planned.numbers[sid].observed.twilio, observed.twilio, planned.numbers[sid].goal
    if before is None or live is None or goal.messaging is None:
        return Plan(observed, goal, ())
    if is_foreign(live.messaging, before.messaging, (goal.messaging,)):
        return Plan(observed, goal, ())
    return _texts(observed, before.messaging)


def plan_restore(reading: PoolReading, original: ServiceOriginal) -> ServicePlan:
    """Plan back to the record, leaving whatever is somebody else's by now; raises Refusal where texts would be lost.

    What looks as recorded is written all the same, where the reading may be older than our own last write.
    """
    handler = original.inbound.handler
    live = reading.service.inbound
    if is_foreign(live.handler, handler):
        handler = live.handler
    goal = Inbound(original.inbound.defers, handler)
    refuse_hiding(reading, goal)
    return _giving_back(reading, goal, original)


def left_alone(reading: PoolReading, original: ServiceOriginal) -> list[str]:
    """Say what a restore leaves, since somebody else set it meanwhile."""
    live, lines = reading.service.inbound.handler, []
    if is_foreign(live, original.inbound.handler):
        lines.append(
            f"{original} keeps {handler_line(live)}, which is not ours; "
            f"the recorded original was {handler_line(original.inbound.handler)}"
        )
    for number in _numbers(reading):
        kept = original.kept.get(number.sid)
        if kept is not None and _is_left(number, kept, original.inbound.answer):
            lines.append(
                f"texts of {kept.number} itself stay with {handler_line(number.messaging)}, which is not ours; "
                f"the recorded original was {handler_line(kept.messaging)}"
            )
    return lines


def refuse_stale_service(reading: PoolReading, original: ServiceOriginal) -> None:
    """Raise Refusal where a service that is about to defer no longer answers as recorded."""
    live, recorded = reading.service.inbound, original.inbound.handler
    if live.defers or classify(live.handler).is_replaceable or live.handler.same_as(recorded):
        return
    found, meant = handler_line(live.handler), handler_line(recorded)
    if found == meant:
        found = f"{found} ({'; '.join(routing_changes(live.handler, recorded))})"
    raise Refusal(
        original.sid,
        f"texts to {original} are answered by {found}, but the recorded original is {meant}: somebody changed it "
        "since. Put the recorded one back in Twilio's Console; or, to take the new one, remove this resource, "
        "`pulumi up`, and declare it again",
    )


def refuse_changed(
    reading: PoolReading, found: Iterable[Answer], wish: ServiceWish, original: ServiceOriginal
) -> None:
    """Raise Refusal where numbers that nobody declared would be answered by somebody else."""
    changed = [answer for answer in found if answer.fate is Fate.CHANGES]
    if not changed or (not wish.defers and not original.inbound.defers):
        return  # a service that answers again as it was found is no news
    count = counted(len(changed))
    if wish.defers:
        reason = (
            f"{reading.service} answers texts to its numbers itself, by {inbound_line(reading.service.inbound)}. If it "
            f"defers, {count} that nobody declares here would be answered by somebody else ({changed_line(changed)}). "
            "Declare them in this program with messaging_service=, or write keep_others=True: then the service's "
            "handler is written onto them first, and nobody notices"
        )
    else:
        reason = (
            f"{reading.service} was found deferring to its numbers' own webhooks. If it answers itself, {count} would "
            f"be answered by somebody else ({changed_line(changed)}). Write defer_to_sender=True, or change the "
            "service in Twilio's Console"
        )
    raise Refusal(reading.service.sid, reason)


def refuse_hiding(reading: PoolReading, goal: Inbound) -> None:
    """Raise Refusal where a service would answer again for numbers whose texts are Vapi's."""
    if goal.defers or not reading.service.inbound.defers or is_at_vapi(goal.answer):
        return
    hidden = [number.number for number, _ in reading.textable() if is_at_vapi(number.messaging)]
    if hidden:
        raise Refusal(
            reading.service.sid,
            f"{reading.service} would hide {named(hidden)} again, whose texts are handed to Vapi: Vapi would never see "
            "one. First let go of what declares them (in another stack, too), or write sms_enabled=False there; or "
            "leave the service deferring for good, with retain_on_delete=True",
        )


def service_drift(reading: PoolReading, applied: ServiceWish, original: ServiceOriginal) -> list[str]:
    """Name every difference between a reading and what an earlier `up` declared; empty without drift."""
    live, handler = reading.service.inbound, original.inbound.handler
    if live.defers != applied.defers:
        return [
            f"texts are answered by {inbound_line(live)}, not by {inbound_line(Inbound(applied.defers, handler))}"
        ]
    return [f"the service's own {line}" for line in routing_changes(live.handler, handler)]


def _bridged(reading: PoolReading, wish: ServiceWish, original: ServiceOriginal) -> dict[str, Plan]:
    """Plan the service's handler onto the numbers that are to keep it, before their own routings wake up."""
    handler = original.inbound.answer
    plans = {}
    for number, observed in reading.textable():
        if not wish.keeps(number) or was_taken_over(number, wish, original):
            continue
        planned = _texts(observed, handler)
        if not planned.is_empty:
            if number.sid not in original.kept:
                raise Refusal(
                    number.number,
                    f"the own routing of {number.number}, in {reading.service}, is not recorded: run without --target, "
                    "with credentials",
                )
            plans[number.sid] = planned
    return plans


def _giving_back(reading: PoolReading, goal: Inbound, original: ServiceOriginal) -> ServicePlan:
    answer = original.inbound.answer
    plans = {}
    for each in (*reading.numbers, *reading.others):
        number = each.twilio
        kept = original.kept.get(number.sid) if number else None
        if number is None or kept is None or _is_left(number, kept, answer):
            continue
        planned = _texts(each, kept.messaging, kept)
        if not planned.is_empty:
            plans[number.sid] = planned
    return _planned(reading, plans, goal, original, numbers_first=False)


def _planned(
    reading: PoolReading,
    numbers: Mapping[str, Plan],
    goal: Inbound,
    original: ServiceOriginal,
    *,
    numbers_first: bool,
) -> ServicePlan:
    pool = frozenset(each.twilio.sid for each in reading.numbers if each.twilio)
    is_back = goal.same_as(original.inbound)
    may_be_older = not numbers_first and is_back and not is_proof(reading.service, original)
    step = _step(reading.service, goal, is_written=may_be_older)
    return ServicePlan(reading.service, numbers, step, numbers_first, original, pool)


def _is_left(number: TwilioNumber, kept: Kept, answer: Routing) -> bool:
    """Judge a kept number: whatever is neither as found nor the service's handler is its owner's, Vapi included."""
    if number.messaging.same_as(kept.messaging) or is_before(number, kept.written):
        return False
    if is_at_vapi(number.messaging) and not is_at_vapi(answer):
        return True
    return is_foreign(number.messaging, kept.messaging, (answer,))


def _texts(observed: Observed, routing: Routing, written: Kept | None = None) -> Plan:
    """Plan a number's texts; where it was `written` to, only a newer reading tells that nothing is to be done."""
    live = observed.twilio
    sure = live is None or written is None or is_after(live, written.written)
    return plan(replace(observed, hidden_by=None), Goal(routing, None, Presence.AS_IT_IS), is_proof=sure)


def _step(service: MessagingService, goal: Inbound, *, is_written: bool) -> SetInbound | None:
    return SetInbound(service, goal) if is_written or not service.inbound.same_as(goal) else None


def _numbers(reading: PoolReading) -> list[TwilioNumber]:
    return [each.twilio for each in (*reading.numbers, *reading.others) if each.twilio]
