"""Reading a fleet file: text, marks, models, places, and what each stack declares; all mistakes at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from vapi_sms.resources.fleet_file.layers import declared
from vapi_sms.resources.fleet_file.marks import Marked, marked
from vapi_sms.resources.fleet_file.mistakes import FleetFileMistakes, Mistake, shown
from vapi_sms.resources.fleet_file.models import File
from vapi_sms.resources.fleet_file.places import Place, contradictions, places_in
from vapi_sms.resources.fleet_file.words import closest, mistakes

Numbers = dict[str, dict[str, object]]
"""Options by number, as VapiSmsFleet takes them."""


@dataclass(frozen=True, slots=True)
class FleetFile:
    """A fleet file in which every stack declares something that can be meant."""

    name: str
    _document: Marked
    _file: File
    _places: list[Place]

    @property
    def stacks(self) -> tuple[str, ...]:
        """The stacks that the file tells apart, in order; none where it is the same for all."""
        return tuple(sorted(self._file.stacks))

    def numbers(self, stack: str | None) -> Numbers:
        """Give what a stack declares, or with None what stands above all stacks; raises FleetFileMistakes."""
        if stack is not None and self.stacks and stack not in self.stacks:
            raise FleetFileMistakes(self.name, [self._document.mistake(("stacks",), self._no_stack(stack))])
        if unanswered := self.unanswered(stack):
            raise FleetFileMistakes(self.name, unanswered)
        return {one.number: dict(one.options) for one in declared(self._file, self._places, stack)}

    def unanswered(self, stack: str | None) -> list[Mistake]:
        """Find the numbers of a stack that have neither assistant nor squad."""
        found = declared(self._file, self._places, stack)
        return [self._document.mistake(one.path, _NOBODY) for one in found if not one.is_answered]

    def _no_stack(self, stack: str) -> str:
        hint = closest(stack, self.stacks) or f"there are {', '.join(map(shown, self.stacks))}."
        return (
            f"says nothing of stack {shown(stack)}: {hint} To declare there what stands above the stacks, add "
            f"{shown(stack)}: {{}}"
        )


EMPTY = FleetFile("", Marked(), File(), [])
"""A file that declares nothing."""
_NOBODY = "is answered by nobody: write an assistant or a squad here, in its group or in defaults"


def read_fleet_file(path: Path) -> FleetFile:
    """Read a file; raises FleetFileMistakes with all that is wrong, in any stack."""
    name = str(path)
    document = marked(_text(path, name), name)
    places = places_in(document.value)
    found = document.mistakes + contradictions(places, document)
    try:
        file = File.model_validate(document.value)
    except ValidationError as invalid:
        raise FleetFileMistakes(name, found + mistakes(invalid, document)) from None
    if found:
        raise FleetFileMistakes(name, found)
    fleet_file = FleetFile(name, document, file, places)
    unanswered = [mistake for stack in told_apart(fleet_file) for mistake in fleet_file.unanswered(stack)]
    if unanswered:
        raise FleetFileMistakes(name, unanswered)
    return fleet_file


def told_apart(fleet_file: FleetFile) -> tuple[str | None, ...]:
    """List the stacks; only None where the file is the same for all."""
    return fleet_file.stacks or (None,)


def _text(path: Path, name: str) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as unreadable:
        raise FleetFileMistakes(name, [Mistake(0, (), f"cannot be read: {unreadable.strerror}")]) from None
    except UnicodeDecodeError as odd:
        line = odd.object.count(b"\n", 0, odd.start) + 1
        raise FleetFileMistakes(name, [Mistake(line, (), "is not UTF-8: save the file as UTF-8")]) from None
