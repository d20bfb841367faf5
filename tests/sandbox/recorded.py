"""The shapes of the vendors' answers, as public recordings have them: written by hand, with no data of anybody.

A shape says for each key which types were seen; beside the OpenAPI excerpts it knows of nulls and of what the
specifications forgot. `Mixed` marks keys that some records have and others do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

RFC2822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000")
ISO_SECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
ISO_MILLIS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
E164 = re.compile(r"\+[1-9]\d{6,14}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
METHOD = re.compile("GET|POST")
TEXT, FLAG, NUMBER, NULL = str, bool, int, type(None)


def sid(prefix: str) -> re.Pattern[str]:
    """Match a SID."""
    return re.compile(rf"{prefix}[0-9a-fA-F]{{32}}")


@dataclass(frozen=True)
class Mixed:
    """A key that is not always there."""

    allowed: Any


def either(*allowed: Any) -> tuple[Any, ...]:
    """Allow any of these."""
    return allowed


NUMBER_2010: dict[str, Any] = {
    "sid": sid("PN"),
    "account_sid": sid("AC"),
    "phone_number": E164,
    "friendly_name": either(TEXT, NULL),
    "api_version": re.compile("2010-04-01"),
    "date_created": RFC2822,
    "date_updated": RFC2822,
    "sms_url": either(TEXT, NULL),
    "sms_method": either(METHOD, NULL),
    "sms_fallback_url": either(TEXT, NULL),
    "sms_fallback_method": either(METHOD, NULL),
    "sms_application_sid": either(re.compile(""), sid("AP"), NULL),
    "voice_url": either(TEXT, NULL),
    "voice_method": either(METHOD, NULL),
    "voice_fallback_url": either(TEXT, NULL),
    "voice_fallback_method": either(METHOD, NULL),
    "voice_application_sid": either(re.compile(""), sid("AP"), NULL),
    "voice_caller_id_lookup": FLAG,
    "voice_receive_mode": re.compile("voice|fax"),
    "status_callback": either(TEXT, NULL),
    "status_callback_method": either(METHOD, NULL),
    "trunk_sid": either(sid("TK"), NULL),
    "capabilities": either({"voice": FLAG, "sms": FLAG, "mms": FLAG, "fax": FLAG}, NULL),
    "beta": FLAG,
    "origin": re.compile("twilio|hosted"),
    "status": TEXT,
    "type": TEXT,
    "address_requirements": re.compile("none|any|local|foreign"),
    "address_sid": either(re.compile(""), sid("AD"), NULL),
    "identity_sid": either(re.compile(""), sid("RI"), NULL),
    "bundle_sid": either(re.compile(""), sid("BU"), NULL),
    "emergency_status": re.compile("Active|Inactive"),
    "emergency_address_sid": either(sid("AD"), NULL),
    "emergency_address_status": TEXT,
    "uri": re.compile(r"/2010-04-01/Accounts/AC\w+/IncomingPhoneNumbers/PN\w+\.json"),
}
ACCOUNT: dict[str, Any] = {
    "sid": sid("AC"),
    "owner_account_sid": sid("AC"),
    "auth_token": re.compile(".+"),
    "friendly_name": TEXT,
    "status": re.compile("active|suspended|closed"),
    "type": re.compile("Full|Trial"),
    "date_created": RFC2822,
    "date_updated": RFC2822,
    "uri": re.compile(r"/2010-04-01/Accounts/AC\w+\.json"),
    "subresource_uris": dict,
}
APPLICATION: dict[str, Any] = {
    "sid": sid("AP"),
    "account_sid": sid("AC"),
    "friendly_name": either(TEXT, NULL),
    "api_version": re.compile("2010-04-01"),
    "date_created": RFC2822,
    "date_updated": RFC2822,
    "sms_url": either(TEXT, NULL),
    "sms_method": either(METHOD, NULL),
    "sms_fallback_url": either(TEXT, NULL),
    "sms_fallback_method": either(METHOD, NULL),
    "sms_status_callback": either(TEXT, NULL),
    "message_status_callback": either(TEXT, NULL),
    "voice_url": either(TEXT, NULL),
    "voice_method": either(METHOD, NULL),
    "voice_fallback_url": either(TEXT, NULL),
    "voice_fallback_method": either(METHOD, NULL),
    "voice_caller_id_lookup": FLAG,
    "status_callback": either(TEXT, NULL),
    "status_callback_method": either(METHOD, NULL),
    "public_application_connect_enabled": FLAG,
    "uri": re.compile(r"/2010-04-01/Accounts/AC\w+/Applications/AP\w+\.json"),
}
SHORT_CODE: dict[str, Any] = {
    "sid": sid("SC"),
    "account_sid": sid("AC"),
    "short_code": re.compile(r"\d{5,6}"),
    "friendly_name": either(TEXT, NULL),
    "api_version": re.compile("2010-04-01"),
    "date_created": RFC2822,
    "date_updated": RFC2822,
    "sms_url": either(TEXT, NULL),
    "sms_method": either(METHOD, NULL),
    "sms_fallback_url": either(TEXT, NULL),
    "sms_fallback_method": either(METHOD, NULL),
    "uri": re.compile(r"/2010-04-01/Accounts/AC\w+/SMS/ShortCodes/SC\w+\.json"),
}
SERVICE: dict[str, Any] = {
    "sid": sid("MG"),
    "account_sid": sid("AC"),
    "friendly_name": TEXT,
    "date_created": ISO_SECONDS,
    "date_updated": ISO_SECONDS,
    "inbound_request_url": either(TEXT, NULL),
    "inbound_method": METHOD,
    "fallback_url": either(TEXT, NULL),
    "fallback_method": METHOD,
    "status_callback": either(TEXT, NULL),
    "sticky_sender": FLAG,
    "mms_converter": FLAG,
    "smart_encoding": FLAG,
    "scan_message_content": TEXT,
    "fallback_to_long_code": FLAG,
    "area_code_geomatch": FLAG,
    "synchronous_validation": FLAG,
    "validity_period": NUMBER,
    "usecase": TEXT,
    "us_app_to_person_registered": FLAG,
    "use_inbound_webhook_on_number": either(FLAG, NULL),
    "url": re.compile(r"https?://[^/]+/v1/Services/MG\w+"),
    "links": dict,
}
MEMBER: dict[str, Any] = {
    "sid": sid("PN"),
    "account_sid": sid("AC"),
    "service_sid": sid("MG"),
    "phone_number": E164,
    "country_code": re.compile("[A-Z]{2}"),
    "capabilities": [TEXT],
    "date_created": ISO_SECONDS,
    "date_updated": ISO_SECONDS,
    "url": re.compile(r"https?://[^/]+/v1/Services/MG\w+/PhoneNumbers/PN\w+"),
}
PAGE_2010: dict[str, Any] = {
    "uri": TEXT,
    "first_page_uri": TEXT,
    "next_page_uri": either(re.compile("/2010-04-01/.+"), NULL),
    "previous_page_uri": either(re.compile("/2010-04-01/.+"), NULL),
    "page": NUMBER,
    "page_size": NUMBER,
    "start": NUMBER,
    "end": NUMBER,
}
META_V1: dict[str, Any] = {
    "page": NUMBER,
    "page_size": NUMBER,
    "key": TEXT,
    "url": re.compile("https?://.+"),
    "first_page_url": re.compile("https?://.+"),
    "next_page_url": either(re.compile("https?://.+"), NULL),
    "previous_page_url": either(re.compile("https?://.+"), NULL),
}
TWILIO_ERROR: dict[str, Any] = {
    "code": NUMBER,
    "message": TEXT,
    "more_info": re.compile(r"https://www\.twilio\.com/docs/errors/\d+"),
    "status": NUMBER,
}
PHONE_NUMBER: dict[str, Any] = {
    "id": UUID,
    "orgId": UUID,
    # Not in imports of early 2024.
    "provider": Mixed(re.compile("twilio|vapi|telnyx|vonage|byo-phone-number")),
    "credentialId": Mixed(either(UUID, NULL)),  # of other providers than Twilio
    "number": Mixed(either(E164, NULL)),  # some of Vapi's own have a SIP address only
    "sipUri": Mixed(either(TEXT, NULL)),
    "twilioAccountSid": Mixed(either(sid("AC"), NULL)),  # not of numbers bought at Vapi until 2024
    "twilioAuthToken": Mixed(either(TEXT, NULL)),
    "twilioApiKey": Mixed(either(sid("SK"), NULL)),
    "twilioApiSecret": Mixed(either(TEXT, NULL)),
    "smsEnabled": Mixed(either(FLAG, NULL)),
    "status": re.compile("active|activating|blocked"),
    "name": Mixed(either(TEXT, NULL)),
    "assistantId": Mixed(either(UUID, NULL)),
    "squadId": Mixed(either(UUID, NULL)),
    "workflowId": Mixed(either(UUID, NULL)),
    "server": Mixed(either(dict, NULL)),
    "fallbackDestination": Mixed(either(dict, NULL)),
    "hooks": Mixed(either(list, NULL)),
    "createdAt": ISO_MILLIS,
    "updatedAt": ISO_MILLIS,
}
METADATA: dict[str, Any] = {
    "itemsPerPage": NUMBER,
    "totalItems": Mixed(NUMBER),
    "currentPage": NUMBER,
    "totalPages": Mixed(NUMBER),
    "hasNextPage": Mixed(FLAG),
    "nextCursor": Mixed(TEXT),
}
ASSISTANT: dict[str, Any] = {
    "id": UUID,
    "orgId": UUID,
    "name": Mixed(either(TEXT, NULL)),
    "firstMessage": Mixed(either(TEXT, NULL)),
    **{name: Mixed(either(dict, NULL)) for name in ("model", "voice", "transcriber", "server")},
    "createdAt": ISO_MILLIS,
    "updatedAt": ISO_MILLIS,
}
SQUAD: dict[str, Any] = {
    "id": UUID,
    "orgId": UUID,
    "name": Mixed(either(TEXT, NULL)),
    "members": [{"assistantId": UUID}],
    "membersOverrides": Mixed(either(dict, NULL)),
    "createdAt": ISO_MILLIS,
    "updatedAt": ISO_MILLIS,
}
VAPI_ERROR: dict[str, Any] = {"message": either(TEXT, [TEXT]), "error": TEXT, "statusCode": NUMBER}


def differences(shape: Any, value: Any, where: str = "it") -> Iterator[str]:
    """Yield what an answer has, lacks, or holds otherwise than recordings do."""
    match shape:
        case Mixed():
            yield from differences(shape.allowed, value, where)
        case tuple():
            if all(any(True for _ in differences(each, value, where)) for each in shape):
                yield f"{where} is {value!r}"
        case Mapping():
            yield from _of_object(shape, value, where)
        case list() if not isinstance(value, list):
            yield f"{where} is {value!r}"
        case list():
            for index, item in enumerate(value):
                yield from differences(shape[0], item, f"{where}[{index}]")
        case _:
            if not _is(shape, value):
                yield f"{where} is {value!r}"


def _is(shape: Any, value: Any) -> bool:
    if isinstance(shape, re.Pattern):
        return isinstance(value, str) and shape.fullmatch(value) is not None
    if isinstance(shape, type):
        return isinstance(value, shape) and (shape is bool or not isinstance(value, bool))
    return bool(value == shape)


def _of_object(shape: Mapping[str, Any], value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where} is {value!r}"
        return
    yield from (f"{where} has {name}" for name in value if name not in shape)
    for name, inner in shape.items():
        if name in value:
            yield from differences(inner, value[name], f"{where}.{name}")
        elif not isinstance(inner, Mixed):
            yield f"{where} lacks {name}"
