"""Numbers as written in a program: E.164 (for Vapi in the United States), a short code, or a SID at Twilio."""

from __future__ import annotations

import functools
import re

import phonenumbers

from vapi_sms.core.e164 import E164, not_e164
from vapi_sms.core.errors import BadInput

_PLUS_1 = re.compile(r"\+1[2-9][0-9]{9}")
# What the North American Numbering Plan can give out: no area code is 211 to 911, which are services.
_GIVEN_OUT = re.compile(r"\+1(?![2-9]11)[2-9][0-9]{2}[2-9][0-9]{6}")
_PN_SID = re.compile(r"PN[0-9a-fA-F]{32}")
_SHORT_CODE_SID = re.compile(r"SC[0-9a-fA-F]{32}")
_SHORT_CODE = re.compile(r"[0-9]{3,8}")
_NONE = r"(?!)"  # what no text is

# The countries and territories that share +1 with the US, by their ISO 3166 codes, which read as states otherwise.
_SHARING_PLUS_1 = {
    "AG": "Antigua and Barbuda",
    "AI": "Anguilla",
    "AS": "American Samoa",
    "BB": "Barbados",
    "BM": "Bermuda",
    "BS": "the Bahamas",
    "CA": "Canada",
    "DM": "Dominica",
    "DO": "the Dominican Republic",
    "GD": "Grenada",
    "GU": "Guam",
    "JM": "Jamaica",
    "KN": "Saint Kitts and Nevis",
    "KY": "the Cayman Islands",
    "LC": "Saint Lucia",
    "MP": "the Northern Mariana Islands",
    "MS": "Montserrat",
    "PR": "Puerto Rico",
    "SX": "Sint Maarten",
    "TC": "the Turks and Caicos Islands",
    "TT": "Trinidad and Tobago",
    "VC": "Saint Vincent and the Grenadines",
    "VG": "the British Virgin Islands",
    "VI": "the US Virgin Islands",
}


def parse_us_number(text: str) -> str:
    """Give back `text` if it may be a US phone number in E.164 form; else raise BadInput that says what it is.

    One whose area code our table does not have passes: only Twilio can tell whether it exists (see `is_unlisted`).
    """
    if not E164.fullmatch(text):
        raise BadInput("number", not_e164(text))
    region = _region(text)
    if region == "US" or is_unlisted(text):
        return text
    if region is None:
        raise BadInput(
            "number", f"{text} is not a phone number that exists: check its digits in Twilio's Console"
        )
    country = f"{_SHARING_PLUS_1[region]} ({region})" if region in _SHARING_PLUS_1 else region
    why = " (+1 is shared by the US, Canada and the Caribbean)" if text.startswith("+1") else ""
    raise BadInput(
        "number",
        f"{text} is a number of {country}, and Vapi answers texts of US numbers only{why}: declare a US number",
    )


def is_unlisted(text: str) -> bool:
    """Tell a number of an area code that our table does not have: such as one that was opened since it was written."""
    return _GIVEN_OUT.fullmatch(text) is not None and _region(text) is None


def unlisted_line(number: str) -> str:
    """Say of such a number that only Twilio knows."""
    return (
        f"{number}: area code {number[2:5]} is not among those known here, which a new one may not be: whether the "
        "number exists, Twilio says at the next preview with credentials"
    )


def country_of(number: str) -> str:
    """Give the country of a number as ISO 3166 has it, also of one that does not exist; nothing where none is meant."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    found = phonenumbers.region_code_for_number(parsed)
    return str(found or phonenumbers.region_code_for_country_code(parsed.country_code or 0))


def is_toll_free(number: str) -> bool:
    """Tell whether the called side pays, such as of +1 800: carriers register these numbers in another way."""
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False
    return bool(kind == phonenumbers.PhoneNumberType.TOLL_FREE)


@functools.lru_cache(maxsize=1 << 16)
def _region(text: str) -> str | None:
    """Give the country of a number, as ISO 3166 has it; None where there is no such number."""
    if _PLUS_1.fullmatch(text):
        # Nothing in it is left to interpretation, and to read it, kind by kind, takes most of the time for thousands.
        if _usual_in_the_us().fullmatch(text, 2):
            return "US"
        return phonenumbers.region_code_for_number(phonenumbers.PhoneNumber(1, int(text[2:])))
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(text))
    except phonenumbers.NumberParseException:
        return None


@functools.cache
def _usual_in_the_us() -> re.Pattern[str]:
    """Give the table's pattern of numbers that only the US has: all but toll-free ones and the like."""
    table = phonenumbers.PhoneMetadata.metadata_for_region("US")
    usual = table and table.fixed_line and table.fixed_line.national_number_pattern
    return re.compile(usual or _NONE)


def parse_number_sid(text: str) -> str:
    """Give back `text` if it is the SID of a Twilio phone number (PN and 32 hex digits); else raise BadInput."""
    if _SHORT_CODE_SID.fullmatch(text):
        raise BadInput(
            "twilioSid", f"{text} is a short code, which Vapi cannot import: declare a phone number (PN...)"
        )
    if not _PN_SID.fullmatch(text):
        raise BadInput("twilioSid", f"{text!r} is not a phone number's SID: write PN and 32 hex digits")
    return text


def parse_any_number(text: str) -> str:
    """Give back `text` if it is a phone number of any country in E.164 form; else raise BadInput."""
    if not E164.fullmatch(text):
        if _SHORT_CODE.fullmatch(text):
            raise BadInput("number", f"{text} is no phone number: for a short code write short_code={text!r}")
        raise BadInput("number", not_e164(text))
    return text


def parse_routed_sid(text: str) -> str:
    """Give back `text` if it is the SID of a phone number; else raise BadInput that says what to write."""
    if _SHORT_CODE_SID.fullmatch(text):
        raise BadInput("twilioSid", f"{text} is a short code: write short_code={text!r}")
    return parse_number_sid(text)


def parse_short_code(text: str) -> str:
    """Give back `text` if it is a short code, by its digits or its SID; else raise BadInput."""
    if not (_SHORT_CODE.fullmatch(text) or _SHORT_CODE_SID.fullmatch(text)):
        raise BadInput(
            "shortCode", f"{text!r} is not a short code: write its digits, or SC and 32 hex digits"
        )
    return text


def is_short_code(key: str) -> bool:
    """Tell a short code, by its digits or its SID, from a phone number and its SID."""
    return key.startswith("SC") or key.isdigit()
