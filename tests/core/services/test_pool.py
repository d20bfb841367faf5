"""Messaging Services: whatever is in a pool, and wherever we are killed, no text meets anybody new."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vapi_sms.core.errors import Refusal
from vapi_sms.core.planning.plan import RouteNumber
from vapi_sms.core.routings.routing import GET, POST, Routing, VoiceRouting
from vapi_sms.core.services.plan import ServicePlan, plan_again, plan_restore, plan_service, plan_undo
from vapi_sms.core.services.pool import (
    Inbound,
    Kept,
    MessagingService,
    PoolReading,
    ServiceOriginal,
    ServiceWish,
    captured,
    was_taken_over,
)
from vapi_sms.core.values import Observed, TwilioNumber

from tests.core.samples import AC, AT_VAPI, DEMO, NOTHING, OLD_APP, STUDIO
from tests.core.vendors import routings

MG = "MG" + "a" * 32
HANDLER = Routing("https://app.example.com/service?token=canary", GET, "https://app.example.com/spare", GET)
OTHER_HANDLER = Routing("https://new.example.com/service", POST)
KEEP = ServiceWish(keep_others=True)


def number(last: int, messaging: Routing, *, can_sms: bool = True) -> TwilioNumber:
    """Return a number of the pool."""
    return TwilioNumber(f"PN{last:032}", AC, f"+1415555{last:04}", messaging, VoiceRouting(), can_sms)


def pool(
    *own: Routing, defers: bool = False, handler: Routing = HANDLER, others: tuple[TwilioNumber, ...] = ()
) -> PoolReading:
    """Return a reading of a service whose numbers have these own routings."""
    service = MessagingService(MG, "Campaigns", AC, Inbound(defers, handler))
    numbers = tuple(Observed(number(last, routing)) for last, routing in enumerate(own))
    return PoolReading(service, numbers, tuple(Observed(each) for each in others))


def record(*own: Routing, defers: bool = False, handler: Routing = HANDLER) -> ServiceOriginal:
    """Return a record in which the first numbers had these own routings."""
    kept = [Kept(f"PN{last:032}", f"+1415555{last:04}", routing) for last, routing in enumerate(own)]
    return ServiceOriginal(MG, "Campaigns", AC, Inbound(defers, handler), {each.sid: each for each in kept})


def steps(planned: ServicePlan) -> list[Routing | Inbound | tuple[str, Routing]]:
    """Return the writes in order."""
    numbers: list[Routing | Inbound | tuple[str, Routing]] = [
        (sid, step.messaging)
        for sid, each in planned.numbers.items()
        for step in each.steps
        if isinstance(step, RouteNumber) and step.messaging is not None
    ]
    service: list[Routing | Inbound | tuple[str, Routing]] = (
        [] if planned.inbound is None else [planned.inbound.after]
    )
    return [*numbers, *service] if planned.numbers_first else [*service, *numbers]


def taken(reading: PoolReading, step: Routing | Inbound | tuple[str, Routing]) -> PoolReading:
    """Return what Twilio holds after a write."""
    if isinstance(step, Inbound):
        return replace(reading, service=replace(reading.service, inbound=step))
    assert isinstance(step, tuple)
    return with_own(reading, *step)


def with_own(reading: PoolReading, sid: str, routing: Routing) -> PoolReading:
    """Return a reading in which one number has another own routing."""
    numbers = tuple(
        replace(each, twilio=replace(each.twilio, messaging=routing))
        if each.twilio and each.twilio.sid == sid
        else each
        for each in reading.numbers
    )
    return replace(reading, numbers=numbers)


def answering(reading: PoolReading) -> dict[str, dict[str, str]]:
    """Return who answers each number by Twilio's precedence; without a URL nobody does, whatever the rest."""
    inbound = reading.service.inbound
    found = {}
    for each, _ in reading.textable():
        routing = each.messaging if inbound.defers else inbound.handler
        called = routing.application_sid or routing.url
        found[each.sid] = routing.effective() if called else NOTHING.effective()
    return found


def lasting(reading: PoolReading) -> list[object]:
    """Return all that must be equal before and after."""
    inbound = reading.service.inbound
    own = [each.twilio.messaging.effective() for each in reading.numbers if each.twilio]
    return [inbound.defers, inbound.handler.effective(), own]


HANDLERS = st.sampled_from([HANDLER, OLD_APP, NOTHING, Routing("", GET, "https://spare.example.com", GET)])
POOLS = st.lists(routings(), min_size=1, max_size=5)


@given(own=POOLS, handler=HANDLERS, killed=st.integers(0, 12), again=st.booleans(), data=st.data())
def test_nobody_meets_anybody_new_wherever_we_are_killed(
    own: list[Routing], handler: Routing, killed: int, *, again: bool, data: st.DataObject
) -> None:
    """Before, during and after, each number is answered as before, and destroy leaves every field as it was."""
    before = pool(*own, handler=handler)
    declared = data.draw(st.sets(st.sampled_from([each.number for each, _ in before.textable()])))
    wish = ServiceWish(keep_others=True, declared=frozenset(declared))
    found = captured(before, wish, None)
    reading = before

    def go(planned: ServicePlan, at_most: int = 99) -> None:
        nonlocal reading
        writes = data.draw(st.permutations(list(planned.numbers)))
        shuffled = replace(planned, numbers={sid: planned.numbers[sid] for sid in writes})
        for step in steps(shuffled)[:at_most]:
            reading = taken(reading, step)
            assert answering(reading) == answering(before)

    go(plan_service(reading, wish, found), at_most=killed)
    if again:
        found = captured(reading, wish, found)
        go(plan_service(reading, wish, found))
        assert reading.service.defers
        assert plan_service(reading, wish, found).is_empty
    go(plan_restore(reading, found), at_most=killed)
    go(plan_restore(reading, found))

    assert lasting(reading) == lasting(before)
    assert plan_restore(reading, found).is_empty


def test_what_answers_already_as_the_service_is_not_written() -> None:
    """Nor recorded; nor is a number that cannot receive texts."""
    reading = pool(HANDLER, STUDIO)
    silent = Observed(number(9, STUDIO, can_sms=False))
    reading = replace(reading, numbers=(*reading.numbers, silent, Observed(None)))

    found = captured(reading, KEEP, None)

    assert [kept.messaging for kept in found.kept.values()] == [STUDIO]
    planned = plan_service(reading, KEEP, found)
    assert steps(planned) == [(number(1, STUDIO).sid, HANDLER), Inbound(defers=True, handler=HANDLER)]


def test_only_what_is_to_be_written_is_recorded() -> None:
    """A number that nobody declared stays unrecorded unless the others are to be kept."""
    found = captured(pool(STUDIO, DEMO), ServiceWish(declared=frozenset([number(1, DEMO).sid])), None)

    assert [kept.messaging for kept in found.kept.values()] == [DEMO]


@pytest.mark.parametrize(
    "live", [NOTHING, DEMO, AT_VAPI, HANDLER, STUDIO], ids=["empty", "demo", "Vapi", "ours", "as found"]
)
def test_a_recorded_number_stays_recorded_as_found(live: Routing) -> None:
    """Half-way, emptied, handed over: none of that is news."""
    assert captured(pool(live), KEEP, record(STUDIO)) == record(STUDIO)


def test_a_number_routed_elsewhere_while_nothing_of_ours_is_in_force_is_recorded_anew() -> None:
    """What somebody set since is what comes back; a service that defers is another matter."""
    assert captured(pool(OLD_APP), KEEP, record(STUDIO)) == record(OLD_APP)
    assert captured(pool(OLD_APP, defers=True), KEEP, record(STUDIO)) == record(STUDIO)
    assert captured(pool(OLD_APP), ServiceWish(defers=False), record(STUDIO)) == record(STUDIO)


def test_a_number_without_a_record_is_not_written() -> None:
    """Law 1: neither by create nor by whatever runs with --target."""
    with pytest.raises(Refusal, match=r"the own routing of \+14155550000, in Messaging Service Campaigns"):
        plan_service(pool(STUDIO), KEEP, record())


def test_a_number_that_vapi_answers_as_declared_is_not_taken_back() -> None:
    """Somebody let the service answer again: letting it defer once more is all that is to be done."""
    declared = ServiceWish(declared=frozenset([number(0, AT_VAPI).number]))
    reading, found = pool(AT_VAPI), record(STUDIO)

    assert was_taken_over(number(0, AT_VAPI), declared, found)
    assert steps(plan_service(reading, declared, found)) == [Inbound(defers=True, handler=HANDLER)]
    assert not was_taken_over(number(0, AT_VAPI), ServiceWish(), found)
    assert not was_taken_over(number(0, AT_VAPI), declared, record(AT_VAPI))
    assert not was_taken_over(number(0, HANDLER), declared, found)


def test_a_change_of_mind_gives_everything_back() -> None:
    """The service answers first, then the numbers get their own routings back, as destroy would do it."""
    reading, found = pool(HANDLER, defers=True), record(STUDIO)

    planned = plan_service(reading, ServiceWish(defers=False), found)

    assert steps(planned) == [Inbound(defers=False, handler=HANDLER), (number(0, STUDIO).sid, STUDIO)]
    assert planned == plan_restore(reading, found)


def test_a_restore_leaves_what_is_somebody_elses() -> None:
    """A number that its owner routed elsewhere since, or Vapi's; and a service with another handler keeps that one."""
    reading = pool(OLD_APP, HANDLER, STUDIO, defers=True, handler=OTHER_HANDLER)

    planned = plan_restore(reading, record(DEMO, DEMO, STUDIO))

    assert steps(planned) == [Inbound(defers=False, handler=OTHER_HANDLER), (number(1, DEMO).sid, DEMO)]


def test_a_restore_leaves_a_number_at_vapi_that_left_the_pool() -> None:
    """Another stack's by now. One that still has the service's handler is put back wherever it is."""
    others = (number(7, AT_VAPI), number(8, HANDLER))
    kept = {each.sid: Kept(each.sid, each.number, STUDIO) for each in others}

    planned = plan_restore(pool(defers=True, others=others), replace(record(), kept=kept))

    assert steps(planned)[1:] == [(number(8, HANDLER).sid, STUDIO)]


def test_an_own_routing_that_changed_since_it_was_recorded_is_not_overwritten() -> None:
    """It would be lost: the record holds another one."""
    planned = plan_service(pool(OLD_APP), KEEP, record(OLD_APP))
    (sid,) = planned.numbers

    assert plan_again(planned, sid, Observed(number(0, OLD_APP))) == planned.numbers[sid]
    with pytest.raises(Refusal, match="since it was recorded: run the same command again"):
        plan_again(planned, sid, Observed(number(0, STUDIO)))


def test_on_the_way_back_a_newer_choice_is_left() -> None:
    """What somebody set meanwhile stays; what is still the service's handler goes."""
    planned = plan_restore(pool(HANDLER, defers=True), record(OLD_APP))
    (sid,) = planned.numbers

    assert not plan_again(planned, sid, Observed(number(0, HANDLER))).is_empty
    assert plan_again(planned, sid, Observed(number(0, STUDIO))).is_empty
    assert plan_again(planned, sid, Observed(None)).is_empty


def test_undoing_leaves_a_newer_choice_too() -> None:
    """A number goes back to what it had, unless it is somebody else's by now."""
    planned = plan_service(pool(OLD_APP), KEEP, record(OLD_APP))
    (sid,) = planned.numbers

    assert not plan_undo(planned, sid, Observed(number(0, HANDLER))).is_empty
    assert plan_undo(planned, sid, Observed(number(0, STUDIO))).is_empty
    assert plan_undo(planned, sid, Observed(None)).is_empty
