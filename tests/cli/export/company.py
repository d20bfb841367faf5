"""A company that is half-way: some numbers answered by Vapi already, the others by every kind of handler."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, Any

from tests.cli.command import BORN
from tests.engine import world

if TYPE_CHECKING:
    from pathlib import Path

    from vapi_sms.sandbox import RunningSandbox

Record = dict[str, Any]

AT_VAPI, BY_SQUAD, BY_TWIN, CALLS_TOO = (f"+1415555012{n}" for n in range(4))
UNKNOWN_AT_VAPI, SWITCHED_OFF, BY_GET = (f"+1415555014{n}" for n in range(3))
ADOPTED = (AT_VAPI, BY_SQUAD, BY_TWIN, CALLS_TOO)
LEFT_OUT = (world.HIDDEN, world.VOICE_ONLY, UNKNOWN_AT_VAPI, SWITCHED_OFF, BY_GET)
ROUTED = (*world.ROUTED, world.SPARE, world.CANADIAN)


def seed() -> Record:
    """Return what both vendors hold."""
    usual = world.seed()
    numbers = usual["twilio"]["accounts"][0]["numbers"]
    at_vapi = {"sms_url": world.VAPI_SMS}
    usual["twilio"]["accounts"][0]["numbers"] = [
        *(number for number in numbers if "range" not in number),
        {
            "phone_number": AT_VAPI,
            "friendly_name": "Front desk",
            "sms_fallback_url": "https://old.example.com/fallback?token=canary-query",
            "voice_url": "https://old.example.com/voice",
            **at_vapi,
        },
        {"phone_number": BY_SQUAD, "friendly_name": "Front desk", **at_vapi},
        {"phone_number": BY_TWIN, "friendly_name": 'Büro "Süd"\n', **at_vapi},
        {
            "phone_number": CALLS_TOO,
            "friendly_name": "Calls",
            "voice_url": world.VAPI_VOICE,
            "status_callback": world.VAPI_STATUS,
            **at_vapi,
        },
        {"phone_number": UNKNOWN_AT_VAPI, **at_vapi},
        {"phone_number": SWITCHED_OFF, **at_vapi},
        {"phone_number": BY_GET, "sms_method": "GET", **at_vapi},
    ]
    usual["vapi"]["orgs"][0]["phone_numbers"] = [
        _record(AT_VAPI, assistant_id=world.SUPPORT, name="Front desk"),
        _record(BY_SQUAD, squad_id=world.SQUAD),
        _record(BY_TWIN, assistant_id=world.TWIN),
        _record(CALLS_TOO, assistant_id=world.SALES),
        _record(SWITCHED_OFF, assistant_id=world.SALES, sms_enabled=False),
        _record(BY_GET, assistant_id=world.SALES),
        _record(world.STUDIO, assistant_id=world.SALES, sms_enabled=False),
    ]
    return usual


def _record(number: str, **fields: Any) -> Record:
    return {
        "id": f"0b000000-0000-4000-8000-0{number[1:]}",
        "number": number,
        "twilio_account_sid": world.AC,
        "twilio_auth_token": world.TOKEN,
        **fields,
    }


def environment(sandbox: RunningSandbox) -> dict[str, str]:
    """Return the environment of somebody who may read everything."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": os.environ.get("HOME", "/"),
        "TWILIO_ACCOUNT_SID": world.AC,
        "TWILIO_AUTH_TOKEN": world.TOKEN,
        "VAPI_API_KEY": world.ORG_KEY,
        "TWILIO_BASE_URL": sandbox.url,
        "VAPI_BASE_URL": sandbox.url,
    }


def export(env: dict[str, str], *args: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run([BORN, "export", *args], env=env, capture_output=True, text=True, check=False)
