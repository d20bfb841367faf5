"""What Vapi takes in a request body: which keys, of which type; several complaints come as a list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

from vapi_sms.sandbox.errors import VapiError
from vapi_sms.sandbox.vapi import shapes as vapi_shapes
from vapi_sms.sandbox.vapi.models import is_twilios
from vapi_sms.sandbox.vapi.seed import Provider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vapi_sms.sandbox.behaviour import NullsClear
    from vapi_sms.sandbox.twilio.number import Record
    from vapi_sms.sandbox.vapi.models import Org

_TYPES: dict[str, type] = {
    "provider": str,
    "number": str,
    "twilioAccountSid": str,
    "twilioAuthToken": str,
    "twilioApiKey": str,
    "twilioApiSecret": str,
    "smsEnabled": bool,
    "name": str,
    "assistantId": str,
    "squadId": str,
    "workflowId": str,
    "server": dict,
    "fallbackDestination": dict,
    "hooks": list,
}
_TWILIOS = ("twilioAccountSid", "twilioAuthToken", "twilioApiKey", "twilioApiSecret", "smsEnabled")
_ATTACHMENTS = ("assistantId", "squadId", "workflowId")
_REQUIRED = ("provider", "number", "twilioAccountSid")
_SPOKEN = {str: "a string", bool: "a boolean value", dict: "an object", list: "an array"}
_NAME_LIMIT = 40
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_NOT_E164 = (
    "number must be a valid phone number in the E.164 format. "
    "Hot tip, you may be missing the country code (eg. US: +1)."
)


def checked_import(body: object, org: Org) -> Record:
    """Return the fields of a create, or refuse them."""
    fields = _checked(body, org)
    if fields.get("provider", "twilio") != "twilio":
        raise VapiError(400, ["sandbox: provider must be twilio"])
    missing = [f"{name} should not be empty" for name in _REQUIRED if fields.get(name) is None]
    if missing:
        raise VapiError(400, missing)
    if _E164.fullmatch(fields["number"]) is None:
        raise VapiError(400, _NOT_E164)
    return {"smsEnabled": True, **{name: value for name, value in fields.items() if value is not None}}


def checked_patch(body: object, org: Org, record: Record, *, nulls_clear: NullsClear) -> Record:
    """Return the fields of an update, or refuse them; number and account never change."""
    fields = _checked(body, org)
    if nulls_clear == "attachments":
        kept = [name for name, value in fields.items() if value is None and name not in _ATTACHMENTS]
        if kept:
            raise VapiError(400, [f"{name} must be {_SPOKEN[_TYPES[name]]}" for name in kept])
    for name in ("provider", "number", "twilioAccountSid"):
        if fields.get(name, record.get(name)) != record.get(name):
            raise VapiError(400, f"sandbox: {name} of a phone number is immutable")
    if not is_twilios(record):
        unknown = [f"property {name} should not exist" for name in fields if name in _TWILIOS]
        if unknown:
            raise VapiError(400, unknown)
    return fields


def _checked(body: object, org: Org) -> Record:
    if not isinstance(body, dict):
        raise VapiError(400, "sandbox: the body is not a JSON object")
    complaints = [text for name, value in body.items() for text in _complaints(name, value)]
    if complaints:
        raise VapiError(400, complaints)
    for name, kind in (("assistantId", "assistant"), ("squadId", "squad")):
        if body.get(name) is not None and body[name] not in org.collection(kind):
            # The vendor's own text is not known.
            raise VapiError(400, f"{name} {body[name]} does not exist in this org.")
    return dict(body)


def _complaints(name: str, value: object) -> Iterator[str]:
    found = _complaint(name, value)
    if found is not None:
        yield found
    else:
        yield from vapi_shapes.complaints(name, value)


def _complaint(name: str, value: object) -> str | None:
    if name not in _TYPES:
        return f"property {name} should not exist"
    if value is None:
        return None
    if not isinstance(value, _TYPES[name]):
        return f"{name} must be {_SPOKEN[_TYPES[name]]}"
    if name == "provider" and value not in get_args(Provider):
        return f"provider must be one of the following values: {', '.join(get_args(Provider))}"
    if name == "name" and isinstance(value, str) and len(value) > _NAME_LIMIT:
        return f"name must be shorter than or equal to {_NAME_LIMIT} characters"
    return None
