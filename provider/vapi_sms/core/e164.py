"""E.164, the form in which both vendors know a number: a plus sign and digits (ITU-T E.164, section 6).

By itself, since programs ask for the form of a number, and must not import the tables of all numbers for it. What a
spreadsheet makes of a number is known here too: without its point it would be another number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

E164 = re.compile(r"\+[1-9][0-9]{6,14}")

# Who writes a number with dots has four digits after the last one, or more dots: 415.555.0100.
_DECIMAL = re.compile(r"(\+?[0-9 ()-]{7,})[.,][0-9]{1,3}")
_EXPONENT = re.compile(r"\+?([0-9])(?:[.,]([0-9]*))?[eE]\+?([0-9]{1,2})")
_LIKE = 'it like "+14155550100"'
_PRECISE = 9  # so many digits no narrow column shows: the ones that follow were zeros


@dataclass(frozen=True, slots=True)
class Mangled:
    """What a spreadsheet made of a number: how it wrote it, and the digits meant; none where some are lost."""

    how: str
    digits: str


def mangled(text: str) -> Mangled | None:
    """Recognize a number that a spreadsheet wrote, such as +14155550100.0 or 1.41555501E+10; None: it is none."""
    if found := _DECIMAL.fullmatch(text):
        return Mangled("as a decimal number", re.sub(r"[^0-9]", "", found[1]))
    if found := _EXPONENT.fullmatch(text):
        digits, count = found[1] + (found[2] or ""), int(found[3]) + 1
        whole = digits.ljust(count, "0") if _PRECISE <= len(digits) <= count else ""
        return Mangled("with an exponent", whole)
    return None


def without_marks(written: str) -> str:
    """Give a number without the blanks, dots, dashes and brackets that people write; anything else stays as it is."""
    if not written.startswith("+") or mangled(written):
        return written
    return re.sub(r"[\s().-]", "", written)


def not_e164(text: str) -> str:
    """Say that a number is written in another way, and what was probably meant."""
    form = f"{text!r} is not in E.164 form (+, country code, digits, nothing else)"
    found = mangled(text)
    if found is None:
        return f"{form}: write {_meant(text, re.sub(r'[^0-9]', '', text))}"
    if not found.digits:
        return (
            f"{form}: a spreadsheet wrote it {found.how}, and some of its digits are lost: give its column the format "
            f"of texts, and write {_LIKE}"
        )
    return f"{form}: a spreadsheet wrote it {found.how}: write {_meant(text, found.digits)}"


def _meant(text: str, digits: str) -> str:
    """Give what was probably meant, ready to be written."""
    if text.startswith("+") and not digits.startswith("1") and mangled(text):
        return f'"+{digits}"'
    if not text.startswith("+") and not digits.startswith("1"):
        digits = f"1{digits}"
    # Ten digits after the 1 make a US number; anything else is not ours to guess.
    return f'"+{digits}"' if re.fullmatch(r"1[0-9]{10}", digits) else _LIKE
