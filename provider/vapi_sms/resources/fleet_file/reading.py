"""Reading a fleet file: text, marks, models, places, and what each stack declares; all mistakes at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from vapi_sms.core.documents import decoded
from vapi_sms.resources.fleet_file.bounds import MOST_BYTES, MOST_DECLARED, TOO_LARGE, TOO_MANY
from vapi_sms.resources.fleet_file.layers import Places, declared
from vapi_sms.resources.fleet_file.marks import Marked, marked
from vapi_sms.resources.fleet_file.mistakes import FleetFileMistakes, Mistake, shown
from vapi_sms.resources.fleet_file.models import File
from vapi_sms.resources.fleet_file.places import by_stack, contradictions, places_in
from vapi_sms.resources.fleet_file.words import closest, mistakes

Numbers = dict[str, dict[str, object]]
"""Options by number, as VapiSmsFleet takes them."""


@dataclass(frozen=True, slots=True)
class FleetFile:
    """A fleet file in which every stack declares something that can be meant."""

    name: str
    _document: Marked
    _file: File
    _places: Places
    stacks: tuple[str, ...]
    """The stacks that the file tells apart, in order; none where it is the same for all."""

    def tells_apart_without(self, stack: str | None) -> bool:
        """Tell whether the file tells stacks apart, and says nothing of this one."""
        return bool(self.stacks) and stack not in self._file.stacks

    def numbers(self, stack: str | None) -> Numbers:
        """Give what a stack declares, or with None what stands above all stacks; raises FleetFileMistakes."""
        if stack is not None and self.tells_apart_without(stack):
            raise FleetFileMistakes(self.name, [self._document.mistake(("stacks",), self._no_stack(stack))])
        if unanswered := self.unanswered(stack):
            raise FleetFileMistakes(self.name, unanswered)
        return {one.number: dict(one.options) for one in declared(self._file, self._places, stack)}

    def count(self, stack: str | None) -> int:
        """Count the numbers that stand in the file for a stack, those that it leaves out too."""
        own = len(self._places.get(stack, ())) if stack is not None else 0
        return len(self._places[None]) + own

    def unanswered(self, stack: str | None) -> list[Mistake]:
        """Find the numbers of a stack that have neither assistant nor squad."""
        found = declared(self._file, self._places, stack)
        return [self._document.mistake(one.path, _NOBODY) for one in found if not one.is_answered]

    def _no_stack(self, stack: str) -> str:
        hint = closest(stack, self.stacks) or f"there are {listed(self.stacks)}."
        return (
            f"says nothing of stack {shown(stack)}: {hint} To declare there what stands above the stacks, add "
            f"{shown(stack)}: {{}}"
        )


EMPTY = FleetFile("", Marked(), File(), {None: {}}, ())
"""A file that declares nothing."""
_LISTED = 20
_NOBODY = "is answered by nobody: write an assistant or a squad here, in its group or in defaults"


def read_fleet_file(path: Path) -> FleetFile:
    """Read a file; raises FleetFileMistakes with all that is wrong, in any stack."""
    name = str(path)
    return parse_fleet_file(_text(path, name), name)


def parse_fleet_file(text: str, name: str) -> FleetFile:
    """Read a file's text, as `name` in what is told of it; raises FleetFileMistakes like `read_fleet_file`."""
    if len(text) > MOST_BYTES:
        raise FleetFileMistakes(name, [Mistake(0, (), TOO_LARGE)])
    document = marked(text, name)
    places = places_in(document.value)
    found = document.mistakes + contradictions(places, document)
    try:
        file = File.model_validate(document.value)
    except ValidationError as invalid:
        raise FleetFileMistakes(name, found + mistakes(invalid, document)) from None
    if found:
        raise FleetFileMistakes(name, found)
    fleet_file = FleetFile(name, document, file, by_stack(places), tuple(sorted(file.stacks)))
    if sum(map(fleet_file.count, told_apart(fleet_file))) > MOST_DECLARED:
        raise FleetFileMistakes(name, [document.mistake(("stacks",), TOO_MANY)])
    unanswered = [mistake for stack in told_apart(fleet_file) for mistake in fleet_file.unanswered(stack)]
    if unanswered:
        raise FleetFileMistakes(name, unanswered)
    return fleet_file


def listed(names: Sequence[str]) -> str:
    """Name the first ones, and count the others."""
    more = f" and {len(names) - _LISTED:,} others" if len(names) > _LISTED else ""
    return ", ".join(map(shown, names[:_LISTED])) + more


def told_apart(fleet_file: FleetFile) -> tuple[str | None, ...]:
    """List the stacks; only None where the file is the same for all."""
    return fleet_file.stacks or (None,)


def _text(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            found = file.read(MOST_BYTES + 1)
    except OSError as unreadable:
        raise FleetFileMistakes(name, [Mistake(0, (), f"cannot be read: {unreadable.strerror}")]) from None
    if len(found) > MOST_BYTES:
        raise FleetFileMistakes(name, [Mistake(0, (), TOO_LARGE)])
    try:
        return decoded(found)
    except UnicodeDecodeError as odd:
        line = odd.object.count(b"\n", 0, odd.start) + 1
        raise FleetFileMistakes(name, [Mistake(line, (), "is not UTF-8: save the file as UTF-8")]) from None
