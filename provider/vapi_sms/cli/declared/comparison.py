"""Comparison: what joins, changes and leaves in each stack, from one fleet file to the next, and as text; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from vapi_sms.cli.declared.wording import Options, differences, said
from vapi_sms.cli.review.markdown import plain
from vapi_sms.core.inert import Line, line
from vapi_sms.core.numbers import is_unlisted, unlisted_line
from vapi_sms.core.telling import gathered
from vapi_sms.resources.fleet_file.bounds import MOST_DECLARED, TOO_MANY
from vapi_sms.resources.fleet_file.mistakes import FleetFileMistakes, Mistake
from vapi_sms.resources.fleet_file.reading import FleetFile

Numbers = Mapping[str, Options]


class Kind(StrEnum):
    """What happens to a number, in the order in which people should read it; declared: there is nothing to compare."""

    LEAVES = "leaves"
    CHANGES = "changes"
    JOINS = "joins"
    STAYS = "stays"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class Change:
    """One number: what happens to it, and what is said of it then."""

    kind: Kind
    number: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StackChanges:
    """One stack, None for all; `note` says what is special about it."""

    stack: str | None
    changes: tuple[Change, ...]
    note: str = ""

    def count(self, kind: Kind) -> int:
        """Count the numbers to which that happens."""
        return sum(change.kind is kind for change in self.changes)

    @property
    def to_tell(self) -> tuple[Change, ...]:
        """The numbers that people should read of: not those that stay as they are."""
        return tuple(change for change in self.changes if change.kind is not Kind.STAYS)


def compared(head: FleetFile, base: FleetFile | None, stack: str | None) -> tuple[StackChanges, ...]:
    """Compare stack by stack, or one stack alone; without a base, say what is declared.

    Raises FleetFileMistakes where the one stack is in neither file, or all of them are too many numbers to compare.
    """
    stacks = _stacks(head, base, stack)
    files = [head, *([base] if base else [])]
    if sum(file.count(name) for file in files for name in stacks) > len(files) * MOST_DECLARED:
        raise FleetFileMistakes(head.name, [Mistake(0, (), TOO_MANY)])
    return tuple(_compared(head, base, name) for name in stacks)


def unlisted(stacks: Iterable[StackChanges]) -> tuple[str, ...]:
    """Say which numbers that are declared only Twilio can judge."""
    declared = {
        change.number for stack in stacks for change in stack.changes if change.kind is not Kind.LEAVES
    }
    return gathered({number: unlisted_line(number) for number in declared if is_unlisted(number)})


def _stacks(head: FleetFile, base: FleetFile | None, stack: str | None) -> tuple[str | None, ...]:
    names = sorted({*head.stacks, *(base.stacks if base else ())})
    if stack is not None:
        if stack not in names:
            head.numbers(stack)  # refuses it where stacks are told apart
        return (stack,)
    return tuple(names) or (None,)


def _compared(head: FleetFile, base: FleetFile | None, stack: str | None) -> StackChanges:
    after = numbers_of(head, stack)
    if base is None:
        return StackChanges(
            stack, tuple(Change(Kind.DECLARED, number, said(after[number])) for number in after)
        )
    before = numbers_of(base, stack)
    changes = sorted(_changes(before, after), key=lambda change: (_ORDER[change.kind], change.number))
    return StackChanges(stack, tuple(changes), _note(head, base, stack))


def numbers_of(file: FleetFile, stack: str | None) -> Numbers:
    """Give what a file declares for a stack: nothing where it tells stacks apart and does not have this one."""
    if file.tells_apart_without(stack):
        return {}
    return file.numbers(stack)


_ORDER = {kind: order for order, kind in enumerate(Kind)}


def _changes(before: Numbers, after: Numbers) -> Iterator[Change]:
    for number in before.keys() | after.keys():
        if number not in after:
            yield Change(Kind.LEAVES, number, _on_leaving(before[number]))
        elif number not in before:
            yield Change(Kind.JOINS, number, said(after[number]))
        elif lines := differences(before[number], after[number]):
            yield Change(Kind.CHANGES, number, lines)
        else:
            yield Change(Kind.STAYS, number, said(after[number]))


def _on_leaving(options: Options) -> tuple[str, ...]:
    """Say what the file said of a number that leaves; protect and on_remove among it say what becomes of it."""
    if options.get("protect"):
        return ("is protected: pulumi up refuses", *said(options))
    if options.get("on_remove") == "leave":
        return ("stays at Vapi", *said(options))
    return ("gets its routing back", *said(options))


def _note(head: FleetFile, base: FleetFile, stack: str | None) -> str:
    if head.tells_apart_without(stack):
        return "this stack is in the file no longer: pulumi up refuses there"
    if base.tells_apart_without(stack):
        return "this stack is new in the file"
    return ""


_MARKS = {Kind.LEAVES: "-", Kind.CHANGES: "~", Kind.JOINS: "+", Kind.DECLARED: " "}
_VERBS = {
    Kind.LEAVES: ("leaves", "leave"),
    Kind.CHANGES: ("changes", "change"),
    Kind.JOINS: ("joins", "join"),
    Kind.STAYS: ("stays as it is", "stay as they are"),
    Kind.DECLARED: ("is declared", "are declared"),
}
_LONGEST = 1000


def text(stacks: Sequence[StackChanges]) -> tuple[Line, ...]:
    """Give all stacks."""
    return tuple(line(told) for stack in stacks for told in _stack(stack))


def counts(stack: StackChanges) -> str:
    """Say what happens to how many numbers."""
    told = [f"{count:,} {_VERBS[kind][count > 1]}" for kind in Kind if (count := stack.count(kind))]
    return ", ".join(told) or "no number"


def numbers(count: int) -> str:
    """Count numbers."""
    return f"{count:,} {'number' if count == 1 else 'numbers'}"


def _stack(stack: StackChanges) -> Iterator[str]:
    name = "all stacks" if stack.stack is None else f"stack {plain(stack.stack, _LONGEST)}"
    note = f" ({stack.note})" if stack.note else ""
    yield f"{name}: {counts(stack)}{note}"
    for change in stack.to_tell:
        yield f"{_MARKS[change.kind]} {change.number}  {plain('; '.join(change.lines), _LONGEST)}"
