"""A comparison as text for a terminal: every number that changes, on a line of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vapi_sms.cli.declared.comparison import Kind, StackChanges
from vapi_sms.cli.review.markdown import plain
from vapi_sms.core.inert import Line, line

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
