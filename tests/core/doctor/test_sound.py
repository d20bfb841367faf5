"""A sound number has no problem; what is worth knowing of it is a note."""

from __future__ import annotations

from dataclasses import replace

import pytest
from vapi_sms.core.doctor.diagnosis import Diagnosis, diagnose
from vapi_sms.core.doctor.findings import Code
from vapi_sms.core.readings import Declared, Reading
from vapi_sms.core.routings.describe import handler_line
from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.values import Observed, VapiSettings

from tests.core.doctor.patients import (
    ADDRESS,
    APP,
    AT_HOOKS,
    AT_VAPIS_SERVICE,
    BY_SQUAD,
    BY_STUDIO,
    BY_SUPPORT,
    CAPTURE,
    CAPTURES,
    CONVERSATION,
    DEFERRING,
    DROPPING,
    HIDING,
    HOOKS,
    NOT_BY_VAPI,
    OFF,
    OVERRIDDEN,
    SERVED,
    codes,
    diagnosed,
)
from tests.core.samples import (
    ANSWERED_BY_SUPPORT,
    AT_VAPI,
    CALLS_AT_VAPI,
    DEMO,
    NAMES,
    NOTHING,
    NUMBER,
    OLD_APP,
    SQUAD,
    STUDIO,
    TWIML_APP,
    found,
    twilio,
)


@pytest.mark.parametrize(
    "sound",
    [
        diagnosed(),
        diagnosed(STUDIO),
        diagnosed(NOTHING, VoiceRouting()),
        diagnosed(DEMO, VoiceRouting()),
        diagnosed(DEMO, VoiceRouting("https://demo.twilio.com/welcome/voice/")),
        diagnosed(DEMO, declared=replace(BY_STUDIO, texts=handler_line(DEMO))),
        diagnosed(settings=OFF),
        diagnosed(TWIML_APP, app=APP),
        diagnosed(OVERRIDDEN, settings=ANSWERED_BY_SUPPORT, app=replace(APP, messaging=AT_VAPI)),
        diagnosed(service=DEFERRING),
        diagnosed(service=HIDING),
        diagnosed(NOTHING, service=DROPPING),
        diagnosed(AT_VAPI, settings=ANSWERED_BY_SUPPORT, service=DEFERRING, declared=BY_SUPPORT),
        diagnosed(AT_VAPI, settings=VapiSettings(squad_id=SQUAD), declared=BY_SQUAD),
        diagnosed(AT_VAPI, CALLS_AT_VAPI, ANSWERED_BY_SUPPORT),
        diagnosed(OLD_APP, settings=ANSWERED_BY_SUPPORT, service=AT_VAPIS_SERVICE),
        diagnosed(replace(AT_VAPI, url=HOOKS), settings=ANSWERED_BY_SUPPORT, declared=AT_HOOKS),
        diagnosed(AT_VAPI, settings=ANSWERED_BY_SUPPORT, declared=replace(BY_SUPPORT, texts_url=AT_VAPI.url)),
        diagnosed(STUDIO, declared=BY_STUDIO),
        diagnosed(OLD_APP, declared=NOT_BY_VAPI),
    ],
)
def test_a_sound_number_has_no_problem(sound: Diagnosis) -> None:
    """Old handlers, spare numbers, and numbers that Vapi really answers."""
    assert codes(sound) == []


@pytest.mark.parametrize("messaging", [NOTHING, DEMO])
def test_a_number_for_calls_only_is_sound(messaging: Routing) -> None:
    """Nobody said that it answers texts."""
    diagnosis = diagnose(Reading(NUMBER, Observed(twilio(messaging, VoiceRouting(), can_sms=False))), NAMES)

    assert (codes(diagnosis), diagnosis.notes) == ([], ())


@pytest.mark.parametrize(
    ("odd", "code", "says"),
    [
        (diagnosed(NOTHING), Code.NOBODY_ANSWERS, "nobody answers its texts"),
        (
            diagnosed(STUDIO, service=HIDING),
            Code.HANDLER_ASLEEP,
            f"its own Studio Flow is never asked: {SERVED} handles texts itself",
        ),
        (
            diagnosed(STUDIO, address=ADDRESS),
            Code.CONVERSATION_BESIDE,
            f"{CONVERSATION} besides: two systems may answer",
        ),
        (
            diagnosed(NOTHING, address=ADDRESS),
            Code.CONVERSATION_BESIDE,
            f"{CONVERSATION}, and nobody else answers",
        ),
        (
            diagnosed(STUDIO, capture=CAPTURE),
            Code.CAPTURED_BESIDE,
            f"{CAPTURES} besides: two systems may answer",
        ),
        (
            diagnosed(NOTHING, capture=CAPTURE),
            Code.CAPTURED_BESIDE,
            f"{CAPTURES}, and nobody else answers",
        ),
    ],
)
def test_what_is_no_fault_is_a_note(odd: Diagnosis, code: Code, says: str) -> None:
    """Worth knowing, and nothing to fail on."""
    assert codes(odd) == []
    assert [(note.code, note.says) for note in odd.notes] == [(code, says)]


NO_FALLBACK = "Vapi answers its texts, and while Vapi is down nobody does: it has no fallback"
WRITE = "Write fallback='original', or a Handler, where"


@pytest.mark.parametrize(
    ("declared", "do"),
    [
        (
            None,
            f"{WRITE} it is declared; else give it one (Console: Messaging > Primary handler fails)",
        ),
        (BY_SUPPORT, f"{WRITE} support declares it"),
    ],
)
def test_a_number_at_vapi_without_a_fallback_is_noted(declared: Declared | None, do: str) -> None:
    """With what to write; it is no problem."""
    diagnosis = diagnosed(AT_VAPI, settings=ANSWERED_BY_SUPPORT, declared=declared)

    assert codes(diagnosis) == []
    assert [(note.code, note.says, note.do) for note in diagnosis.notes] == [
        (Code.NO_FALLBACK, NO_FALLBACK, do)
    ]


@pytest.mark.parametrize(
    "other",
    [
        diagnosed(replace(AT_VAPI, fallback_url=STUDIO.url), settings=ANSWERED_BY_SUPPORT),
        diagnosed(STUDIO),
        diagnosed(OLD_APP, settings=ANSWERED_BY_SUPPORT, service=AT_VAPIS_SERVICE),
        diagnosed(AT_VAPI, settings=VapiSettings()),
        diagnosed(AT_VAPI, settings=replace(ANSWERED_BY_SUPPORT, sms_enabled=False)),
        diagnosed(AT_VAPI),
    ],
    ids=["has one", "not at Vapi", "a service's", "no assistant", "off", "unknown"],
)
def test_nothing_is_noted_of_a_fallback_where_another_thing_comes_first(other: Diagnosis) -> None:
    """A number that Vapi does not answer as it is has a trouble of its own, and a service its own fallback."""
    assert Code.NO_FALLBACK not in [note.code for note in other.notes]


def test_nothing_to_note_of_a_service_that_answers() -> None:
    """A number whose own routing is empty or Twilio's demo has no handler that could be asleep."""
    assert [diagnosed(routing, service=HIDING).notes for routing in (NOTHING, DEMO)] == [(), ()]


def test_where_vapi_was_not_asked_nothing_is_said_of_its_side() -> None:
    """That it shows no record says nothing: a program of routes needs no key."""
    reading = Reading(NUMBER, found(AT_VAPI, CALLS_AT_VAPI), asked_vapi=False)

    assert diagnose(reading, {}).problems == ()
