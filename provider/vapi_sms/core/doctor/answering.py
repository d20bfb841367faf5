"""Answering: who answers texts to a number, which step of Twilio's precedence decides that, and who if it fails.

Messaging Service first, then TwiML App, then the number's own URL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from vapi_sms.core.readings import App, Reading
from vapi_sms.core.routings.describe import who_answers_texts
from vapi_sms.core.routings.handlers import Handler, Kind, classify, classify_url
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.services.pool import MessagingService
from vapi_sms.core.values import Observed, TwilioNumber

NOBODY = str(Kind.NOTHING)


class Step(StrEnum):
    """The step of Twilio's precedence that decides; these words are part of doctor's JSON."""

    SERVICE = "messaging-service"
    SERVICE_DROPS = "messaging-service-drops"
    APPLICATION = "twiml-app"
    URL = "messaging-url"
    NOTHING = "nothing"
    NO_NUMBER = "no-number"


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers: the handler, one line about it, the deciding step and its line, and the fallback in force."""

    handler: Handler
    line: str
    step: Step
    why: str
    fallback: str = ""


def answering(reading: Reading, names: Mapping[str, str]) -> Answering:
    """Tell who answers texts; `names` are what people call assistants and squads, by id."""
    twilio, service = reading.observed.twilio, reading.service
    if twilio is None:
        return Answering(Handler(Kind.NOTHING), NOBODY, Step.NO_NUMBER, "not a number of this Twilio account")
    step, why, routing = _decided(twilio, service, reading.app)
    handler = classify(routing)
    if handler.kind is Kind.NOTHING:
        return Answering(handler, NOBODY, step, why)
    alone = replace(routing, fallback_url="") if routing.url else routing
    line = who_answers_texts(Observed(replace(twilio, messaging=alone), reading.observed.vapi), names)
    fallback = str(classify_url(routing.fallback_url)) if routing.url and routing.fallback_url else ""
    return Answering(handler, line, step, why, fallback)


def _decided(
    twilio: TwilioNumber, service: MessagingService | None, app: App | None
) -> tuple[Step, str, Routing]:
    """Give the step that decides, its line, and the routing in force there; an empty one calls nobody."""
    if service is not None and not service.defers:
        if not service.inbound_url:
            why = f"{service} does not defer to its senders and has no inbound URL: Twilio drops texts, unlogged"
            return Step.SERVICE_DROPS, why, Routing()
        return Step.SERVICE, f"{service} handles texts itself", service.inbound.answer
    deferred = f"; {service} defers to it" if service else ""
    if sid := twilio.messaging.application_sid:
        if app is None:
            return Step.APPLICATION, f"TwiML App {sid} decides, and does not exist{deferred}", Routing()
        why = f"TwiML App {app.name} ({sid}) decides, not the number's own URL{deferred}"
        return Step.APPLICATION, why, app.messaging
    if classify(twilio.messaging).kind is Kind.NOTHING:
        return Step.NOTHING, f"it has no messaging URL{deferred}", Routing()
    return Step.URL, f"its own messaging URL{deferred}", twilio.messaging
