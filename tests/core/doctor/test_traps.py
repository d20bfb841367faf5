"""Every trap of the reference has its finding, and one cause is told once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from vapi_sms.core.doctor.diagnosis import Diagnosis, diagnose
from vapi_sms.core.doctor.findings import Code
from vapi_sms.core.readings import Reading
from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.values import Observed, VapiSettings

from tests.core.doctor.patients import (
    APP,
    AT_HOOKS,
    BY_HAND,
    BY_STUDIO,
    BY_SUPPORT,
    DEFERRING,
    DROPPING,
    ENABLED,
    EXECUTIONS,
    FLOW,
    HIDDEN,
    HIDING,
    HOOK,
    HOOKS,
    NOT_BY_VAPI,
    OFF,
    OVERRIDDEN,
    SAMPLE,
    SERVED,
    STALE_CALLS,
    STARTED_BY_REST,
    codes,
    diagnosed,
)
from tests.core.samples import (
    ANSWERED_BY_SUPPORT,
    AP,
    AT_VAPI,
    CALLS_AT_VAPI,
    DEMO,
    NAMES,
    NOTHING,
    NUMBER,
    OLD_APP,
    SALES,
    STUDIO,
    TWIML_APP,
    VAPI_ID,
    WORKFLOW,
    found,
    twilio,
    vapi,
)


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
            diagnose(Reading(NUMBER, Observed(twilio(AT_VAPI), replace(vapi(), is_blocked=True))), NAMES),
            Code.BLOCKED_AT_VAPI,
            "texts go to Vapi, which has blocked the number (its status there): nobody answers",
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
