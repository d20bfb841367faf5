"""What a rehearsal tells: what it will do, each step as it is seen, what Vapi does here, and that for a sandbox."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from vapi_sms.cli.paper import Cell, Column, Paper, styled
from vapi_sms.cli.printing import EMPTY, say
from vapi_sms.cli.rehearse.choosing import Spare
from vapi_sms.cli.rehearse.keeping import Files
from vapi_sms.cli.review import markdown
from vapi_sms.core.inert import line
from vapi_sms.core.rehearsal.judging import Judgement, judge
from vapi_sms.core.rehearsal.trials import Seen, masked
from vapi_sms.core.routings.describe import handler_line
from vapi_sms.live.rehearsing import Rehearsal, Wanted

TITLE = "What Vapi does here"


@dataclass(frozen=True, slots=True)
class Found:
    """What was seen and what follows; `cause` is what cut it short, `lag` how far Twilio's readings were behind."""

    seen: tuple[Seen, ...]
    judgement: Judgement
    patience: int
    lag: int
    cause: str

    @classmethod
    def of(cls, rehearsal: Rehearsal, cause: str) -> Found:
        """Judge what was seen so far."""
        seen = tuple(rehearsal.seen)
        return cls(seen, judge(seen, rehearsal.answers), rehearsal.wanted.patience, rehearsal.lag, cause)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What no switch plays, and what to read all of it with."""
        lagging = f"Twilio's readings were up to {self.lag:,} ms behind our own writes" if self.lag else ""
        cut = f"it was cut short, so not all was tried: {masked(self.cause)}" if self.cause else ""
        return tuple(remark for remark in (*self.judgement.remarks, lagging, cut) if remark)


def announce(spare: Spare, wanted: Wanted, files: Files) -> None:
    """Say what will be done, before anybody is asked."""
    number, steps = spare.original.number, wanted.trials
    minutes = max(1, round(steps * wanted.patience / 60))
    say(
        line(f"A rehearsal on {number}, which nobody should need for the next {minutes} minutes or so:"),
        line(f"- it is kept in {files.backup} first, as found: {_found(spare)}"),
        line(
            f"- it gets routings of example.com at Twilio, and is imported into this Vapi org with assistant "
            f"{spare.assistant.name or spare.assistant.id}, changed there and deleted again, {steps} steps in all"
        ),
        line(
            f"- after each step Twilio is read, for {wanted.patience} s; texts and calls to it go nowhere meanwhile"
        ),
        line(
            "- then it is put back as found, also where a step fails or Ctrl-C ends it; where all else fails, "
            f"`vapi-sms restore {files.backup}` does that"
        ),
        EMPTY,
    )


def _found(spare: Spare) -> str:
    texts, calls = handler_line(spare.original.messaging), handler_line(spare.original.voice)
    return f"texts answered by {texts}, calls by {calls}, not in Vapi"


@dataclass
class Progress:
    """Tells each step as it is seen."""

    total: int
    done: int = 0

    def tell(self, seen: Seen) -> None:
        """Print one step."""
        self.done += 1
        say(line(f"{self.done}/{self.total} {seen.trial}: {seen}"))


def show(found: Found) -> None:
    """Print the table, the switches, and what no switch plays."""
    out = Paper()
    out.blank()
    out.paragraph((line(TITLE), "bold"))
    columns = (Column(line("what was done"), ratio=1), Column(line("what Twilio showed"), ratio=2))
    rows: list[tuple[Cell, Cell]] = [(_cell(str(each.trial)), _cell(str(each))) for each in found.seen]
    out.table(columns, rows)
    out.blank()
    out.table(
        (Column(line("switch of the sandbox"), ratio=1), Column(line("here"), ratio=2)),
        [(_cell(name), _cell(value)) for name, value in _values(found)],
    )
    for remark in found.remarks:
        out.item(styled(line(remark)))


def behaviour(found: Found) -> str:
    """Give the part of a seed that plays what was seen."""
    told = found.judgement
    lines = [f"# What `vapi-sms rehearse` saw on {_today()}, as the sandbox plays it.", "behaviour:"]
    lines += [f"  {name}: {json.dumps(value)}" for name, value in told.switches.items()]
    lines += [f"  # {name}: {why}" for name, why in told.untold.items()]
    return "".join(f"{line(each)}\n" for each in lines)


def as_markdown(found: Found) -> str:
    """Give a report for an issue: no number, SID or id, and no URL but Vapi's own."""
    steps = [[markdown.prose(str(each.trial)), markdown.prose(str(each))] for each in found.seen]
    switches = [[markdown.code(name), markdown.prose(value)] for name, value in _values(found)]
    parts = [
        f"## {TITLE}",
        f"vapi-sms {version('vapi-sms')}, {_today()}, {found.patience} s of patience after each step.",
        markdown.table(("what was done", "what Twilio showed"), steps),
        markdown.table(("switch of the sandbox", "here"), switches),
    ]
    if found.remarks:
        parts.append(markdown.items(markdown.prose(remark) for remark in found.remarks))
    parts.append(f"```yaml\n{behaviour(found)}```")
    return "\n\n".join(parts) + "\n"


def _values(found: Found) -> list[tuple[str, str]]:
    told = [(name, json.dumps(value)) for name, value in found.judgement.switches.items()]
    return told + [(name, why) for name, why in found.judgement.untold.items()]


def _cell(text: str) -> Cell:
    return (styled(line(text)),)


def _today() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}"
