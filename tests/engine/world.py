"""The two companies that the engine's tests live in."""

from __future__ import annotations

from typing import Any

AC, OTHER_AC, SUB_AC = "AC" + "a" * 32, "AC" + "c" * 32, "AC" + "d" * 32
TOKEN, OTHER_TOKEN, SUB_TOKEN = "canary-twilio-token", "canary-other-token", "canary-subaccount"
KEY, KEY_SECRET = "SK" + "a" * 32, "canary-key-secret"
ORG, OTHER_ORG = "0a000000-0000-4000-8000-000000000001", "0a000000-0000-4000-8000-000000000002"
ORG_KEY, OTHER_ORG_KEY = "canary-vapi-key", "canary-other-vapi-key"
CANARIES = (
    TOKEN,
    OTHER_TOKEN,
    SUB_TOKEN,
    KEY_SECRET,
    ORG_KEY,
    OTHER_ORG_KEY,
    "canary-query",
    "canary-password",
)

SUPPORT, SALES = "a5000000-0000-4000-8000-000000000001", "a5000000-0000-4000-8000-000000000002"
TWIN, OTHER_TWIN = "a5000000-0000-4000-8000-000000000003", "a5000000-0000-4000-8000-000000000004"
SQUAD = "5a000000-0000-4000-8000-000000000001"
APP, TRUNK_SID, MG, DEFERRING = "AP" + "a" * 32, "TK" + "a" * 32, "MG" + "a" * 32, "MG" + "b" * 32
ADDRESS, IDENTITY, BUNDLE = "AD" + "a" * 32, "RI" + "a" * 32, "BU" + "a" * 32

WEBHOOK, STUDIO, BIN, FUNCTION, PROXY, DEMO, APPLICATION, TRUNK, SILENT, HOSTED = (
    f"+1415555010{n}" for n in range(10)
)
REGULATED, DEFERRED, HIDDEN, VOICE_ONLY, LEGACY, SPARE = (f"+1415555011{n}" for n in range(6))
CANADIAN, IN_OTHER_ACCOUNT = "+14165550100", "+14155550130"
SPARES = tuple(f"+1415555{n:04}" for n in range(150, 210))
"""Numbers of the old app, one like the other, for tests that need many."""
ROUTED = (
    WEBHOOK,
    STUDIO,
    BIN,
    FUNCTION,
    PROXY,
    DEMO,
    APPLICATION,
    TRUNK,
    SILENT,
    HOSTED,
    REGULATED,
    DEFERRED,
    LEGACY,
)
"""A number with every kind of original."""

SENDER = "+12125550123"
VAPI_SMS = "https://api.vapi.ai/twilio/sms"
VAPI_VOICE = "https://api.vapi.ai/twilio/inbound_call"
VAPI_STATUS = "https://api.vapi.ai/twilio/status"
OLD_SMS = "https://app:canary-password@old.example.com/sms?token=canary-query#rc=3&rp=ct,rt,5xx"
OLD_APP = "Webhook https://old.example.com/sms"
STUDIO_URL = f"https://webhooks.twilio.com/v1/Accounts/{AC}/Flows/FW{'b' * 32}"
STUDIO_FLOW = f"Studio Flow FW{'b' * 32}"
KINDS = {
    BIN: ("TwiML Bin", f"TwiML Bin EH{'a' * 32}"),
    STUDIO: ("Studio Flow", STUDIO_FLOW),
    FUNCTION: ("Function", "Function orders-1234-dev.twil.io/reply"),
    WEBHOOK: ("Webhook", OLD_APP),
    PROXY: ("Proxy", f"Proxy KS{'a' * 32}"),
    APPLICATION: ("TwiML App", f"TwiML App {APP} (Webhook https://old.example.com/application)"),
    DEMO: ("the default reply of new numbers", "Twilio's demo"),
    SILENT: ("nothing", "nobody"),
}
"""A number for every kind of handler in Twilio's table: what the Console calls it, and who answers a text."""
SHORT_CODE = "894546"
FOREIGN = "https://new.example.com/sms?key=canary-query"

HEADER = f"""\
import pulumi
from pulumi import Alias, Output, ResourceOptions
from vapi_sms import LEAVE_AT_VAPI, Handler, Routing, TwilioSmsRoute, VapiSmsNumber
WEBHOOK, STUDIO, SPARE = {WEBHOOK!r}, {STUDIO!r}, {SPARE!r}
FLOW = Handler.studio_flow("FW" + "b" * 32, account_sid={AC!r})
"""
SUPPORT_ON_WEBHOOK = 'VapiSmsNumber("support", number=WEBHOOK, assistant="Support")'

Record = dict[str, Any]


def seed() -> Record:
    """Return what both vendors hold at first."""
    services = [
        {"sid": MG, "friendly_name": "Campaigns", "inbound_request_url": OLD_SMS, "numbers": [HIDDEN]},
        {"sid": DEFERRING, "use_inbound_webhook_on_number": True, "numbers": [DEFERRED]},
    ]
    applications = [
        {"sid": APP, "friendly_name": "Old app", "sms_url": "https://old.example.com/application"}
    ]
    named = {"Support": SUPPORT, "Sales": SALES}
    assistants = [{"id": id_, "name": name} for name, id_ in named.items()]
    assistants += [{"id": TWIN, "name": "Twin"}, {"id": OTHER_TWIN, "name": "Twin"}]
    return {
        "twilio": {
            "accounts": [
                {
                    "sid": AC,
                    "auth_token": TOKEN,
                    "api_keys": {KEY: KEY_SECRET},
                    "numbers": _numbers(),
                    "applications": applications,
                    "messaging_services": services,
                    "short_codes": [{"sid": "SC" + "a" * 32, "short_code": SHORT_CODE, "sms_url": OLD_SMS}],
                },
                {
                    "sid": OTHER_AC,
                    "auth_token": OTHER_TOKEN,
                    "numbers": [{"phone_number": IN_OTHER_ACCOUNT, "sms_url": OLD_SMS}],
                },
                {"sid": SUB_AC, "auth_token": SUB_TOKEN, "parent": AC},
            ]
        },
        "vapi": {
            "orgs": [
                {
                    "id": ORG,
                    "api_key": ORG_KEY,
                    "assistants": assistants,
                    "squads": [{"id": SQUAD, "name": "Everybody"}],
                },
                {
                    "id": OTHER_ORG,
                    "api_key": OTHER_ORG_KEY,
                    "assistants": [{"id": "a5000000-0000-4000-8000-00000000000f", "name": "Support"}],
                },
            ]
        },
    }


def _numbers() -> list[Record]:
    old = "https://old.example.com"
    return [
        {
            "phone_number": WEBHOOK,
            "sms_url": OLD_SMS,
            "sms_method": "GET",
            "sms_fallback_url": f"{old}/fallback?token=canary-query",
            "sms_fallback_method": "GET",
            "voice_url": f"{old}/voice?token=canary-query#rc=2",
            "voice_method": "GET",
            "voice_fallback_url": f"{old}/voice-fallback",
            "voice_fallback_method": "GET",
            "status_callback": f"{old}/status?token=canary-query",
            "status_callback_method": "GET",
        },
        {"phone_number": STUDIO, "sms_url": STUDIO_URL, "voice_url": f"{old}/voice"},
        {"phone_number": BIN, "sms_url": f"https://handler.twilio.com/twiml/EH{'a' * 32}"},
        {"phone_number": FUNCTION, "sms_url": "https://orders-1234-dev.twil.io/reply?key=canary-query"},
        {
            "phone_number": PROXY,
            "sms_url": f"https://webhooks.twilio.com/v1/Accounts/{AC}/Proxy/KS{'a' * 32}/Webhooks/Message",
        },
        {
            "phone_number": DEMO,
            "sms_url": "https://demo.twilio.com/welcome/sms/reply",
            "voice_url": "https://demo.twilio.com/welcome/voice/",
        },
        {
            "phone_number": APPLICATION,
            "sms_url": f"{old}/asleep",
            "sms_fallback_url": f"{old}/asleep-too",
            "sms_application_sid": APP,
            "voice_application_sid": APP,
        },
        {"phone_number": TRUNK, "sms_url": f"{old}/sms", "voice_url": f"{old}/v", "trunk_sid": TRUNK_SID},
        {"phone_number": SILENT},
        {"phone_number": HOSTED, "origin": "hosted", "sms_url": f"{old}/hosted"},
        {
            "phone_number": REGULATED,
            "sms_url": f"{old}/regulated",
            "requires": {"address_sid": ADDRESS, "identity_sid": IDENTITY, "bundle_sid": BUNDLE},
        },
        {"phone_number": DEFERRED, "sms_url": f"{old}/deferred"},
        {"phone_number": HIDDEN, "sms_url": f"{old}/hidden"},
        {"phone_number": VOICE_ONLY, "capabilities": {"sms": False, "mms": False}},
        {"phone_number": LEGACY, "sms_url": "http://legacy.example.com:8080/a//b?x=%7e&x=&y#frag"},
        {"phone_number": SPARE, "sms_url": f"{old}/spare"},
        {"phone_number": CANADIAN, "sms_url": f"{old}/sms"},
        {"range": {"from": SPARES[0], "count": len(SPARES)}, "sms_url": f"{old}/{{number}}"},
    ]
