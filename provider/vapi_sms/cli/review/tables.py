"""Tables: every number that changes, and who answers the others; how much of it, limits say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from vapi_sms.cli.review.changes import ORDER, Change, Kind
from vapi_sms.cli.review.headline import NAMED, count
from vapi_sms.cli.review.markdown import answer, code, details, heading, prose, table
from vapi_sms.cli.review.rows import Row, View, rows_of
from vapi_sms.cli.review.services import ServiceChange


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is shown: rows of a table, numbers in a row, lines of a list, characters of one text; and how fine."""

    view: View
    rows: int
    numbers: int
    lines: int
    longest: int


_FEW = 5
LEAVING = (
    "Who answers a number that leaves is told as the last `up` or `refresh` saw it; a routing that is somebody else's "
    "by then is left alone."
)
MOVING = (
    "What is said of now holds for new numbers, unless a record moves here from another stack (`restore_to` with an "
    "`original`): then Vapi answers now."
)
_OF_SERVICES = (
    "service",
    "texts decided by, after `up`",
    "its numbers, now and then",
    "put back on `destroy`",
)
_COLUMNS = ("number", "change", "texts answered now", "after `up`", "put back on `destroy`")


def changed(changes: Sequence[Change], limits: Limits) -> Iterator[str]:
    """Give the table of the numbers that change, and what must be said of it."""
    if not changes:
        return
    rows = rows_of(changes, limits.view)
    yield table(_COLUMNS, [_cells(row, limits) for row in rows[: limits.rows]])
    left_out = Counter[Kind]()
    for row in rows[limits.rows :]:
        left_out[row.kind] += len(row.numbers)
    if left_out:
        by_kind = ", ".join(f"{left_out[kind]:,} {kind}" for kind in ORDER if left_out[kind])
        yield f"… and {count(left_out.total(), 'more number')}: {by_kind}"
    if any(change.kind is Kind.LEAVES for change in changes):
        yield LEAVING
    if any(change.may_move_here for change in changes):
        yield MOVING


def _cells(row: Row, limits: Limits) -> list[str]:
    return [
        numbers_line(row.numbers, limits),
        "<br>".join([row.kind, *(prose(note, limits.longest) for note in row.notes)]),
        _named(row.now, limits),
        _named(row.after, limits, answer),
        _lines(row.on_destroy[0], limits) if len(row.on_destroy) == 1 else _named(row.on_destroy, limits),
    ]


def _named(texts: Sequence[str], limits: Limits, written: Callable[[str, int], str] = code) -> str:
    """Give texts one a line; of many, the first ones and how many more there are."""
    lines = [written(text, limits.longest) for text in texts[:NAMED]]
    more = len(texts) - NAMED
    return "<br>".join([*lines, *([f"and {count(more, 'other')}"] if more > 0 else [])])


def _lines(summary: str, limits: Limits) -> str:
    return "<br>".join(code(part, limits.longest) for part in summary.split("; ", 3))


def of_services(services: Sequence[ServiceChange], limits: Limits) -> Iterator[str]:
    """Give the table of the Messaging Services that change."""
    if not services:
        return
    yield heading(4, "Messaging Services")
    yield table(_OF_SERVICES, [_cells_of_service(service, limits) for service in services[: limits.rows]])
    if left_out := len(services[limits.rows :]):
        yield f"… and {count(left_out, 'more Messaging Service')}"


def _cells_of_service(service: ServiceChange, limits: Limits) -> list[str]:
    answers = [code(line, limits.longest) for line in service.answers[: limits.lines]]
    if left_out := len(service.answers[limits.lines :]):
        answers.append(f"… and {left_out:,} more")
    return [
        code(service.name, limits.longest),
        code(service.decides, limits.longest),
        "<br>".join(answers),
        code(service.on_destroy, limits.longest) if service.on_destroy else "",
    ]


def unchanged(changes: Sequence[Change], limits: Limits) -> Iterator[str]:
    """Give who answers the numbers that stay as they are, folded away."""
    if not changes:
        return
    rows = rows_of(changes, View.GOAL)
    cells = [(_named(row.after, limits), numbers_line(row.numbers, limits)) for row in rows[: limits.rows]]
    left_out = sum(len(row.numbers) for row in rows[limits.rows :])
    more = f"\n\n… and {count(left_out, 'more number')}" if left_out else ""
    shown = table(("texts answered by", "numbers"), cells)
    yield details(f"Unchanged: {count(len(changes), 'number')}", shown + more)


def numbers_line(numbers: Sequence[str], limits: Limits) -> str:
    """Name numbers; many are counted first."""
    named = ", ".join(code(number, limits.longest) for number in numbers[: limits.numbers])
    left_out = len(numbers) - limits.numbers
    counted = f"{count(len(numbers), 'number')}: " if len(numbers) > _FEW else ""
    return counted + named + (f" and {left_out:,} more" if left_out > 0 else "")


def cut(lines: Sequence[str], most: int, what: str) -> list[str]:
    """Give the first lines, and how many more there are."""
    left_out = len(lines) - most
    return [*lines[:most], f"… and {left_out:,} {what}"] if left_out > 0 else list(lines)
