"""Goals: what both sides should hold, from what is declared, recorded and there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from vapi_sms.core.planning.goals import (
    Goal,
    Presence,
    calls_at_vapi,
    declared_goal,
    handed_over,
    is_foreign,
    kept_voice,
    laid_bare,
    restored_goal,
    settings_for,
    snapshot,
)
from vapi_sms.core.routings.routing import GET, POST, Routing, VoiceRouting
from vapi_sms.core.values import Observed, Original, Source, VapiSettings, Voice

from tests.core.samples import (
    AC,
    ANSWERED_BY_SUPPORT,
    AP,
    AT_VAPI,
    CALLS_AT_VAPI,
    DEMO,
    ENDPOINTS,
    NOTHING,
    NUMBER,
    OLD_APP,
    OLD_CALLS,
    ORG,
    OTHER_CALLS,
    PN,
    SALES,
    STUDIO,
    SUPPORT,
    TK,
    TWIML_APP,
    VAPI_ID,
    desired,
    found,
    original,
    switched,
    twilio,
    vapi,
)

FALLBACK = "https://app.example.com/fallback"
FOREIGN = Routing("https://other.example.com/sms")


@pytest.mark.parametrize(
    ("recorded", "goal"),
    [
        (OLD_APP, AT_VAPI),
        (NOTHING, AT_VAPI),
        (replace(OLD_APP, fallback_url=FALLBACK), replace(AT_VAPI, fallback_url=FALLBACK)),
        (
            replace(OLD_APP, fallback_url=FALLBACK, fallback_method=GET),
            replace(AT_VAPI, fallback_url=FALLBACK, fallback_method=GET),
        ),
        (
            replace(TWIML_APP, url="https://a.example.com", fallback_url=FALLBACK, fallback_method=GET),
            AT_VAPI,
        ),
    ],
)
def test_texts_are_handed_over_whole(recorded: Routing, goal: Routing) -> None:
    """Vapi's URL by POST, no TwiML App; a fallback stays, unless it slept under a TwiML App."""
    assert handed_over(original(recorded), ENDPOINTS) == goal


@pytest.mark.parametrize(
    ("recorded", "goal"),
    [
        (OLD_CALLS, CALLS_AT_VAPI),
        (
            VoiceRouting("https://a.example.com", POST, FALLBACK, GET),
            replace(CALLS_AT_VAPI, fallback_url=FALLBACK, fallback_method=GET),
        ),
        (VoiceRouting("", "", FALLBACK, GET, application_sid=AP), CALLS_AT_VAPI),
        (VoiceRouting("", "", FALLBACK, GET, trunk_sid=TK), CALLS_AT_VAPI),
    ],
)
def test_calls_go_to_vapi_whole(recorded: VoiceRouting, goal: VoiceRouting) -> None:
    """Vapi's URL and status callback; a trunk or a TwiML App would win over it, so both go."""
    assert calls_at_vapi(original(voice=recorded), ENDPOINTS) == goal


@pytest.mark.parametrize(
    ("live", "kept"),
    [
        (OLD_CALLS, OLD_CALLS),
        (CALLS_AT_VAPI, OLD_CALLS),
        (VoiceRouting(), OLD_CALLS),
        (VoiceRouting(DEMO.url), OLD_CALLS),
        (replace(OLD_CALLS, method=GET, status_callback=""), OLD_CALLS),
        (OTHER_CALLS, OTHER_CALLS),
        (replace(OTHER_CALLS, status_callback="https://cb.example.com"),) * 2,
        (
            replace(OTHER_CALLS, status_callback=ENDPOINTS.status, status_callback_method=GET),
            replace(OTHER_CALLS, status_callback=OLD_CALLS.status_callback, status_callback_method=POST),
        ),
    ],
)
def test_kept_calls_are_as_somebody_else_set_them_last(live: VoiceRouting, kept: VoiceRouting) -> None:
    """Only what Vapi took, emptied or half wrote is put back; a callback of Vapi's never stays."""
    assert kept_voice(live, original()) == kept


def test_texts_on_calls_kept() -> None:
    """The most common goal: texts at Vapi, calls as before."""
    assert declared_goal(desired(), original(), found(), ENDPOINTS) == Goal(
        AT_VAPI, OLD_CALLS, ANSWERED_BY_SUPPORT
    )


def test_texts_off_means_the_original_answers() -> None:
    """The number stays known to Vapi, with texts off there too."""
    goal = declared_goal(desired(sms_enabled=False), original(STUDIO), switched(), ENDPOINTS)

    assert goal == Goal(STUDIO, OLD_CALLS, VapiSettings(SUPPORT, sms_enabled=False))


def test_texts_off_leaves_a_foreign_routing_alone() -> None:
    """What somebody set while texts are off is reported, not repaired."""
    goal = declared_goal(desired(sms_enabled=False), original(STUDIO), found(FOREIGN), ENDPOINTS)

    assert goal.messaging is None


def test_texts_off_moves_on_from_an_earlier_restore_to() -> None:
    """A routing that we applied ourselves is not foreign, though it is no longer the recorded one."""
    wanted = desired(sms_enabled=False)

    goal = declared_goal(wanted, original(STUDIO), found(FOREIGN), ENDPOINTS, ours=(FOREIGN,))

    assert goal.messaging == STUDIO


def test_calls_at_vapi_are_declared() -> None:
    """voice="vapi" hands calls over, from whatever is there."""
    assert declared_goal(desired(voice=Voice.VAPI), original(), found(), ENDPOINTS).voice == CALLS_AT_VAPI


def test_number_that_twilio_does_not_show_keeps_recorded_calls() -> None:
    """Without a reading the record is all that is known."""
    wanted = desired(sms_enabled=False)

    assert declared_goal(wanted, original(), Observed(None), ENDPOINTS) == Goal(
        OLD_APP, OLD_CALLS, wanted.settings
    )


@pytest.mark.parametrize(
    ("declared", "live", "name"),
    [("Mine", "Theirs", "Mine"), ("", "Theirs", "Theirs"), ("Mine", None, "Mine"), ("", None, "")],
)
def test_name_that_nobody_declared_stays(declared: str, live: str | None, name: str) -> None:
    """A name at Vapi is ours only where the program writes one."""
    observed = Observed(twilio(), None if live is None else vapi(VapiSettings(SALES, name=live)))

    assert settings_for(desired(name=declared), observed) == VapiSettings(SUPPORT, name=name)


@pytest.mark.parametrize(
    ("observed", "record", "goal"),
    [
        (switched(), original(), Goal(OLD_APP, OLD_CALLS, Presence.ABSENT)),
        (
            found(AT_VAPI, CALLS_AT_VAPI, ANSWERED_BY_SUPPORT),
            original(),
            Goal(OLD_APP, OLD_CALLS, Presence.ABSENT),
        ),
        (found(NOTHING, VoiceRouting()), original(), Goal(OLD_APP, OLD_CALLS, Presence.ABSENT)),
        (found(DEMO), original(), Goal(OLD_APP, OLD_CALLS, Presence.ABSENT)),
        (found(replace(OLD_APP, method=GET)), original(), Goal(OLD_APP, OLD_CALLS, Presence.ABSENT)),
        (found(FOREIGN), original(), Goal(None, OLD_CALLS, Presence.ABSENT)),
        (found(AT_VAPI, OTHER_CALLS), original(), Goal(OLD_APP, None, Presence.ABSENT)),
        (found(FOREIGN, OTHER_CALLS), original(), Goal(None, None, Presence.ABSENT)),
        (Observed(None), original(), Goal(OLD_APP, OLD_CALLS, Presence.ABSENT)),
        # Adopted: Vapi's settings come back, and its record is never deleted.
        (
            switched(),
            original(settings=VapiSettings(SALES)),
            Goal(OLD_APP, OLD_CALLS, VapiSettings(SALES)),
        ),
        (
            found(AT_VAPI),
            original(settings=VapiSettings(SALES)),
            Goal(OLD_APP, OLD_CALLS, Presence.AS_IT_IS),
        ),
        # LEAVE_AT_VAPI: texts stay, so the record stays too.
        (switched(), original(source=Source.LEAVE), Goal(None, OLD_CALLS, Presence.AS_IT_IS)),
        (
            switched(),
            original(settings=VapiSettings(SALES), source=Source.LEAVE),
            Goal(None, OLD_CALLS, VapiSettings(SALES)),
        ),
        (switched(), original(STUDIO, source=Source.DECLARED), Goal(STUDIO, OLD_CALLS, Presence.ABSENT)),
    ],
)
def test_number_is_put_back_as_recorded(observed: Observed, record: Original, goal: Goal) -> None:
    """Each channel by itself: ours, empty, demo or Vapi's is put back, somebody else's stays."""
    assert restored_goal(record, observed) == replace(goal, gives_back=True)


def test_what_we_applied_is_ours_to_put_back() -> None:
    """A routing and calls that we wrote are not somebody else's."""
    goal = restored_goal(original(), found(FOREIGN, OTHER_CALLS), ours=(FOREIGN, OTHER_CALLS))

    assert goal == Goal(OLD_APP, OLD_CALLS, Presence.ABSENT, gives_back=True)


@pytest.mark.parametrize(
    ("live", "foreign"),
    [
        (OLD_APP, False),
        (replace(OLD_APP, method=GET), False),
        (replace(OLD_APP, fallback_url=FALLBACK), False),
        (NOTHING, False),
        (DEMO, False),
        (AT_VAPI, False),
        (STUDIO, False),
        (FOREIGN, True),
        (replace(OLD_APP, url=f"{OLD_APP.url}&more=1"), True),
        (replace(OLD_APP, application_sid=AP), True),
    ],
)
def test_foreign_is_who_answers_and_not_ours(live: Routing, foreign: bool) -> None:
    """A channel is somebody else's only if its handler is none of empty, demo, Vapi, the original, or applied by us."""
    assert is_foreign(live, OLD_APP, (STUDIO,)) is foreign


def test_snapshot_is_a_record_of_both_sides() -> None:
    """Undoing is restoring to what was there before."""
    assert snapshot(found(STUDIO)) == Original(PN, NUMBER, AC, "", STUDIO, OLD_CALLS)
    assert snapshot(switched()) == Original(
        PN, NUMBER, AC, ORG, AT_VAPI, OLD_CALLS, VAPI_ID, ANSWERED_BY_SUPPORT
    )


def test_snapshot_of_nothing_is_our_bug() -> None:
    """Only a number that exists is ever changed."""
    with pytest.raises(AssertionError, match="unreachable"):
        snapshot(Observed(None))


def test_restoring_calls_that_somebody_took_from_vapi_takes_vapis_status_callback_away() -> None:
    """Who answers stays; Vapi, which is told of each call by the status callback, is told no more."""
    live = replace(OTHER_CALLS, status_callback=CALLS_AT_VAPI.status_callback)

    goal = restored_goal(original(), found(AT_VAPI, live))

    recorded = original().voice
    assert goal.voice == replace(
        live,
        status_callback=recorded.status_callback,
        status_callback_method=recorded.status_callback_method,
    )


BENEATH = Routing("https://beneath.example.com/sms", POST, FALLBACK, GET)
CALLS_BENEATH = VoiceRouting("https://beneath.example.com/voice", "", FALLBACK)
COVERED = original(
    replace(BENEATH, application_sid=AP), voice=replace(CALLS_BENEATH, trunk_sid=TK, status_callback="")
)


@pytest.mark.parametrize(
    ("texts", "calls"),
    [
        (BENEATH, CALLS_BENEATH),
        (replace(BENEATH, fallback_url="", fallback_method=""), replace(CALLS_BENEATH, method=POST)),
    ],
    ids=["as it stood there", "without its fallback"],
)
def test_what_an_import_laid_bare_is_put_back_beneath_its_app_or_trunk(
    texts: Routing, calls: VoiceRouting
) -> None:
    """Vapi may clear them after we looked: while it knows the number, that is drift, and no choice of somebody's."""
    now = found(texts, calls, ANSWERED_BY_SUPPORT)

    assert laid_bare(now, COVERED) == (texts, calls)
    off = declared_goal(desired(sms_enabled=False), COVERED, now, ENDPOINTS)
    back = restored_goal(COVERED, now)
    assert (off.messaging, off.voice) == (back.messaging, back.voice) == (COVERED.messaging, COVERED.voice)


@pytest.mark.parametrize(
    ("record", "now"),
    [
        (COVERED, found(BENEATH, CALLS_BENEATH)),
        (COVERED, Observed(None)),
        (replace(COVERED, vapi=VapiSettings(SALES)), found(BENEATH, CALLS_BENEATH, ANSWERED_BY_SUPPORT)),
        (COVERED, found(replace(BENEATH, url=FOREIGN.url), OTHER_CALLS, ANSWERED_BY_SUPPORT)),
        (COVERED, found(replace(BENEATH, method=GET), OTHER_CALLS, ANSWERED_BY_SUPPORT)),
        (COVERED, found(replace(BENEATH, fallback_url=FOREIGN.url), OTHER_CALLS, ANSWERED_BY_SUPPORT)),
        (COVERED, found(COVERED.messaging, COVERED.voice, ANSWERED_BY_SUPPORT)),
        (original(BENEATH), found(BENEATH, OLD_CALLS, ANSWERED_BY_SUPPORT)),
    ],
    ids=[
        "not at Vapi",
        "gone",
        "adopted",
        "another URL",
        "another method",
        "another fallback",
        "there",
        "no App",
    ],
)
def test_anything_else_beneath_an_app_is_somebodys(record: Original, now: Observed) -> None:
    """Without an import of ours, and with any other routing, nothing is taken for Vapi's doing."""
    assert laid_bare(now, record) == ()
