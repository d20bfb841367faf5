"""Plans: ordered steps that lead to the goal from anywhere, and back again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vapi_sms.core.planning.goals import Goal, Presence, declared_goal, restored_goal, snapshot
from vapi_sms.core.planning.plan import (
    DeleteFromVapi,
    ImportNumber,
    RouteNumber,
    UpdateVapi,
    plan,
    shows,
    unlike,
)
from vapi_sms.core.routings.handlers import Kind, classify
from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.values import Desired, Observed, Source, VapiSettings

from tests.core.samples import (
    ANSWERED_BY_SUPPORT,
    AT_VAPI,
    CALLS_AT_VAPI,
    ENDPOINTS,
    FW,
    NUMBER,
    OLD_APP,
    OLD_CALLS,
    OTHER_CALLS,
    SALES,
    STUDIO,
    SUPPORT,
    found,
    switched,
    twilio,
    vapi,
)
from tests.core.vendors import Habits, declarations, habits, observations, routings, taken

SWITCHED = Goal(AT_VAPI, OLD_CALLS, ANSWERED_BY_SUPPORT)
BACK = Goal(OLD_APP, OLD_CALLS, Presence.ABSENT)
HOOK = "Webhook https://app.example.com/sms?token=***"
STRANGER = "https://stranger.example.com"
CALLS = "Webhook https://app.example.com/voice?token=***"


@pytest.mark.parametrize(
    ("observed", "goal", "golden"),
    [
        (
            found(),
            SWITCHED,
            [f"import {NUMBER} into Vapi", f"route texts from {HOOK} to Vapi, calls from {CALLS} to {CALLS}"],
        ),
        (
            found(settings=VapiSettings(SALES)),
            SWITCHED,
            [
                f"change at Vapi: assistant is {SALES}, not {SUPPORT}",
                f"route texts from {HOOK} to Vapi",
            ],
        ),
        (
            found(AT_VAPI, settings=VapiSettings(SALES)),
            SWITCHED,
            [f"change at Vapi: assistant is {SALES}, not {SUPPORT}"],
        ),
        (switched(), SWITCHED, []),
        (
            switched(),
            BACK,
            [f"route texts from Vapi to {HOOK}", f"delete {NUMBER} from Vapi"],
        ),
        (found(settings=ANSWERED_BY_SUPPORT), BACK, [f"delete {NUMBER} from Vapi"]),
        (found(), BACK, []),
        (
            found(),
            Goal(None, OTHER_CALLS, Presence.ABSENT),
            [f"route calls from {CALLS} to Webhook https://calls.example.com/answer"],
        ),
        (found(), Goal(STUDIO, None, Presence.AS_IT_IS), [f"route texts from {HOOK} to Studio Flow {FW}"]),
        (found(), Goal(None, None, Presence.AS_IT_IS), []),
        (found(STUDIO), Goal(None, None, ANSWERED_BY_SUPPORT), [f"import {NUMBER} into Vapi"]),
        (Observed(None), SWITCHED, []),
        (Observed(None, vapi()), BACK, [f"delete {NUMBER} from Vapi"]),
        (
            Observed(None, vapi()),
            Goal(OLD_APP, None, VapiSettings(SALES)),
            [f"change at Vapi: assistant is {SUPPORT}, not {SALES}"],
        ),
        (
            switched(),
            replace(SWITCHED, hands_key=True),
            ["change at Vapi: the credentials for Twilio are given anew"],
        ),
        (
            found(settings=VapiSettings(SALES)),
            replace(SWITCHED, hands_key=True),
            [
                f"change at Vapi: assistant is {SALES}, not {SUPPORT}; the credentials for Twilio are given anew",
                f"route texts from {HOOK} to Vapi",
            ],
        ),
        (
            found(),
            replace(SWITCHED, hands_key=True),
            [f"import {NUMBER} into Vapi", f"route texts from {HOOK} to Vapi, calls from {CALLS} to {CALLS}"],
        ),
        (
            switched(),
            replace(BACK, vapi=Presence.AS_IT_IS, hands_key=True),
            [f"route texts from Vapi to {HOOK}"],
        ),
    ],
)
def test_plan_reads_as_it_will_happen(observed: Observed, goal: Goal, golden: list[str]) -> None:
    """Vapi learns a number before texts point there, and forgets it after they left; nothing to do is an empty plan."""
    planned = plan(observed, goal)

    assert [str(step) for step in planned.steps] == golden
    assert planned.is_empty == (not golden)
    assert (planned.observed, planned.goal) == (observed, goal)


def test_steps_carry_what_they_write_and_what_was_there() -> None:
    """A step is data: whole routings, and the reading from before."""
    assert plan(found(), SWITCHED).steps == (
        ImportNumber(NUMBER, ANSWERED_BY_SUPPORT),
        RouteNumber(twilio(), AT_VAPI, OLD_CALLS),
    )
    assert plan(switched(), replace(BACK, vapi=VapiSettings(SALES))).steps == (
        UpdateVapi(vapi(), VapiSettings(SALES)),
        RouteNumber(twilio(AT_VAPI), OLD_APP, None),
    )
    assert plan(found(settings=ANSWERED_BY_SUPPORT), BACK).steps == (DeleteFromVapi(vapi()),)


def test_an_import_is_always_followed_by_our_own_write() -> None:
    """Vapi overwrites webhooks as it imports, so a reading from before says nothing about them."""
    as_wanted = Observed(twilio(AT_VAPI, OLD_CALLS))

    assert plan(as_wanted, SWITCHED).steps == (
        ImportNumber(NUMBER, ANSWERED_BY_SUPPORT),
        RouteNumber(twilio(AT_VAPI), AT_VAPI, OLD_CALLS),
    )


def test_every_difference_is_named() -> None:
    """What differs from the goal is told per channel, redacted; a channel that is left alone is not looked at."""
    live = twilio(replace(OLD_APP, fallback_url="https://f.example.com/?k=canary"), CALLS_AT_VAPI)

    assert unlike(live, Goal(OLD_APP, OLD_CALLS, Presence.AS_IT_IS)) == (
        "texts: fallback_url is https://f.example.com/?k=***, not empty",
        "calls: url is https://api.vapi.ai/twilio/inbound_call, not https://app.example.com/voice?token=***",
        "calls: status_callback is https://api.vapi.ai/twilio/status, not https://app.example.com/status?token=***",
    )
    assert shows(live, Goal(None, CALLS_AT_VAPI, Presence.ABSENT))
    assert not shows(live, Goal(OLD_APP, None, Presence.ABSENT))


@given(observations(), observations(), declarations(), habits(), st.sampled_from(Source))
def test_steps_reach_the_goal_from_anywhere(
    before: Observed, now: Observed, wanted: Desired, vapis: Habits, source: Source
) -> None:
    """From whatever is found, for whatever is declared: the planned steps, and one more look, reach the goal."""
    record = replace(snapshot(before), source=source)
    goal = declared_goal(wanted, record, now, ENDPOINTS)

    once = taken(now, plan(now, goal).steps, vapis)
    twice = taken(once, plan(once, goal).steps, vapis)

    assert twice.twilio is not None
    assert unlike(twice.twilio, goal) == ()
    assert twice.vapi is not None
    assert twice.vapi.settings == goal.vapi


@given(observations(), observations(), declarations())
def test_a_second_plan_is_empty(before: Observed, now: Observed, wanted: Desired) -> None:
    """Apply, then plan again from the new reading: nothing is left to do."""
    record = snapshot(before)

    after = taken(now, plan(now, declared_goal(wanted, record, now, ENDPOINTS)).steps)

    assert plan(after, declared_goal(wanted, record, after, ENDPOINTS)).is_empty


@given(observations(), st.builds(Goal, st.none() | routings(), st.just(OLD_CALLS), st.sampled_from(Presence)))
def test_a_plan_has_at_most_one_write_a_vendor(observed: Observed, goal: Goal) -> None:
    """Whole routings and whole settings: whatever differs is one request to each side."""
    steps = plan(observed, goal).steps

    assert sum(isinstance(step, RouteNumber) for step in steps) <= 1
    assert sum(not isinstance(step, RouteNumber) for step in steps) <= 1


@given(observations(), declarations(), habits(), st.integers(0, 3), st.integers(0, 3))
def test_restoring_after_any_of_our_steps_gives_everything_back(
    before: Observed, wanted: Desired, vapis: Habits, done: int, restored: int
) -> None:
    """Stopped after any step, stopped again while putting back, put back again: all is as found, byte for byte."""
    record = snapshot(before)
    steps = plan(before, declared_goal(wanted, record, before, ENDPOINTS)).steps
    stopped = taken(before, steps[:done], vapis)
    undoing = plan(stopped, restored_goal(record, stopped)).steps
    stopped_again = taken(stopped, undoing[:restored], vapis)

    after = stopped_again
    for _ in range(2):  # the second look undoes what a DELETE or a PATCH did after our write
        after = taken(after, plan(after, restored_goal(record, after)).steps, vapis)

    _is_as_found(after, before)


@given(observations(), declarations(), routings())
def test_restore_to_is_what_comes_back(before: Observed, wanted: Desired, declared: Routing) -> None:
    """A declared routing is put back instead of the one found; calls and Vapi come back as found."""
    assert before.twilio is not None
    record = replace(snapshot(before), messaging=declared, source=Source.DECLARED)
    now = taken(before, plan(before, declared_goal(wanted, record, before, ENDPOINTS)).steps)
    goal = restored_goal(record, now)

    after = taken(now, plan(now, goal).steps)

    assert after.twilio is not None
    assert goal.messaging is None or after.twilio.messaging.same_as(declared)
    assert after.twilio.voice.same_as(before.twilio.voice)
    if goal.messaging is None:
        assert not wanted.sms_enabled, "what we handed over is always ours to put back"


@given(observations(), declarations())
def test_leave_at_vapi_leaves_texts_and_puts_calls_back(before: Observed, wanted: Desired) -> None:
    """Who answers texts stays when we go, and Vapi keeps a number that it learned from us.

    Of texts that were at Vapi before, the fallback that was found is back.
    """
    assert before.twilio is not None
    record = replace(snapshot(before), source=Source.LEAVE)
    now = taken(before, plan(before, declared_goal(wanted, record, before, ENDPOINTS)).steps)

    after = taken(now, plan(now, restored_goal(record, now)).steps)

    assert now.twilio is not None
    assert after.twilio is not None
    left = after.twilio.messaging
    assert (left.url, left.method) == (now.twilio.messaging.url, now.twilio.messaging.method)
    if left != now.twilio.messaging:
        assert (left.fallback_url, classify(left).kind) == (before.twilio.messaging.fallback_url, Kind.VAPI)
    assert after.twilio.voice.same_as(before.twilio.voice)
    assert after.vapi is not None


@given(observations(), observations())
def test_what_is_somebody_elses_is_never_written(before: Observed, now: Observed) -> None:
    """A handler that nobody knew before stays, on either channel, while the other one is put back."""
    assert before.twilio is not None
    assert now.twilio is not None
    record = snapshot(before)
    strange_texts = replace(now, twilio=replace(now.twilio, messaging=Routing(STRANGER), voice=CALLS_AT_VAPI))
    strange_calls = replace(now, twilio=replace(now.twilio, messaging=AT_VAPI, voice=VoiceRouting(STRANGER)))

    texts, calls = (
        taken(found_now, plan(found_now, restored_goal(record, found_now)).steps).twilio
        for found_now in (strange_texts, strange_calls)
    )

    assert texts is not None
    assert calls is not None
    assert texts.messaging == Routing(STRANGER)
    assert texts.voice.same_as(before.twilio.voice)
    assert calls.voice == VoiceRouting(STRANGER)
    assert calls.messaging.same_as(before.twilio.messaging)


def _is_as_found(after: Observed, before: Observed) -> None:
    assert after.twilio is not None
    assert before.twilio is not None
    assert after.twilio.messaging.effective() == before.twilio.messaging.effective()
    assert after.twilio.voice.effective() == before.twilio.voice.effective()
    assert after.vapi == before.vapi


def test_texts_leave_before_vapi_stops_answering_them() -> None:
    """Switching texts off at Vapi first would leave those in between to nobody."""
    off = replace(ANSWERED_BY_SUPPORT, sms_enabled=False)

    assert plan(switched(), replace(BACK, vapi=off)).steps == (
        RouteNumber(twilio(AT_VAPI), OLD_APP, None),
        UpdateVapi(vapi(), off),
    )
