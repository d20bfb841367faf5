"""Telling of many numbers in few lines: what is said of each, and what a run does to its answers; pure.

A few numbers are told each, the first ones by name; many are counted, by who answers now and who will.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

LINES = 20  # the most that people read
_ALONE = 3  # so many of a kind are told each by itself
_NAMED = 3
# In what one number's text may differ from another's of the same kind: numbers, their SIDs, ids, requests.
_VARYING = re.compile(
    r"\+\d{6,15}|(?:PN|IG)[0-9a-fA-F]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|request \w+"
)


def gathered(texts: Mapping[str, str], lines: int = LINES) -> tuple[str, ...]:
    """Tell what is said of each number, in the order of their keys and in `lines` lines at most.

    What is the same for many is told of the first one, with the names of some others and the count of all.
    """
    kinds: dict[str, list[str]] = {}
    for key in sorted(texts):
        kinds.setdefault(_VARYING.sub("*", texts[key]), []).append(key)
    told = [part for keys in kinds.values() for part in _parts(keys)]
    if len(told) > lines:
        told, rest = told[: lines - 1], [key for keys in told[lines - 1 :] for key in keys]
    else:
        rest = []
    shown = [_line(keys, texts) for keys in told]
    return tuple([*shown, f"and {len(rest):,} more numbers: {named(rest)}"] if rest else shown)


def named(keys: Iterable[str]) -> str:
    """Name the first few, and count the others."""
    found = list(keys)
    if len(found) <= _NAMED + 1:
        return ", ".join(found)
    return f"{', '.join(found[:_NAMED])} and {len(found) - _NAMED:,} others"


def counted(count: int) -> str:
    """Count numbers in words."""
    return "1 number" if count == 1 else f"{count:,} numbers"


def _parts(keys: Sequence[str]) -> list[Sequence[str]]:
    return [keys] if len(keys) > _ALONE else [[key] for key in keys]


def _line(keys: Sequence[str], texts: Mapping[str, str]) -> str:
    first, *others = keys
    return f"{texts[first].rstrip('.')} (the same for {named(others)})" if others else texts[first]


FEW = 5
"""So many are told each; as many lines tell of many."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Who answers texts to a number now, and who will; `drift` is what somebody changed, in words."""

    number: str
    now: str
    will: str
    drift: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything happens."""
        return self.now != self.will or bool(self.drift)

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.number}: {self._change}{self._because}"

    @property
    def _change(self) -> str:
        return self.now if self.now == self.will else f"{self.now} -> {self.will}"

    @property
    def _because(self) -> str:
        return f" (drift: {'; '.join(self.drift)})" if self.drift else ""


def told(happenings: Iterable[Happening]) -> tuple[str, ...]:
    """Give the lines: a number each, or what happens to how many."""
    happening = [each for each in happenings if each]
    if len(happening) <= FEW:
        return tuple(map(str, happening))
    lines = [_counted(group) for group in _groups(happening)]
    return (*lines[:FEW], *_rest(lines[FEW:], happening))


def _groups(happening: Sequence[Happening]) -> list[list[Happening]]:
    """Put together what is alike; where too much differs, what comes to the same. The biggest come first."""
    alike = _by({each.number: (each.now, each.will, bool(each.drift)) for each in happening}, happening)
    if len(alike) <= FEW:
        return alike
    return _by({each.number: (each.will, bool(each.drift)) for each in happening}, happening)


def _by(keys: Mapping[str, Hashable], happening: Iterable[Happening]) -> list[list[Happening]]:
    groups: dict[Hashable, list[Happening]] = {}
    for each in happening:
        groups.setdefault(keys[each.number], []).append(each)
    return sorted(groups.values(), key=lambda group: (-len(group), group[0].number))


def _counted(group: Sequence[Happening]) -> str:
    first, who = group[0], {each.now for each in group}
    if len(group) == 1:
        return str(first)
    now = first.now if len(who) == 1 else f"{len(who):,} different answers"
    change = now if who == {first.will} else f"{now} -> {first.will}"
    because = " (drift)" if first.drift else ""
    return f"{len(group):,} numbers: {change}{because}: {named([each.number for each in group])}"


def _rest(lines: Sequence[str], happening: Sequence[Happening]) -> tuple[str, ...]:
    if not lines:
        return ()
    return (f"and more: {len(happening):,} numbers change",)
