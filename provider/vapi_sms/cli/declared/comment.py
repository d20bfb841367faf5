"""A comparison as Markdown for a pull request: what happens to the same effect in one row, cut with counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from vapi_sms.cli.declared.comparison import Change, Kind, StackChanges, counts, numbers
from vapi_sms.cli.review.comment import MOST
from vapi_sms.cli.review.markdown import block, code, heading, prose, table

MARKER = "<!-- vapi-sms declared -->"
"""The line that nobody sees, by which a workflow finds its own comment."""
_SIZES = tuple(2**power for power in range(12, 0, -1))
_MOST_STACKS = 20
_ROOM_FOR_MISTAKES = MOST - 1000
_OFFLINE = (
    "Only files were read: who answers today, drift and refusals are told by `vapi-sms preview`, which needs "
    "credentials."
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is shown: rows of a stack, numbers in a row, characters of one text."""

    rows: int
    numbers: int
    longest: int


def comment(file: str, stacks: Sequence[StackChanges], notes: Sequence[str]) -> str:
    """Give the comment: as much of it as there is room for."""
    for size in _SIZES:
        limits = Limits(size, max(size // 4, 3), min(1000, 15 * size))
        found = "\n\n".join(_parts(file, stacks, notes, limits)) + "\n"
        if len(found) <= MOST:
            return found
    raise AssertionError("unreachable: 20 stacks with 2 short rows always fit")


def mistakes_comment(file: str, mistakes: str) -> str:
    """Give the comment on a file that cannot be used."""
    lines = mistakes.splitlines()
    sizes = accumulate(len(line) + 1 for line in lines)
    told = [line for line, size in zip(lines, sizes, strict=True) if size <= _ROOM_FOR_MISTAKES]
    if len(told) < len(lines):
        told.append(f"and {len(lines) - len(told):,} more lines like these")
    return f"{MARKER}\n{heading(3, f'{code(file)} cannot be used')}\n\n{block(told)}\n"


def _parts(file: str, stacks: Sequence[StackChanges], notes: Sequence[str], limits: Limits) -> Iterator[str]:
    yield f"{MARKER}\n{heading(3, f'{code(file, limits.longest)} {_sum(stacks)}')}"
    yield from (prose(note, limits.longest) for note in notes)
    for stack in stacks[:_MOST_STACKS]:
        yield from _stack(stack, limits)
    if len(stacks) > _MOST_STACKS:
        yield f"… and {len(stacks) - _MOST_STACKS:,} more stacks"
    yield _OFFLINE


def _sum(stacks: Sequence[StackChanges]) -> str:
    if declared := sum(stack.count(Kind.DECLARED) for stack in stacks):
        return f"declares {numbers(declared)}"
    changing = sum(len(stack.to_tell) for stack in stacks)
    return f"changes {numbers(changing)}" if changing else "changes no number"


def _stack(stack: StackChanges, limits: Limits) -> Iterator[str]:
    name = "All stacks" if stack.stack is None else code(stack.stack, limits.longest)
    note = f" ({stack.note})" if stack.note else ""
    yield heading(4, f"{name}: {counts(stack)}{note}")
    rows = _alike(stack.to_tell)
    if rows:
        yield table(("numbers", "change", "options"), [_row(row, limits) for row in rows[: limits.rows]])
    if left_out := sum(len(row) for row in rows[limits.rows :]):
        yield f"… and {numbers(left_out)} more"


def _alike(changes: Sequence[Change]) -> list[list[Change]]:
    """Put together what is alike; of each kind what happens to most numbers comes first."""
    rows: dict[tuple[Kind, tuple[str, ...]], list[Change]] = defaultdict(list)
    for change in changes:
        rows[change.kind, change.lines].append(change)
    order = list(Kind)
    return sorted(rows.values(), key=lambda row: (order.index(row[0].kind), -len(row), row[0].number))


def _row(row: Sequence[Change], limits: Limits) -> tuple[str, str, str]:
    named = ", ".join(code(change.number) for change in row[: limits.numbers])
    if len(row) > limits.numbers:
        named += f" and {len(row) - limits.numbers:,} more"
    return named, str(row[0].kind), "<br>".join(prose(line, limits.longest) for line in row[0].lines)
