"""What a number's property bag declares, once its names are resolved to ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vapi_sms.core.values import Desired, VapiSettings, Voice

DECLARED = (
    "number",
    "twilioSid",
    "assistant",
    "squad",
    "smsEnabled",
    "name",
    "voice",
    "adopt",
    "messagingService",
)
BESIDE = ("owner", "formerOwners", "original")
KEY_AT_VAPI = "twilioKeyAtVapi"
"""The fingerprint of the key that Vapi was given to reach Twilio, where it is one of Vapi's own; else not there."""
COMPUTED = (
    "assistantId",
    "squadId",
    "answeredBy",
    "originalSummary",
    "accountSid",
    "orgId",
    KEY_AT_VAPI,
)


def desired_of(props: Mapping[str, Any]) -> Desired:
    """Read back what checked inputs, or outputs, declare."""
    settings = VapiSettings(
        assistant_id=props.get("assistantId") or "",
        squad_id=props.get("squadId") or "",
        sms_enabled=bool(props.get("smsEnabled", True)),
        name=props.get("name") or "",
    )
    return Desired(settings, Voice(props.get("voice", Voice.KEEP)))


def without_computed(props: Mapping[str, Any]) -> dict[str, Any]:
    """Give what the program itself wrote."""
    return {key: value for key, value in props.items() if key not in (*COMPUTED, "drift", "__provider")}


def kept(props: Mapping[str, Any]) -> dict[str, Any]:
    """Give what outputs keep of checked inputs: all but what belongs to one check, and Pulumi's own entry."""
    return {key: value for key, value in props.items() if key not in ("drift", "__provider")}
