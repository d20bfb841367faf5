"""Rows: numbers to which the same happens, together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from vapi_sms.cli.review.changes import ORDER, Change


@dataclass(frozen=True, slots=True)
class Row:
    """One change, and all numbers that it happens to."""

    change: Change
    numbers: tuple[str, ...]


def rows_of_changes(changes: Iterable[Change]) -> list[Row]:
    """Give the rows in the table's order; of one kind, what happens to most numbers comes first."""
    rows = _grouped((replace(change, number="", holder=""), change.number) for change in changes)
    return sorted(
        rows, key=lambda row: (ORDER.index(row.change.kind), -len(row.numbers), row.numbers, row.change.after)
    )


def rows_of_answers(changes: Iterable[Change]) -> list[Row]:
    """Give the rows by who answers; whoever answers most numbers comes first."""
    rows = _grouped(
        (Change(change.kind, "", "", change.after, change.after), change.number) for change in changes
    )
    return sorted(rows, key=lambda row: (-len(row.numbers), row.change.after))


def _grouped(changes: Iterable[tuple[Change, str]]) -> list[Row]:
    groups: dict[Change, list[str]] = defaultdict(list)
    for change, number in changes:
        groups[change].append(number)
    return [Row(change, tuple(sorted(numbers))) for change, numbers in groups.items()]
