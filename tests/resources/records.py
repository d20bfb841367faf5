"""Records of several numbers, as a fleet's sibling holds them."""

from __future__ import annotations

from typing import Any

from vapi_sms.resources.inputs.words import UNRECORDED
from vapi_sms.sandbox import RunningSandbox

from tests.resources.provider import Props, Provider
from tests.sandbox.world import (
    AC,
    APPLICATION,
    BIN,
    DEMO,
    FUNCTION,
    ORG,
    PROXY,
    SILENT,
    STUDIO,
    VAPI_SMS,
    VAPI_STATUS,
    VAPI_VOICE,
    WEBHOOK,
)

ALL = (WEBHOOK, STUDIO, BIN, FUNCTION, PROXY, DEMO, APPLICATION, SILENT)
NO_KEYS: dict[str, Any] = {"TWILIO_ACCOUNT_SID": None, "TWILIO_AUTH_TOKEN": None, "VAPI_API_KEY": None}


RECORD: Props = {
    "PN1": {
        "sid": "PN1",
        "schema": 1,
        "number": WEBHOOK,
        "accountSid": AC,
        "messaging": {"url": "https://a.example"},
        "voice": {},
    }
}
OTHER_RECORD: Props = {"PN2": {**RECORD["PN1"], "sid": "PN2", "number": BIN}}


def many(*numbers: str) -> Props:
    """Give a sibling's inputs for several numbers, as a fleet registers them."""
    return {
        "numbers": {number: {"adopt": False} for number in numbers},
        "originals": UNRECORDED,
        "owner": "organization/test/dev/fleet",
        "formerOwners": [],
    }


def handed_over(sandbox: RunningSandbox, *numbers: str) -> None:
    """Let Vapi answer numbers, as a fleet's create that was killed leaves them."""
    for number in numbers:
        sandbox.outside_number(
            number,
            sms_url=VAPI_SMS,
            voice_url=VAPI_VOICE,
            status_callback=VAPI_STATUS,
            sms_application_sid="",
        )
        sandbox.outside_vapi("create", org=ORG, set={"number": number, "twilioAccountSid": AC})


def remembered(provider: Provider, *numbers: str) -> tuple[str, Props]:
    """Record numbers as they are; give the id and the outputs."""
    checked = provider.originals.check({}, many(*numbers))
    assert checked.failures == ()
    return provider.originals.create(checked.inputs)
