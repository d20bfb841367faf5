"""Who answers each number of a pool before and after its service changes, told so that 400 numbers stay readable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from vapi_sms.core.inert import Line, line
from vapi_sms.core.routings.describe import handler_line, routing_changes, who_answers_texts
from vapi_sms.core.routings.handlers import Kind, classify
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.services.pool import Inbound, PoolReading, ServiceOriginal, ServiceWish
from vapi_sms.core.telling import counted
from vapi_sms.core.values import Observed, TwilioNumber

NOBODY = "nobody"
_A_LINE = 8  # numbers, so that the engine does not cut the line
_IN_A_REFUSAL = 10


class Fate(Enum):
    """What becomes of a number's answer."""

    STAYS = "stays"
    KEPT = "kept"
    DECLARED = "declared"
    CHANGES = "changes"


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answers one number, before and after."""

    number: str
    before: str
    after: str
    fate: Fate


def answers(
    reading: PoolReading, wish: ServiceWish, original: ServiceOriginal, names: Mapping[str, str]
) -> tuple[Answer, ...]:
    """Tell of every number that receives texts who answers it now, and who once the service is as declared."""
    live, handler = reading.service.inbound, original.inbound.answer
    found = []
    for number, observed in reading.textable():
        before = _own(observed, names) if live.defers else _line(live.answer)
        if wish.defers == live.defers:
            found.append(Answer(number.number, before, before, Fate.STAYS))
        elif wish.defers:
            found.append(_deferred(number, observed, before, wish, handler, names))
        else:
            same = number.messaging.same_as(handler)
            after = before if same else _unlike(before, _line(handler), number.messaging, handler)
            found.append(Answer(number.number, before, after, Fate.STAYS if same else Fate.CHANGES))
    return tuple(found)


def answer_lines(found: Iterable[Answer], silent: int) -> list[Line]:
    """Give what people read: equal answers counted, and every number named whose answer changes.

    `silent` is the number of senders that receive no texts.
    """
    groups: dict[tuple[Fate, str, str], list[str]] = {}
    for answer in found:
        groups.setdefault((answer.fate, answer.before, answer.after), []).append(answer.number)
    lines = []
    for (fate, before, after), numbers in sorted(groups.items(), key=lambda group: group[0][0].value):
        lines.append(f"{counted(len(numbers))} {_WORDS[fate].format(before=before, after=after)}")
        if fate in (Fate.CHANGES, Fate.DECLARED):
            lines[-1] += ":"
            lines.extend(
                f"  {', '.join(numbers[at : at + _A_LINE])}" for at in range(0, len(numbers), _A_LINE)
            )
    told = [*lines, *([f"{counted(silent)} cannot receive texts"] if silent else [])]
    return list(map(line, told))


_WORDS = {
    Fate.STAYS: "answered by {before}, before and after",
    Fate.KEPT: "answered by {before}, before and after: it is written onto each first",
    Fate.DECLARED: "answered by {before}, then as declared for each",
    Fate.CHANGES: "answered by {before}, then by {after}",
}


def changed_line(found: Iterable[Answer]) -> str:
    """Name those whose answer changes, and who would answer them, for a refusal; the first ones, and how many more."""
    changed = [f"{answer.number}: {answer.after}" for answer in found if answer.fate is Fate.CHANGES]
    return named(changed, "; ")


def named(numbers: list[str], between: str = ", ") -> str:
    """Give some of many in one line."""
    more = len(numbers) - _IN_A_REFUSAL
    shown = between.join(numbers[:_IN_A_REFUSAL])
    return f"{shown}{between}and {more} more" if more > 0 else shown


OWN_WEBHOOK = "each number's own webhook"


def inbound_line(inbound: Inbound) -> Line:
    """Say who decides about texts to a service's numbers; the engine cuts long lines, so without the fallback."""
    return line(OWN_WEBHOOK if inbound.defers else _line(inbound.answer))


def original_line(original: ServiceOriginal) -> Line:
    """Say what a record puts back."""
    found = original.inbound
    texts = f"texts: {inbound_line(found) if found.defers else _whole(found.answer)}"
    if not original.kept:
        return line(texts)
    return line(f"{texts}; own routings of {counted(len(original.kept))} that get the service's handler")


def _deferred(  # noqa: PLR0913, PLR0917 one number and all that decides about it
    number: TwilioNumber,
    observed: Observed,
    before: str,
    wish: ServiceWish,
    handler: Routing,
    names: Mapping[str, str],
) -> Answer:
    if wish.declares(number):
        return Answer(number.number, before, "as declared", Fate.DECLARED)
    if number.messaging.same_as(handler):
        return Answer(number.number, before, before, Fate.STAYS)
    if wish.keep_others:
        return Answer(number.number, before, before, Fate.KEPT)
    after = _unlike(before, _own(observed, names), handler, number.messaging)
    return Answer(number.number, before, after, Fate.CHANGES)


def _own(observed: Observed, names: Mapping[str, str]) -> str:
    answer = who_answers_texts(observed, names).partition(" (fallback")[0]
    return NOBODY if answer == str(Kind.NOTHING) else answer


def _line(routing: Routing) -> str:
    handler = classify(routing)
    return NOBODY if handler.kind is Kind.NOTHING else str(handler)


def _whole(routing: Routing) -> str:
    return NOBODY if classify(routing).kind is Kind.NOTHING else handler_line(routing)


def _unlike(before: str, after: str, was: Routing, becomes: Routing) -> str:
    """Say what is different where the same handler answers, such as its fallback."""
    return after if before != after else f"{after}, but {'; '.join(routing_changes(becomes, was))}"
