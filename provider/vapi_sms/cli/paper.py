"""Paper: what commands lay out for people, wrapped to the width there is, with colours where a terminal shows them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console, Group
from rich.live import Live
from rich.padding import Padding
from rich.segment import Segment, Segments
from rich.table import Table
from rich.text import Text

from vapi_sms.cli.printing import laid_out
from vapi_sms.core.inert import Line, line


@dataclass(frozen=True, slots=True)
class Styled:
    """A line, or pieces of one, each in its style."""

    parts: tuple[tuple[Line, str], ...]

    def rich(self) -> Text:
        """Give it as rich has it."""
        return Text.assemble(*self.parts)


Cell = Sequence[Styled]
"""Lines above each other."""


def styled(*parts: Line | tuple[Line, str]) -> Styled:
    """Give a line of pieces, those in a style with it."""
    return Styled(tuple((part, "") if isinstance(part, str) else part for part in parts))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its title, and how much room it takes."""

    title: Line
    most: int | None = None
    ratio: int | None = None
    wraps: bool = True


class Paper:
    """What is laid out for people: wrapped to the width there is, with colours where a terminal shows them."""

    def __init__(self, *, records: bool = False) -> None:
        self._console = Console(
            file=laid_out(sys.stdout), record=records, highlight=False, emoji=False, markup=False
        )

    @property
    def is_terminal(self) -> bool:
        """Somebody watches."""
        return self._console.is_terminal

    @property
    def width(self) -> int:
        """How many letters fit into a line."""
        return self._console.width

    @width.setter
    def width(self, letters: int) -> None:
        self._console.width = letters

    def blank(self) -> None:
        """Leave a line empty."""
        self._console.print()

    def rule(self, title: Styled, characters: str = "─", *, left: bool = False) -> None:
        """Draw a line with a title in it."""
        self._console.rule(title.rich(), characters=characters, align="left" if left else "center")

    def paragraph(self, *parts: Line | tuple[Line, str], left: int = 0, right: int = 0) -> None:
        """Print a paragraph, so far from both margins."""
        text = styled(*parts).rich()
        self._console.print(Padding(text, (0, right, 0, left), expand=False) if left or right else text)

    def item(self, *paragraphs: Styled) -> None:
        """Print paragraphs as an item of a list."""
        grid = Table.grid()
        grid.add_row("  - ", Group(*(each.rich() for each in paragraphs)))
        self._console.print(grid)

    @contextmanager
    def board(self) -> Iterator[Callable[[Sequence[Column], Sequence[Sequence[Cell]], Line], None]]:
        """Give what shows a table, with a line below it, in place of the one that it showed before."""
        with Live(console=self._console, auto_refresh=False) as live:

            def show(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], below: Line) -> None:
                table = Table(
                    box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0), caption=below
                )
                for column in columns:
                    table.add_column(column.title, no_wrap=not column.wraps)
                for row in rows:
                    table.add_row(*(Text("\n").join(part.rich() for part in cell) for cell in row))
                live.update(table, refresh=True)

            yield show

    def table(
        self, columns: Iterable[Column], rows: Iterable[Sequence[Cell]], *, left: int = 0, loose: bool = False
    ) -> None:
        """Print a table; a loose one has room between its rows.

        Where it would break an id in two, which nobody could look for then, cells stand below each other instead.
        """
        columns, rows = list(columns), list(rows)
        needed = [max((0, *map(len, _ids(row[at] for row in rows)))) for at in range(len(columns))]
        if sum((each or _NARROW) + 2 for each in needed) > self.width - left:
            self._stacked(columns, rows, left=left)
            return
        padding = (0, 2, 1, 0) if loose else (0, 1, 0, 0)
        table = Table(box=None, header_style="bold", pad_edge=False, padding=padding)
        for column, least in zip(columns, needed, strict=True):
            table.add_column(
                column.title,
                overflow="fold",
                min_width=least or None,
                max_width=column.most,
                ratio=column.ratio,
                no_wrap=not column.wraps,
            )
        for row in rows:
            table.add_row(*(Text("\n").join(part.rich() for part in cell) for cell in row))
        # Rich narrows the widest columns, and then gives those with ids their room back: what is too wide, it cuts off.
        drawn = list(self._console.render(table, self._console.options.update(max_width=self.width - left)))
        if Segment.get_shape(list(Segment.split_lines(drawn)))[0] > self.width - left:
            self._stacked(columns, rows, left=left)
            return
        self._console.print(Padding(Segments(drawn), (0, 0, 0, left)), end="")

    def _stacked(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], *, left: int) -> None:
        for first, *others in rows:
            for part in first:
                self._console.print(Padding(part.rich(), (0, 0, 0, left), expand=False))
            for column, cell in zip(columns[1:], others, strict=True):
                if cell:
                    text = Text.assemble(
                        (f"{column.title}: ", "bold"), Text("\n").join(part.rich() for part in cell)
                    )
                    self._console.print(Padding(text, (0, 0, 0, left + 2), expand=False))
            self.blank()

    def barred(self, coloured: str) -> None:
        """Print a line of another command, with its colours, behind a bar; what is too long goes on, indented."""
        text = Text.from_ansi(coloured)
        inert = line(text.plain)
        if inert != text.plain:
            text = Text(inert)
        indent = len(text.plain) - len(text.plain.lstrip())
        text = text[indent:]
        text.rstrip()
        for number, part in enumerate(text.wrap(self._console, self._console.width - indent - 8)):
            bar = Text("  │ " + " " * (indent + (2 if number else 0)), "bright_black")
            self._console.print(bar + part)

    def picture(self, title: Line) -> str:
        """Give all that was printed as an SVG picture."""
        return self._console.export_svg(title=title)


_ID = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NARROW = 10  # what a column without ids can do with


def _ids(cells: Iterable[Cell]) -> list[str]:
    """Give the words that hold an id, but for addresses, which may be of any length."""
    words = (word for cell in cells for part in cell for text, _ in part.parts for word in text.split())
    return [word for word in words if _ID.search(word) and "/" not in word]


def watching() -> Console:
    """Give where bars move while work lasts: on standard error, and on a terminal only, so that logs stay clean."""
    return Console(file=laid_out(sys.stderr), stderr=True)
