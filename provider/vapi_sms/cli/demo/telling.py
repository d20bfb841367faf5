"""Telling: how the story looks in a terminal, in a file and in a picture."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

NARROWEST, WIDEST = 80, 100
# Remote fonts: a picture in a README may load nothing.
_FONTS = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)


class Teller:
    """Prints the story; colours only where a terminal shows them."""

    def __init__(self) -> None:
        self._console = Console(record=True, highlight=False)
        # What goes into a file or a picture has all the room there is.
        is_read_live = self._console.is_terminal
        self._console.width = min(max(self._console.width, NARROWEST), WIDEST) if is_read_live else WIDEST

    def title(self, title: str, text: str) -> None:
        """Open the story."""
        self._console.print()
        self._console.rule(Text(title, "bold"), characters="═")
        self.say(text)

    def step(self, number: int, title: str) -> None:
        """Open a chapter."""
        self._console.print()
        self._console.rule(Text(f" {number}. {title} ", "bold cyan"), align="left")

    def say(self, text: str) -> None:
        """Say something in our own words."""
        self._console.print(Padding(Text(text), (0, 2)))

    def command(self, words: Sequence[str]) -> None:
        """Show what is typed."""
        self._console.print(Text(f"  $ {' '.join(words)}", "bold yellow"))

    def engine(self, line: str) -> None:
        """Show a line of the engine behind a bar; what is too long goes on, indented."""
        text = Text.from_ansi(line)
        indent = len(text.plain) - len(text.plain.lstrip())
        text = text[indent:]
        text.rstrip()
        room = self._console.width - indent - 8
        for number, part in enumerate(text.wrap(self._console, room)):
            bar = Text("  │ " + " " * (indent + (2 if number else 0)), "bright_black")
            self._console.print(bar + part)

    def text(self, sender: str, number: str, body: str) -> None:
        """Show a text on its way."""
        self._console.print(
            Text.assemble("  ", (sender, "bold"), f" texts {number}: ", (f"“{body}”", "bold"))
        )

    def reply(self, answered_by: str, body: str) -> None:
        """Show who answered, and what."""
        self._console.print(
            Padding(Text.assemble(f"{answered_by} answers: ", (f"“{body}”", "bold green")), (0, 2, 0, 4))
        )

    def silence(self, why: str) -> None:
        """Show that nobody answered."""
        self._console.print(Padding(Text.assemble(("nobody answers", "bold red"), f": {why}"), (0, 2, 0, 4)))

    def proved(self, claim: str) -> None:
        """Show that a claim was checked."""
        self._console.print(Padding(Text.assemble(("✓ ", "bold green"), claim), (0, 2)))

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Show a small table."""
        table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 1, 0, 0))
        for name in columns:
            table.add_column(name, overflow="fold")
        for row in rows:
            table.add_row(*row)
        self._console.print(Padding(table, (0, 0, 0, 2)))

    def end(self, line: str) -> None:
        """Close the story."""
        self._console.print()
        self._console.print(Text(line, "bold green"))

    def picture(self) -> str:
        """Give all that was told as an SVG picture."""
        return _FONTS.sub("", self._console.export_svg(title="script/demo"))
