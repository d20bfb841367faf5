"""Happening: what a run does to the answers of numbers, for those who read no diff; pure.

A few numbers are told each, many are counted by who answers now and who will.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from vapi_sms.core.gathering import named

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
