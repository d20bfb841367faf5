"""Numbers as written: E.164 and in the United States, or a PN SID; anything else is told what it is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vapi_sms.core.e164 import without_marks
from vapi_sms.core.errors import BadInput
from vapi_sms.core.numbers import (
    _SHARING_PLUS_1,
    country_of,
    is_short_code,
    is_toll_free,
    is_unlisted,
    parse_any_number,
    parse_number_sid,
    parse_routed_sid,
    parse_short_code,
    parse_us_number,
    unlisted_line,
)

PN, SC = "PN" + "0aF" * 10 + "00", "SC" + "0" * 32
NO_E164 = "is not in E.164 form (+, country code, digits, nothing else)"
NO_NUMBER = "is not a phone number that exists: check its digits in Twilio's Console"
US_ONLY = "and Vapi answers texts of US numbers only"
SHARED = "(+1 is shared by the US, Canada and the Caribbean)"


@pytest.mark.parametrize("text", ["+14155550100", "+12125550123", "+18005550100", "+18085550100"])
def test_us_number_is_kept_as_written(text: str) -> None:
    """Mainland, toll-free and Hawaiian numbers are US numbers."""
    assert parse_us_number(text) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("415-555-0100", f"'415-555-0100' {NO_E164}: write \"+14155550100\""),
        ("1 (415) 555-0100", f"'1 (415) 555-0100' {NO_E164}: write \"+14155550100\""),
        ("+1 415 555 0100", f"'+1 415 555 0100' {NO_E164}: write \"+14155550100\""),
        ("+14155550100\n", f"'+14155550100\\n' {NO_E164}: write \"+14155550100\""),
        ("0207 946 0958 12", f"'0207 946 0958 12' {NO_E164}: write it like \"+14155550100\""),
        ("", f"'' {NO_E164}: write it like \"+14155550100\""),
        ("front desk", f"'front desk' {NO_E164}: write it like \"+14155550100\""),
        ("+14165550100", f"+14165550100 is a number of Canada (CA), {US_ONLY} {SHARED}: declare a US number"),
        (
            "+18765550100",
            f"+18765550100 is a number of Jamaica (JM), {US_ONLY} {SHARED}: declare a US number",
        ),
        ("+442079460958", f"+442079460958 is a number of GB, {US_ONLY}: declare a US number"),
        ("+11234567890", f"+11234567890 {NO_NUMBER}"),
        ("+9991234567", f"+9991234567 {NO_NUMBER}"),
        ("+19115550100", f"+19115550100 {NO_NUMBER}"),
        ("+14151550100", f"+14151550100 {NO_NUMBER}"),
    ],
)
def test_other_number_is_told_what_it_is(text: str, told: str) -> None:
    """A number that is no US number in E.164 form is refused with what to write, or why not."""
    with pytest.raises(BadInput) as refused:
        parse_us_number(text)

    assert (refused.value.subject, str(refused.value)) == ("number", told)


def test_every_country_that_shares_plus_1_is_named() -> None:
    """CA alone reads as California."""
    sharing = set(phonenumbers.COUNTRY_CODE_TO_REGION_CODE[1])

    assert set(_SHARING_PLUS_1) == sharing - {"US"}


@pytest.mark.parametrize("area", [924, 837, 436, 621, 457])
def test_an_area_code_newer_than_our_table_is_for_twilio_to_judge(area: int) -> None:
    """The table of numbers ages; what it does not have may exist, and counts as American until Twilio says more."""
    number = f"+1{area}5550100"

    assert parse_us_number(number) == number
    assert country_of(number) == "US"
    if is_unlisted(number):  # a later table has it
        assert unlisted_line(number).startswith(f"{number}: area code {area} is not among those known here")


def test_only_what_the_numbering_plan_could_give_out_is_left_to_twilio() -> None:
    """What is listed, or malformed, needs nobody else's judgement."""
    assert is_unlisted("+15555550100")
    told = ("+14155550100", "+14165550100", "+19115550100", "+14151550100", "+442079460958", "PN1", "")
    assert not any(is_unlisted(text) for text in told)


DECIMAL = f"{NO_E164}: a spreadsheet wrote it as a decimal number"
EXPONENT = f"{NO_E164}: a spreadsheet wrote it with an exponent"
LOST = "and some of its digits are lost: give its column the format of texts, and write it like"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("+14155550100.0", f'{DECIMAL}: write "+14155550100"'),
        ("14155550100.0", f'{DECIMAL}: write "+14155550100"'),
        ("4155550100.00", f'{DECIMAL}: write "+14155550100"'),
        ("+14155550100,0", f'{DECIMAL}: write "+14155550100"'),
        ("+1415555010.0", f'{DECIMAL}: write it like "+14155550100"'),
        ("+442079460958.0", f'{DECIMAL}: write "+442079460958"'),
        ("1.41555501E+10", f'{EXPONENT}: write "+14155550100"'),
        ("+1.4155550123e10", f'{EXPONENT}: write "+14155550123"'),
        ("1,4155550123E+10", f'{EXPONENT}: write "+14155550123"'),
        ("1.41556E+10", f'{EXPONENT}, {LOST} "+14155550100"'),
        ("1E+10", f'{EXPONENT}, {LOST} "+14155550100"'),
        ("14155550100", f'{NO_E164}: write "+14155550100"'),
        ("'14155550100", f'{NO_E164}: write "+14155550100"'),
    ],
)
def test_what_a_spreadsheet_made_of_a_number_is_told_with_the_number_that_was_meant(
    text: str, told: str
) -> None:
    """Decimal points, exponents and lost plus signs; where digits are lost, nothing is guessed."""
    with pytest.raises(BadInput) as refused:
        parse_us_number(text)

    assert str(refused.value) == f"{text!r} {told}"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+1 (415) 555-0100", "+14155550100"),
        ("+1.415.555.0100", "+14155550100"),
        ("+1 415 555.0100", "+14155550100"),
        ("+14155550100.0", "+14155550100.0"),
        ("+1415555010.0", "+1415555010.0"),
        ("+1415555010.05", "+1415555010.05"),
        ("+1.4155550100E+10", "+1.4155550100E+10"),
        ("415-555-0100", "415-555-0100"),
    ],
)
def test_marks_are_taken_out_of_what_people_write_only(written: str, number: str) -> None:
    """Without its point a decimal number would be another phone number."""
    assert without_marks(written) == number


def test_a_foreign_number_with_blanks_is_not_guessed_to_be_american() -> None:
    """Ten digits after a plus are not ten digits after a 1."""
    with pytest.raises(BadInput, match='write it like "\\+14155550100"'):
        parse_us_number("+32 2 555 12 12")


@given(st.one_of(st.text(), st.from_regex(r"\+[0-9]{5,16}", fullmatch=True)))
def test_any_text_is_a_us_number_or_refused(text: str) -> None:
    """Whatever is written, it comes back as it is, or as BadInput."""
    with suppress(BadInput):
        assert parse_us_number(text) == text


@given(st.integers(min_value=200_000_0000, max_value=999_999_9999))
def test_a_number_with_plus_1_is_read_as_phonenumbers_reads_it(national: int) -> None:
    """Skipping the interpretation of what is written changes no verdict."""
    text = f"+1{national}"
    region = phonenumbers.region_code_for_number(phonenumbers.parse(text))
    is_us = region == "US" or is_unlisted(text)

    with suppress(BadInput):
        assert (parse_us_number(text) == text) is is_us
        return
    assert not is_us


@pytest.mark.parametrize("rest", ["2345678", "5550100", "9115555"])
def test_an_area_code_is_the_uss_where_phonenumbers_says_so(rest: str) -> None:
    """All that there can be, also those that several countries share."""
    codes = [code for code in map(str, range(200, 1000)) if not code.endswith("11")]
    numbers = [phonenumbers.PhoneNumber(1, int(f"{code}{rest}")) for code in codes]
    regions = dict(zip(codes, map(phonenumbers.region_code_for_number, numbers), strict=True))

    for code, region in regions.items():
        with suppress(BadInput):
            assert parse_us_number(f"+1{code}{rest}")
            assert region in ("US", None), code
            continue
        assert region not in ("US", None), code
    assert len({*regions.values()}) > 20


def test_number_sid_is_kept_as_written() -> None:
    """PN and 32 hex digits."""
    assert parse_number_sid(PN) == PN


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SC, f"{SC} is a short code, which Vapi cannot import: declare a phone number (PN...)"),
        ("PN123", "'PN123' is not a phone number's SID: write PN and 32 hex digits"),
        (f"{PN}\n", f"'{PN}\\n' is not a phone number's SID: write PN and 32 hex digits"),
        ("+14155550100", "'+14155550100' is not a phone number's SID: write PN and 32 hex digits"),
    ],
)
def test_other_sid_is_told_what_it_is(text: str, told: str) -> None:
    """A short code, or anything else, is refused."""
    with pytest.raises(BadInput) as refused:
        parse_number_sid(text)

    assert (refused.value.subject, str(refused.value)) == ("twilioSid", told)


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+14155550100", "US"),
        ("+18005550100", "US"),
        ("+14165550100", "CA"),
        ("+447700900100", "GB"),
        ("+10005550100", "US"),
        ("no number", ""),
    ],
)
def test_country_is_told_of_any_number(number: str, country: str) -> None:
    """Also of numbers that no carrier gives out; what is no number has none."""
    assert country_of(number) == country


@pytest.mark.parametrize(
    ("number", "free"),
    [("+18005550100", True), ("+18335550100", True), ("+14155550100", False), ("no number", False)],
)
def test_toll_free_numbers_are_told_from_others(number: str, *, free: bool) -> None:
    """By the numbering plan's own table."""
    assert is_toll_free(number) is free


def test_what_a_route_is_declared_by_is_kept_as_written() -> None:
    """Numbers of any country, their SIDs, and short codes by digits or SID."""
    assert [parse_any_number(text) for text in ("+14155550100", "+447700900100", "+80012345678")] == [
        "+14155550100",
        "+447700900100",
        "+80012345678",
    ]
    assert parse_routed_sid(PN) == PN
    assert [parse_short_code(text) for text in ("12345", "894546", SC)] == ["12345", "894546", SC]
    keys = ("12345", SC, "+14155550100", PN)
    assert [is_short_code(key) for key in keys] == [True, True, False, False]


@pytest.mark.parametrize(
    ("parse", "text", "told"),
    [
        (parse_any_number, "415-555-0100", f"'415-555-0100' {NO_E164}: write \"+14155550100\""),
        (parse_any_number, "12345", "12345 is no phone number: for a short code write short_code='12345'"),
        (parse_routed_sid, SC, f"{SC} is a short code: write short_code={SC!r}"),
        (parse_routed_sid, "PN1", "'PN1' is not a phone number's SID: write PN and 32 hex digits"),
        (parse_short_code, "12", "'12' is not a short code: write its digits, or SC and 32 hex digits"),
        (parse_short_code, PN, f"{PN!r} is not a short code: write its digits, or SC and 32 hex digits"),
    ],
)
def test_what_no_route_is_declared_by_is_told(parse: Callable[[str], str], text: str, told: str) -> None:
    """The refusal says which input takes it, or how it is written."""
    with pytest.raises(BadInput) as refused:
        parse(text)

    assert str(refused.value) == told
