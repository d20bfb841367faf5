"""A review: all that a comment says of a preview, as values; what is most important comes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from vapi_sms.cli.review.changes import Change, Kind, changes
from vapi_sms.cli.review.diagnostics import Problem, problems, set_aside, warnings, why_not_looked
from vapi_sms.cli.review.engine import engine_text
from vapi_sms.cli.review.holders import holders
from vapi_sms.cli.review.reading import Preview
from vapi_sms.cli.review.services import ServiceChange, drift_of_services, service_changes
from vapi_sms.resources.inputs.words import OURS

_NOT_OTHERS = (*OURS, "pulumi:pulumi:Stack", "pulumi:providers:")


@dataclass(frozen=True, slots=True)
class Review:
    """What `up` would do to the numbers of a stack.

    `set_aside` is what is refused of some numbers while the others go on. `drift` goes by number. `changed` are the
    numbers that are not `unchanged`; `silent` the resources of ours that are updated without a change to any number.
    `others` counts everybody else's resources by what happens to them. Beside `problems`, which stop the engine,
    neither `unchanged` nor `others` are told. `is_complete`: unchanged resources are known too. `not_looked` says why
    no vendor was asked: then nothing is known to be unchanged. `text` is the engine's own view, line by line.
    """

    stack: str
    problems: tuple[Problem, ...]
    set_aside: tuple[str, ...]
    drift: tuple[tuple[str, str], ...]
    drift_of_services: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    changed: tuple[Change, ...]
    unchanged: tuple[Change, ...]
    services: tuple[ServiceChange, ...]
    silent: tuple[str, ...]
    others: Mapping[str, int]
    is_complete: bool
    not_looked: str
    text: tuple[str, ...]

    @property
    def is_refused(self) -> bool:
        """`up` would end with an error."""
        return bool(self.problems or self.set_aside)

    @property
    def has_changes(self) -> bool:
        """`up` would do something, to whatever resource."""
        return bool(self.changed or self.services or self.silent or self.others.keys() - {"same"})


def review(preview: Preview) -> Review:
    """Give the review of a preview."""
    told, found = changes(preview), problems(preview)
    not_looked = why_not_looked(preview)
    changed = tuple(change for change in told if change.kind is not Kind.STAYS)
    return Review(
        stack=preview.stack,
        problems=found,
        set_aside=set_aside(preview),
        drift=tuple(
            (number, line)
            for holder in holders(preview)
            for number, lines in sorted(holder.drift.items())
            for line in lines
        ),
        drift_of_services=drift_of_services(preview),
        warnings=warnings(preview),
        changed=changed,
        # How far the engine gets before it stops is chance: each run would tell something else.
        unchanged=()
        if found or not_looked
        else tuple(change for change in told if change.kind is Kind.STAYS),
        services=service_changes(preview),
        silent=_silent(preview, {change.holder for change in changed}),
        others={} if found else _others(preview),
        is_complete=preview.is_complete,
        not_looked=not_looked,
        text=engine_text(preview),
    )


def _silent(preview: Preview, told: set[str]) -> tuple[str, ...]:
    return tuple(
        sorted(
            holder.step.name
            for holder in holders(preview)
            if holder.step.changes and holder.step.name not in told
        )
    )


def _others(preview: Preview) -> Mapping[str, int]:
    return Counter(
        step.op for step in preview.steps if step.op != "refresh" and not step.type.startswith(_NOT_OTHERS)
    )
