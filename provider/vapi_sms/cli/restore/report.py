"""The report for people: a table of what would change, what is left as it is, what is refused; then what was done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from vapi_sms.cli.backup.held import Held
from vapi_sms.cli.paper import Cell, Column, Paper, styled
from vapi_sms.cli.restore.carrying_out import Outcome
from vapi_sms.cli.restore.planning import OfService, Proposal
from vapi_sms.core.errors import ProviderError
from vapi_sms.core.inert import line
from vapi_sms.core.planning.plan import DeleteFromVapi, ImportNumber, Plan, RouteNumber, UpdateVapi
from vapi_sms.core.routings.describe import (
    handler_line,
    routing_changes,
    settings_changes,
    who_answers_at_twilio,
    who_answers_texts,
)
from vapi_sms.core.routings.handlers import Kind
from vapi_sms.core.routings.routing import VoiceRouting
from vapi_sms.core.services.answers import inbound_line
from vapi_sms.core.telling import gathered
from vapi_sms.core.values import Observed, Original, Source
from vapi_sms.resources.record.restoring import WITHOUT_VAPI

LIVING_STACK = (
    "A stack that still declares these numbers shows this as drift: its next `pulumi up` switches them again."
)
RELEASED = (
    "A stack that still declares these numbers keeps what it recorded of them, and what Vapi holds. Its own "
    "credentials, and `VAPI_SMS_RELEASED={numbers} pulumi destroy`, end both."
)
ALONE = "you said to go on without Vapi (--without-vapi, VAPI_SMS_WITHOUT_VAPI)"
TO_ACCOUNT = "--to-account puts back Twilio's side alone"
TEXTS_ONLY = "restore_to speaks of texts: calls, and what Vapi knows of these numbers, stay as they are."


def show(held: Held, proposal: Proposal) -> None:
    """Print the plan."""
    out = Paper()
    out.paragraph(line(f"From {held.of}:"))
    if held.caution:
        out.paragraph((line(held.caution), "bold yellow"))
    pending = proposal.numbers.pending
    services = [each for each in proposal.services if each.planned and not each.planned.is_empty]
    if pending or services:
        out.table(_COLUMNS, _rows(proposal, services), loose=True)
    as_recorded = len(proposal.numbers.records) - len(pending)
    if as_recorded:
        _apart(out, f"{_count(as_recorded, 'number')} with nothing to put back.")
    _section(out, "Left alone", "bold yellow", _left_alone(proposal))
    _section(out, "Refused", "bold red", {**proposal.refused, **held.unusable})
    if proposal.numbers.at_vapi is not None:
        why = _why_not_at_vapi(held, proposal.numbers.at_vapi)
        _section(
            out, "At Vapi", "bold yellow", {"": f"what Vapi holds of these numbers stays as it is: {why}."}
        )
    if held.declared:
        _apart(out, TEXTS_ONLY)
    if held.to_this_account:
        _apart(out, RELEASED.format(numbers=",".join(record.number for record in held.numbers)))
    elif not proposal.writes_nothing:
        _apart(out, LIVING_STACK)


def _why_not_at_vapi(held: Held, reason: ProviderError) -> str:
    if reason is not WITHOUT_VAPI:
        return str(reason).rstrip(".")
    return TO_ACCOUNT if held.to_this_account else ALONE


def report(outcome: Outcome) -> None:
    """Print what was done."""
    out = Paper()
    for name in outcome.done:
        out.paragraph((line("put back: "), "green"), line(name))
    _section(out, "Not put back", "bold red", outcome.failed)


_COLUMNS = (
    Column(line("number"), most=20),
    Column(line("texts are answered by"), ratio=1),
    Column(line("texts will be answered by"), ratio=1),
    Column(line("besides"), ratio=1),
)


def _rows(proposal: Proposal, services: list[OfService]) -> Iterator[Sequence[Cell]]:
    for record in proposal.numbers.pending:
        planned = proposal.numbers.plans[record.sid]
        now = _now(planned.observed, record, proposal)
        besides = [styled(line(told)) for told in _besides(planned, record)]
        yield _cell(record.number), _cell(now), _answer(_then(planned, now)), besides
    for each in services:
        service, decides, will_decide, besides_it = _service_row(each)
        yield _cell(service), _cell(decides), _answer(will_decide), _cell(besides_it)


def _cell(text: str) -> Cell:
    return (styled(line(text)),)


def _answer(text: str) -> Cell:
    """Give who will answer; that nobody will is not to be overlooked."""
    return (styled((line(text), "bold" if text == Kind.NOTHING else "")),)


def _now(observed: Observed, record: Original, proposal: Proposal) -> str:
    # Of what concerns texts only, or Vapi cannot be asked of, nothing was read there.
    if record.texts_only or proposal.numbers.at_vapi is not None:
        return who_answers_at_twilio(observed)
    return who_answers_texts(observed, proposal.names)


def _then(planned: Plan, now: str) -> str:
    hidden_by = planned.observed.hidden_by
    texts = next(
        (step.messaging for step in planned.steps if isinstance(step, RouteNumber) and step.messaging), None
    )
    if texts is None:
        return "as now"
    if hidden_by is not None and not hidden_by.unread:
        return f"{now}; its own webhook sleeps, and becomes {handler_line(texts)}"
    return handler_line(texts)


def _besides(planned: Plan, record: Original) -> list[str]:
    """Say what else is written, and what is not."""
    told = []
    for step in planned.steps:
        match step:
            case RouteNumber(before, _, voice, _) if voice is not None:
                told.append(_calls(before.voice, voice))
            case DeleteFromVapi(found):
                told.append(f"deleted from Vapi ({found.id})")
            case UpdateVapi(found, after):
                told.append(f"at Vapi {'; '.join(settings_changes(found.settings, after))}")
            case ImportNumber():
                told.append("imported into Vapi")
    if record.source is Source.LEAVE:
        told.append("texts stay at Vapi, as declared")
    return told


def _calls(before: VoiceRouting, after: VoiceRouting) -> str:
    found, meant = handler_line(before), handler_line(after)
    if found == meant:
        return f"calls: {'; '.join(routing_changes(before, after))}"
    return f"calls from {found} to {meant}"


def _service_row(each: OfService) -> tuple[str, str, str, str]:
    planned = each.planned
    if planned is None:
        raise AssertionError("unreachable: only a service with a plan has a row")
    now = inbound_line(planned.service.inbound)
    then = now if planned.inbound is None else inbound_line(planned.inbound.after)
    count = len(planned.numbers)
    besides = f"own routings of {_count(count, 'number')}, which sleep" if count else ""
    return str(each.original), now, then, besides


def _left_alone(proposal: Proposal) -> dict[str, str]:
    left: dict[str, str] = {}
    left |= proposal.numbers.elsewhere
    for record in proposal.numbers.records:
        if lines := proposal.numbers.left_alone(record):
            left[record.number] = "; ".join(lines)
    for each in proposal.services:
        if each.left_alone:
            left[str(each.original)] = "; ".join(each.left_alone)
    return left


def _section(out: Paper, title: str, style: str, texts: Mapping[str, str]) -> None:
    if not texts:
        return
    out.blank()
    out.paragraph((line(title), style))
    named = {key: text if key in text else f"{key}: {text}" for key, text in texts.items()}
    for told in gathered(named):
        out.paragraph(line(f"- {told}"), left=2)


def _apart(out: Paper, text: str) -> None:
    out.blank()
    out.paragraph(line(text))


def _count(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
