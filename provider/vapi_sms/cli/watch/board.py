"""The board: a table on a terminal that stays up to date, with a line of the texts of each number over time."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.live import Live
from rich.table import Table
from rich.text import Text

from vapi_sms.cli.paper import Paper
from vapi_sms.core.inert import Line, line
from vapi_sms.core.proof.evidence import Evidence
from vapi_sms.core.proof.verdict import Fate, Outcome, Verdict, moment

_LEVELS = "▁▂▃▄▅▆▇█"
_PARTS = 20
_COLOURS = {Outcome.ANSWERED: "green", Outcome.FAILED: "bold red", Outcome.INCONCLUSIVE: "yellow"}


class Board:
    """Shows the last look, as long as it is entered."""

    def __init__(self, span: int) -> None:
        self._span = span
        self._console = Paper().console
        self._live = Live(console=self._console, auto_refresh=False)

    @property
    def is_terminal(self) -> bool:
        """Somebody watches."""
        return self._console.is_terminal and sys.stdout.isatty()

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def show(self, verdicts: Sequence[Verdict], evidence: Evidence) -> None:
        """Show one look in place of the one before."""
        self._live.update(table(verdicts, evidence), refresh=True)


def table(verdicts: Sequence[Verdict], evidence: Evidence) -> Table:
    """Give the table of one look."""
    found = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("number", "texts", "answered", "median", "over time", "verdict"):
        found.add_column(title, no_wrap=title != "verdict")
    for verdict in verdicts:
        told = line("; ".join((str(verdict.outcome), *verdict.reasons)))
        found.add_row(
            Text(line(verdict.number), "bold"),
            f"{len(verdict.followed):,}",
            f"{verdict.count(Fate.ANSWERED):,}",
            "-" if verdict.median is None else f"{verdict.median} s",
            Text(spark([each.text.at for each in verdict.followed], evidence.since, evidence.until)),
            Text(told, _COLOURS[verdict.outcome]),
        )
    found.caption = f"as of {moment(evidence.until)}"
    return found


def spark(moments: Sequence[int], since: int, until: int) -> Line:
    """Draw how many of these moments lie in each twentieth of a span; a blank where none does."""
    counts = [0] * _PARTS
    for at in moments:
        counts[min(_PARTS - 1, (at - since) * _PARTS // max(1, until - since))] += 1
    most = max(counts, default=0)
    return line("".join(_LEVELS[(count * len(_LEVELS) - 1) // most] if count else " " for count in counts))
