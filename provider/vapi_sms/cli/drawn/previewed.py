"""The page of `preview`: each number of a stack, with who answers now and after `up` side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from vapi_sms.cli.drawn.numbers import Json, answered, lines
from vapi_sms.cli.drawn.pools import Membership, members
from vapi_sms.cli.review.changes import NOT_TOLD, Change, Kind
from vapi_sms.cli.review.headline import AS_TEXT, SAID, statements
from vapi_sms.cli.review.lines import Record
from vapi_sms.cli.review.rendering import INCOMPLETE, STOPS, number_of
from vapi_sms.cli.review.review import Review
from vapi_sms.cli.review.services import UNFINISHED, ServiceChange
from vapi_sms.cli.review.tables import LEAVING, MOVING
from vapi_sms.core.chains.told import chain_told, kind_told
from vapi_sms.core.inert import line
from vapi_sms.drawing import document

Texts = Mapping[str, list[str]]
_MOST = 10  # lines above the drawing; all of them are folded away below
_LEAVE = "Leave: answered again by whoever was found"


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of numbers beside their change, by number."""

    drifted: Texts
    refused: Texts
    pools: Mapping[str, Membership]


def page(review: Review, when: str) -> str:
    """Give the page, as of a moment."""
    known = _Known(_by_number(review.drift), _refused(review), members(review.services))
    changes = (*review.changed, *review.unchanged)
    of_no_number = [text for text, number in _refusals(review) if not number]
    said = list(statements(review, AS_TEXT))
    unseen = known.refused.keys() - {change.number for change in changes}
    return document(
        f"Who answers texts: {review.stack}",
        [
            # One that leaves a resource and comes to another stands there twice.
            *({"id": str(at), **_number(change, known)} for at, change in enumerate(changes)),
            *(_unseen(number, known.refused[number]) for number in sorted(unseen)),
        ],
        lines=lines(
            [
                f"A preview of {when}: nothing was written.",
                *map(_capital, said[:_MOST]),
                *of_no_number[:_MOST],
            ]
        ),
        sections=[
            ("Who else answers", lines(map(_capital, said[_MOST:]))),
            *((title, lines(texts)) for title, texts in _sections(review)),
        ],
    )


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _number(change: Change, known: _Known) -> Json:
    told = {"number": line(change.number), "name": line(change.holder)}
    problems = [f"drift: {text}" for text in known.drifted.get(change.number, ())]
    refusals = [f"refused: {text}" for text in known.refused.get(change.number, ())]
    back = [f"on destroy: {change.on_destroy}"] if change.on_destroy else []
    if change.kind is Kind.STAYS:
        return {**told, **_after(change, None, problem=refusals, note=back)}
    pool = known.pools.get(change.number)
    now = None if UNFINISHED in change.now else kind_told(change.now)
    return {
        **told,
        "group": line(_group(change)),
        **answered(
            change.now,
            now,
            chain_told(change.number, change.now, now, service=pool.now if pool else None),
            problem=problems,
        ),
        "after": _after(change, pool, problem=refusals, note=[change.kind, *change.notes, *back]),
    }


def _after(change: Change, pool: Membership | None, **more: Iterable[str]) -> Json:
    """Give who will answer, with who sleeps then: of a number that leaves nobody."""
    kind = kind_told(change.after)
    chain = chain_told(
        change.number,
        change.after,
        kind,
        service=pool.after if pool else None,
        fallback=change.fallback,
        original=Record.of(change.on_destroy).texts,
    )
    return answered(change.after, kind, chain, **more)


def _group(change: Change) -> str:
    if not change.switches:
        return f"{change.after}: {SAID[change.kind][1]}"
    # Each gets back its own, which may be thousands of different handlers.
    return _LEAVE if change.kind is Kind.LEAVES else f"Will be answered by {change.after}"


def _unseen(number: str, refusals: list[str]) -> Json:
    """Give a number of which the preview tells no more than why it is refused."""
    problems = [f"refused: {text}" for text in refusals]
    return {
        "number": line(number),
        **answered(NOT_TOLD, None, chain_told(number, NOT_TOLD, None), problem=problems),
    }


def _refused(review: Review) -> Texts:
    texts = [*(problem.text for problem in review.problems), *review.set_aside]
    return _by_number(pair for pair in map(number_of, texts) if pair[0])


def _refusals(review: Review) -> Iterator[tuple[str, str]]:
    """Give each refusal as it is told by itself, with the number that it is of, if it is of one."""
    for each in review.problems:
        yield f"{each.resource}: {each.text}" if each.resource else each.text, number_of(each.text)[0]


def _by_number(pairs: Iterable[tuple[str, str]]) -> Texts:
    found: dict[str, list[str]] = defaultdict(list)
    for number, text in pairs:
        found[number].append(text)
    return dict(found)


def _sections(review: Review) -> Iterator[tuple[str, list[str]]]:
    """Give what is told beside the numbers."""
    refused = [text for text, _ in _refusals(review)]
    is_refused = any(problem.resource for problem in review.problems)
    yield "Refused" if is_refused else "Failed", [*refused, *([STOPS] if is_refused else [])]
    yield "Refused, while the others go on", list(review.set_aside)
    yield (
        "Drift of Messaging Services, which up repairs",
        [f"{name}: {text}" for name, text in review.drift_of_services],
    )
    yield "Messaging Services", [text for service in review.services for text in _service(service)]
    yield "To know", list(_to_know(review))


def _service(service: ServiceChange) -> Iterator[str]:
    yield f"{service.name}: texts to its numbers are decided by {service.decides} after up"
    yield from (f"{service.name}: {text.strip()}" for text in service.answers)
    if service.on_destroy:
        yield f"{service.name}: on destroy: {service.on_destroy}"


def _to_know(review: Review) -> Iterator[str]:
    if not review.is_complete:
        yield INCOMPLETE
    yield from review.warnings
    if any(change.kind is Kind.LEAVES for change in review.changed):
        yield LEAVING
    if any(change.may_move_here for change in review.changed):
        yield MOVING
