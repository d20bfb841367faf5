"""The board: one look as a table, with a line of each number's texts over time; pure."""

from __future__ import annotations

from collections.abc import Sequence

from vapi_sms.cli.paper import Cell, Column, styled
from vapi_sms.core.inert import Line, line
from vapi_sms.core.proof.evidence import Evidence
from vapi_sms.core.proof.verdict import Fate, Outcome, Verdict

_LEVELS = "▁▂▃▄▅▆▇█"
_PARTS = 20
_COLOURS = {Outcome.ANSWERED: "green", Outcome.FAILED: "bold red", Outcome.INCONCLUSIVE: "yellow"}
COLUMNS = (
    *(Column(line(title), wraps=False) for title in ("number", "texts", "answered", "median", "over time")),
    Column(line("verdict")),
)


def row(verdict: Verdict, evidence: Evidence) -> tuple[Cell, ...]:
    """Give a number's row."""
    moments = [each.text.at for each in verdict.followed]
    told = line("; ".join((str(verdict.outcome), *verdict.reasons)))
    return tuple(
        (styled(part),)
        for part in (
            (line(verdict.number), "bold"),
            (line(f"{len(verdict.followed):,}"), ""),
            (line(f"{verdict.count(Fate.ANSWERED):,}"), ""),
            (line("-" if verdict.median is None else f"{verdict.median} s"), ""),
            (spark(moments, evidence.since, evidence.until), ""),
            (told, _COLOURS[verdict.outcome]),
        )
    )


def spark(moments: Sequence[int], since: int, until: int) -> Line:
    """Draw how many of these moments lie in each twentieth of a span; a blank where none does."""
    counts = [0] * _PARTS
    for at in moments:
        counts[min(_PARTS - 1, (at - since) * _PARTS // max(1, until - since))] += 1
    most = max(counts, default=0)
    return line("".join(_LEVELS[(count * len(_LEVELS) - 1) // most] if count else " " for count in counts))
