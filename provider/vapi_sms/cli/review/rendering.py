"""Rendering: a review as Markdown for a pull request; how much of it, limits say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from vapi_sms.cli.review.headline import in_markdown, statements
from vapi_sms.cli.review.markdown import block, code, details, heading, items, marker, prose
from vapi_sms.cli.review.review import Review
from vapi_sms.cli.review.tables import Limits, changed, cut, numbers_line, of_services, unchanged

STOPS = (
    "Pulumi stops at the first resource that refuses (a fleet names all its refusals at once): more may come up once "
    "these are solved, and what follows may not be all."
)
INCOMPLETE = (
    "this preview was made without `--show-sames`, so unchanged resources are missing: who answers the other numbers "
    "cannot be told"
)
_OF_A_NUMBER = re.compile(r"(\+\d+|PN\w{32}):? (.+)")


def render(review: Review, limits: Limits) -> str:
    """Give the comment without the engine's text: troubles first, then every number that changes."""
    first, *others = cut(statements(review, in_markdown(limits.longest)), limits.lines, "more statement")
    parts = [
        marker(review.stack) + "\n" + heading(3, f"{code(review.stack)}: {first}"),
        items(others),
        *_troubles(review, limits),
        *changed(review.changed, limits),
        *of_services(review.services, limits),
        *unchanged(review.unchanged, limits),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def render_text(lines: Sequence[str]) -> str:
    """Give the engine's text, folded away."""
    return details("What Pulumi says", block(lines))


def _troubles(review: Review, limits: Limits) -> Iterator[str]:
    refused = _grouped(((problem.resource, *number_of(problem.text)) for problem in review.problems), limits)
    apart = _grouped((("", *number_of(text)) for text in review.set_aside), limits)
    drifted = _grouped(
        [
            *(("", number, line) for number, line in review.drift),
            *((name, "", line) for name, line in review.drift_of_services),
        ],
        limits,
    )
    warned = [
        *([] if review.is_complete else [INCOMPLETE]),
        *(prose(line, limits.longest) for line in review.warnings),
    ]
    if any(problem.resource for problem in review.problems):
        yield _section("Refused", refused, limits) + f"\n\n{STOPS}"
    elif refused:
        yield _section("Failed", refused, limits)
    if apart:
        yield _section("Refused, while the others go on", apart, limits)
    if drifted:
        yield _section("Drift, which `up` repairs", drifted, limits)
    if warned:
        yield _section("To know", warned, limits)


def number_of(text: str) -> tuple[str, str]:
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
                *([numbers_line(numbers, limits)] if any(numbers) else []),
                prose(text, limits.longest),
            ]
        )
        for (resource, text), numbers in groups.items()
    ]


def _section(title: str, lines: Sequence[str], limits: Limits) -> str:
    return f"{heading(4, title)}\n\n{items(cut(lines, limits.lines, 'more'))}"
