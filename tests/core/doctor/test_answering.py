"""Who answers, and why: each step of Twilio's precedence, with the fallback in force."""

from __future__ import annotations

from dataclasses import replace

import pytest
from vapi_sms.core.doctor.answering import Step, answering
from vapi_sms.core.readings import App, Reading
from vapi_sms.core.routings.handlers import Kind
from vapi_sms.core.routings.routing import POST, Routing
from vapi_sms.core.services.pool import Inbound, MessagingService
from vapi_sms.core.values import Observed, VapiSettings

from tests.core.samples import (
    AC,
    ANSWERED_BY_SUPPORT,
    AP,
    AT_VAPI,
    DEMO,
    NAMES,
    NOTHING,
    NUMBER,
    OLD_APP,
    SERVICE,
    TWIML_APP,
    found,
)

HOOK = "Webhook https://app.example.com/sms?token=***"
SERVED = f"Messaging Service Campaigns ({SERVICE.sid})"
FALLBACK = "https://u:canary@app.example.com/fallback"
INBOUND = Routing(SERVICE.inbound_url, POST)


def messaging_service(handler: Routing, *, defers: bool) -> MessagingService:
    """Return the service that the number is in."""
    return MessagingService(SERVICE.sid, SERVICE.name, AC, Inbound(defers, handler))


HIDING = messaging_service(replace(INBOUND, fallback_url=FALLBACK), defers=False)
DROPPING = messaging_service(Routing(), defers=False)
DEFERRING = messaging_service(INBOUND, defers=True)


def read(
    messaging: Routing = OLD_APP,
    settings: VapiSettings | None = None,
    service: MessagingService | None = None,
    app: App | None = None,
) -> Reading:
    """Return a reading of the number."""
    return Reading(NUMBER, found(messaging, settings=settings), service, app)


def app(messaging: Routing) -> App:
    """Return the TwiML App."""
    return App(AP, "Front desk", messaging)


@pytest.mark.parametrize(
    ("reading", "line", "step", "why", "fallback"),
    [
        (read(), HOOK, Step.URL, "its own messaging URL", ""),
        (
            read(replace(OLD_APP, fallback_url=FALLBACK)),
            HOOK,
            Step.URL,
            "its own messaging URL",
            "Webhook https://***@app.example.com/fallback",
        ),
        (
            read(Routing("", POST, FALLBACK)),
            "Webhook https://***@app.example.com/fallback",
            Step.URL,
            "its own messaging URL",
            "",
        ),
        (
            read(service=DEFERRING),
            HOOK,
            Step.URL,
            f"its own messaging URL; {SERVED} defers to it",
            "",
        ),
        (read(DEMO), "Twilio's demo reply", Step.URL, "its own messaging URL", ""),
        (
            read(AT_VAPI, ANSWERED_BY_SUPPORT),
            "Vapi assistant Support",
            Step.URL,
            "its own messaging URL",
            "",
        ),
        (read(NOTHING), "nobody", Step.NOTHING, "it has no messaging URL", ""),
        (
            read(NOTHING, service=DEFERRING),
            "nobody",
            Step.NOTHING,
            f"it has no messaging URL; {SERVED} defers to it",
            "",
        ),
        (
            read(AT_VAPI, ANSWERED_BY_SUPPORT, HIDING),
            "Webhook https://app.example.com/service?token=***",
            Step.SERVICE,
            f"{SERVED} handles texts itself",
            "Webhook https://***@app.example.com/fallback",
        ),
        (
            read(OLD_APP, ANSWERED_BY_SUPPORT, messaging_service(AT_VAPI, defers=False)),
            "Vapi assistant Support",
            Step.SERVICE,
            f"{SERVED} handles texts itself",
            "",
        ),
        (
            read(service=DROPPING),
            "nobody",
            Step.SERVICE_DROPS,
            f"{SERVED} does not defer to its senders and has no inbound URL: Twilio drops texts, unlogged",
            "",
        ),
        (
            read(replace(TWIML_APP, url=AT_VAPI.url), app=app(replace(OLD_APP, fallback_url=FALLBACK))),
            HOOK,
            Step.APPLICATION,
            f"TwiML App Front desk ({AP}) decides, not the number's own URL",
            "Webhook https://***@app.example.com/fallback",
        ),
        (
            read(TWIML_APP, service=DEFERRING, app=app(NOTHING)),
            "nobody",
            Step.APPLICATION,
            f"TwiML App Front desk ({AP}) decides, not the number's own URL; {SERVED} defers to it",
            "",
        ),
        (
            read(TWIML_APP),
            "nobody",
            Step.APPLICATION,
            f"TwiML App {AP} decides, and does not exist",
            "",
        ),
        (
            Reading(NUMBER, Observed(None)),
            "nobody",
            Step.NO_NUMBER,
            "not a number of this Twilio account",
            "",
        ),
    ],
)
def test_who_answers_and_why(reading: Reading, line: str, step: Step, why: str, fallback: str) -> None:
    """Service, then TwiML App, then the number's own URL; the fallback is that of the level in force."""
    answered = answering(reading, NAMES)

    assert (answered.line, answered.step, answered.why, answered.fallback) == (line, step, why, fallback)


@pytest.mark.parametrize(
    ("reading", "kind"),
    [
        (read(AT_VAPI), Kind.VAPI),
        (read(TWIML_APP, app=app(AT_VAPI)), Kind.VAPI),
        (read(TWIML_APP), Kind.NOTHING),
        (read(AT_VAPI, service=DROPPING), Kind.NOTHING),
    ],
)
def test_handler_is_the_one_that_texts_end_at(reading: Reading, kind: Kind) -> None:
    """What the TwiML App or the service calls, not what the number shows."""
    assert answering(reading, NAMES).handler.kind is kind


def test_a_reading_is_called_by_the_number_that_any_side_knows() -> None:
    """Twilio's word first, then Vapi's; else what people asked for."""
    by_sid = [Reading("PN1", observed) for observed in (found(), Observed(None), _only_at_vapi())]

    assert [reading.number for reading in by_sid] == [NUMBER, "PN1", NUMBER]


def _only_at_vapi() -> Observed:
    return replace(found(settings=ANSWERED_BY_SUPPORT), twilio=None)
