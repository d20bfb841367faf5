"""Words that programs, the engine and the provider process share; imports nothing, since programs import it."""

from __future__ import annotations

LEAVE_AT_VAPI = "leave-at-vapi"
"""As `restore_to`: texts stay at Vapi when the resource goes."""

UNRECORDED = "not recorded yet"
"""In place of a record that check has not filled in: never to be taken for one."""

EXPLICIT = "vapi-sms:explicit"
"""Set in the configuration of the providers that vapi_sms.account() makes: they use no other credentials."""


def to_camel(name: str) -> str:
    """Give a Python name as the engine spells it: sms_enabled, smsEnabled."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)
