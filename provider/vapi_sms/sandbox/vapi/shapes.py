"""The nested objects of Vapi's phone numbers, to their last key: which shapes Vapi's specification knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vapi_sms.sandbox.vapi.json_rules import (
    anything,
    flag,
    listing,
    number,
    shape,
    table,
    text,
    text_or,
    variant,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vapi_sms.sandbox.vapi.json_rules import Rule

_CUSTOM = shape(
    "type",
    type=text("custom-message"),
    content=text(most=1000),
    # Each language that ISO 639 has two letters for, and some that have three: they are not told apart here.
    contents=listing(
        shape("type", "text", "language", type=text("text"), text=text(), language=text(least=2, most=3))
    ),
)
_MESSAGE = text_or(_CUSTOM)
_TRANSFER_PLAN = shape(
    "mode",
    mode=text(
        "blind-transfer",
        "blind-transfer-add-summary-to-sip-header",
        "warm-transfer-say-message",
        "warm-transfer-say-summary",
        "warm-transfer-twiml",
        "warm-transfer-wait-for-operator-to-speak-first-and-then-say-message",
        "warm-transfer-wait-for-operator-to-speak-first-and-then-say-summary",
        "warm-transfer-experimental",
    ),
    message=_MESSAGE,
    timeout=number(1, 600),
    # The specification calls it an object, and lists three texts.
    sipVerb=text("refer", "bye", "dial"),
    dialTimeout=number(1, 600),
    holdAudioUrl=text(),
    transferCompleteAudioUrl=text(),
    contextEngineeringPlan=variant(
        "type",
        lastNMessages=shape("type", "maxMessages", type=text(), maxMessages=number(0)),
        none=shape("type", type=text()),
        all=shape("type", type=text()),
    ),
    twiml=text(most=4096),
    summaryPlan=shape(messages=listing(table), enabled=flag, timeoutSeconds=number(1, 60)),
    sipHeadersInReferToEnabled=flag,
    fallbackPlan=shape("message", message=_MESSAGE, endCallEnabled=flag),
)
_ANY_DESTINATION: dict[str, Rule] = {
    "type": text(),
    "message": _MESSAGE,
    "callerId": text(most=40),
    "transferPlan": _TRANSFER_PLAN,
    "description": text(),
}
_DESTINATION = variant(
    "type",
    number=shape(
        "number",
        number=text(least=3, most=40),
        numberE164CheckEnabled=flag,
        extension=text(least=1, most=10),
        **_ANY_DESTINATION,
    ),
    sip=shape("sipUri", sipUri=text(), sipHeaders=table, **_ANY_DESTINATION),
)
_SERVER = shape(
    url=text(),
    timeoutSeconds=number(1, 300),
    credentialId=text(),
    staticIpAddressesEnabled=flag,
    encryptedPaths=listing(text()),
    headers=table,
    backoffPlan=shape(
        "type",
        "maxRetries",
        "baseDelaySeconds",
        type=text("fixed", "exponential"),
        maxRetries=number(0, 10),
        baseDelaySeconds=number(0, 10),
        excludedStatusCodes=listing(anything),
    ),
)
_ACTION = variant(
    "type",
    transfer=shape("type", type=text(), destination=_DESTINATION),
    say=shape("type", "exact", type=text(), exact=text(most=4000)),
)
_ENDED = (
    "assistant-request-failed",
    "assistant-request-returned-error",
    "assistant-request-returned-unspeakable-error",
    "assistant-request-returned-invalid-assistant",
    "assistant-request-returned-no-assistant",
    "assistant-request-returned-forwarding-phone-number",
)
_HOOK = variant(
    "on",
    call__ringing=shape(
        "do",
        on=text(),
        do=listing(_ACTION),
        filters=listing(
            shape(
                *("type", "key", "startsWith"),
                type=text("startsWith"),
                key=text("number"),
                startsWith=listing(text(most=20), most=20),
            )
        ),
    ),
    # Here it is one action, not a list of them, and may be left out.
    call__ending=shape(
        on=text(),
        do=_ACTION,
        filters=listing(
            shape(
                *("type", "key", "oneOf"),
                type=text("oneOf"),
                key=text("call.endedReason"),
                oneOf=listing(text(*_ENDED)),
            )
        ),
    ),
)
_RULES: dict[str, Rule] = {
    "fallbackDestination": _DESTINATION,
    "server": _SERVER,
    "hooks": listing(_HOOK),
}


def complaints(name: str, value: object) -> Iterator[str]:
    """Yield what Vapi says of a nested object of a phone number; it is an object, or a list, as it should be."""
    if name in _RULES and value is not None:
        yield from _RULES[name](value, name)
