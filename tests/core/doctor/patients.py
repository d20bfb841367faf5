"""Numbers that the doctor looks at, sound and sick."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vapi_sms.core.doctor.diagnosis import Diagnosis, diagnose
from vapi_sms.core.readings import Address, App, Capture, Declared, Reading
from vapi_sms.core.routings.describe import handler_line
from vapi_sms.core.routings.routing import POST, Routing, VoiceRouting
from vapi_sms.core.services.pool import Inbound, MessagingService
from vapi_sms.core.values import VapiSettings

from tests.core.samples import (
    AC,
    ANSWERED_BY_SUPPORT,
    AP,
    AT_VAPI,
    CALLS_AT_VAPI,
    NAMES,
    NUMBER,
    OLD_APP,
    OLD_CALLS,
    SERVICE,
    SQUAD,
    STUDIO,
    SUPPORT,
    found,
)

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
CAPTURE = Capture("conv_configuration_1", "Agents")
CAPTURES = (
    "Conversation Orchestrator configuration Agents (conv_configuration_1) captures a copy of each text"
)
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
    **known: Any,
) -> Diagnosis:
    """Return the judgement of the number."""
    return diagnose(Reading(NUMBER, found(messaging, voice, settings), **known), NAMES)


def codes(diagnosis: Diagnosis) -> list[str]:
    """Return what is wrong, in order."""
    return [str(finding.code) for finding in diagnosis.problems]
