"""Endpoints: what Vapi wrote is kept, wherever it is; ours only where it wrote nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from vapi_sms.core.planning.goals import Goal, declared_goal, is_foreign, laid_bare, restored_goal
from vapi_sms.core.routings.endpoints import as_usual, came_from_vapi, in_force, vapis_own, written
from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.values import NEVER, Desired, Observed, VapiEndpoints, Voice

from tests.core.samples import (
    ANSWERED_BY_SUPPORT,
    AT_VAPI,
    CALLS_AT_VAPI,
    ENDPOINTS,
    OLD_APP,
    OLD_CALLS,
    OTHER_CALLS,
    found,
    original,
    twilio,
)

ODD = VapiEndpoints.at("https://hooks.vapi.ai/v2")
EU = VapiEndpoints.at("https://api.eu.vapi.ai")
ANYWHERE = VapiEndpoints.at("https://hooks.example.com/v2")
BY_HAND = "https://api.vapi.ai/sms/twilio/a5000000"


def texts_at(endpoints: VapiEndpoints | str) -> Routing:
    """Return the messaging routing that an import writes."""
    return replace(AT_VAPI, url=endpoints if isinstance(endpoints, str) else endpoints.sms)


def calls_at(endpoints: VapiEndpoints) -> VoiceRouting:
    """Return the voice routing that an import writes."""
    return replace(CALLS_AT_VAPI, url=endpoints.voice, status_callback=endpoints.status)


def imported(endpoints: VapiEndpoints) -> Observed:
    """Return a reading right after an import of ours."""
    return found(texts_at(endpoints), calls_at(endpoints), ANSWERED_BY_SUPPORT)


@pytest.mark.parametrize("endpoints", [ENDPOINTS, EU, ODD, ANYWHERE])
def test_what_came_to_be_there_while_vapi_was_told_is_in_force(endpoints: VapiEndpoints) -> None:
    """At whatever host and path, texts, calls and their status; the goal is moved there where Vapi is to answer."""
    now = twilio(texts_at(endpoints), calls_at(endpoints))
    goal = declared_goal(Desired(ANSWERED_BY_SUPPORT, Voice.VAPI), original(), found(), ENDPOINTS)

    assert written(twilio(), now, ENDPOINTS) == endpoints
    moved = goal.answered_at(endpoints)
    assert (moved.messaging, moved.voice, moved.endpoints) == (
        texts_at(endpoints),
        calls_at(endpoints),
        endpoints,
    )


def test_a_channel_that_is_not_vapis_moves_nowhere() -> None:
    """Calls that are kept, and texts that are off, stay where the goal has them; so does what a goal leaves alone."""
    kept = declared_goal(Desired(ANSWERED_BY_SUPPORT), original(), found(), ENDPOINTS)
    off = Desired(replace(ANSWERED_BY_SUPPORT, sms_enabled=False), Voice.VAPI)
    calls = declared_goal(off, original(), found(), ENDPOINTS)
    nothing = Goal(None, None, ANSWERED_BY_SUPPORT, at_vapi=frozenset({"texts", "calls"}))

    assert kept.answered_at(ODD).voice == OLD_CALLS
    assert (calls.answered_at(ODD).messaging, calls.answered_at(ODD).voice) == (OLD_APP, calls_at(ODD))
    assert (nothing.answered_at(ODD).messaging, nothing.answered_at(ODD).voice) == (None, None)


@pytest.mark.parametrize(
    ("before", "now", "is_vapis"),
    [
        (OLD_APP, AT_VAPI, True),
        (OLD_APP, texts_at(BY_HAND), True),
        (texts_at(BY_HAND), texts_at(BY_HAND), False),
        (OLD_APP, texts_at(ENDPOINTS.voice), False),
        (OLD_APP, texts_at(ENDPOINTS.status), False),
        (OLD_APP, texts_at(ANYWHERE), True),
        (OLD_APP, Routing("https://else.example.com/sms"), False),
        (OLD_CALLS, CALLS_AT_VAPI, True),
        (OLD_CALLS, replace(CALLS_AT_VAPI, url=ENDPOINTS.sms), False),
    ],
)
def test_only_what_changed_meanwhile_and_can_be_vapis_is(
    before: Routing, now: Routing, *, is_vapis: bool
) -> None:
    """What was there before nobody wrote; the URL of another channel is nobody's for this one."""
    assert came_from_vapi(before, now) == is_vapis


def test_where_vapi_wrote_nothing_what_was_in_force_stays() -> None:
    """And a callback of somebody's own beside Vapi's URL for calls is not where Vapi hears of them."""
    own = replace(calls_at(EU), status_callback="https://app.example.com/status")

    assert written(twilio(), twilio(), ODD) == ODD
    assert written(twilio(), twilio(OLD_APP, own), ODD) == replace(ODD, voice=EU.voice)


@pytest.mark.parametrize("endpoints", [EU, ODD, ANYWHERE])
def test_an_import_that_was_cut_short_is_ours_at_whatever_url(endpoints: VapiEndpoints) -> None:
    """The next run keeps what it wrote, and a destroy in its place puts both channels back."""
    now, record = imported(endpoints), original()

    goal = declared_goal(Desired(ANSWERED_BY_SUPPORT), record, now, ENDPOINTS)
    back = restored_goal(record, now)

    assert (goal.messaging, goal.voice) == (texts_at(endpoints), OLD_CALLS)
    assert (back.messaging, back.voice) == (OLD_APP, OLD_CALLS)
    with_calls = declared_goal(Desired(ANSWERED_BY_SUPPORT, Voice.VAPI), record, now, ENDPOINTS)
    assert with_calls.voice == calls_at(endpoints)


def test_a_number_that_is_adopted_stays_where_it_is_answered() -> None:
    """At the path that an import writes, at whatever of Vapi's hosts; at any other path nothing is known to answer."""
    theirs = original(settings=ANSWERED_BY_SUPPORT)

    assert in_force(theirs, imported(EU), ENDPOINTS) == EU
    assert in_force(theirs, imported(ODD), ENDPOINTS) == ENDPOINTS
    assert in_force(theirs, found(texts_at(EU)), ENDPOINTS) == ENDPOINTS
    assert in_force(theirs, Observed(None), ENDPOINTS) == ENDPOINTS


def test_what_an_up_saw_is_remembered_and_nothing_else_is() -> None:
    """Once an `up` answers for a number, its record says where Vapi answers; what somebody types is drift."""
    known = replace(original(), written=NEVER, at_vapi=ODD)
    usual = replace(original(), written=NEVER)
    by_hand = found(texts_at(BY_HAND), OLD_CALLS, ANSWERED_BY_SUPPORT)

    assert in_force(known, by_hand, ENDPOINTS) == ODD
    assert in_force(usual, by_hand, ENDPOINTS) == ENDPOINTS
    assert in_force(usual, imported(EU), ENDPOINTS) == ENDPOINTS
    assert vapis_own(imported(ODD), known) == (texts_at(ODD), calls_at(ODD))
    assert vapis_own(by_hand, known) == vapis_own(by_hand, usual) == ()
    assert vapis_own(Observed(None), known) == ()


def test_an_address_that_answers_nobody_is_not_ours_to_replace_without_a_word() -> None:
    """A destroy leaves it, texts and calls, as it leaves anybody's; of calls an `up` tells it as drift."""
    typed = replace(OLD_CALLS, url="https://api.vapi.ai/phone/twilio", status_callback="")
    now = found(texts_at(BY_HAND), typed, ANSWERED_BY_SUPPORT)
    record = replace(original(), written=NEVER)

    back = restored_goal(record, now)

    assert (back.messaging, back.voice) == (None, None)
    assert is_foreign(texts_at(BY_HAND), OLD_APP)
    assert laid_bare(now, record) == ()
    assert declared_goal(Desired(ANSWERED_BY_SUPPORT), record, now, ENDPOINTS).voice == OLD_CALLS


def test_people_are_told_of_vapi_wherever_it_was_seen_to_answer() -> None:
    """For telling, and for that alone, its URLs are the usual ones; what else is there is told as it is."""
    number = twilio(texts_at(ANYWHERE), calls_at(ANYWHERE))

    usual = as_usual(number, ANYWHERE, ENDPOINTS)

    assert (usual.messaging.url, usual.voice.url) == (ENDPOINTS.sms, ENDPOINTS.voice)
    assert as_usual(number, None, ENDPOINTS) == number
    assert as_usual(twilio(OLD_APP, OTHER_CALLS), ANYWHERE, ENDPOINTS) == twilio(OLD_APP, OTHER_CALLS)


def test_without_vapis_record_nothing_there_is_ours() -> None:
    """An odd address at a number that Vapi does not know is somebody's mistake."""
    now = Observed(twilio(texts_at(BY_HAND)))

    assert vapis_own(now, original()) == ()


def test_an_import_with_texts_off_takes_no_texts() -> None:
    """So an odd address there is not its doing, while calls are."""
    off = replace(ANSWERED_BY_SUPPORT, sms_enabled=False)
    now = found(texts_at(BY_HAND), calls_at(ODD), off)

    assert vapis_own(now, original()) == (calls_at(ODD),)
