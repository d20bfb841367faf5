"""The headline: what changes, in statements that each stand for many numbers; the most important comes first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from vapi_sms.cli.review.changes import NOT_TOLD, ORDER, Change, Kind
from vapi_sms.cli.review.markdown import answer, code
from vapi_sms.cli.review.review import Review
from vapi_sms.cli.review.rows import by_frequency
from vapi_sms.core.inert import line

NAMED = 3  # of those who answer, where they differ
_DONE = {
    "create": "created",
    "delete": "deleted",
    "update": "updated",
    "replace": "replaced",
    "same": "unchanged",
}


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a name stands in a text, and how who will answer does."""

    name: Callable[[str], str]
    answer: Callable[[str], str]


def in_markdown(longest: int) -> Spelling:
    """Spell for a comment; texts longer than `longest` are cut."""
    return Spelling(partial(code, longest=longest), partial(answer, longest=longest))


AS_TEXT = Spelling(line, line)
"""For where nothing is markup."""


def count(number: int, what: str) -> str:
    """Give a number of things: 1 number, 4,200 numbers."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def statements(review: Review, spelling: Spelling) -> list[str]:
    """Give the statements."""
    told = [
        *([f"not looked: {review.not_looked.partition(',')[0]}"] if review.not_looked else []),
        *_troubles(review),
        *_switched(review.changed, spelling),
        *_not_switched(review.changed),
        *_beside_numbers(review, spelling),
        *_unchanged(review),
        *_others(review),
    ]
    return [f"{told[0][:1].upper()}{told[0][1:]}", *told[1:]]


def _troubles(review: Review) -> Iterator[str]:
    if review.problems:
        ended = "refused" if any(problem.resource for problem in review.problems) else "failed"
        yield f"{ended}: {count(len(review.problems), 'problem')} to solve before `pulumi up`"
    if review.set_aside:
        told = count(len(review.set_aside), "refusal")
        yield f"{told} beside which the other numbers go on: `pulumi up` ends with an error that says so"
    drifted = [
        count(len(names), what)
        for names, what in (
            ({number for number, _ in review.drift}, "number"),
            ({name for name, _ in review.drift_of_services}, "Messaging Service"),
        )
        if names
    ]
    if drifted:
        yield f"{' and '.join(drifted)} drifted: somebody changed what the last `up` had set"


def _switched(changed: Sequence[Change], spelling: Spelling) -> Iterator[str]:
    """Group numbers by who will answer them, and those that leave; the biggest groups first."""
    groups: dict[str, list[Change]] = defaultdict(list)
    for change in changed:
        if change.switches:
            groups["" if change.kind is Kind.LEAVES else change.after].append(change)
    for after, group in sorted(groups.items(), key=lambda entry: (-len(entry[1]), entry[0])):
        again = "" if after else "again "
        answers = _named((change.after for change in group), spelling.answer)
        yield f"{count(len(group), 'number')} will {again}be answered by {answers}{_instead(group, spelling)}"


def _instead(group: Iterable[Change], spelling: Spelling) -> str:
    known = [change.now for change in group if change.now != NOT_TOLD]
    return f" instead of {_named(known, spelling.name)}" if known else " (who answers now is not known here)"


def _named(texts: Iterable[str], written: Callable[[str], str]) -> str:
    found = by_frequency(texts)
    named = [written(text) for text in found[:NAMED]]
    if len(found) > NAMED:
        return f"{', '.join(named)} and {count(len(found) - NAMED, 'other')}"
    return f"{', '.join(named[:-1])} and {named[-1]}" if len(named) > 1 else named[0]


def _not_switched(changed: Sequence[Change]) -> Iterator[str]:
    counts = Counter(change.kind for change in changed if not change.switches)
    for kind in ORDER:
        if counts[kind]:
            yield f"{count(counts[kind], 'number')} {SAID[kind][counts[kind] > 1]}"


# What happens to numbers that the same goes on to answer: one of them, and many.
SAID = {
    Kind.LEAVES: ("leaves and is still answered as now", "leave and are still answered as now"),
    Kind.NEW: ("joins and is still answered as now", "join and are still answered as now"),
    Kind.REPAIRED: ("is repaired", "are repaired"),
    Kind.REPLACED: ("is switched back, then over again", "are switched back, then over again"),
    Kind.SETTINGS: ("changes settings only", "change settings only"),
}


def _unchanged(review: Review) -> Iterator[str]:
    number = len(review.unchanged)
    stay = f"{count(number, 'number')} {'stays as it is' if number == 1 else 'stay as they are'}"
    if review.problems or review.not_looked:
        return
    if review.changed or review.services or review.silent:
        if number:
            yield stay
    elif review.is_complete:
        yield f"no changes: {stay}" if number else "no number is declared with vapi-sms"
    else:
        yield "no changes"


def _beside_numbers(review: Review, spelling: Spelling) -> Iterator[str]:
    if review.services:
        yield f"{count(len(review.services), 'Messaging Service')} will change"
    if review.silent:
        yield f"updated without a change to a number: {_named(review.silent, spelling.name)}"


def _others(review: Review) -> Iterator[str]:
    if review.others:
        done = ", ".join(f"{number:,} {_DONE.get(op, op)}" for op, number in sorted(review.others.items()))
        yield f"beside the numbers: {count(sum(review.others.values()), 'resource')} ({done})"
