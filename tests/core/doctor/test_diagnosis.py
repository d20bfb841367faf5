"""The doctor's judgement: every trap of the reference has its finding, and a sound number has none."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vapi_sms.core.doctor.diagnosis import Diagnosis, diagnose
from vapi_sms.core.doctor.findings import Code
from vapi_sms.core.planning.capture import Wish, capture
from vapi_sms.core.readings import Address, App, Declared, Reading, Registrations
from vapi_sms.core.routings.describe import handler_line
from vapi_sms.core.routings.routing import POST, Routing, VoiceRouting
from vapi_sms.core.routings.shapes import refuse_irrevocable
from vapi_sms.core.services.pool import Inbound, MessagingService
from vapi_sms.core.values import Observed, VapiSettings

from tests.core.samples import (
    AC,
    ANSWERED_BY_SUPPORT,
    AP,
    AT_VAPI,
    CALLS_AT_VAPI,
    DEMO,
    NAMES,
    NOTHING,
    NUMBER,
    OLD_APP,
    OLD_CALLS,
    ORG,
    SALES,
    SERVICE,
    SQUAD,
    STUDIO,
    SUPPORT,
    TWIML_APP,
    VAPI_ID,
    WORKFLOW,
    found,
    twilio,
    vapi,
)
from tests.core.vendors import observations

HOOK = "Webhook https://app.example.com/sms?token=***"
SERVED = f"Messaging Service Campaigns ({SERVICE.sid})"
FLOW = f"Studio Flow FW{'e' * 32}"
ENABLED = "Vapi says that it answers texts (smsEnabled), but they go elsewhere"
HIDDEN = f"{SERVED} handles texts itself and hides the number's own webhook: Vapi never sees a text"
SAMPLE = "texts are answered with Twilio's sample text, and the number is in use:"
INBOUND = Routing(SERVICE.inbound_url, POST)


def messaging_service(handler: Routing, *, defers: bool) -> MessagingService:
    """Return the service that the number is in."""
    return MessagingService(SERVICE.sid, SERVICE.name, AC, Inbound(defers, handler))


HIDING = messaging_service(INBOUND, defers=False)
DROPPING = messaging_service(Routing(), defers=False)
DEFERRING = messaging_service(INBOUND, defers=True)
AT_VAPIS_SERVICE = messaging_service(AT_VAPI, defers=False)
ADDRESS = Address(f"IG{'a' * 32}", "default")
CONVERSATION = "a Conversations address starts a conversation with each text"
APP = App(AP, "Front desk", OLD_APP)
OVERRIDDEN = replace(AT_VAPI, application_sid=AP)
STALE_CALLS = replace(OLD_CALLS, status_callback=CALLS_AT_VAPI.status_callback)
OFF = replace(ANSWERED_BY_SUPPORT, sms_enabled=False)
BY_SUPPORT = Declared("support", "Vapi assistant Support", by_vapi=True, assistant_id=SUPPORT)
HOOKS = "https://hooks.vapi.ai/v2/twilio/sms"
AT_HOOKS = replace(BY_SUPPORT, texts_url=HOOKS)
BY_HAND = replace(AT_VAPI, url="https://api.vapi.ai/twilio/incoming-sms")
EXECUTIONS = Routing(f"https://studio.twilio.com/v2/Flows/FW{'e' * 32}/Executions")
EXECUTED = "a Studio Executions URL, which does not work as a webhook"
STARTED_BY_REST = f"{EXECUTED}: it starts a Flow by REST, with credentials that"
BY_SQUAD = Declared("squad", "Vapi squad Everybody", by_vapi=True, squad_id=SQUAD)
BY_STUDIO = Declared("orders", "Studio Flow", by_vapi=False, texts=handler_line(STUDIO))
NOT_BY_VAPI = Declared("fleet", "Webhook, not by Vapi", by_vapi=False)


def diagnosed(
    messaging: Routing = OLD_APP,
    voice: VoiceRouting = OLD_CALLS,
    settings: VapiSettings | None = None,
    **known: Any,  # noqa: ANN401 - the other fields of Reading
) -> Diagnosis:
    """Return the judgement of the number."""
    return diagnose(Reading(NUMBER, found(messaging, voice, settings), **known), NAMES)


def codes(diagnosis: Diagnosis) -> list[str]:
    """Return what is wrong, in order."""
    return [str(finding.code) for finding in diagnosis.problems]


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


@pytest.mark.parametrize(
    ("sick", "code", "says"),
    [
        (
            diagnosed(settings=ANSWERED_BY_SUPPORT),
            Code.ENABLED_ELSEWHERE,
            f"{ENABLED} (Webhook)",
        ),
        (
            diagnosed(DEMO, settings=ANSWERED_BY_SUPPORT),
            Code.ENABLED_ELSEWHERE,
            f"{ENABLED} (Twilio's demo reply)",
        ),
        (
            diagnosed(BY_HAND, settings=ANSWERED_BY_SUPPORT),
            Code.NO_TEXTS_AT_ADDRESS,
            "texts go to an address at Vapi that is not known to answer texts: no import writes it",
        ),
        (
            diagnosed(replace(AT_VAPI, url=CALLS_AT_VAPI.url), settings=ANSWERED_BY_SUPPORT),
            Code.NO_TEXTS_AT_ADDRESS,
            "texts go to an address at Vapi that is not known to answer texts: no import writes it",
        ),
        (
            diagnosed(AT_VAPI, replace(CALLS_AT_VAPI, url=AT_VAPI.url), ANSWERED_BY_SUPPORT),
            Code.NO_CALLS_AT_ADDRESS,
            "calls go to an address at Vapi that is not known to answer calls: no import writes it",
        ),
        (
            diagnosed(EXECUTIONS),
            Code.STUDIO_EXECUTIONS,
            f"texts go to {STARTED_BY_REST} a text does not bring",
        ),
        (
            diagnosed(OLD_APP, VoiceRouting(EXECUTIONS.url)),
            Code.STUDIO_EXECUTIONS,
            f"calls go to {STARTED_BY_REST} a call does not bring",
        ),
        (
            diagnosed(AT_VAPI, settings=ANSWERED_BY_SUPPORT, declared=AT_HOOKS),
            Code.NOT_AS_DECLARED,
            f"support was switched to {HOOKS} at Vapi, but texts go to {AT_VAPI.url}",
        ),
        (
            diagnosed(AT_VAPI),
            Code.UNKNOWN_AT_VAPI,
            "texts go to Vapi, and this Vapi org does not know the number: nobody answers, unless another org has it",
        ),
        (
            diagnosed(AT_VAPI, settings=OFF),
            Code.OFF_AT_VAPI,
            "texts go to Vapi, where SMS is switched off for the number",
        ),
        (
            diagnosed(AT_VAPI, settings=VapiSettings()),
            Code.NO_ASSISTANT,
            "Vapi's record has no assistant: nobody answers texts",
        ),
        (
            diagnosed(AT_VAPI, settings=VapiSettings(workflow_id=WORKFLOW)),
            Code.NO_ASSISTANT,
            "Vapi's record has only a workflow, and Vapi documents texts for assistants: nobody answers texts",
        ),
        (
            diagnosed(AT_VAPI, settings=VapiSettings(assistant_id="gone")),
            Code.ASSISTANT_MISSING,
            "Vapi assistant gone does not exist in this Vapi org: nobody answers texts",
        ),
        (
            diagnosed(AT_VAPI, settings=VapiSettings(squad_id="gone")),
            Code.ASSISTANT_MISSING,
            "Vapi squad gone does not exist in this Vapi org: nobody answers texts",
        ),
        (
            diagnosed(AT_VAPI, settings=ANSWERED_BY_SUPPORT, service=HIDING),
            Code.HIDDEN_BY_SERVICE,
            HIDDEN,
        ),
        (
            diagnosed(settings=ANSWERED_BY_SUPPORT, service=DROPPING),
            Code.HIDDEN_BY_SERVICE,
            HIDDEN,
        ),
        (
            diagnosed(service=DROPPING),
            Code.SERVICE_DROPS,
            f"{SERVED} drops texts, unlogged, and the number's own Webhook is never asked",
        ),
        (
            diagnosed(OVERRIDDEN, settings=ANSWERED_BY_SUPPORT, app=APP),
            Code.APPLICATION_OVERRIDES,
            f"its TwiML App ({AP}) wins over its messaging URL: Vapi never sees a text",
        ),
        (
            diagnosed(TWIML_APP),
            Code.APPLICATION_MISSING,
            f"its TwiML App ({AP}) does not exist: nobody answers texts",
        ),
        (
            diagnosed(DEMO),
            Code.DEMO_REPLY,
            f"{SAMPLE} its calls are answered by Webhook",
        ),
        (
            diagnosed(DEMO, service=DEFERRING),
            Code.DEMO_REPLY,
            f"{SAMPLE} it is in {SERVED}",
        ),
        (
            diagnosed(DEMO, settings=OFF),
            Code.DEMO_REPLY,
            f"{SAMPLE} Vapi knows it as {VAPI_ID}",
        ),
        (
            diagnosed(OLD_APP, STALE_CALLS),
            Code.STALE_STATUS_CALLBACK,
            "its call status goes to Vapi, while calls are answered by Webhook: left over from an import",
        ),
        (
            diagnosed(OLD_APP, replace(CALLS_AT_VAPI, status_callback="")),
            Code.CALLS_UNKNOWN_AT_VAPI,
            "calls go to Vapi, and this Vapi org does not know the number",
        ),
        (
            diagnosed(STUDIO, declared=BY_SUPPORT),
            Code.NOT_AS_DECLARED,
            f"support declares Vapi assistant Support, but texts are answered by {FLOW}",
        ),
        (
            diagnosed(AT_VAPI, settings=VapiSettings(SALES), declared=BY_SUPPORT),
            Code.NOT_AS_DECLARED,
            "support declares Vapi assistant Support, but texts are answered by Vapi assistant Sales",
        ),
        (
            diagnosed(OLD_APP, declared=BY_STUDIO),
            Code.NOT_AS_DECLARED,
            f"orders declares Studio Flow, but texts are answered by {HOOK}",
        ),
        (
            diagnosed(STUDIO, declared=BY_STUDIO, service=HIDING),
            Code.NOT_AS_DECLARED,
            f"orders declares Studio Flow, but texts are answered by {HOOK.replace('sms', 'service')}",
        ),
        (
            diagnosed(AT_VAPI, settings=ANSWERED_BY_SUPPORT, declared=NOT_BY_VAPI),
            Code.NOT_AS_DECLARED,
            "fleet declares Webhook, not by Vapi, but texts are answered by Vapi assistant Support",
        ),
    ],
)
def test_each_trap_is_told(sick: Diagnosis, code: Code, says: str) -> None:
    """One finding, which says what is so, and what to do."""
    (problem,) = sick.problems

    assert (problem.code, problem.says) == (code, says)
    assert problem.do


@pytest.mark.parametrize(
    ("sick", "expected"),
    [
        (diagnosed(AT_VAPI, settings=OFF, declared=BY_SUPPORT), [Code.NOT_AS_DECLARED]),
        (
            diagnosed(AT_VAPI, settings=ANSWERED_BY_SUPPORT, service=HIDING, declared=BY_SUPPORT),
            [Code.HIDDEN_BY_SERVICE],
        ),
        (diagnosed(OVERRIDDEN), [Code.APPLICATION_MISSING]),
        (diagnosed(AT_VAPI, CALLS_AT_VAPI), [Code.UNKNOWN_AT_VAPI]),
        (
            diagnosed(OLD_APP, STALE_CALLS, settings=OFF, declared=BY_SUPPORT),
            [Code.NOT_AS_DECLARED, Code.STALE_STATUS_CALLBACK],
        ),
    ],
)
def test_one_cause_is_told_once(sick: Diagnosis, expected: list[Code]) -> None:
    """What the stack says comes first, then Twilio's levels, then Vapi."""
    assert codes(sick) == expected


@pytest.mark.parametrize(
    ("messaging", "settings", "who"),
    [
        (NOTHING, ANSWERED_BY_SUPPORT, "Vapi is"),
        (AT_VAPI, None, "Vapi is"),
        (STUDIO, None, "Studio Flow is"),
    ],
)
def test_a_number_without_sms_that_is_set_to_answer(
    messaging: Routing, settings: VapiSettings | None, who: str
) -> None:
    """Texts never arrive, whatever is set."""
    observed = Observed(twilio(messaging, can_sms=False), vapi(settings) if settings else None)

    problem = diagnose(Reading(NUMBER, observed), NAMES).problems[-1]

    assert problem.code is Code.NO_SMS
    assert f"and {who} set to answer them" in problem.says


@pytest.mark.parametrize("messaging", [NOTHING, DEMO])
def test_a_number_for_calls_only_is_sound(messaging: Routing) -> None:
    """Nobody said that it answers texts."""
    diagnosis = diagnose(Reading(NUMBER, Observed(twilio(messaging, VoiceRouting(), can_sms=False))), NAMES)

    assert (codes(diagnosis), diagnosis.notes) == ([], ())


@pytest.mark.parametrize(
    ("number", "country"),
    [("+14165550100", "CA"), ("+447700900100", "GB"), ("+9990000000", "an unknown country")],
)
def test_a_foreign_number_at_vapi_is_told(number: str, country: str) -> None:
    """Vapi answers texts of US numbers only."""
    observed = found(AT_VAPI, settings=ANSWERED_BY_SUPPORT)
    assert observed.twilio is not None
    abroad = replace(observed, twilio=replace(observed.twilio, number=number))

    (problem,) = diagnose(Reading(number, abroad), NAMES).problems

    assert problem.code is Code.NOT_US
    assert problem.says == f"it is a number of {country}, and Vapi answers texts of US numbers only"


@pytest.mark.parametrize(
    ("observed", "says"),
    [
        (Observed(None), "this Twilio account does not have the number"),
        (
            Observed(None, vapi()),
            f"Vapi knows the number as {VAPI_ID}, and this Twilio account no longer has it",
        ),
    ],
)
def test_a_number_that_is_not_there_is_a_problem(observed: Observed, says: str) -> None:
    """Somebody asked for it, or Vapi still has it."""
    diagnosis = diagnose(Reading(NUMBER, observed), NAMES)

    assert [(problem.code, problem.says) for problem in diagnosis.problems] == [(Code.NOT_ON_ACCOUNT, says)]
    assert diagnosis.readiness is None


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
    ],
)
def test_what_is_no_fault_is_a_note(odd: Diagnosis, code: Code, says: str) -> None:
    """Worth knowing, and nothing to fail on."""
    assert codes(odd) == []
    assert [(note.code, note.says) for note in odd.notes] == [(code, says)]


def test_nothing_to_note_of_a_service_that_answers() -> None:
    """A number whose own routing is empty or Twilio's demo has no handler that could be asleep."""
    assert [diagnosed(routing, service=HIDING).notes for routing in (NOTHING, DEMO)] == [(), ()]


@given(
    observations(),
    st.sampled_from([None, HIDING, DROPPING, DEFERRING, AT_VAPIS_SERVICE]),
    st.sampled_from([None, APP, replace(APP, messaging=Routing(AT_VAPI.url, POST))]),
    st.sampled_from([None, BY_SUPPORT, BY_STUDIO, NOT_BY_VAPI]),
)
def test_no_judgement_shows_a_secret_or_names_the_number(
    observed: Observed, service: MessagingService | None, app: App | None, declared: Declared | None
) -> None:
    """Every URL of the samples carries a canary; one trouble of many numbers is told once, so none is named."""
    reading = Reading(NUMBER, observed, service, app, Registrations(), declared)

    diagnosis = diagnose(reading, NAMES)

    told = [diagnosis.answering.line, diagnosis.answering.why, diagnosis.answering.fallback]
    told += [f"{each.says} {each.do}" for each in (*diagnosis.problems, *diagnosis.notes)]
    assert "canary" not in "\n".join(told)
    assert NUMBER not in "\n".join(told)
    assert all(line.isprintable() for line in told)


GONE = "a5000000-0000-4000-8000-00000000dead"
NEW_HANDLER = Routing("https://new.example.com/sms")
OF_GONE = Declared("desk", "Vapi assistant", by_vapi=True, assistant_id=GONE)


@pytest.mark.parametrize(
    ("sick", "do"),
    [
        (
            diagnosed(AT_VAPI),
            "declare it (VapiSmsNumber with restore_to= or TwilioSmsRoute with restore_to=)",
        ),
        (
            diagnosed(AT_VAPI, settings=VapiSettings()),
            "declare it (VapiSmsNumber with adopt=True and restore_to= or TwilioSmsRoute with restore_to=)",
        ),
        (
            diagnosed(OVERRIDDEN, app=APP, settings=ANSWERED_BY_SUPPORT),
            "declare it (VapiSmsNumber with adopt=True or TwilioSmsRoute), which puts it back on destroy",
        ),
        (
            diagnosed(AT_VAPI, settings=VapiSettings(GONE), declared=OF_GONE),
            "correct desk and run `pulumi up`",
        ),
        (diagnosed(STUDIO, declared=BY_STUDIO, service=HIDING), "or take the number out of it"),
    ],
)
def test_no_advice_would_be_refused_by_preview(sick: Diagnosis, do: str) -> None:
    """What is already at Vapi, or in this org, is declared with what says so; what is hidden no `up` repairs."""
    (problem,) = sick.problems

    assert problem.do.endswith(do)


def test_where_vapi_was_not_asked_nothing_is_said_of_its_side() -> None:
    """That it shows no record says nothing: a program of routes needs no key."""
    reading = Reading(NUMBER, found(AT_VAPI, CALLS_AT_VAPI), asked_vapi=False)

    assert diagnose(reading, {}).problems == ()


@pytest.mark.parametrize("settings", [None, ANSWERED_BY_SUPPORT, OFF, VapiSettings(), VapiSettings(GONE)])
@pytest.mark.parametrize("messaging", [AT_VAPI, OLD_APP, STUDIO, DEMO, NOTHING, OVERRIDDEN, TWIML_APP])
@pytest.mark.parametrize("app", [None, APP], ids=["the app is gone", "the app is there"])
def test_what_is_advised_to_declare_can_be_declared(
    messaging: Routing, settings: VapiSettings | None, app: App | None
) -> None:
    """The provider's own judgement of the same reading takes it, for Vapi as for a route, with the options named."""
    observed = found(messaging, OLD_CALLS, settings)
    apps = frozenset({app.sid}) if app else frozenset[str]()

    for problem in diagnose(Reading(NUMBER, observed, app=app), NAMES).problems:
        for resource, said in re.findall(
            r"(VapiSmsNumber|TwilioSmsRoute)((?: with (?:adopt=True|restore_to=| and )+)?)", problem.do
        ):
            route = NEW_HANDLER if resource == "TwilioSmsRoute" else None
            wish = Wish("adopt=True" in said, NEW_HANDLER if "restore_to=" in said else None, route=route)
            record = capture(NUMBER, observed, wish, None, "" if route else ORG)
            refuse_irrevocable(NUMBER, record, apps)
