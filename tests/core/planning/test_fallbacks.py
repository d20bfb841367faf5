"""Fallbacks: who answers texts where Vapi fails, as it is kept, declared, refused, told and put back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from vapi_sms.core.errors import NotFit
from vapi_sms.core.planning.drift import drift_lines
from vapi_sms.core.planning.goals import declared_goal, handed_over, is_foreign, restored_goal
from vapi_sms.core.planning.plan import RouteNumber, plan
from vapi_sms.core.planning.refusals import refuse_no_fallback
from vapi_sms.core.routings.describe import fallback_said, without_declared_fallback
from vapi_sms.core.routings.handlers import Handler
from vapi_sms.core.routings.routing import GET, POST, Routing, VoiceRouting
from vapi_sms.core.values import Fallback, Observed, Source

from tests.core.samples import (
    AC,
    ANSWERED_BY_SUPPORT,
    AP,
    AT_VAPI,
    DEMO,
    ENDPOINTS,
    FW,
    NAMES,
    NOTHING,
    NUMBER,
    OLD_APP,
    OLD_CALLS,
    STUDIO,
    TWIML_APP,
    desired,
    found,
    original,
    switched,
)

KEEP, ORIGINAL = Fallback.KEEP, Fallback.ORIGINAL
TOKEN = "https://backup.example.com/sms?token=canary"
BACKUP = Routing(TOKEN, GET)
KEPT = "https://app.example.com/fallback"
BACKED = replace(AT_VAPI, fallback_url=TOKEN, fallback_method=GET)
TO_STUDIO = replace(AT_VAPI, fallback_url=STUDIO.url)
EXECUTIONS = Routing(f"https://studio.twilio.com/v2/Flows/{FW}/Executions")


@pytest.mark.parametrize(
    ("recorded", "declared", "goal"),
    [
        (replace(OLD_APP, fallback_url=KEPT), KEEP, replace(AT_VAPI, fallback_url=KEPT)),
        (replace(OLD_APP, fallback_url=KEPT), ORIGINAL, replace(AT_VAPI, fallback_url=OLD_APP.url)),
        (
            replace(OLD_APP, method=GET),
            ORIGINAL,
            replace(AT_VAPI, fallback_url=OLD_APP.url, fallback_method=GET),
        ),
        (replace(OLD_APP, method=""), ORIGINAL, replace(AT_VAPI, fallback_url=OLD_APP.url)),
        (STUDIO, ORIGINAL, TO_STUDIO),
        (OLD_APP, Handler.studio_flow(FW), TO_STUDIO),
        (replace(OLD_APP, fallback_url=KEPT), BACKUP, BACKED),
        (TWIML_APP, BACKUP, BACKED),
        (replace(STUDIO, application_sid=AP), ORIGINAL, AT_VAPI),
    ],
    ids=["kept", "original", "its GET", "no method", "a Flow", "a handler", "instead", "app", "asleep"],
)
def test_texts_are_handed_over_with_the_declared_fallback(
    recorded: Routing, declared: Fallback | Routing, goal: Routing
) -> None:
    """What is kept is as if nothing were said; of a handler its URL and method count, on the number's own account."""
    assert handed_over(original(recorded), ENDPOINTS, declared) == goal


def test_a_declared_fallback_rests_while_texts_are_not_vapis() -> None:
    """With sms_enabled=False the original answers, with its own fallback."""
    recorded = original(replace(OLD_APP, fallback_url=KEPT))

    goal = declared_goal(desired(sms_enabled=False, fallback=BACKUP), recorded, switched(), ENDPOINTS)

    assert (goal.messaging, goal.has_fallback) == (recorded.messaging, False)


def test_a_fallback_alone_is_one_write_at_twilio() -> None:
    """Nothing is written at Vapi, and calls are left alone; then nothing is left to do."""
    wanted, record = desired(fallback=BACKUP), original()

    (step,) = plan(switched(), declared_goal(wanted, record, switched(), ENDPOINTS)).steps

    assert isinstance(step, RouteNumber)
    assert (step.messaging, step.voice) == (BACKED, None)
    backed = found(BACKED, OLD_CALLS, ANSWERED_BY_SUPPORT)
    assert plan(backed, declared_goal(wanted, record, backed, ENDPOINTS)).is_empty


@pytest.mark.parametrize(
    ("declared", "live", "lines"),
    [
        (BACKUP, BACKED, []),
        (
            BACKUP,
            AT_VAPI,
            [
                (
                    "texts that Vapi fails to take are answered by nobody, not by Webhook "
                    "https://backup.example.com/sms?token=***"
                )
            ],
        ),
        (
            BACKUP,
            replace(TO_STUDIO, method=GET),
            [
                (
                    f"texts that Vapi fails to take are answered by Studio Flow {FW}, not by Webhook "
                    "https://backup.example.com/sms?token=***"
                ),
                "texts: method is GET, not POST",
            ],
        ),
        (BACKUP, replace(BACKED, fallback_method=POST), ["texts: fallback_method is POST, not GET"]),
        (KEEP, TO_STUDIO, [f"texts: fallback_url is {STUDIO.url}, not empty"]),
        (BACKUP, STUDIO, [f"texts are answered by Studio Flow {FW}, not by Vapi"]),
    ],
)
def test_drift_of_the_fallback_is_told(declared: Fallback | Routing, live: Routing, lines: list[str]) -> None:
    """In words where it is declared; whatever is kept, as before."""
    observed = found(live, settings=ANSWERED_BY_SUPPORT)

    applied = declared_goal(desired(fallback=declared), original(), observed, ENDPOINTS)

    assert [*drift_lines(observed, applied, NAMES)] == lines


@pytest.mark.parametrize(
    ("recorded", "told"),
    [
        (NOTHING, "nobody, so that texts would stay unanswered"),
        (DEMO, "Twilio's demo reply, which tells customers that nobody is there"),
        (AT_VAPI, "Vapi, which fails where Vapi fails"),
        (
            replace(AT_VAPI, url="https://api.vapi.ai/s"),
            (
                "an address at Vapi that is not known to answer texts (https://api.vapi.ai/s), which fails where "
                "Vapi fails"
            ),
        ),
        (
            EXECUTIONS,
            (
                f"a Studio Executions URL, which does not work as a webhook ({EXECUTIONS.url}), so that nobody would "
                "answer"
            ),
        ),
        (TWIML_APP, f"TwiML App {AP}, which has no URL of its own, and a fallback is one"),
    ],
)
def test_an_original_that_cannot_be_a_fallback_is_refused(recorded: Routing, told: str) -> None:
    """It says who, why, and what to write."""
    with pytest.raises(NotFit) as refused:
        refuse_no_fallback(NUMBER, desired(fallback=ORIGINAL), original(recorded))

    assert str(refused.value) == (
        f"fallback='original' of {NUMBER} is {told}: name a Handler that answers, or write 'keep', "
        "which leaves what is there"
    )


@pytest.mark.parametrize(
    ("app", "way"),
    [
        (STUDIO, f"name what the app calls, Handler.studio_flow('{FW}'), or write 'keep'"),
        (
            BACKUP,
            (
                "name what the app calls, Handler.webhook('https://backup.example.com/sms?token=***', "
                "method='GET'), or write 'keep'"
            ),
        ),
        (
            DEMO,
            "name a Handler that answers, or write 'keep', which leaves what is there",
        ),
    ],
)
@pytest.mark.parametrize(
    ("declared", "which"), [(ORIGINAL, "fallback='original'"), (Handler.twiml_app(AP), "fallback=")]
)
def test_of_a_twiml_app_what_it_calls_is_offered(
    declared: Fallback | Routing, which: str, app: Routing, way: str
) -> None:
    """Its own messaging URL can be a fallback, without its secrets; one that is none is not offered."""
    with pytest.raises(NotFit) as refused:
        refuse_no_fallback(NUMBER, desired(fallback=declared), original(TWIML_APP), app)

    assert str(refused.value) == (
        f"{which} of {NUMBER} is TwiML App {AP}, which has no URL of its own, and a fallback is one: {way}"
    )


@pytest.mark.parametrize(
    ("recorded", "declared", "enabled"),
    [(DEMO, KEEP, True), (DEMO, ORIGINAL, False), (DEMO, BACKUP, True), (STUDIO, ORIGINAL, True)],
)
def test_whatever_can_answer_is_not_refused(
    recorded: Routing, declared: Fallback | Routing, enabled: bool
) -> None:
    """Nor is what rests while texts are not Vapi's."""
    refuse_no_fallback(NUMBER, desired(fallback=declared, sms_enabled=enabled), original(recorded))


def test_a_number_at_vapi_with_our_fallback_is_ours() -> None:
    """Destroy gives all five fields back."""
    goal = restored_goal(original(STUDIO), found(BACKED, settings=ANSWERED_BY_SUPPORT))

    assert goal.messaging == STUDIO


def test_a_fallback_that_was_left_standing_alone_is_not_somebody_elses() -> None:
    """Vapi may empty its URL as it lets go; nobody can have written what is left, and nobody is asked by it."""
    alone = replace(BACKED, url="")

    assert not is_foreign(alone, STUDIO)
    assert not is_foreign(VoiceRouting(fallback_url=KEPT), OLD_CALLS)
    assert is_foreign(BACKUP, STUDIO)


@pytest.mark.parametrize(
    ("was", "live", "goal"),
    [
        (TO_STUDIO, BACKED, TO_STUDIO),
        (AT_VAPI, BACKED, AT_VAPI),
        (TO_STUDIO, TO_STUDIO, None),
        (STUDIO, BACKED, None),
        (TO_STUDIO, STUDIO, None),
    ],
    ids=["its own", "none", "as found", "was elsewhere", "is elsewhere"],
)
def test_texts_that_stay_at_vapi_get_the_fallback_that_was_found(
    was: Routing, live: Routing, goal: Routing | None
) -> None:
    """LEAVE_AT_VAPI leaves who answers, and every field of a number that was at Vapi is as it was."""
    record = original(was, settings=ANSWERED_BY_SUPPORT, source=Source.LEAVE)

    assert restored_goal(record, found(live, settings=ANSWERED_BY_SUPPORT)).messaging == goal
    assert restored_goal(record, Observed(None)).messaging is None


def test_texts_that_stay_at_vapi_are_not_judged_by_an_old_reading() -> None:
    """One from before our last write does not show the fallback that we wrote."""
    record = replace(original(TO_STUDIO, settings=ANSWERED_BY_SUPPORT, source=Source.LEAVE), written=2)
    live = found(TO_STUDIO, settings=ANSWERED_BY_SUPPORT)
    assert live.twilio is not None

    goal = restored_goal(record, replace(live, twilio=replace(live.twilio, updated=1)))

    assert goal.messaging == TO_STUDIO


@pytest.mark.parametrize(
    ("line", "alone"),
    [
        (
            "Vapi assistant A (fallback Studio Flow FW1), instead of Proxy (fallback X)",
            "Vapi assistant A, instead of Proxy (fallback X)",
        ),
        ("Vapi assistant B (fallback B) (fallback Webhook W)", "Vapi assistant B (fallback B)"),
        ("Vapi assistant A", "Vapi assistant A"),
        (
            "Vapi assistant A, instead of B (fallback X), instead of C",
            "Vapi assistant A, instead of B, instead of C",
        ),
    ],
)
def test_a_declared_fallback_is_left_out_of_who_answers(line: str, alone: str) -> None:
    """Only what was put there: an assistant may be called like one."""
    assert without_declared_fallback(line) == alone


@pytest.mark.parametrize(
    ("routing", "said"),
    [
        (BACKED, " (fallback Webhook https://backup.example.com/sms?token=***)"),
        (AT_VAPI, ""),
        (replace(TWIML_APP, fallback_url=TOKEN), ""),
    ],
)
def test_a_fallback_is_said_behind_who_answers(routing: Routing, said: str) -> None:
    """Without its secrets, and not where it sleeps."""
    assert fallback_said(routing) == said


def test_a_fallback_without_an_account_is_on_the_numbers_own() -> None:
    """As any other handler is that a program declares."""
    assert AC in handed_over(original(), ENDPOINTS, Handler.proxy("KS" + "1" * 32)).fallback_url
