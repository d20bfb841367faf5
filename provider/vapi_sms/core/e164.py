"""E.164, the form in which both vendors know a number: a plus sign and digits (ITU-T E.164, section 6).

By itself, since programs ask for the form of a number, and must not import the tables of all numbers for it. What a
spreadsheet makes of a number is told here too: without its dot it would be another number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

E164 = re.compile(r"\+[1-9][0-9]{6,14}")

# Who writes a number with dots has four digits after the last one, or more dots: 415.555.0100.
_DECIMAL = re.compile(r"(\+?[0-9 ()-]{7,})[.,][0-9]{1,3}")
_EXPONENT = re.compile(r"\+?([0-9])(?:[.,]([0-9]*))?[eE]\+?([0-9]{1,2})")
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
