"""The report for people: a table of numbers, then what is wrong, each trouble told once with its numbers.

With it facts that no reading shows, and that people should know who look at their numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vapi_sms.cli.doctor.examining import Examined
from vapi_sms.cli.paper import Cell, Column, Paper, styled
from vapi_sms.core.doctor.diagnosis import Diagnosis
from vapi_sms.core.doctor.readiness import Prospect
from vapi_sms.core.inert import Line, line
from vapi_sms.core.routings.describe import attachment_line
from vapi_sms.core.values import VapiRecord
from vapi_sms.resources.engine.notices import AFTER_THE_SWITCH

_NOTICE = AFTER_THE_SWITCH.removeprefix("vapi-sms: ")

_BEFORE = (_NOTICE[0].upper() + _NOTICE[1:],)
_AFTER = (
    "Twilio shows no 10DLC state of a single number: a text to yourself is the only proof that replies arrive.",
)
_CARD = (
    "No reading shows whether a card is saved at Vapi, without which it answers texts with HTTP 402 (Twilio's alert "
    "11200): `vapi-sms prove --ask` finds out."
)
_NOT_ASKED = "Without a key of Vapi's nothing was asked there: a route's texts are Twilio's matter alone."


def facts(examined: Examined) -> tuple[str, ...]:
    """Give the facts, in full sentences."""
    unread = [
        f"{what} could not be read ({why}): where there is one, {whom} answers beside what is shown."
        for what, why, whom in (
            ("Addresses of Twilio Conversations and Flex", examined.addresses_unread, "it"),
            (
                "Configurations of Twilio's Conversation Orchestrator",
                examined.captures_unread,
                "whoever is told of what it captures perhaps",
            ),
        )
        if why
    ]
    return (*_BEFORE, *unread, *_AFTER, _CARD if examined.asked_vapi else _NOT_ASKED)


_COLOURS = {Prospect.PROBABLY_FINE: "green", Prospect.WARNING: "yellow", Prospect.UNKNOWN: ""}
_NAMED = 40  # numbers of one group: a trouble of a whole pool shall not bury the next one
# What is told, what to do about it, and the numbers that it is told of.
_Group = tuple[str, str, list[str]]


def show(examined: Examined) -> None:
    """Print the report."""
    out = Paper()
    if examined.told:
        out.table(_COLUMNS, (_row(diagnosis, examined) for diagnosis in examined.told), loose=True)
    _section(out, "Problems", "bold red", problems_told(examined))
    if not examined.problems_only:
        _show_the_rest(out, examined)
    out.blank()
    out.paragraph(*_summary(examined))


def _show_the_rest(out: Paper, examined: Examined) -> None:
    _section(out, "Notes", "bold", _grouped_findings(examined, "notes"))
    _section(out, "Replies to US carriers", "bold", _grouped_prospects(examined.diagnoses))
    out.blank()
    out.paragraph((line("Good to know"), "bold"))
    for fact in (*examined.left_out, *facts(examined)):
        out.paragraph(line(fact), left=2)


_COLUMNS = (
    Column(line("number"), most=20),
    Column(line("texts are answered by"), ratio=1),
    Column(line("replies to US"), wraps=False),
)


def _row(diagnosis: Diagnosis, examined: Examined) -> tuple[Cell, Cell, Cell]:
    return _who(diagnosis), _answer(diagnosis, examined), _prospect(diagnosis)


def _who(diagnosis: Diagnosis) -> Cell:
    twilio, count = diagnosis.reading.observed.twilio, len(diagnosis.problems)
    told = [(diagnosis.reading.number, "bold red" if count else "bold")]
    if twilio is not None:
        told += [(twilio.friendly_name, "dim"), ("" if twilio.can_sms else "takes no texts", "")]
    if count:
        told.append((f"{count} problem{'s' if count > 1 else ''}", "red"))
    return [styled((line(text), style)) for text, style in told if text]


def _answer(diagnosis: Diagnosis, examined: Examined) -> Cell:
    answered, record = diagnosis.answering, diagnosis.reading.observed.vapi
    told = [f"why: {answered.why}"]
    if answered.fallback:
        told.append(f"fallback: {answered.fallback}")
    if record is not None:
        told.append(f"at Vapi: {_record(record, examined)}")
    if diagnosis.reading.address is not None:
        told.append(f"beside it: {diagnosis.reading.address}")
    if diagnosis.reading.capture is not None:
        told.append(f"beside it: {diagnosis.reading.capture}")
    if diagnosis.reading.declared is not None:
        declared = diagnosis.reading.declared
        told.append(f"declared by {declared.resource}: {declared.answered_by}")
    return [styled((line(answered.line), "bold")), *(styled(line(text)) for text in told)]


def _record(record: VapiRecord, examined: Examined) -> str:
    attached = (
        attachment_line(record.settings, examined.names).removeprefix("Vapi").removeprefix(", with").strip()
    )
    return f"{attached}, SMS {'on' if record.settings.sms_enabled else 'off'}, id {record.id}"


def _prospect(diagnosis: Diagnosis) -> Cell:
    ready = diagnosis.readiness
    return (styled((line(str(ready.prospect)), _COLOURS[ready.prospect])),) if ready else ()


def _section(out: Paper, title: str, style: str, groups: Sequence[_Group]) -> None:
    if not groups:
        return
    out.blank()
    out.paragraph((line(title), style))
    for says, do, numbers in groups:
        more = f" and {len(numbers) - _NAMED:,} more (--json names them)" if len(numbers) > _NAMED else ""
        told = [styled(line(says)), styled((line(", ".join(numbers[:_NAMED]) + more), "dim"))]
        if do:
            told.insert(1, styled((line("do: "), "bold"), line(do)))
        out.item(*told)


def problems_told(examined: Examined) -> list[_Group]:
    """Give each trouble once: what is so, what to do about it, and its numbers."""
    return _grouped_findings(examined, "problems")


def summary(examined: Examined) -> str:
    """Say how many numbers there are, how many problems, and what it cost."""
    return "".join(part if isinstance(part, str) else part[0] for part in _summary(examined))


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


def _summary(examined: Examined) -> list[Line | tuple[Line, str]]:
    sick = len(examined.sick)
    requests = examined.twilio_requests + examined.vapi_requests
    found, style = (
        (f"{_count(examined.problems, 'problem')} on {_count(sick, 'number')}", "bold red")
        if sick
        else ("no problems", "" if examined.unseen else "bold green")
    )
    unseen = f"; not all was looked at: {'; '.join(examined.left_out)}" if examined.unseen else ""
    whom = "both vendors" if examined.asked_vapi else "Twilio"
    return [
        line(f"{_count(len(examined.diagnoses), 'number')}, "),
        (line(found), style),
        line(f"{unseen}. {_count(requests, 'request')} read {whom}; nothing was written."),
    ]


def _count(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
