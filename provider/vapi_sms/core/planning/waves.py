"""Waves and shares: which numbers of a fleet come first, and how many of them; pure, and light: programs import it.

The order is that of a hash of each number, so that it says nothing about customers, and a larger share has all numbers
of a smaller one.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

Cut = str | int
"""How many: a count of numbers, or a percentage of all such as "10%"."""
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)%")
_DIGITS = 6
_ONE = 1_000_000
_WHOLE = 100 * _ONE
_WAYS = 'write a percentage such as "10%", or a count of numbers such as 25'


def in_order(numbers: Iterable[str]) -> list[str]:
    """Give numbers in the order in which they come; the same numbers always in the same."""
    return sorted(numbers, key=lambda number: (hashlib.sha256(number.encode()).digest(), number))


def count_of(cut: Cut, total: int) -> int:
    """Give how many of `total` numbers a cut is: of a percentage rounded up, and never more than there are."""
    share = _millionths(cut)
    count = int(cut) if share is None else -(-share * total // _WHOLE)
    return min(count, total)


def _millionths(cut: object) -> int | None:
    """Give a percentage in millionths of a percent, which no rounding touches; None for a count."""
    found = _PERCENT.fullmatch(str(cut))
    if found is None:
        return None
    whole, _, part = found[1].partition(".")
    return int(whole) * _ONE + int(part.ljust(_DIGITS, "0"))


def cut_mistake(cut: object) -> str:
    """Say what is wrong with how many; nothing where nothing is."""
    if isinstance(cut, str) and (share := _millionths(cut)) is not None:
        return "" if 0 < share <= _WHOLE else f"{cut!r} is not between 0% and 100%"
    is_count = (isinstance(cut, int) and not isinstance(cut, bool)) or (
        isinstance(cut, str) and cut.isdecimal()
    )
    if is_count and int(str(cut)) > 0:
        return ""
    return f"{cut!r} says not how many: {_WAYS}"


def waves_mistakes(waves: object, total: int) -> Iterator[str]:
    """Tell all that is wrong with waves of `total` numbers."""
    if isinstance(waves, str) or not isinstance(waves, Sequence) or not waves:
        yield 'waves must be a list such as ["1%", "10%", "100%"]'
        return
    wrong = [f"waves: {text}" for text in map(cut_mistake, waves) if text]
    yield from wrong
    if wrong:
        return
    for before, after in itertools.pairwise(waves):
        if _does_not_grow(before, after, total):
            yield f"waves must grow: {after!r} comes after {before!r}"
    if count_of(waves[-1], total) < total:
        yield (
            f'the last wave, {waves[-1]!r}, leaves numbers out: end with "100%", or hold the fleet with share='
        )


def _does_not_grow(before: Cut, after: Cut, total: int) -> bool:
    """Tell; of a small fleet two percentages may be the same numbers, and that is no mistake."""
    smaller, larger = _millionths(before), _millionths(after)
    if smaller is not None and larger is not None:
        return larger <= smaller
    if smaller is None and larger is None:
        return int(after) <= int(before)
    return count_of(after, total) < count_of(before, total)


def waves_of(numbers: Iterable[str], cuts: Sequence[Cut]) -> list[list[str]]:
    """Give the numbers that each wave adds."""
    ordered = in_order(numbers)
    ends = [0, *(count_of(cut, len(ordered)) for cut in cuts)]
    return [ordered[start:end] for start, end in itertools.pairwise(ends)]
