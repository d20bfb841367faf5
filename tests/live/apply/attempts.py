"""A number that is handed over and given back, at vendors that fail in every way."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from vapi_sms.core.errors import ProviderError
from vapi_sms.core.planning.goals import declared_goal, restored_goal, snapshot
from vapi_sms.core.planning.plan import Plan, plan
from vapi_sms.core.values import Desired, Observed, Original, VapiSettings, Voice
from vapi_sms.live.apply import Applied
from vapi_sms.live.vendors import Vendors
from vapi_sms.sandbox import RunningSandbox

from tests.sandbox.world import AC, ORG, SALES, SUPPORT, VAPI_SMS, WEBHOOK

TWILIO_POST = {"vendor": "twilio", "method": "POST"}
STEPS: dict[str, dict[str, Any]] = {
    "proof": {**TWILIO_POST, "containing": "FriendlyName"},
    "import": {"vendor": "vapi", "method": "POST"},
    "change": {"vendor": "vapi", "method": "PATCH"},
    "route": {**TWILIO_POST, "containing": "Url"},
    "texts": {**TWILIO_POST, "containing": "SmsUrl"},
    "delete": {"vendor": "vapi", "method": "DELETE"},
}
FAILURES: dict[str, dict[str, Any]] = {
    "500": {"status": 500},
    "500 after": {"status": 500, "effect": True},
    "401": {"status": 401},
    "429": {"status": 429},
    "400": {"status": 400},
    "not JSON after": {"body": "<html>", "effect": True},
    "another shape after": {"body": {}, "effect": True},
    "truncated": {"truncate": 30},
    "hung up before": {"drop": "before"},
    "hung up after": {"drop": "after"},
    "hung up during": {"drop": "during"},
    "silent before": {"delay_ms": 2600},
    "silent after": {"delay_answer_ms": 2600},
}

# A busy machine needs longer than this for an honest answer now and then: only where silence is the failure.
SHORT = 2.0

Make = Callable[..., Vendors]


def timeout_of(failure: str) -> float:
    """Give how long to wait for an answer."""
    return SHORT if failure.startswith("silent") else 20.0


def observed(vendors: Vendors, number: str = WEBHOOK) -> Observed:
    """Read a number on both sides."""
    return vendors.observer.observe([number])[number]


def record(vendors: Vendors, number: str = WEBHOOK) -> Original:
    """Record a number as it is."""
    return replace(snapshot(observed(vendors, number)), org_id=ORG)


def handing_over(vendors: Vendors, original: Original, assistant: str = SUPPORT) -> Plan:
    """Plan that an assistant answers texts, and calls are answered as before."""
    found = observed(vendors, original.number)
    wanted = Desired(VapiSettings(assistant_id=assistant, name="Front desk"), Voice.KEEP)
    return plan(found, declared_goal(wanted, original, found, vendors.settings.endpoints))


def giving_back(vendors: Vendors, original: Original) -> Plan:
    """Plan that all is as recorded."""
    found = observed(vendors, original.number)
    return plan(found, restored_goal(original, found))


def adopted(sandbox: RunningSandbox, **settings: object) -> None:
    """Let somebody else have imported the number."""
    usual = {"assistantId": SALES, "name": "Theirs", "smsEnabled": False}
    number = {"number": WEBHOOK, "twilioAccountSid": AC}
    sandbox.outside_vapi("create", org=ORG, set={**number, **usual, **settings})


OURS = {"assistantId": SUPPORT, "name": "Front desk", "smsEnabled": True}
"""The settings that `handing_over` imports with."""


def is_handed_over(sandbox: RunningSandbox, assistant: str = SUPPORT) -> bool:
    """Tell whether the number is as planned on both sides, once."""
    number, records = sandbox.number(WEBHOOK), sandbox.vapi_numbers()
    return (
        number["sms_url"] == VAPI_SMS
        and number["sms_fallback_url"] == "http://127.0.0.1:9/fallback"
        and number["voice_url"] == "http://127.0.0.1:9/voice"
        and number["status_callback"] == "http://127.0.0.1:9/status"
        and [(each["assistantId"], each["name"]) for each in records] == [(assistant, "Front desk")]
    )


def attempt(work: Callable[[], Applied]) -> ProviderError | None:
    """Do it; give the trouble that it ends in, in which no secret shows, not even in a traceback."""
    try:
        work()
    except ProviderError as trouble:
        return _fit(trouble)
    return None


def _fit(trouble: ProviderError) -> ProviderError:
    assert "canary" not in "".join(traceback.format_exception(trouble)) + repr(trouble)
    assert "\n" not in str(trouble)
    return trouble
