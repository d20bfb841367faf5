"""Holders: the resources that hold numbers, each with what the state and the program say of its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vapi_sms.cli.review.diagnostics import drift_told
from vapi_sms.cli.review.lines import Record
from vapi_sms.cli.review.reading import UNKNOWN, Preview, Props, State, Step
from vapi_sms.core.planning.drift import AGAIN
from vapi_sms.resources.inputs.number import KEY_AT_VAPI, who_answers_alone
from vapi_sms.resources.inputs.words import FALLBACKS

NUMBER, FLEET, ROUTE, ORIGINALS = "VapiSmsNumber", "VapiSmsFleet", "TwilioSmsRoute", "OriginalRoutings"


_INSTEAD, _FALLBACK = ", instead of ", " (fallback "


@dataclass(frozen=True, slots=True)
class Side:
    """One number on one side of a change: what is declared of it, and what is recorded, where that is known."""

    entry: Props
    record: Record | None

    @property
    def answered_by(self) -> str:
        """The resource's own line, without its fallback; empty where the preview does not know it."""
        return who_answers_alone(self.entry)

    @property
    def fallback(self) -> str:
        """Who answers where Vapi fails, as the resource's own line says it; "keep" where nobody is declared."""
        written = self.entry.get("fallback")
        if written in (None, FALLBACKS[0]):
            return FALLBACKS[0]
        line = str(self.entry.get("answeredBy") or "")
        who, alone = (each.rpartition(_INSTEAD)[0] or each for each in (line, self.answered_by))
        told = who.removeprefix(alone).removeprefix(_FALLBACK).removesuffix(")")
        return told or (str(written) if isinstance(written, str) else "a handler")

    @property
    def declared_fallback(self) -> str:
        """The same, empty where nobody is declared."""
        return "" if self.fallback == FALLBACKS[0] else self.fallback

    @property
    def is_off(self) -> bool:
        """Texts are not Vapi's, by declaration."""
        return self.entry.get("smsEnabled") is False


@dataclass(frozen=True, slots=True)
class Holder:
    """A number's, a route's or a fleet's step, together with that of the sibling that remembers its originals."""

    step: Step
    sibling: Step | None
    old: Mapping[str, Side]
    new: Mapping[str, Side]
    drift: Mapping[str, tuple[str, ...]]

    def has_new_record(self, number: str) -> bool:
        """Tell whether the sibling records the number by this very change: what it recorded answers now."""
        return number not in _summary(self.sibling.old if self.sibling else None) and self.sibling is not None

    @property
    def may_move_here(self) -> bool:
        """A record may come from another resource, which answers for the number until now."""
        return self.sibling is not None and declares_back(self.sibling.new)

    def is_left_by_up(self, number: str) -> bool:
        """Tell whether the number goes by this change, and stays as it is."""
        return _stays(number, self.old[number], self.step.old, self.sibling.old if self.sibling else None)

    def is_left_by_destroy(self, number: str) -> bool:
        """Tell whether a later destroy would leave the number as it is."""
        return _stays(number, self.new[number], self.step.new, self.sibling.new if self.sibling else None)


def declares_back(sibling: State | None) -> bool:
    """Tell whether `restore_to` says of any number what comes back: which one and what is secret."""
    return bool(sibling and sibling.inputs.get("restoreTo"))


def _stays(number: str, side: Side, state: State | None, sibling: State | None) -> bool:
    """Tell whether a number stays when it goes: by `on_remove`, Pulumi's retain_on_delete, or its record."""
    return (
        side.entry.get("onRemove") == "leave"
        or _map(_numbers(sibling).get(number)).get("onRemove") == "leave"
        or bool(state and state.retained)
        or bool(side.record and side.record.stays)
    )


def holders(preview: Preview) -> Iterator[Holder]:
    """Give every holder, in one order; a number's reading by `refresh` is left to the step that follows it."""
    steps = {step.urn: step for step in preview.steps if step.op != "refresh"}
    told = drift_told(preview)
    for urn, step in sorted(steps.items()):
        if step.kind in (NUMBER, FLEET, ROUTE):
            sibling = steps.get(sibling_of(urn, step.kind))
            yield Holder(
                step,
                sibling,
                old=_sides(step, step.old, sibling.old if sibling else None),
                new=_sides(step, step.new, sibling.new if sibling else None),
                drift=_drift(step, told),
            )


def forgotten(preview: Preview) -> Iterator[tuple[str, Record]]:
    """Give the numbers of siblings that go although no resource ever got to use them: an `up` did not finish."""
    steps = {step.urn: step for step in preview.steps if step.op != "refresh"}
    used = {sibling_of(urn, step.kind) for urn, step in steps.items()}
    for urn, step in sorted(steps.items()):
        if step.kind == ORIGINALS and step.op == "delete" and urn not in used:
            for number, line in sorted(_summary(step.old).items()):
                yield number, Record.of(line)


def sibling_of(urn: str, kind: str) -> str:
    """Give the URN of the resource that remembers what another one of this kind found, of the same transport."""
    head, _, name = urn.rpartition(f"{kind}::")
    return f"{head}{ORIGINALS}::{name}-original"


def _sides(step: Step, state: State | None, sibling: State | None) -> Mapping[str, Side]:
    if state is None:
        return {}
    summary = _summary(sibling)
    if step.kind == FLEET:
        key = {KEY_AT_VAPI: state.known.get(KEY_AT_VAPI)}  # one for all its numbers
        return {
            number: _side({**_map(entry), **key}, summary.get(number))
            for number, entry in _numbers(state).items()
        }
    known = state.known
    number = _name_of(known, step)
    return {number: _side(known, summary.get(number) or known.get("originalSummary"))}


def _name_of(known: Props, step: Step) -> str:
    """Give the number, or its SID, or the resource's name where neither is known before `up`."""
    names = (known.get(key) for key in ("number", "twilioSid", "shortCode"))
    return next((name for name in names if isinstance(name, str) and name not in ("", UNKNOWN)), step.name)


def _side(entry: object, line: object) -> Side:
    return Side(_map(entry), Record.of(line) if isinstance(line, str) and line else None)


def drift_of(step: Step) -> list[str]:
    """Give the lines of drift that a check found; where nothing is done, diff knew better than the check."""
    told = step.new.inputs.get("drift") if step.new and step.changes else None
    return [str(line).removesuffix(AGAIN) for line in told] if isinstance(told, list) else []


def _drift(step: Step, told: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    """Give the lines of drift by number, those that a diff `told` too; a fleet's lines begin with theirs."""
    if not step.changes:
        return {}
    by_number: dict[str, list[str]] = {number: [] for number in _sides(step, step.new, None)}
    for line in drift_of(step):
        number, _, text = line.partition(": ") if step.kind == FLEET else (*by_number, "", line)
        by_number.setdefault(number, []).append(text)
    every = {number: (*texts, *told.get(number, ())) for number, texts in by_number.items()}
    return {number: texts for number, texts in every.items() if texts}


def _summary(state: State | None) -> Props:
    return _map(state.known.get("summary")) if state else {}


def _numbers(state: State | None) -> Props:
    return _map(state.known.get("numbers")) if state else {}


def _map(value: object) -> Props:
    return value if isinstance(value, Mapping) else {}
