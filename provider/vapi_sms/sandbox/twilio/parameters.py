"""The form parameters that Twilio takes, which field each sets, and what it takes as a value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from urllib.parse import urlsplit

from vapi_sms.sandbox.errors import TwilioError

if TYPE_CHECKING:
    from collections.abc import Mapping

_BAD = 400

Kind: TypeAlias = Literal["text", "url", "method", "sid", "boolean", "integer", "choice"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: the field it sets, its kind, what an empty value leaves behind."""

    field: str
    kind: Kind
    empty: Any = ""
    choices: tuple[str, ...] = ()


def _sid(field: str, prefix: str, empty: str | None = None) -> Parameter:
    return Parameter(field, "sid", empty, (prefix,))


NUMBER_PARAMETERS: Mapping[str, Parameter] = {
    "FriendlyName": Parameter("friendly_name", "text"),
    "ApiVersion": Parameter("api_version", "text"),
    "SmsUrl": Parameter("sms_url", "url"),
    "SmsMethod": Parameter("sms_method", "method"),
    "SmsFallbackUrl": Parameter("sms_fallback_url", "url"),
    "SmsFallbackMethod": Parameter("sms_fallback_method", "method"),
    "SmsApplicationSid": _sid("sms_application_sid", "AP", ""),
    "VoiceUrl": Parameter("voice_url", "url"),
    "VoiceMethod": Parameter("voice_method", "method"),
    "VoiceFallbackUrl": Parameter("voice_fallback_url", "url"),
    "VoiceFallbackMethod": Parameter("voice_fallback_method", "method"),
    "VoiceApplicationSid": _sid("voice_application_sid", "AP", ""),
    "VoiceCallerIdLookup": Parameter("voice_caller_id_lookup", "boolean", empty=False),
    "VoiceReceiveMode": Parameter("voice_receive_mode", "choice", "voice", ("voice", "fax")),
    "StatusCallback": Parameter("status_callback", "url"),
    "StatusCallbackMethod": Parameter("status_callback_method", "method"),
    "TrunkSid": _sid("trunk_sid", "TK"),
    "IdentitySid": _sid("identity_sid", "RI"),
    "AddressSid": _sid("address_sid", "AD"),
    "BundleSid": _sid("bundle_sid", "BU"),
    "EmergencyStatus": Parameter("emergency_status", "choice", "Inactive", ("Active", "Inactive")),
    "EmergencyAddressSid": _sid("emergency_address_sid", "AD"),
}

SERVICE_PARAMETERS: Mapping[str, Parameter] = {
    "FriendlyName": Parameter("friendly_name", "text"),
    "InboundRequestUrl": Parameter("inbound_request_url", "url", None),
    "InboundMethod": Parameter("inbound_method", "method"),
    "FallbackUrl": Parameter("fallback_url", "url", None),
    "FallbackMethod": Parameter("fallback_method", "method"),
    "StatusCallback": Parameter("status_callback", "url", None),
    "StickySender": Parameter("sticky_sender", "boolean", empty=False),
    "MmsConverter": Parameter("mms_converter", "boolean", empty=False),
    "SmartEncoding": Parameter("smart_encoding", "boolean", empty=False),
    "ScanMessageContent": Parameter(
        "scan_message_content", "choice", "inherit", ("inherit", "enable", "disable")
    ),
    "FallbackToLongCode": Parameter("fallback_to_long_code", "boolean", empty=False),
    "AreaCodeGeomatch": Parameter("area_code_geomatch", "boolean", empty=False),
    "ValidityPeriod": Parameter("validity_period", "integer", 0),
    "SynchronousValidation": Parameter("synchronous_validation", "boolean", empty=False),
    "Usecase": Parameter("usecase", "text"),
    "UseInboundWebhookOnNumber": Parameter("use_inbound_webhook_on_number", "boolean", empty=False),
}

_PARAMETERS = {**SERVICE_PARAMETERS, **NUMBER_PARAMETERS}


def parsed(name: str, value: str) -> Any:  # noqa: ANN401 - a field of a record: text, boolean, number or null
    """Return what the parameter puts into the record, or refuse the value as Twilio does."""
    parameter = _PARAMETERS[name]
    match parameter.kind:
        # An empty method clears nothing at Twilio: it is a wrong method.
        case "method" if value not in ("GET", "POST"):
            raise TwilioError(_BAD, 21403, f"{name} is not valid")
        case "url" if value and not _is_url(value):
            raise TwilioError(_BAD, 21402, f"{name} is not valid")
    if value == "":
        return parameter.empty
    match parameter.kind:
        case "sid":
            return _matching(name, value, rf"{parameter.choices[0]}[0-9a-fA-F]{{32}}")
        case "choice":
            return _matching(name, value, "|".join(parameter.choices))
        case "boolean":
            return _matching(name, value.lower(), "true|false") == "true"
        case "integer":
            return int(_matching(name, value, "[0-9]{1,9}"))
        case _:
            return value


def _matching(name: str, value: str, pattern: str) -> str:
    if re.fullmatch(pattern, value) is None:
        raise TwilioError(_BAD, 20001, f"Invalid parameter: {name}")
    return value


def _is_url(text: str) -> bool:
    # Twilio wants a public host; loopback passes here, for the old apps of tests and demos.
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text
