"""What was tried and what became of it, as tables: aligned for a terminal, or Markdown for docs/."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One cell's try; `lost` is empty when it survived."""

    row: str
    column: str
    how: str
    lost: str = ""

    @property
    def survived(self) -> bool:
        """Nothing was lost."""
        return not self.lost


def rendered(results: Sequence[Result], first: str, order: Sequence[str], *, markdown: bool = False) -> str:
    """Give survived of tried by row and column, both in the order given, with sums."""
    rows = sorted({result.row for result in results}, key=order.index)
    columns = sorted({result.column for result in results}, key=order.index)
    table = [[first, *columns, "all"]]
    for row in [*rows, "all"]:
        mine = [r for r in results if row in (r.row, "all")]
        cells = [_share([r for r in mine if column in (r.column, "all")]) for column in [*columns, "all"]]
        table.append([row, *cells])
    return _markdown(table) if markdown else _aligned(table)


def losses(results: Sequence[Result]) -> list[str]:
    """Give a line for each try that did not survive: what to do again, and what was lost."""
    return [f"LOST {r.row}: {r.how}: {r.lost}" for r in results if not r.survived]


def _share(results: Sequence[Result]) -> str:
    return f"{sum(r.survived for r in results)}/{len(results)}" if results else "-"


def _aligned(table: list[list[str]]) -> str:
    widths = [max(len(row[n]) for row in table) for n in range(len(table[0]))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if n else cell.ljust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in table
    )


def _markdown(table: list[list[str]]) -> str:
    head, *rest = (f"| {' | '.join(row)} |" for row in table)
    rule = f"| --- |{' ---: |' * (len(table[0]) - 1)}"
    return "\n".join([head, rule, *rest])
