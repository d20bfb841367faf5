"""Which recorded shape each answer of the sandbox has to have: all exchanges of all tests are held against them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tests.sandbox import recorded
from tests.sandbox.recorded import differences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vapi_sms.sandbox import Exchange

_2010, _NUMBERS = "/2010-04-01/Accounts", "/IncomingPhoneNumbers"
_ACCOUNT = rf"{_2010}/AC[^/.]+"
_TWILIOS = (
    (rf"{_2010}\.json", {**recorded.PAGE_2010, "accounts": [recorded.ACCOUNT]}),
    (rf"{_ACCOUNT}\.json", recorded.ACCOUNT),
    (
        rf"{_ACCOUNT}{_NUMBERS}\.json",
        {**recorded.PAGE_2010, "incoming_phone_numbers": [recorded.NUMBER_2010]},
    ),
    (rf"{_ACCOUNT}{_NUMBERS}/PN[^/]+\.json", recorded.NUMBER_2010),
    (rf"{_ACCOUNT}/Applications\.json", {**recorded.PAGE_2010, "applications": [recorded.APPLICATION]}),
    (rf"{_ACCOUNT}/Applications/AP[^/]+\.json", recorded.APPLICATION),
    (rf"{_ACCOUNT}/SMS/ShortCodes\.json", {**recorded.PAGE_2010, "short_codes": [recorded.SHORT_CODE]}),
    (rf"{_ACCOUNT}/SMS/ShortCodes/SC[^/]+\.json", recorded.SHORT_CODE),
    ("/v1/Services", {"meta": recorded.META_V1, "services": [recorded.SERVICE]}),
    ("/v1/Services/MG[^/]+", recorded.SERVICE),
    ("/v1/Services/MG[^/]+/PhoneNumbers", {"meta": recorded.META_V1, "phone_numbers": [recorded.MEMBER]}),
    ("/v1/Services/MG[^/]+/PhoneNumbers/PN[^/]+", recorded.MEMBER),
)
_VAPIS = (
    ("/phone-number", recorded.PHONE_NUMBER),
    ("/assistant", recorded.ASSISTANT),
    ("/squad", recorded.SQUAD),
)
_REFUSED = 400
_SHAPES: list[tuple[str, re.Pattern[str], Any]] = [
    *(("twilio", re.compile(path), shape) for path, shape in _TWILIOS),
    *(("vapi", re.compile(rf"{path}/[^/]+"), shape) for path, shape in _VAPIS),
    *(("vapi", re.compile(path), [shape]) for path, shape in _VAPIS),
    (
        "vapi",
        re.compile("/v2/phone-number"),
        {"results": [recorded.PHONE_NUMBER], "metadata": recorded.METADATA},
    ),
]


def complaints(exchange: Exchange) -> Iterator[str]:
    """Yield how an answer differs from what was recorded of its vendor."""
    shape = _shape_of(exchange)
    if shape is not None and exchange.answer_body:
        yield from differences(shape, json.loads(exchange.answer_body), "the answer, as recorded,")


def _shape_of(exchange: Exchange) -> Any:
    if exchange.status >= _REFUSED:
        return recorded.VAPI_ERROR if exchange.vendor == "vapi" else recorded.TWILIO_ERROR
    for vendor, path, shape in _SHAPES:
        if vendor == exchange.vendor and path.fullmatch(exchange.path):
            # What creates something answers that, not the list of all.
            return shape[0] if isinstance(shape, list) and exchange.method == "POST" else shape
    return None
