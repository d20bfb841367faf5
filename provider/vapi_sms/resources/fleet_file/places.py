"""Places: where each number is written in a file, and the mistakes that only more than one place shows.

Works on plain values, of a file that may have other mistakes, so that all are told at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, repeat
from typing import Any

from vapi_sms.resources.fleet_file.marks import Marked
from vapi_sms.resources.fleet_file.mistakes import Mistake, Path, dotted, shown
from vapi_sms.resources.fleet_file.words import closest
from vapi_sms.resources.inputs.entries import spelled

_HINTS = 10  # for so many unknown groups is looked for what was meant: each look is at every group


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a number: in which stack's part and group, how it is written, and what is said of it there."""

    stack: str | None
    group: str | None
    written: str
    said: object
    path: Path

    @property
    def number(self) -> str:
        """The number in one spelling; a SID stays a SID."""
        return spelled(self.written)


def places_in(value: object) -> list[Place]:
    """List all places of numbers, the stacks' last."""
    found = list(_level(_map(value), None, ()))
    for stack, part in _map(_map(value).get("stacks")).items():
        found += _level(_map(part), stack, ("stacks", stack))
    return found


def by_stack(places: Sequence[Place]) -> dict[str | None, dict[str, Place]]:
    """Give the first place of each number in each stack's part; None stands for what is above all stacks."""
    found: dict[str | None, dict[str, Place]] = {None: {}}
    for place in places:
        found.setdefault(place.stack, {}).setdefault(place.number, place)
    return found


def contradictions(places: Sequence[Place], document: Marked) -> list[Mistake]:
    """Find what is declared twice, what has two groups, and what a stack says of numbers and groups for nothing."""
    base = by_stack(places)[None]
    first: dict[tuple[str | None, str], Place] = {}
    found = []
    for place in places:
        other = first.setdefault((place.stack, place.number), place)
        if other is not place:
            twice = f"is declared twice: also in line {document.line(other.path)} ({dotted(other.path)})"
            found.append(document.mistake(place.path, twice))
        elif place.stack is not None and (text := _for_nothing(place, base.get(place.number), document)):
            found.append(document.mistake(place.path, text))
    return found + list(_unknown_groups(document))


def _for_nothing(place: Place, base: Place | None, document: Marked) -> str:
    """Say why a stack's part cannot mean what it says of a number; nothing where it can."""
    if base is None:
        undeclared = "is left out here, and declared nowhere else: correct the number, or take this out"
        return undeclared if place.said is False else ""
    if place.group and base.group and place.group != base.group:
        line = document.line(base.path)
        return f"is in group {shown(base.group)} already, in line {line}: a number has one group"
    if place.said is None and place.group in (None, base.group):
        return (
            f"is declared already, in line {document.line(base.path)}: write false to leave it out in this stack, "
            "or take this out"
        )
    return ""


def _unknown_groups(document: Marked) -> Iterator[Mistake]:
    groups = _map(_map(document.value).get("groups"))
    hints = islice(repeat(groups), _HINTS)
    for stack, part in _map(_map(document.value).get("stacks")).items():
        for group in _map(_map(part).get("groups")):
            if group not in groups:
                hint = closest(group, next(hints, ())) or "write it below groups: at the top, too"
                yield document.mistake(
                    ("stacks", stack, "groups", group), f"is no group of this file: {hint}"
                )


def _level(level: Mapping[str, Any], stack: str | None, path: Path) -> Iterator[Place]:
    yield from _container(level.get("numbers"), stack, None, (*path, "numbers"))
    for group, part in _map(level.get("groups")).items():
        yield from _container(_map(part).get("numbers"), stack, group, (*path, "groups", group, "numbers"))


def _container(numbers: object, stack: str | None, group: str | None, path: Path) -> Iterator[Place]:
    if isinstance(numbers, list):
        numbers = dict.fromkeys(number for number in numbers if isinstance(number, str))
    for written, said in _map(numbers).items():
        yield Place(stack, group, written, said, (*path, written))


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
