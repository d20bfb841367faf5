"""What the doctor advises can be done, and tells no secret."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vapi_sms.core.doctor.diagnosis import Diagnosis, diagnose
from vapi_sms.core.planning.capture import AtVapi, Wish, capture
from vapi_sms.core.readings import App, Declared, Reading, Registrations
from vapi_sms.core.routings.routing import POST, Routing
from vapi_sms.core.routings.shapes import refuse_irrevocable
from vapi_sms.core.services.pool import MessagingService
from vapi_sms.core.values import Observed, VapiSettings

from tests.core.doctor.patients import (
    APP,
    AT_VAPIS_SERVICE,
    BY_STUDIO,
    BY_SUPPORT,
    DEFERRING,
    DROPPING,
    HIDING,
    NOT_BY_VAPI,
    OFF,
    OVERRIDDEN,
    diagnosed,
)
from tests.core.samples import (
    ANSWERED_BY_SUPPORT,
    AT_VAPI,
    DEMO,
    NAMES,
    NOTHING,
    NUMBER,
    OLD_APP,
    OLD_CALLS,
    ORG,
    STUDIO,
    TWIML_APP,
    found,
)
from tests.core.vendors import observations


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
            record = capture(NUMBER, observed, wish, None, AtVapi("" if route else ORG))
            refuse_irrevocable(NUMBER, record, apps)
