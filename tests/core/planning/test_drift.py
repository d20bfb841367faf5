"""Drift: every difference from what an earlier `up` reached, as a line; none without drift."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from vapi_sms.core.planning.drift import drift_lines
from vapi_sms.core.planning.goals import Goal, Presence, declared_goal
from vapi_sms.core.planning.plan import plan
from vapi_sms.core.routings.routing import GET, Routing, VoiceRouting
from vapi_sms.core.values import NEVER, Desired, Observed, VapiEndpoints, VapiSettings, Voice

from tests.core.samples import (
    ANSWERED_BY_SUPPORT,
    AT_VAPI,
    CALLS_AT_VAPI,
    ENDPOINTS,
    FW,
    NAMES,
    NOTHING,
    OLD_APP,
    OLD_CALLS,
    OTHER_CALLS,
    SALES,
    SERVICE,
    SQUAD,
    STUDIO,
    SUPPORT,
    desired,
    found,
    original,
    switched,
    twilio,
    vapi,
)
from tests.core.vendors import declarations, observations, taken

APPLIED = Goal(AT_VAPI, OLD_CALLS, ANSWERED_BY_SUPPORT)
HOOKS = VapiEndpoints.at("https://hooks.vapi.ai/v2")
AT_HOOKS, BY_HAND = (
    replace(AT_VAPI, url=url) for url in (HOOKS.sms, "https://api.vapi.ai/sms/twilio/a5000000")
)
CALLS_AT_HOOKS = replace(CALLS_AT_VAPI, url=HOOKS.voice, status_callback=HOOKS.status)
NO_TEXTS = f"an address at Vapi that is not known to answer texts ({BY_HAND.url})"
NO_CALLS = f"an address at Vapi that is not known to answer calls ({AT_VAPI.url})"
ELSEWHERE = Routing("https://other.example.com/sms?k=canary")


@pytest.mark.parametrize(
    ("observed", "lines"),
    [
        (switched(), []),
        (Observed(None, vapi()), []),
        (
            found(ELSEWHERE, settings=ANSWERED_BY_SUPPORT),
            ["texts are answered by Webhook https://other.example.com/sms?k=***, not by Vapi"],
        ),
        (found(NOTHING, settings=ANSWERED_BY_SUPPORT), ["texts are answered by nobody, not by Vapi"]),
        (
            found(replace(AT_VAPI, method=GET, fallback_url=OLD_APP.url), settings=ANSWERED_BY_SUPPORT),
            [
                "texts: method is GET, not POST",
                "texts: fallback_url is https://app.example.com/sms?token=***, not empty",
            ],
        ),
        (
            found(AT_VAPI, OTHER_CALLS, ANSWERED_BY_SUPPORT),
            [
                (
                    "calls are answered by Webhook https://calls.example.com/answer, "
                    "not by Webhook https://app.example.com/voice?token=***"
                )
            ],
        ),
        (
            found(AT_VAPI, replace(OLD_CALLS, status_callback=""), ANSWERED_BY_SUPPORT),
            ["calls: status_callback is empty, not https://app.example.com/status?token=***"],
        ),
        (found(AT_VAPI), ["Vapi no longer knows the number"]),
        (
            found(AT_VAPI, settings=VapiSettings(SALES, sms_enabled=False, name="Mine")),
            [
                f"Vapi's assistant is Sales ({SALES}), not Support ({SUPPORT})",
                "Vapi's smsEnabled is false, not true",
                "Vapi's name is Mine, not empty",
            ],
        ),
        (
            found(AT_VAPI, settings=VapiSettings("", SQUAD)),
            [
                f"Vapi's assistant is empty, not Support ({SUPPORT})",
                f"Vapi's squad is Everybody ({SQUAD}), not empty",
            ],
        ),
    ],
)
def test_drift_is_told(observed: Observed, lines: list[str]) -> None:
    """Who answers instead of whom where the handler changed; the field where only that did."""
    assert list(drift_lines(observed, APPLIED, NAMES)) == lines


@pytest.mark.parametrize(
    ("texts", "calls", "lines"),
    [
        (BY_HAND, CALLS_AT_HOOKS, [f"texts are answered by {NO_TEXTS}, not by Vapi"]),
        (AT_VAPI, CALLS_AT_HOOKS, [f"texts: url is {AT_VAPI.url}, not {HOOKS.sms}"]),
        (
            AT_HOOKS,
            replace(CALLS_AT_HOOKS, url=AT_VAPI.url),
            [f"calls are answered by {NO_CALLS}, not by Vapi"],
        ),
        (
            AT_HOOKS,
            CALLS_AT_VAPI,
            [
                f"calls: url is {CALLS_AT_VAPI.url}, not {HOOKS.voice}",
                f"calls: status_callback is {CALLS_AT_VAPI.status_callback}, not {HOOKS.status}",
            ],
        ),
        (AT_HOOKS, CALLS_AT_HOOKS, []),
    ],
)
def test_a_change_of_where_vapi_answers_is_told(
    texts: Routing, calls: VoiceRouting, lines: list[str]
) -> None:
    """What an `up` saw Vapi write is what is meant, wherever it is; any other address of Vapi's is told as it is."""
    seen = replace(original(), written=NEVER, at_vapi=HOOKS)
    now = found(texts, calls, ANSWERED_BY_SUPPORT)
    applied = declared_goal(Desired(ANSWERED_BY_SUPPORT, Voice.VAPI), seen, now, ENDPOINTS)

    assert list(drift_lines(now, applied, NAMES)) == lines


def test_channels_that_are_not_ours_do_not_drift() -> None:
    """What a goal leaves alone may be anything."""
    nothing_asked = Goal(None, None, Presence.AS_IT_IS)

    assert drift_lines(found(ELSEWHERE, OTHER_CALLS), nothing_asked, NAMES) == ()


def test_drift_from_the_original_names_the_service_that_answers() -> None:
    """While texts are off, who answers instead is told by Twilio's precedence."""
    hidden = Observed(twilio(ELSEWHERE), vapi(), SERVICE)

    told = drift_lines(hidden, Goal(STUDIO, None, Presence.AS_IT_IS), NAMES)

    by = "https://app.example.com/service?token=***"
    instead = f"Messaging Service Campaigns ({SERVICE.sid}), by {by}"
    assert told == (f"texts are answered by {instead}, not by Studio Flow {FW}",)


@given(observations(), declarations())
def test_no_drift_after_an_up(before: Observed, wanted: Desired) -> None:
    """Whatever was there and whatever is declared: what an `up` reached shows no drift."""
    assert before.twilio is not None
    record = original(before.twilio.messaging, before.twilio.voice)
    goal = declared_goal(wanted, record, before, ENDPOINTS)

    after = taken(before, plan(before, goal).steps)

    assert drift_lines(after, declared_goal(wanted, record, after, ENDPOINTS), NAMES) == ()


@given(observations())
def test_drift_shows_no_secret(observed: Observed) -> None:
    """Whatever is found, no line shows a query value or a password."""
    assert "canary" not in "\n".join(drift_lines(observed, APPLIED, NAMES))


@given(observations())
def test_drift_is_told_exactly_where_something_is_to_be_done(observed: Observed) -> None:
    """A preview that shows drift has something to repair, and one that shows none has not."""
    goal = declared_goal(desired(), original(), observed, ENDPOINTS)

    assert bool(drift_lines(observed, goal, NAMES)) == (not plan(observed, goal).is_empty)
