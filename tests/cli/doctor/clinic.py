"""A company whose numbers have every trouble that doctor knows, and the command as people run it there."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

from tests.cli.command import BORN

if TYPE_CHECKING:
    from pathlib import Path

    from vapi_sms.sandbox import RunningSandbox

AC, TOKEN = "AC" + "a" * 32, "canary-token"
ORG, ORG_KEY = "0a000000-0000-4000-8000-000000000001", "canary-key"
SUPPORT, GONE = "a5000000-0000-4000-8000-000000000001", "a5000000-0000-4000-8000-00000000dead"
APP, MISSING_APP = "AP" + "a" * 32, "AP" + "d" * 32
HIDING, DROPPING, DEFERRING = "MG" + "a" * 32, "MG" + "b" * 32, "MG" + "c" * 32
BRAND, CAMPAIGN, VERIFICATION = "BN" + "a" * 32, "QE" + "a" * 32, "HH" + "a" * 32
ADDRESS = "IG" + "a" * 32
CONFIGURATION = "conv_configuration_1"
VAPI = "https://api.vapi.ai/twilio"
OLD = "https://user:canary@old.example.com/sms?token=canary"

Record = dict[str, Any]

# What ails each number, by its code; the last digits are its name.
AILMENTS = {
    "+14155550100": [],
    "+14155550101": ["enabled-elsewhere"],
    "+14155550102": ["unknown-at-vapi"],
    "+14155550103": ["stale-status-callback"],
    "+14155550104": ["hidden-by-service"],
    "+14155550105": ["application-overrides"],
    "+14155550106": ["demo-reply"],
    "+14155550107": ["no-assistant"],
    "+14155550108": ["application-missing"],
    "+14155550109": ["no-sms"],
    "+14155550110": ["off-at-vapi"],
    "+14155550111": ["assistant-missing"],
    "+14155550112": ["service-drops-texts"],
    "+14155550113": ["calls-unknown-at-vapi"],
    "+14155550114": [],
    "+14155550115": [],
    "+14155550116": [],
    "+14155550117": ["address-takes-no-texts"],
    "+14155550118": ["address-takes-no-calls"],
    "+14155550119": ["studio-executions"],
    "+14155550120": ["blocked-at-vapi"],
    "+14155550121": [],
    "+14155559999": ["not-on-account"],
    "+14165550100": ["not-us"],
    "+18005550100": [],
}
NOTES = {
    "+14155550100": ["no-fallback"],
    "+14155550114": ["nobody-answers"],
    "+14155550115": ["handler-asleep"],
    "+14155550116": ["conversation-beside"],
    "+14155550120": ["no-fallback"],
    "+14155550121": ["captured-beside"],
}


def seed() -> Record:
    """Return what both vendors hold."""
    return {
        "twilio": {
            "accounts": [
                {
                    "sid": AC,
                    "auth_token": TOKEN,
                    "numbers": _numbers(),
                    "applications": [{"sid": APP, "friendly_name": "Old app", "sms_url": OLD}],
                    "messaging_services": _services(),
                    "brands": [{"sid": BRAND}],
                    "conversation_addresses": [
                        {"sid": ADDRESS, "address": "+14155550116", "auto_creation": {"webhook_url": OLD}}
                    ],
                    "orchestrator_configurations": [
                        {"id": CONFIGURATION, "display_name": "Agents", "sms": [{"to": "+14155550121"}]}
                    ],
                    "tollfree_verifications": [{"sid": VERIFICATION, "number": "+18005550100"}],
                }
            ]
        },
        "vapi": {
            "orgs": [
                {
                    "id": ORG,
                    "api_key": ORG_KEY,
                    "assistants": [{"id": SUPPORT, "name": "Support"}],
                    "phone_numbers": _records(),
                }
            ]
        },
    }


def _services() -> list[Record]:
    return [
        {
            "sid": HIDING,
            "friendly_name": "Campaigns",
            "inbound_request_url": OLD,
            "numbers": ["+14155550104", "+14155550115"],
        },
        {"sid": DROPPING, "friendly_name": "Alerts", "numbers": ["+14155550112"]},
        {
            "sid": DEFERRING,
            "friendly_name": "Registered",
            "use_inbound_webhook_on_number": True,
            "numbers": ["+14155550100"],
            "campaign": {"sid": CAMPAIGN, "brand": BRAND},
        },
    ]


def _numbers() -> list[Record]:
    at_vapi = {"sms_url": f"{VAPI}/sms"}
    own: dict[str, Record] = {
        "00": at_vapi | {"friendly_name": "Front desk"},
        "01": {"sms_url": OLD, "sms_fallback_url": OLD.replace("sms?", "fallback?")},
        "02": at_vapi,
        "03": {"sms_url": OLD, "voice_url": OLD, "status_callback": f"{VAPI}/status"},
        "04": at_vapi,
        "05": at_vapi | {"sms_application_sid": APP},
        "06": {"sms_url": "https://demo.twilio.com/welcome/sms/reply", "voice_url": OLD},
        "07": at_vapi,
        "08": {"sms_application_sid": MISSING_APP},
        "09": {"sms_url": OLD, "capabilities": {"sms": False, "mms": False}},
        "10": at_vapi,
        "11": at_vapi,
        "12": {"sms_url": OLD},
        "13": {"sms_url": OLD, "voice_url": f"{VAPI}/inbound_call"},
        "14": {},
        "15": {"sms_url": OLD},
        "16": {"sms_url": OLD},
        "17": {"sms_url": f"{VAPI}/incoming-sms"},
        "18": {"sms_url": OLD, "voice_url": f"{VAPI}/incoming-call"},
        "19": {"sms_url": f"https://studio.twilio.com/v2/Flows/FW{'a' * 32}/Executions"},
        "20": at_vapi,
        "21": {"sms_url": OLD},
    }
    numbers = [{"phone_number": f"+141555501{name}", **fields} for name, fields in own.items()]
    return [
        *numbers,
        {"phone_number": "+14165550100", **at_vapi},
        {"phone_number": "+18005550100", "sms_url": OLD},
    ]


def _records() -> list[Record]:
    known: dict[str, Record] = {
        "+14155550100": {"assistant_id": SUPPORT, "name": "Front desk"},
        "+14155550101": {"assistant_id": SUPPORT},
        "+14155550104": {"assistant_id": SUPPORT},
        "+14155550105": {"assistant_id": SUPPORT},
        "+14155550107": {},
        "+14155550110": {"assistant_id": SUPPORT, "sms_enabled": False},
        "+14155550111": {"assistant_id": GONE},
        "+14155550117": {"assistant_id": SUPPORT},
        "+14155550120": {"assistant_id": SUPPORT, "status": "blocked"},
        "+14155559999": {"assistant_id": SUPPORT},
        "+14165550100": {"assistant_id": SUPPORT},
    }
    return [
        {
            "id": f"0b000000-0000-4000-8000-0{number[1:]}",
            "number": number,
            "twilio_account_sid": AC,
            "twilio_auth_token": TOKEN,
            **fields,
        }
        for number, fields in known.items()
    ]


def environment(sandbox: RunningSandbox, **more: str) -> dict[str, str]:
    """Return the environment of somebody who may read everything."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": os.environ.get("HOME", "/"),
        "TWILIO_ACCOUNT_SID": AC,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "VAPI_API_KEY": ORG_KEY,
        "TWILIO_BASE_URL": sandbox.url,
        "VAPI_BASE_URL": sandbox.url,
        "VAPI_SMS_PATIENCE_SECONDS": "0",
        **more,
    }


def doctor(
    sandbox: RunningSandbox, *args: str | Path, without: str = "", **env: str
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end; its output is no terminal."""
    environ = environment(sandbox, **env)
    environ.pop(without, None)
    return subprocess.run([BORN, "doctor", *args], env=environ, capture_output=True, text=True, check=False)


def examined(clinic: RunningSandbox, *args: str) -> Record:
    """Return what machines read."""
    found: Record = json.loads(doctor(clinic, "--json", *args).stdout)
    return found
