"""Services: what happens to Messaging Services, and who answers the numbers of their pools before and after.

Who answers a number's texts is told as far as a preview can tell; it is empty where it cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vapi_sms.cli.review.holders import NUMBER, ROUTE, Holder, Side, drift_of
from vapi_sms.cli.review.lines import instead_of_whom, who_answers, who_answers_by_drift
from vapi_sms.cli.review.reading import SECRET, UNKNOWN, Preview, State, Step

UNFINISHED = "an earlier up did not finish"
_VAPI = "Vapi"


def answer_before(side: Side) -> str:
    """Give who answers, as the last `up` or `refresh` saw it."""
    return who_answers(side.answered_by)


def answer_after(side: Side) -> str:
    """Give who will answer."""
    if side.answered_by:
        return who_answers(side.answered_by)
    if side.is_off:
        return side.record.texts if side.record else ""
    return next((told for what in ("assistant", "squad") if (told := _attached(side, what))), "")


def _attached(side: Side, what: str) -> str:
    written = side.entry.get(what)
    if written == UNKNOWN:
        return f"a Vapi {what} that is known only during up"
    return f"Vapi {what} {written}" if isinstance(written, str) and written not in ("", SECRET) else ""


def answer_now(before: Side, side: Side, drift: Sequence[str]) -> str:
    """Give who answers a number that was switched before: what drift says, else what the last `up` left."""
    if not before.is_off and (live := who_answers_by_drift(drift)):
        return live
    after = answer_after(side)
    if before.is_off and side.is_off and side.record and after != side.record.texts:
        return after  # somebody else's routing: it is left alone while texts are not Vapi's
    return answer_before(before)


def answer_found(holder: Holder, number: str, side: Side) -> str:
    """Give who answers a number that no resource of this stack has switched: what is being recorded of it.

    Where `restore_to` declares what comes back, the resource's own line says whom it takes over from. A record that
    moves here from another stack says what comes back, while its former owner's assistant answers, or its handler.
    """
    record = side.record
    if record is None:
        return ""
    took_over = _took_over_from(side)
    if not holder.has_new_record(number):
        answers = dict.fromkeys((took_over or record.texts or _VAPI, answer_after(side) or _VAPI))
        return f"{' or '.join(answers)}: {UNFINISHED}"
    if record.declared or record.stays:
        return took_over
    if not holder.may_move_here:
        return record.texts
    return {ROUTE: "", NUMBER: _VAPI}.get(holder.step.kind, record.texts)


def _took_over_from(side: Side) -> str:
    """Give who answered before, by the resource's own line; empty where it has none, which says nothing."""
    if not side.answered_by:
        return ""
    stays = side.record is not None and side.record.stays
    # Without a word of anybody else it is who answers on; of what stays at Vapi nobody may know which assistant.
    return instead_of_whom(side.answered_by) or (_VAPI if stays else who_answers(side.answered_by))


SERVICE = "MessagingServiceInbound"
_LEFT = "left as it is"


@dataclass(frozen=True, slots=True)
class ServiceChange:
    """One service: who decides about texts to its numbers afterwards, line by line who answers, and the way back."""

    name: str
    decides: str
    answers: tuple[str, ...]
    on_destroy: str


def service_changes(preview: Preview) -> tuple[ServiceChange, ...]:
    """Give the services that change, in one order."""
    steps = sorted((step for step in preview.steps if step.kind == SERVICE), key=lambda step: step.urn)
    return tuple(_change(step) for step in steps if step.changes)


def drift_of_services(preview: Preview) -> tuple[tuple[str, str], ...]:
    """Give the service and the line of each drift."""
    steps = sorted((step for step in preview.steps if step.kind == SERVICE), key=lambda step: step.urn)
    return tuple((step.name, line) for step in steps for line in drift_of(step))


def _change(step: Step) -> ServiceChange:
    if step.new is None:
        is_left = step.old is not None and step.old.retained
        return ServiceChange(step.name, _LEFT if is_left else _line(step.old, "originalSummary"), (), "")
    answers = step.new.known.get("answers")
    return ServiceChange(
        step.name,
        _line(step.new, "inbound"),
        tuple(str(line) for line in answers) if isinstance(answers, list) else (),
        _LEFT if step.new.retained else _line(step.new, "originalSummary"),
    )


def _line(state: State | None, key: str) -> str:
    told = state.known.get(key) if state else None
    return told if isinstance(told, str) and told else "not known here"
