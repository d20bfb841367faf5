"""Rendering: a review as Markdown for a pull request; how much of it, limits say."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from vapi_sms.cli.review.changes import ORDER, Change, Kind
from vapi_sms.cli.review.headline import NAMED, count, statements
from vapi_sms.cli.review.markdown import block, code, details, heading, items, marker, prose, table
from vapi_sms.cli.review.review import Review
from vapi_sms.cli.review.rows import Row, View, rows_of


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is shown: rows of a table, numbers in a row, lines of a list, characters of one text; and how fine."""

    view: View
    rows: int
    numbers: int
    lines: int
    longest: int


_STOPS = (
    "Pulumi stops at the first resource that refuses (a fleet names all its refusals at once): more may come up once "
    "these are solved, and what follows may not be all."
)
_INCOMPLETE = (
    "this preview was made without `--show-sames`, so unchanged resources are missing: who answers the other numbers "
    "cannot be told"
)
_LEAVING = (
    "Who answers a number that leaves is told as the last `up` or `refresh` saw it; a routing that is somebody else's "
    "by then is left alone."
)
_MOVING = (
    "What is said of now holds for new numbers, unless a record moves here from another stack (`restore_to` with an "
    "`original`): then Vapi answers now."
)
_FEW = 5
_OF_A_NUMBER = re.compile(r"(\+\d+|PN\w{32}):? (.+)")
_COLUMNS = ("number", "change", "texts answered now", "after `up`", "put back on `destroy`")


def render(review: Review, limits: Limits) -> str:
    """Give the comment without the engine's text: troubles first, then every number that changes."""
    first, *others = _cut(statements(review, limits.longest), limits.lines, "more statement")
    parts = [
        marker(review.stack) + "\n" + heading(3, f"{code(review.stack)}: {first}"),
        items(others),
        *_troubles(review, limits),
        *_changed(review.changed, limits),
        *_unchanged(review.unchanged, limits),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def render_text(lines: Sequence[str]) -> str:
    """Give the engine's text, folded away."""
    return details("What Pulumi says", block(lines))


def _troubles(review: Review, limits: Limits) -> Iterator[str]:
    refused = _grouped(((problem.resource, *_number_of(problem.text)) for problem in review.problems), limits)
    drifted = _grouped((("", number, line) for number, line in review.drift), limits)
    warned = [
        *([] if review.is_complete else [_INCOMPLETE]),
        *(prose(line, limits.longest) for line in review.warnings),
    ]
    if any(problem.resource for problem in review.problems):
        yield _section("Refused", refused, limits) + f"\n\n{_STOPS}"
    elif refused:
        yield _section("Failed", refused, limits)
    if drifted:
        yield _section("Drift, which `up` repairs", drifted, limits)
    if warned:
        yield _section("To know", warned, limits)


def _number_of(text: str) -> tuple[str, str]:
    """Part a problem from the number that it begins with, if it does."""
    found = _OF_A_NUMBER.fullmatch(text)
    return (found[1], found[2]) if found else ("", text)


def _grouped(told: Iterable[tuple[str, str, str]], limits: Limits) -> list[str]:
    """Give one line for all numbers of which the same is told; each entry is a resource, a number and a text."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for resource, number, text in told:
        groups[resource, text].append(number)
    return [
        ": ".join(
            [
                *([code(resource, limits.longest)] if resource else []),
                *([_numbers(numbers, limits)] if any(numbers) else []),
                prose(text, limits.longest),
            ]
        )
        for (resource, text), numbers in groups.items()
    ]


def _section(title: str, lines: Sequence[str], limits: Limits) -> str:
    return f"{heading(4, title)}\n\n{items(_cut(lines, limits.lines, 'more'))}"


def _changed(changes: Sequence[Change], limits: Limits) -> Iterator[str]:
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
        yield _LEAVING
    if any(change.may_move_here for change in changes):
        yield _MOVING


def _cells(row: Row, limits: Limits) -> list[str]:
    return [
        _numbers(row.numbers, limits),
        "<br>".join([row.kind, *(prose(note, limits.longest) for note in row.notes)]),
        _named(row.now, limits),
        _named(row.after, limits),
        _lines(row.on_destroy[0], limits) if len(row.on_destroy) == 1 else _named(row.on_destroy, limits),
    ]


def _named(texts: Sequence[str], limits: Limits) -> str:
    """Give texts one a line; of many, the first ones and how many more there are."""
    lines = [code(text, limits.longest) for text in texts[:NAMED]]
    more = len(texts) - NAMED
    return "<br>".join([*lines, *([f"and {count(more, 'other')}"] if more > 0 else [])])


def _lines(summary: str, limits: Limits) -> str:
    return "<br>".join(code(part, limits.longest) for part in summary.split("; ", 3))


def _unchanged(changes: Sequence[Change], limits: Limits) -> Iterator[str]:
    if not changes:
        return
    rows = rows_of(changes, View.GOAL)
    cells = [(_named(row.after, limits), _numbers(row.numbers, limits)) for row in rows[: limits.rows]]
    left_out = sum(len(row.numbers) for row in rows[limits.rows :])
    more = f"\n\n… and {count(left_out, 'more number')}" if left_out else ""
    shown = table(("texts answered by", "numbers"), cells)
    yield details(f"Unchanged: {count(len(changes), 'number')}", shown + more)


def _numbers(numbers: Sequence[str], limits: Limits) -> str:
    """Name numbers; many are counted first."""
    named = ", ".join(code(number, limits.longest) for number in numbers[: limits.numbers])
    left_out = len(numbers) - limits.numbers
    counted = f"{count(len(numbers), 'number')}: " if len(numbers) > _FEW else ""
    return counted + named + (f" and {left_out:,} more" if left_out > 0 else "")


def _cut(lines: Sequence[str], most: int, what: str) -> list[str]:
    left_out = len(lines) - most
    return [*lines[:most], f"… and {left_out:,} {what}"] if left_out > 0 else list(lines)
