"""Services: what happens to Messaging Services, and who answers the numbers of their pools before and after."""

from __future__ import annotations

from dataclasses import dataclass

from vapi_sms.cli.review.holders import OURS, drift_of
from vapi_sms.cli.review.reading import Preview, State, Step

SERVICE = f"{OURS}MessagingServiceInbound"
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
    steps = sorted((step for step in preview.steps if step.type == SERVICE), key=lambda step: step.urn)
    return tuple(_change(step) for step in steps if step.changes)


def drift_of_services(preview: Preview) -> tuple[tuple[str, str], ...]:
    """Give the service and the line of each drift."""
    steps = sorted((step for step in preview.steps if step.type == SERVICE), key=lambda step: step.urn)
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
