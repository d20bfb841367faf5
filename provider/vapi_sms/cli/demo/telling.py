"""Telling: how the story looks in a terminal, in a file and in a picture."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from vapi_sms.cli.paper import Column, Paper, styled
from vapi_sms.cli.printing import say
from vapi_sms.core.inert import line

NARROWEST, WIDEST = 80, 100
# Remote fonts: a picture in a page may load nothing.
_FONTS = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)


class Teller:
    """Prints the story."""

    def __init__(self) -> None:
        self._paper = Paper(records=True)
        # What goes into a file or a picture has all the room there is.
        is_read_live = self._paper.is_terminal
        self._paper.width = min(max(self._paper.width, NARROWEST), WIDEST) if is_read_live else WIDEST

    def title(self, title: str, text: str) -> None:
        """Open the story."""
        self._paper.blank()
        self._paper.rule(styled((line(title), "bold")), characters="═")
        self.say(text)

    def step(self, number: int, title: str) -> None:
        """Open a chapter."""
        self._paper.blank()
        self._paper.rule(styled((line(f" {number}. {title} "), "bold cyan")), left=True)

    def say(self, text: str) -> None:
        """Say something in our own words."""
        self._paper.paragraph(line(text), left=2, right=2)

    def address(self, url: str) -> None:
        """Show where something is, in one piece, so that a terminal opens it."""
        say(line(f"  {url}"))

    def command(self, words: Sequence[str]) -> None:
        """Show what is typed."""
        self._paper.paragraph((line(f"  $ {' '.join(words)}"), "bold yellow"))

    def engine(self, coloured: str) -> None:
        """Show a line of the engine behind a bar; what is too long goes on, indented."""
        self._paper.barred(coloured)

    def text(self, sender: str, number: str, body: str) -> None:
        """Show a text on its way."""
        self._paper.paragraph(
            line("  "), (line(sender), "bold"), line(f" texts {number}: "), (line(f"“{body}”"), "bold")
        )

    def reply(self, answered_by: str, body: str) -> None:
        """Show who answered, and what."""
        self._paper.paragraph(
            line(f"{answered_by} answers: "), (line(f"“{body}”"), "bold green"), left=4, right=2
        )

    def silence(self, why: str) -> None:
        """Show that nobody answered."""
        self._paper.paragraph((line("nobody answers"), "bold red"), line(f": {why}"), left=4, right=2)

    def proved(self, claim: str) -> None:
        """Show that a claim was checked."""
        self._paper.paragraph((line("✓ "), "bold green"), line(claim), left=2, right=2)

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Show a small table."""
        cells = ([[styled(line(text))] for text in row] for row in rows)
        self._paper.table([Column(line(name)) for name in columns], cells, left=2)

    def end(self, text: str) -> None:
        """Close the story."""
        self._paper.blank()
        self._paper.paragraph((line(text), "bold green"))

    def picture(self) -> str:
        """Give all that was told as an SVG picture."""
        return _FONTS.sub("", self._paper.picture(line("script/demo")))
