"""Rendering: a review as Markdown for a pull request; how much of it, limits say."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vapi_sms.cli.review.changes import ORDER, Change, Kind
from vapi_sms.cli.review.headline import count, statements
from vapi_sms.cli.review.markdown import block, code, details, heading, items, marker, prose, table
from vapi_sms.cli.review.review import Review
from vapi_sms.cli.review.rows import Row, rows_of_answers, rows_of_changes


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is shown: rows of a table, numbers in a row, lines of a list, characters of one text."""

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
    refused = [
        f"{code(problem.resource, limits.longest)}: {prose(problem.text, limits.longest)}"
        if problem.resource
        else prose(problem.text, limits.longest)
        for problem in review.problems
    ]
    lines_by_number: dict[str, list[str]] = defaultdict(list)
    for number, line in review.drift:
        lines_by_number[number].append(prose(line, limits.longest))
    drifted = [f"{code(number)}: {', '.join(lines)}" for number, lines in sorted(lines_by_number.items())]
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


def _section(title: str, lines: Sequence[str], limits: Limits) -> str:
    return f"{heading(4, title)}\n\n{items(_cut(lines, limits.lines, 'more'))}"


def _changed(changes: Sequence[Change], limits: Limits) -> Iterator[str]:
    if not changes:
        return
    rows = rows_of_changes(changes)
    yield table(_COLUMNS, [_cells(row, limits) for row in rows[: limits.rows]])
    left_out = Counter[Kind]()
    for row in rows[limits.rows :]:
        left_out[row.change.kind] += len(row.numbers)
    if left_out:
        by_kind = ", ".join(f"{left_out[kind]:,} {kind}" for kind in ORDER if left_out[kind])
        yield f"… and {count(left_out.total(), 'more number')}: {by_kind}"
    if any(change.kind is Kind.LEAVES for change in changes):
        yield _LEAVING


def _cells(row: Row, limits: Limits) -> list[str]:
    change = row.change
    return [
        _numbers(row.numbers, limits),
        "<br>".join([change.kind, *(prose(note, limits.longest) for note in change.notes)]),
        code(change.now, limits.longest),
        code(change.after, limits.longest),
        "<br>".join(code(part, limits.longest) for part in change.on_destroy.split("; ") if part),
    ]


def _unchanged(changes: Sequence[Change], limits: Limits) -> Iterator[str]:
    if not changes:
        return
    rows = rows_of_answers(changes)
    cells = [
        (code(row.change.after, limits.longest), f"{len(row.numbers):,}", _numbers(row.numbers, limits))
        for row in rows[: limits.rows]
    ]
    left_out = sum(len(row.numbers) for row in rows[limits.rows :])
    more = f"\n\n… and {count(left_out, 'more number')}" if left_out else ""
    shown = table(("texts answered by", "how many", "numbers"), cells)
    yield details(f"Unchanged: {count(len(changes), 'number')}", shown + more)


def _numbers(numbers: Sequence[str], limits: Limits) -> str:
    named = ", ".join(code(number) for number in numbers[: limits.numbers])
    left_out = len(numbers) - limits.numbers
    return f"{named} and {count(left_out, 'more number')}" if left_out > 0 else named


def _cut(lines: Sequence[str], most: int, what: str) -> list[str]:
    left_out = len(lines) - most
    return [*lines[:most], f"… and {left_out:,} {what}"] if left_out > 0 else list(lines)
