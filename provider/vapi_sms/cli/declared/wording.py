"""A comparison in words: what a number's options say, without the hidden parts of URLs, and each change on a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from vapi_sms.cli.declared.comparison import Kind, StackChanges
from vapi_sms.cli.review.markdown import plain
from vapi_sms.core.inert import Line, line
from vapi_sms.core.routings.describe import handler_line
from vapi_sms.core.routings.routing import Routing
from vapi_sms.resources.inputs.words import LEAVE_AT_VAPI

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


Options = Mapping[str, object]

# In the order of the README's table. What is as if it were not said is what programs and files leave out.
_UNSAID: Mapping[str, object] = {
    "assistant": None,
    "squad": None,
    "sms_enabled": True,
    "name": None,
    "voice": "keep",
    "restore_to": None,
    "restore_calls_to": None,
    "adopt": False,
    "messaging_service": None,
    "on_remove": "restore",
    "protect": False,
}
_HIDDEN = "the same but for parts that are not shown"


def said(options: Options) -> tuple[str, ...]:
    """Give each option that is not as it would be without a word."""
    return tuple(
        f"{name}: {_written(options[name])}"
        for name, unsaid in _UNSAID.items()
        if options.get(name, unsaid) != unsaid
    )


def differences(before: Options, after: Options) -> tuple[str, ...]:
    """Give each option that changes, with both values."""
    return tuple(
        _difference(name, before.get(name, unsaid), after.get(name, unsaid))
        for name, unsaid in _UNSAID.items()
        if before.get(name, unsaid) != after.get(name, unsaid)
    )


def _difference(name: str, before: object, after: object) -> str:
    old, new = _written(before), _written(after)
    return f"{name}: {old} → {new if new != old else _HIDDEN}"


def _written(value: object) -> str:
    if value is None:
        return "not said"
    if isinstance(value, Routing):
        return handler_line(value)
    if value == LEAVE_AT_VAPI:
        return "leave_at_vapi"
    return str(value).lower() if isinstance(value, bool) else str(value)
