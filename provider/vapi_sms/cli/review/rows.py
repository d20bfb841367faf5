"""Rows: numbers to which the same happens, together; the coarser the view, the fewer the rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from vapi_sms.cli.review.changes import ORDER, Change, Kind


class View(IntEnum):
    """What numbers of one row have in common, beside what happens to them."""

    EXACT = 0
    """All: who answers now, who will, and what comes back on destroy."""
    SWITCH = 1
    """Who answers now, and who will."""
    GOAL = 2
    """Who will answer; of numbers that leave, who answers now."""


@dataclass(frozen=True, slots=True)
class Row:
    """Numbers that share a row, by what they share; of what they do not share each value, the most frequent first."""

    kind: Kind
    notes: tuple[str, ...]
    numbers: tuple[str, ...]
    now: tuple[str, ...]
    after: tuple[str, ...]
    on_destroy: tuple[str, ...]


_KEYS: dict[View, Callable[[Change], Hashable]] = {
    View.EXACT: lambda change: (change.kind, change.notes, change.now, change.after, change.on_destroy),
    View.SWITCH: lambda change: (change.kind, change.notes, change.now, change.after),
    View.GOAL: lambda change: (
        change.kind,
        change.notes,
        change.now if change.kind is Kind.LEAVES else change.after,
    ),
}


def rows_of(changes: Iterable[Change], view: View) -> list[Row]:
    """Give the rows in the table's order; of one kind, what happens to most numbers comes first."""
    groups: dict[Hashable, list[Change]] = defaultdict(list)
    for change in changes:
        groups[_KEYS[view](change)].append(change)
    rows = [_row(group) for group in groups.values()]
    return sorted(
        rows, key=lambda row: (ORDER.index(row.kind), -len(row.numbers), row.numbers, row.after, row.now)
    )


def _row(group: Sequence[Change]) -> Row:
    return Row(
        group[0].kind,
        group[0].notes,
        tuple(sorted(change.number for change in group)),
        by_frequency(change.now for change in group),
        by_frequency(change.after for change in group),
        by_frequency(change.on_destroy for change in group if change.on_destroy),
    )


def by_frequency(texts: Iterable[str]) -> tuple[str, ...]:
    """Give each text once, the most frequent first."""
    counted = Counter(texts).items()
    return tuple(text for text, _ in sorted(counted, key=lambda entry: (-entry[1], entry[0])))
