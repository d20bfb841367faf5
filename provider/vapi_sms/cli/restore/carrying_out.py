"""Carrying out a restore: what was shown, and nothing else; each number and service succeeds or fails by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from vapi_sms.cli.backup.held import Held
from vapi_sms.cli.paper import watching
from vapi_sms.cli.restore.planning import Numbers, OfService, Proposal, plan_numbers, plan_service
from vapi_sms.core.errors import ProviderError
from vapi_sms.live.apply import OnDone
from vapi_sms.live.apply_service import apply_service
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.record.restoring import put_each_back

_CHANGED = "changed since the plan was shown, so it is not touched: run the same command again"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was put back, by number or service, and what was not, with the reason."""

    done: tuple[str, ...]
    failed: Mapping[str, str]


def carry_out(proposal: Proposal, held: Held, vendors: Vendors) -> Outcome:
    """Put back what the proposal says, numbers first: texts leave Vapi before a service answers for them again."""
    now = plan_numbers(held, vendors)
    failed: dict[str, str] = {}
    records = []
    for record in proposal.numbers.pending:
        planned = now.plans.get(record.sid)
        if planned is not None and planned.steps == proposal.numbers.plans[record.sid].steps:
            records.append(record)
        else:
            failed[record.number] = _CHANGED
    with _watched() as watch:
        failed |= put_each_back(records, vendors, watch, settle=True, tell=_told_already)
    done = [record.number for record in records if record.number not in failed]
    for service in proposal.services:
        if service.planned is None or service.planned.is_empty:
            continue
        trouble = _put_service_back(service, vendors)
        if trouble:
            failed[str(service.original)] = trouble
        else:
            done.append(str(service.original))
    return Outcome(tuple(done), failed)


def _put_service_back(shown: OfService, vendors: Vendors) -> str:
    """Put a service back as shown, now that its numbers are where they are; give what went wrong, or nothing."""
    now = plan_service(shown.original, Numbers(), vendors)
    if now.planned is None or shown.planned is None:
        return now.refused
    if (
        now.planned.inbound != shown.planned.inbound
        or now.planned.numbers.keys() != shown.planned.numbers.keys()
    ):
        return _CHANGED
    try:
        apply_service(now.planned, vendors)
    except ProviderError as trouble:
        return str(trouble)
    return ""


def _told_already(_: str) -> None:
    """Say nothing: the plan that was shown names what is left alone."""


@contextmanager
def _watched() -> Iterator[Callable[[int], OnDone]]:
    """Give what shows a bar while numbers are put back; on a terminal only, so that logs stay clean."""
    console = watching()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("numbers"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:

        def watch(total: int) -> OnDone:
            task = progress.add_task("putting back", total=total, visible=total > 0)
            return lambda _: progress.advance(task)

        yield watch
