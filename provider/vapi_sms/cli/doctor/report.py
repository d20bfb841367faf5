"""The report for people: a table of numbers, then what is wrong, each trouble told once with its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from vapi_sms.cli.doctor.examining import Examined
from vapi_sms.cli.doctor.facts import facts
from vapi_sms.core.describe import attachment_line
from vapi_sms.core.diagnosis import Diagnosis
from vapi_sms.core.readiness import Prospect
from vapi_sms.core.values import VapiRecord

_COLOURS = {Prospect.PROBABLY_FINE: "green", Prospect.WARNING: "yellow", Prospect.UNKNOWN: ""}
_NAMED = 40  # numbers of one group: a trouble of a whole pool shall not bury the next one
# What is told, what to do about it, and the numbers that it is told of.
_Group = tuple[str, str, list[str]]


def show(examined: Examined) -> None:
    """Print the report; colours only where a terminal shows them."""
    console = Console(highlight=False, emoji=False, markup=False)
    if examined.diagnoses:
        console.print(_table(examined))
    _section(console, "Problems", "bold red", _grouped_findings(examined, "problems"))
    _section(console, "Notes", "bold", _grouped_findings(examined, "notes"))
    _section(console, "Replies to US carriers", "bold", _grouped_prospects(examined.diagnoses))
    console.print(Text("\nGood to know", "bold"))
    for fact in (*examined.left_out, *facts(examined.addresses_unread)):
        console.print(Padding(Text(fact), (0, 0, 0, 2), expand=False))
    console.print()
    console.print(_summary(examined))


def _table(examined: Examined) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 1, 0))
    table.add_column("number", overflow="fold", max_width=20)
    table.add_column("texts are answered by", overflow="fold", ratio=1)
    table.add_column("replies to US", no_wrap=True)
    for diagnosis in examined.diagnoses:
        table.add_row(_who(diagnosis), _answer(diagnosis, examined), _prospect(diagnosis))
    return table


def _who(diagnosis: Diagnosis) -> Text:
    twilio, count = diagnosis.reading.observed.twilio, len(diagnosis.problems)
    lines = [Text(diagnosis.reading.number, "bold red" if count else "bold")]
    if twilio is not None:
        lines.append(Text(twilio.friendly_name, "dim"))
        if not twilio.can_sms:
            lines.append(Text("takes no texts"))
    if count:
        lines.append(Text(f"{count} problem{'s' if count > 1 else ''}", "red"))
    return Text("\n").join(line for line in lines if line.plain)


def _answer(diagnosis: Diagnosis, examined: Examined) -> Text:
    answered, record = diagnosis.answering, diagnosis.reading.observed.vapi
    lines = [Text(answered.line, "bold"), Text(f"why: {answered.why}")]
    if answered.fallback:
        lines.append(Text(f"fallback: {answered.fallback}"))
    if record is not None:
        lines.append(Text(f"at Vapi: {_record(record, examined)}"))
    if diagnosis.reading.address is not None:
        lines.append(Text(f"beside it: {diagnosis.reading.address}"))
    if diagnosis.reading.declared is not None:
        declared = diagnosis.reading.declared
        lines.append(Text(f"declared by {declared.resource}: {declared.answered_by}"))
    return Text("\n").join(lines)


def _record(record: VapiRecord, examined: Examined) -> str:
    attached = (
        attachment_line(record.settings, examined.names).removeprefix("Vapi").removeprefix(", with").strip()
    )
    return f"{attached}, SMS {'on' if record.settings.sms_enabled else 'off'}, id {record.id}"


def _prospect(diagnosis: Diagnosis) -> Text:
    ready = diagnosis.readiness
    return Text(str(ready.prospect), _COLOURS[ready.prospect]) if ready else Text("")


def _section(console: Console, title: str, style: str, groups: Sequence[_Group]) -> None:
    if not groups:
        return
    console.print(Text(f"\n{title}", style))
    for says, do, numbers in groups:
        more = f" and {len(numbers) - _NAMED:,} more (--json names them)" if len(numbers) > _NAMED else ""
        told = [Text(says), Text(", ".join(numbers[:_NAMED]) + more, "dim")]
        if do:
            told.insert(1, Text.assemble(("do: ", "bold"), do))
        grid = Table.grid()
        grid.add_row("  - ", Group(*told))
        console.print(grid)


def _grouped_findings(examined: Examined, kind: str) -> list[_Group]:
    return _grouped(
        (finding.says, finding.do, diagnosis.reading.number)
        for diagnosis in examined.diagnoses
        for finding in (diagnosis.problems if kind == "problems" else diagnosis.notes)
    )


def _grouped_prospects(diagnoses: Iterable[Diagnosis]) -> list[_Group]:
    return _grouped(
        (f"{each.readiness.prospect}: {each.readiness.says}", each.readiness.do, each.reading.number)
        for each in diagnoses
        if each.readiness is not None
    )


def _grouped(told: Iterable[tuple[str, str, str]]) -> list[_Group]:
    groups: dict[tuple[str, str], list[str]] = {}
    for says, do, number in told:
        groups.setdefault((says, do), []).append(number)
    return [(says, do, numbers) for (says, do), numbers in groups.items()]


def _summary(examined: Examined) -> Text:
    sick = sum(bool(diagnosis.problems) for diagnosis in examined.diagnoses)
    requests = examined.twilio_requests + examined.vapi_requests
    found = (
        Text(f"{_count(examined.problems, 'problem')} on {_count(sick, 'number')}", "bold red")
        if sick
        else Text("no problems", "bold green")
    )
    return Text.assemble(
        f"{_count(len(examined.diagnoses), 'number')}, ",
        found,
        f". {_count(requests, 'request')} read both vendors; nothing was written.",
    )


def _count(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
