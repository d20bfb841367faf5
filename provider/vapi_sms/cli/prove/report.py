"""The verdicts for people, for a pull request, and for machines."""

from __future__ import annotations

from typing import Any

from vapi_sms.cli.paper import Cell, Column, Paper, styled
from vapi_sms.cli.prove.proving import Proven
from vapi_sms.cli.review import markdown
from vapi_sms.core.inert import Line, json_lines, line, lines
from vapi_sms.core.proof.verdict import Fate, Outcome, Verdict, moment

SCHEMA = 1
_COLOURS = {Outcome.ANSWERED: "green", Outcome.FAILED: "bold red", Outcome.INCONCLUSIVE: "yellow"}
_TITLES = ("number", "texts", "answered", "median", "last text", "verdict")


def show(proven: Proven) -> None:
    """Print a table, and what is wrong below it."""
    out = Paper()
    columns = [Column(line(title), wraps=False) for title in _TITLES]
    out.table(columns, (_row(verdict) for verdict in proven.verdicts))
    for verdict in proven.verdicts:
        if verdict.reasons:
            out.blank()
            out.paragraph((line(verdict.number), "bold"), line(f" {verdict.outcome}"))
            for reason in verdict.reasons:
                out.item(styled(reason))
    out.blank()
    out.paragraph(*((line(text), style) for text, style in _summary(proven)))


def as_markdown(proven: Proven) -> tuple[Line, ...]:
    """Give the same as Markdown."""
    rows = [
        [markdown.code(cell) if at == 0 else markdown.prose(cell) for at, cell in enumerate(_cells(each))]
        for each in proven.verdicts
    ]
    told = [markdown.table(_TITLES, rows)]
    for verdict in proven.verdicts:
        if verdict.reasons:
            told.append(f"{markdown.code(verdict.number)} {verdict.outcome}:")
            told.append(markdown.items(markdown.prose(reason) for reason in verdict.reasons))
    told.append(markdown.prose("".join(text for text, _ in _summary(proven))))
    return lines("\n\n".join(told))


def as_json(proven: Proven) -> tuple[Line, ...]:
    """Give the same as one JSON document; keys are only ever added."""
    return json_lines(
        {
            "schema": SCHEMA,
            "account": proven.account_sid,
            "since": moment(proven.evidence.since),
            "until": moment(proven.evidence.until),
            "requests": proven.requests,
            "numbers": [number(verdict) for verdict in proven.verdicts],
            "unread": dict(proven.evidence.unread),
            "leftOut": list(proven.left_out),
        }
    )


def number(verdict: Verdict) -> dict[str, Any]:
    """Give one number's verdict as JSON has it."""
    return {
        "number": verdict.number,
        "verdict": str(verdict.outcome),
        "reasons": list(verdict.reasons),
        "texts": len(verdict.followed),
        "answered": verdict.count(Fate.ANSWERED),
        "medianSeconds": verdict.median,
        "lastText": None if verdict.last is None else moment(verdict.last),
        "cost": round(verdict.cost, 6),
        "unanswered": [
            {
                "sid": each.text.sid,
                "at": moment(each.text.at),
                "from": str(each.text.customer),
                "fate": str(each.fate),
                "why": each.why,
                "do": each.do or None,
            }
            for each in verdict.unanswered
        ],
    }


def _row(verdict: Verdict) -> tuple[Cell, ...]:
    styles = ("bold", "", "", "", "", _COLOURS[verdict.outcome])
    return tuple((styled((line(text), style)),) for text, style in zip(_cells(verdict), styles, strict=True))


def _cells(verdict: Verdict) -> tuple[str, ...]:
    return (
        verdict.number,
        f"{len(verdict.followed):,}",
        f"{verdict.count(Fate.ANSWERED):,}",
        "-" if verdict.median is None else f"{verdict.median} s",
        "-" if verdict.last is None else moment(verdict.last),
        str(verdict.outcome),
    )


def _summary(proven: Proven) -> list[tuple[str, str]]:
    texts = sum(len(each.followed) for each in proven.verdicts)
    cost = sum(each.cost for each in proven.verdicts)
    spent = f", sessions at Vapi cost ${cost:.2f}" if cost else ""
    left_out = f" {'; '.join(proven.left_out)}." if proven.left_out else ""
    failed, answered = proven.failed, proven.answered
    found, style = (
        (f"{_count(failed, 'number')} failed", "bold red")
        if failed
        else (f"{_count(answered, 'number')} answered", "bold green")
        if answered
        else ("nothing follows", "yellow")
    )
    numbers = _count(len(proven.verdicts), "number")
    return [
        (f"{_count(texts, 'text')} to {numbers} since {moment(proven.evidence.since)}: ", ""),
        (found, style),
        (
            f"{spent}. {_count(proven.requests, 'request')} read both vendors; nothing was written.{left_out}",
            "",
        ),
    ]


def _count(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
