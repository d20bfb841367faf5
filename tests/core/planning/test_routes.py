"""Routes: a declared handler answers texts; calls and Vapi are nobody's business, in goals, records and words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vapi_sms.core.errors import NothingToPutBack, Refusal
from vapi_sms.core.planning.capture import AtVapi, Wish, capture
from vapi_sms.core.planning.drift import drift_lines
from vapi_sms.core.planning.goals import Goal, Presence, declared_goal, restored_goal, routed_goal
from vapi_sms.core.planning.plan import RouteNumber, plan, shows, unlike
from vapi_sms.core.planning.refusals import refuse_stale, refuse_unroutable
from vapi_sms.core.routings.describe import original_line, who_answers_at_twilio
from vapi_sms.core.routings.handlers import Handler
from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.values import Observed, Original, Regulatory, Routed, Source

from tests.core.samples import (
    AC,
    ANSWERED_BY_SUPPORT,
    AT_VAPI,
    CALLS_AT_VAPI,
    DEMO,
    ENDPOINTS,
    FW,
    NAMES,
    NOTHING,
    NUMBER,
    OLD_APP,
    OLD_CALLS,
    ORG,
    PN,
    SERVICE,
    STUDIO,
    TWIML_APP,
    VAPI_ID,
    desired,
    found,
    original,
    twilio,
)
from tests.core.vendors import observations, routings, taken

FOREIGN = Routing("https://new.example.com/sms?key=canary")
ADDRESS, OTHER_ADDRESS = "AD" + "1" * 32, "AD" + "2" * 32
BUNDLE = "BU" + "1" * 32
SC = "SC" + "1" * 32
STUDIO_ROUTE = Wish(route=STUDIO)


def record(
    messaging: Routing = OLD_APP,
    *applied: Routing,
    source: Source = Source.CAPTURED,
    found: Routing | None = None,
) -> Original:
    """Return the record of a route."""
    return Original(
        PN,
        NUMBER,
        AC,
        "",
        messaging,
        VoiceRouting(),
        source=source,
        found=found,
        texts_only=True,
        applied=applied,
    )


def captured(observed: Observed, wish: Wish, recorded: Original | None = None) -> Original:
    """Capture a number of the usual subject and org."""
    return capture(NUMBER, observed, wish, recorded, AtVapi(ORG))


def test_a_route_writes_texts_and_nothing_else() -> None:
    """The goal of a route leaves calls and Vapi's record as they are, whatever they are."""
    goal = routed_goal(Routed(STUDIO))

    assert goal == Goal(STUDIO, None, Presence.AS_IT_IS)
    assert goal.is_texts_only
    assert not Goal(STUDIO, OLD_CALLS, Presence.AS_IT_IS).is_texts_only
    assert not Goal(STUDIO, None, Presence.ABSENT).is_texts_only


@given(observations(), routings())
def test_a_route_leads_to_its_handler_and_back(before: Observed, handler: Routing) -> None:
    """From anywhere: planned again nothing is left to do; restored, all is as it was, and no step is Vapi's."""
    assert before.twilio is not None
    kept = record(before.twilio.messaging, handler)

    there = plan(before, routed_goal(Routed(handler)))
    after = taken(before, there.steps)
    back = plan(after, restored_goal(kept, after))

    assert plan(after, there.goal).is_empty
    assert all(isinstance(step, RouteNumber) and step.voice is None for step in (*there.steps, *back.steps))
    restored = taken(after, back.steps)
    assert restored.twilio is not None
    assert restored.twilio.messaging.same_as(before.twilio.messaging)
    assert (restored.twilio.voice, restored.vapi) == (before.twilio.voice, before.vapi)


@pytest.mark.parametrize(
    ("live", "back"),
    [(STUDIO, OLD_APP), (OLD_APP, OLD_APP), (NOTHING, OLD_APP), (AT_VAPI, OLD_APP), (FOREIGN, None)],
    ids=["ours", "put back already", "emptied", "Vapi's", "somebody else's"],
)
def test_a_route_is_put_back_unless_somebody_took_it(live: Routing, back: Routing | None) -> None:
    """What a route applied is ours to overwrite, by the record alone; calls and Vapi are never touched."""
    observed = found(live, CALLS_AT_VAPI, ANSWERED_BY_SUPPORT)

    goal = restored_goal(record(OLD_APP, STUDIO), observed)
    assert goal == Goal(back, None, Presence.AS_IT_IS, gives_back=True)


def test_every_handler_that_a_route_declared_is_ours() -> None:
    """A killed `up` may have left an earlier declaration there."""
    kept = record(OLD_APP, STUDIO, FOREIGN)

    assert restored_goal(kept, found(FOREIGN)).messaging == OLD_APP
    refuse_stale(NUMBER, found(FOREIGN), kept)
    with pytest.raises(Refusal, match="somebody changed it since"):
        refuse_stale(NUMBER, found(Routing("https://else.example.com")), kept)


@pytest.mark.parametrize(
    ("observed", "wish", "recorded", "expected"),
    [
        (found(OLD_APP), STUDIO_ROUTE, None, record(OLD_APP, STUDIO)),
        (found(OLD_APP, settings=ANSWERED_BY_SUPPORT), STUDIO_ROUTE, None, record(OLD_APP, STUDIO)),
        (found(DEMO), STUDIO_ROUTE, None, record(DEMO, STUDIO)),
        (found(STUDIO), STUDIO_ROUTE, record(OLD_APP, STUDIO), record(OLD_APP, STUDIO)),
        (found(STUDIO), Wish(route=DEMO), record(OLD_APP, STUDIO), record(OLD_APP, DEMO, STUDIO)),
        (found(DEMO), STUDIO_ROUTE, record(OLD_APP, DEMO, STUDIO), record(OLD_APP, STUDIO, DEMO)),
        (
            found(AT_VAPI),
            Wish(route=STUDIO, restore_to=DEMO),
            None,
            record(DEMO, STUDIO, source=Source.DECLARED, found=AT_VAPI),
        ),
        (
            found(OLD_APP),
            Wish(route=STUDIO, restore_to=DEMO),
            None,
            record(DEMO, STUDIO, source=Source.DECLARED, found=OLD_APP),
        ),
        (
            found(STUDIO),
            Wish(route=DEMO, restore_to=record(OLD_APP, STUDIO)),
            None,
            record(OLD_APP, DEMO, STUDIO),
        ),
    ],
    ids=[
        "captured",
        "in Vapi too",
        "demo",
        "unchanged",
        "another handler",
        "an earlier handler",
        "restore_to, at Vapi",
        "restore_to",
        "moved from another route",
    ],
)
def test_what_a_route_records(
    observed: Observed, wish: Wish, recorded: Original | None, expected: Original
) -> None:
    """Texts only, who answered before, and the handlers that were declared since, the newest first."""
    assert captured(observed, wish, recorded) == expected


def test_handlers_are_remembered_on_the_numbers_account_and_not_for_ever() -> None:
    """The account of a flow is filled in; after ten changes the oldest declaration is forgotten."""
    kept = captured(found(OLD_APP), Wish(route=Handler.studio_flow(FW)))
    assert kept.applied[0].same_as(STUDIO)

    for step in range(12):
        kept = captured(found(OLD_APP), Wish(route=Routing(f"https://{step}.example.com")), kept)

    assert [routing.url for routing in kept.applied] == [
        f"https://{step}.example.com" for step in range(11, 1, -1)
    ]


def test_a_route_of_a_number_at_vapi_is_refused() -> None:
    """Vapi's URL is never recorded as an original; the ways out are those of a route."""
    with pytest.raises(NothingToPutBack) as caught:
        captured(found(AT_VAPI), STUDIO_ROUTE)

    assert str(caught.value) == (
        f"texts to {NUMBER} already go to Vapi and no original routing is recorded, so nothing could be put back: if "
        "this resource was renamed, give it an alias, opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name='its old "
        "name')]); if another stack or resource owns the number, change it there; if the state that knew it was "
        "lost, `vapi-sms restore` puts the number back from a backup; else write restore_to= with the routing to put "
        "back"
    )


def test_a_number_moves_from_a_route_to_vapi() -> None:
    """Texts come back as the route would have put them; calls and Vapi were never touched, so they are as found."""
    kept = record(OLD_APP, STUDIO)
    moving = Wish(restore_to=kept)
    whole = replace(original(OLD_APP, OLD_CALLS), applied=(STUDIO,))

    assert captured(found(STUDIO), moving) == whole
    assert captured(Observed(None), moving, whole) == whole, "checked again, when Vapi answers already"
    assert captured(Observed(None), Wish(), whole) == whole, "the second step: restore_to is gone"
    refuse_stale(NUMBER, found(STUDIO), whole)
    assert restored_goal(whole, found(STUDIO)).messaging == OLD_APP, "after a killed `up`"
    off = declared_goal(desired(sms_enabled=False), whole, found(STUDIO), ENDPOINTS)
    assert off.messaging == OLD_APP
    with pytest.raises(NothingToPutBack, match=f"already in this Vapi org as {VAPI_ID}"):
        captured(found(STUDIO, settings=ANSWERED_BY_SUPPORT), moving)


def test_a_number_does_not_move_from_vapi_to_a_route() -> None:
    """A route could not give back what the other record holds of calls and Vapi."""
    with pytest.raises(Refusal) as caught:
        captured(found(AT_VAPI), Wish(route=STUDIO, restore_to=original()))

    assert str(caught.value) == (
        "restore_to holds the original of a VapiSmsNumber, which also says what comes back for calls to "
        f"{NUMBER} and in Vapi, where a TwilioSmsRoute touches nothing: remove the VapiSmsNumber and run "
        "`pulumi up`, then declare the route"
    )


@pytest.mark.parametrize(
    ("recorded", "wish", "was", "will_be"),
    [
        (record(OLD_APP, STUDIO), Wish(), "TwilioSmsRoute", "VapiSmsNumber"),
        (original(OLD_APP), STUDIO_ROUTE, "VapiSmsNumber", "TwilioSmsRoute"),
    ],
)
def test_a_record_serves_one_kind_of_resource(recorded: Original, wish: Wish, was: str, will_be: str) -> None:
    """Another class under the same name would put back too little, or too much."""
    with pytest.raises(Refusal) as caught:
        captured(found(STUDIO), wish, recorded)

    assert str(caught.value) == (
        f"{NUMBER} was declared by a {was} of this name, and a {will_be} cannot go on with its record: remove the "
        f"{was} and run `pulumi up`, which puts back Webhook https://app.example.com/sms?token=***, then declare the "
        f"{will_be}"
    )


def test_unroutable_numbers_are_refused() -> None:
    """Absent, without texts, hidden by a service, or a short code that is to have a TwiML App."""
    short_code = replace(twilio(), sid=SC, number="12345")
    refused = [
        (Observed(None), STUDIO, f"{NUMBER} is not a number of this Twilio account"),
        (
            Observed(twilio(can_sms=False)),
            STUDIO,
            "(Twilio shows no SMS capability): declare a number that can",
        ),
        (
            Observed(twilio(), hidden_by=SERVICE),
            STUDIO,
            "the handler would never see a text. Declare a MessagingServiceInbound for it",
        ),
        (Observed(short_code), TWIML_APP, "short code 12345 cannot have a TwiML App"),
    ]
    for observed, handler, told in refused:
        with pytest.raises(Refusal) as caught:
            refuse_unroutable(NUMBER, Routed(handler), observed)
        assert told in str(caught.value)

    refuse_unroutable(NUMBER, Routed(TWIML_APP), Observed(twilio()))
    refuse_unroutable("12345", Routed(STUDIO), Observed(short_code))


def test_declared_regulatory_sids_are_planned_for() -> None:
    """What the number lacks goes along with its whole messaging routing; what is not declared stays."""
    goal = routed_goal(Routed(STUDIO, Regulatory(address_sid=ADDRESS, bundle_sid=BUNDLE)))
    lacking = Observed(replace(twilio(STUDIO), address_sid=OTHER_ADDRESS, identity_sid="RI" + "1" * 32))
    complying = Observed(replace(twilio(STUDIO), address_sid=ADDRESS, bundle_sid=BUNDLE))
    assert lacking.twilio is not None
    assert complying.twilio is not None

    (step,) = plan(lacking, goal).steps

    assert step == RouteNumber(lacking.twilio, STUDIO, None, goal.regulatory)
    assert str(step) == (
        f"route texts from Studio Flow {FW} to Studio Flow {FW}, with address_sid {ADDRESS}, with bundle_sid {BUNDLE}"
    )
    lines = (f"address_sid is {OTHER_ADDRESS}, not {ADDRESS}", f"bundle_sid is empty, not {BUNDLE}")
    assert unlike(lacking.twilio, goal) == lines
    assert drift_lines(lacking, goal, NAMES) == lines
    assert plan(complying, goal).is_empty
    assert shows(complying.twilio, goal)


def test_drift_of_a_route_says_no_more_of_vapi_than_was_read() -> None:
    """Nothing is read at Vapi for a route."""
    goal = routed_goal(Routed(STUDIO))

    assert drift_lines(found(AT_VAPI), goal, NAMES) == (
        f"texts are answered by Vapi, not by Studio Flow {FW}",
    )
    assert drift_lines(found(FOREIGN), goal, NAMES) == (
        f"texts are answered by Webhook https://new.example.com/sms?key=***, not by Studio Flow {FW}",
    )
    assert drift_lines(found(replace(STUDIO, method="GET")), goal, NAMES) == (
        "texts: method is GET, not POST",
    )
    assert drift_lines(Observed(None), goal, NAMES) == ()


def test_words_of_a_route() -> None:
    """Its record says nothing of calls and Vapi; who answers is told as far as Twilio knows."""
    assert original_line(record(OLD_APP, STUDIO)) == "texts: Webhook https://app.example.com/sms?token=***"
    assert original_line(record(DEMO, STUDIO, source=Source.DECLARED, found=NOTHING)) == (
        "texts: Twilio's demo reply (declared by restore_to)"
    )
    assert who_answers_at_twilio(found(AT_VAPI)) == "Vapi"
    assert who_answers_at_twilio(Observed(None)) == "nobody: the number is not on this Twilio account"
    assert "Campaigns" in who_answers_at_twilio(Observed(twilio(), hidden_by=SERVICE))


@given(st.lists(routings(), min_size=1, max_size=4))
def test_no_line_of_a_route_shows_a_secret(handlers: list[Routing]) -> None:
    """Query values and passwords stay out of plans, drift and summaries."""
    observed = found(OLD_APP)
    told = [
        *map(str, plan(observed, routed_goal(Routed(handlers[0]))).steps),
        *drift_lines(observed, routed_goal(Routed(handlers[0])), NAMES),
        original_line(record(handlers[0], *handlers)),
    ]

    assert "canary" not in " ".join(told)
