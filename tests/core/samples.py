"""One number on both sides, as the core's tests know it; every secret in it is the word canary."""

from __future__ import annotations

from dataclasses import replace

from vapi_sms.core.routings.routing import POST, Routing, VoiceRouting
from vapi_sms.core.values import (
    Desired,
    Fallback,
    Observed,
    Original,
    Service,
    Source,
    TwilioNumber,
    VapiEndpoints,
    VapiRecord,
    VapiSettings,
    Voice,
)

AC, PN = "AC" + "a" * 32, "PN" + "b" * 32
AP, TK, FW, EH, KS = ("AP" + "c" * 32, "TK" + "d" * 32, "FW" + "e" * 32, "EH" + "f" * 32, "KS" + "0" * 32)
NUMBER = "+14155550100"
ORG = "0a000000-0000-4000-8000-000000000001"
VAPI_ID = "0b000000-0000-4000-8000-000000000001"
SUPPORT, SALES = "a5000000-0000-4000-8000-000000000001", "a5000000-0000-4000-8000-000000000002"
SQUAD, WORKFLOW = "5a000000-0000-4000-8000-000000000001", "3f000000-0000-4000-8000-000000000001"
NAMES = {SUPPORT: "Support", SALES: "Sales", SQUAD: "Everybody"}

ENDPOINTS = VapiEndpoints.at("https://api.vapi.ai")
OLD_APP = Routing("https://app.example.com/sms?token=canary", POST)
STUDIO = Routing(f"https://webhooks.twilio.com/v1/Accounts/{AC}/Flows/{FW}", POST)
DEMO = Routing("https://demo.twilio.com/welcome/sms/reply", POST)
TWIML_APP = Routing(application_sid=AP)
NOTHING = Routing()
AT_VAPI = Routing(ENDPOINTS.sms, POST, "", POST)
OLD_CALLS = VoiceRouting(
    "https://app.example.com/voice?token=canary",
    POST,
    status_callback="https://app.example.com/status?token=canary",
    status_callback_method=POST,
)
OTHER_CALLS = VoiceRouting("https://calls.example.com/answer", POST)
CALLS_AT_VAPI = VoiceRouting(ENDPOINTS.voice, POST, "", POST, "", ENDPOINTS.status, POST)
ANSWERED_BY_SUPPORT = VapiSettings(assistant_id=SUPPORT)
SERVICE = Service("MG" + "a" * 32, "Campaigns", "https://app.example.com/service?token=canary")


def twilio(
    messaging: Routing = OLD_APP, voice: VoiceRouting = OLD_CALLS, *, can_sms: bool = True
) -> TwilioNumber:
    """Return a reading of the number at Twilio."""
    return TwilioNumber(PN, AC, NUMBER, messaging, voice, can_sms)


def vapi(settings: VapiSettings = ANSWERED_BY_SUPPORT) -> VapiRecord:
    """Return a reading of Vapi's record."""
    return VapiRecord(VAPI_ID, ORG, NUMBER, AC, settings)


def found(
    messaging: Routing = OLD_APP, voice: VoiceRouting = OLD_CALLS, settings: VapiSettings | None = None
) -> Observed:
    """Return a reading of both sides; without settings Vapi does not know the number."""
    return Observed(twilio(messaging, voice), None if settings is None else vapi(settings))


def switched() -> Observed:
    """Return a reading after a switch to Support, calls kept."""
    return found(AT_VAPI, OLD_CALLS, ANSWERED_BY_SUPPORT)


def original(
    messaging: Routing = OLD_APP,
    voice: VoiceRouting = OLD_CALLS,
    *,
    settings: VapiSettings | None = None,
    source: Source = Source.CAPTURED,
) -> Original:
    """Return a record; without settings the number was not in Vapi."""
    record = Original(PN, NUMBER, AC, ORG, messaging, voice, source=source)
    return record if settings is None else replace(record, vapi_id=VAPI_ID, vapi=settings)


def desired(
    *,
    voice: Voice = Voice.KEEP,
    sms_enabled: bool = True,
    name: str = "",
    fallback: Fallback | Routing = Fallback.KEEP,
) -> Desired:
    """Return a declared number that Support answers."""
    return Desired(VapiSettings(assistant_id=SUPPORT, sms_enabled=sms_enabled, name=name), voice, fallback)
