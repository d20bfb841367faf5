"""Printing: the one way out of every command. What goes in is lines, by type; what comes out is UTF-8, as bytes.

The machine's own encoding cannot hold every name: with that of Windows a command would end in the middle, and a program
that it wrote could not be read. What a terminal or a build's log would obey is gone from a `Line`.
"""

from __future__ import annotations

import io
import re
import sys
from typing import IO, TextIO, cast

import typer

from vapi_sms.cli.trouble import CannotGoOn
from vapi_sms.core.inert import Line, line

# A line that was wrapped may begin with what was in its middle. Colours are not seen by who reads commands.
_COMMAND = re.compile(r"^((?:\x1b\[[0-9;]*m|[^\S\n])*):(?=:)", re.MULTILINE)
_FILLING = re.compile(r" +$", re.MULTILINE)

EMPTY = line("")


class CannotPrint(CannotGoOn):
    """What is printed goes where there is no room for it."""

    exit_code = 74  # what systems have for trouble with input and output


def say(*lines: Line) -> None:
    """Print lines, each whole, to standard output."""
    _write(sys.stdout, "".join(f"{each}\n" for each in lines))


def complain(*lines: Line) -> None:
    """Print lines, each whole, to standard error."""
    _write(sys.stderr, "".join(f"{each}\n" for each in lines))


def is_watched() -> bool:
    """Tell whether somebody sees what is complained of."""
    return sys.stderr is not None and sys.stderr.isatty()


def can_ask() -> bool:
    """Tell whether somebody is there to answer."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask(question: Line) -> bool:
    """Ask whether to go on."""
    return typer.confirm(question)


def ask_what(question: Line) -> str | None:
    """Ask what to do, and give what is said; None where nobody says anything more."""
    _write(sys.stdout, question)
    said = sys.stdin.readline() if sys.stdin is not None else ""
    if not (can_ask() and said):
        # What a pipe says, or its end, leaves no line feed behind.
        _write(sys.stdout, "\n")
    return said or None


def ask_secret(question: Line, *, is_new: bool) -> str:
    """Ask for what nobody should see; for what is new, twice."""
    typed: str = typer.prompt(question, hide_input=True, confirmation_prompt=is_new, err=True)
    return typed


def as_utf8() -> None:
    """Let what others print in this process, such as the help, leave as UTF-8 too."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def laid_out(stream: TextIO | None) -> IO[str]:
    """Give a stream for those who lay text out: whatever they make of lines goes out by the same way."""
    return cast("IO[str]", _Utf8(stream))


class _Utf8(io.TextIOBase):
    def __init__(self, stream: TextIO | None) -> None:
        super().__init__()
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override] # io has a plain attribute
        """What it is written in."""
        return "utf-8"

    def isatty(self) -> bool:
        """Tell whether somebody watches."""
        return self._stream is not None and self._stream.isatty()

    def fileno(self) -> int:
        """Give the descriptor, which tells how wide a terminal is."""
        return -1 if self._stream is None else self._stream.fileno()

    def write(self, text: str) -> int:
        """Write what was laid out; the blanks that fill up lines are for terminals only."""
        if not self.isatty():
            text = _FILLING.sub("", text)
        _write(self._stream, _COMMAND.sub(r"\1: ", text))
        return len(text)

    def flush(self) -> None:
        """Do nothing: what was written has left."""


def _write(stream: TextIO | None, text: str) -> None:
    """Write text as UTF-8; raises CannotPrint where it cannot be, but for a reader who went away."""
    if stream is None:
        return
    try:
        buffer = getattr(stream, "buffer", None)
        # What others wrote before comes before.
        stream.flush()
        if buffer is None:
            stream.write(text)
            stream.flush()
        else:
            buffer.write(text.encode("utf-8", "replace"))
            buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as trouble:
        raise CannotPrint(f"what was to be printed cannot be written: {trouble.strerror}") from None
