"""Layers: what a file says of a number, from afar to close by; what is closer wins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vapi_sms.resources.fleet_file.mistakes import Path
from vapi_sms.resources.fleet_file.models import LEFT_OUT, File, Options, Stack
from vapi_sms.resources.fleet_file.places import Place

Places = Mapping[str | None, dict[str, Place]]
"""The place of each number, by the stack in whose part it stands; None stands for what is above all stacks."""

_ATTACHED = frozenset({"assistant", "squad"})


@dataclass(frozen=True, slots=True)
class Declared:
    """A number of one stack: its options as a program would write them, and where in the file it stands."""

    number: str
    options: Mapping[str, object]
    path: Path

    @property
    def is_answered(self) -> bool:
        """Somebody answers its texts: an assistant or a squad."""
        return not _ATTACHED.isdisjoint(self.options)


def declared(file: File, places: Places, stack: str | None) -> Iterator[Declared]:
    """Give each number of a stack, in order.

    From afar to close by: the defaults, the stack's defaults, the group, the stack's part of the group, the number,
    the stack's part of the number.
    """
    part = file.stacks.get(stack, Stack()) if stack is not None else Stack()
    base, own = places[None], places.get(stack, {}) if stack is not None else {}
    for number in sorted(base | own):
        found = [place for place in (base.get(number), own.get(number)) if place]
        entries = [_entry(file, place) for place in found]
        if any(entry is LEFT_OUT for entry in entries):
            continue
        layers = [file.defaults, part.defaults]
        group = next((place.group for place in found if place.group), None)
        if group is not None:
            layers += [file.groups[group], *([part.groups[group]] if group in part.groups else [])]
        yield Declared(number, _folded([*layers, *entries]), found[-1].path)


def _entry(file: File, place: Place) -> Options:
    level = file if place.stack is None else file.stacks[place.stack]
    holder = level if place.group is None else level.groups[place.group]
    return holder.numbers[place.written]


def _folded(layers: Sequence[Options]) -> dict[str, object]:
    """Let later layers win; an assistant takes the place of a squad, and null takes back what was said before."""
    options: dict[str, object] = {}
    for layer in layers:
        said = layer.said()
        if any(said.get(name) is not None for name in _ATTACHED):
            options = {name: value for name, value in options.items() if name not in _ATTACHED}
        options |= said
    return {name: value for name, value in sorted(options.items()) if value is not None}
