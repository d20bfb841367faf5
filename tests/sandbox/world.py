"""The seed that the sandbox's tests share, and the vendors' real clients for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
from twilio.rest import Client

if TYPE_CHECKING:
    from vapi_sms.sandbox import RunningSandbox

AC = "AC" + "a" * 32
SUB = "AC" + "b" * 32
OTHER = "AC" + "c" * 32
TOKEN, SUB_TOKEN, OTHER_TOKEN = "twilio-canary-1", "twilio-canary-2", "twilio-canary-3"
KEY, KEY_SECRET = "SK" + "a" * 32, "twilio-canary-4"
APP, MG, DEFERRING = "AP" + "a" * 32, "MG" + "a" * 32, "MG" + "b" * 32
ORG, ORG_KEY = "0a000000-0000-4000-8000-000000000001", "vapi-canary-1"
ORG2, ORG2_KEY = "0a000000-0000-4000-8000-000000000002", "vapi-canary-2"
SUPPORT, SALES = "a5000000-0000-4000-8000-000000000001", "a5000000-0000-4000-8000-000000000002"
SQUAD = "5a000000-0000-4000-8000-000000000001"
ADDRESS, IDENTITY, BUNDLE = "AD" + "a" * 32, "RI" + "a" * 32, "BU" + "a" * 32
TRUNK = "TK" + "a" * 32
SHORT, CODE = "SC" + "a" * 32, "894546"

WEBHOOK, STUDIO, BIN, FUNCTION, PROXY, DEMO = (f"+1415555010{n}" for n in range(6))
APPLICATION, SILENT, HIDDEN, DEFERRED, VOICE_ONLY, REGULATED = (f"+1415555011{n}" for n in range(6))
CANADIAN, BRITISH, HOSTED, IN_SUB, IN_OTHER = (
    "+14165550100",
    "+447700900100",
    "+14155550120",
    "+14155550130",
    "+14155550140",
)
SENDER = "+12125550123"

VAPI_SMS = "https://api.vapi.ai/twilio/sms"
VAPI_VOICE = "https://api.vapi.ai/twilio/inbound_call"
VAPI_STATUS = "https://api.vapi.ai/twilio/status"
STUDIO_URL = f"https://webhooks.twilio.com/v1/Accounts/{AC}/Flows/FW{'a' * 32}"


def seed(app: str = "http://127.0.0.1:9") -> dict[str, Any]:
    """Return two companies with numbers of every kind; the old app is at `app`."""
    return {
        "twilio": {
            "accounts": [
                {
                    "sid": AC,
                    "auth_token": TOKEN,
                    "api_keys": {KEY: KEY_SECRET},
                    "numbers": _numbers(app),
                    "applications": [{"sid": APP, "sms_url": f"{app}/application"}],
                    "short_codes": [
                        {"sid": SHORT, "short_code": CODE, "sms_url": f"{app}/code?key=url-canary"}
                    ],
                    "messaging_services": [
                        {"sid": MG, "inbound_request_url": f"{app}/service", "numbers": [HIDDEN]},
                        {"sid": DEFERRING, "use_inbound_webhook_on_number": True, "numbers": [DEFERRED]},
                    ],
                },
                {"sid": SUB, "auth_token": SUB_TOKEN, "parent": AC, "numbers": [{"phone_number": IN_SUB}]},
                {"sid": OTHER, "auth_token": OTHER_TOKEN, "numbers": [{"phone_number": IN_OTHER}]},
            ]
        },
        "vapi": {
            "orgs": [
                {
                    "id": ORG,
                    "api_key": ORG_KEY,
                    "assistants": [{"id": SUPPORT, "name": "Support"}, {"id": SALES, "name": "Sales"}],
                    "squads": [{"id": SQUAD, "name": "Everybody"}],
                },
                {"id": ORG2, "api_key": ORG2_KEY},
            ]
        },
    }


def _numbers(app: str) -> list[dict[str, Any]]:
    demo = "https://demo.twilio.com/welcome/sms/reply"
    return [
        {
            "phone_number": WEBHOOK,
            "sms_url": f"{app}/sms?tenant=url-canary#rc=1",
            "sms_fallback_url": f"{app}/fallback",
            "voice_url": f"{app}/voice",
            "voice_fallback_url": f"{app}/voice-fallback",
            "status_callback": f"{app}/status",
        },
        {"phone_number": STUDIO, "sms_url": STUDIO_URL},
        {"phone_number": BIN, "sms_url": f"https://handler.twilio.com/twiml/EH{'a' * 32}"},
        {"phone_number": FUNCTION, "sms_url": "https://orders-1234-dev.twil.io/reply?key=url-canary"},
        {
            "phone_number": PROXY,
            "sms_url": f"https://webhooks.twilio.com/v1/Accounts/{AC}/Proxy/KS{'a' * 32}/Webhooks/Message",
        },
        {"phone_number": DEMO, "sms_url": demo},
        {"phone_number": APPLICATION, "sms_url": f"{app}/sms", "sms_application_sid": APP},
        {"phone_number": SILENT},
        {"phone_number": HIDDEN, "sms_url": f"{app}/sms"},
        {"phone_number": DEFERRED, "sms_url": f"{app}/sms"},
        {"phone_number": VOICE_ONLY, "capabilities": {"sms": False, "mms": False}},
        {
            "phone_number": REGULATED,
            "requires": {"address_sid": ADDRESS, "identity_sid": IDENTITY, "bundle_sid": BUNDLE},
        },
        {"phone_number": CANADIAN, "sms_url": f"{app}/sms"},
        {"phone_number": BRITISH, "sms_url": f"{app}/sms"},
        {"phone_number": HOSTED, "origin": "hosted"},
    ]


def twilio(sandbox: RunningSandbox, user: str = AC, password: str = TOKEN, account: str = AC) -> Client:
    """Return Twilio's own client for the sandbox."""
    # An empty environment would be ignored, and the machine's TWILIO_* read.
    client = Client(user, password, account, environment={"none": ""})
    client.api.base_url = client.messaging.base_url = sandbox.url
    client.monitor.base_url = client.conversations.base_url = sandbox.url
    return client


def vapi(sandbox: RunningSandbox, key: str = ORG_KEY) -> httpx.Client:
    """Return a client for Vapi's side; close it or use it in a `with`."""
    headers = {"authorization": f"Bearer {key}"}
    return httpx.Client(base_url=sandbox.url, headers=headers, trust_env=False, timeout=10)


def kept(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record of Vapi's without what is not set, as the sandbox keeps it and others write it."""
    return {name: value for name, value in record.items() if value is not None}


def to_import(number: str = WEBHOOK, **fields: Any) -> dict[str, Any]:
    """Return the body of an import that works."""
    usual = {"provider": "twilio", "number": number, "twilioAccountSid": AC, "twilioAuthToken": TOKEN}
    return {**usual, "assistantId": SUPPORT, **fields}


def import_number(http: httpx.Client, number: str = WEBHOOK, **fields: Any) -> dict[str, Any]:
    """Import a number and return Vapi's answer."""
    answer = http.post("/phone-number", json=to_import(number, **fields))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found
