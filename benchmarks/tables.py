"""Tables as values: printed for people, or written as Markdown for docs/."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `broken` names each bound that was not kept, in words."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()

    def plain(self) -> str:
        """Align the columns; texts to the left, numbers to the right."""
        lines = [self.title, *(f"  {_aligned(row, self._widths())}" for row in (self.columns, *self.rows))]
        lines[2:2] = [f"  {'  '.join('-' * width for width in self._widths())}"]
        lines += [f"  {note}" for note in self.notes]
        lines += [f"  BROKEN: {bound}" for bound in self.broken]
        return "\n".join(lines)

    def markdown(self) -> str:
        """Write it as Markdown."""
        rule = "|".join(
            " ---: " if all(_is_number(row[column]) for row in self.rows) else " --- "
            for column in range(len(self.columns))
        )
        rows = [f"| {' | '.join(self.columns)} |", f"|{rule}|"]
        rows += [f"| {' | '.join(row)} |" for row in self.rows]
        told = [f"{note}  " for note in (*self.notes, *(f"**Broken:** {bound}" for bound in self.broken))]
        return "\n".join([f"**{self.title}**", "", *rows, "", *told]).rstrip() + "\n"

    def _widths(self) -> list[int]:
        return [max(map(len, cells)) for cells in zip(self.columns, *self.rows, strict=True)]


def _aligned(cells: tuple[str, ...], widths: list[int]) -> str:
    padded = (
        cell.rjust(width) if _is_number(cell) else cell.ljust(width)
        for cell, width in zip(cells, widths, strict=True)
    )
    return "  ".join(padded).rstrip()


def _is_number(cell: str) -> bool:
    return cell[:1].isdigit()
