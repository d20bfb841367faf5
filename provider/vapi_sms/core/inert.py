"""Inert text: what others wrote, made fit for a terminal, a log and a build's log, which obey some of it.

A terminal obeys control characters and escape sequences. Some characters let a text look like another one, or part it
where nobody meant to. A build's log (GitHub, Azure, TeamCity) takes some words for commands. Names, URLs and messages
of assistants, services, apps and numbers are written by whoever may write them; whatever is printed is a `Line`, by
type, and only the functions here make one. Addresses come without passwords and query values.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterable
from typing import NewType

_HIDDEN = "***"
_PASSWORD = re.compile(r"(?<=://)[^/?#]*@")
_OVERRIDE = r"(?:(?:rc|ct|rt|tt)=\d+|rp=[0-9a-z,]+)"
_OVERRIDES = re.compile(rf"{_OVERRIDE}(?:&{_OVERRIDE})*")
_QUERY_VALUE = re.compile(r"=[^&#]*")


@functools.lru_cache(maxsize=1 << 15)  # a number's few are told of again and again
def redacted_url(url: str) -> str:
    """Give a URL with its user, password and every query value hidden; a SID stays as it is.

    A query without names (`?token`) is hidden whole: what it holds may be a secret too.
    """
    base, hash_, fragment = _PASSWORD.sub(f"{_HIDDEN}@", url).partition("#")
    path, mark, query = base.partition("?")
    parts = [
        _QUERY_VALUE.sub(f"={_HIDDEN}", part) if "=" in part else _HIDDEN for part in query.split("&") if part
    ]
    return path + mark + "&".join(parts) + hash_ + ("" if not fragment else _redacted_fragment(fragment))


def _redacted_fragment(fragment: str) -> str:
    """Show Twilio's connection overrides, which the vendor keeps in the fragment; anything else may be a secret."""
    return fragment if _OVERRIDES.fullmatch(fragment) else _HIDDEN


Line = NewType("Line", str)
"""A text of one line that nobody obeys. Made here, and nowhere else."""

_BREAK = re.compile("[\t\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]")
# Controls; marks of direction, and what nobody sees, but for the joiners that scripts and emojis need and the blank
# without width; halves of characters and what is none, which nobody can encode.
_LOW = "\x00-\x1f"
_OTHERS = (
    "\x7f-\x9f\u2028\u2029"
    "\xad\u061c\u180e\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ufffe\uffff\U000e0000-\U000e007f"
)
_OBEYED = re.compile(f"[{_LOW}{_OTHERS}]")
_COMMAND = re.compile(r"^(\s*):(?=:)")  # ::error::, at the start of a line
_MARK = re.compile(r"#(?=#[a-z]*\[)", re.IGNORECASE)  # ##[error], ##vso[...], ##teamcity[...], anywhere in it


def line(text: str) -> Line:
    """Give a text as one line, blanks as they are; what cannot stand in one is a question mark."""
    if not text.isprintable():
        text = _OBEYED.sub("?", _BREAK.sub(" ", text))
    if "::" in text:
        text = _COMMAND.sub(r"\1: ", text)
    if "##" in text:
        text = _MARK.sub("# ", text)
    return Line(text)


def lines(text: str) -> tuple[Line, ...]:
    """Give a text of several lines, such as Markdown or a program, line by line."""
    return tuple(map(line, text.removesuffix("\n").split("\n"))) if text else ()


def joined(between: str, parts: Iterable[Line]) -> Line:
    """Give lines as one."""
    return line(between.join(parts))


def quoted(text: str) -> str:
    """Give a text as it is, as a literal of Python and YAML alike that nobody obeys."""
    return _escaped(json.dumps(text, ensure_ascii=False), _in_python)


def json_lines(document: object) -> tuple[Line, ...]:
    """Give JSON for machines: they read every text as it is, since what anybody might obey is escaped in it."""
    return lines(_escaped(json.dumps(document, indent=2, ensure_ascii=False), _in_json))


def json_line(document: object) -> Line:
    """Give the same as one line."""
    return line(_escaped(json.dumps(document, ensure_ascii=False), _in_json))


def _escaped(text: str, written: Callable[[re.Match[str]], str]) -> str:
    # JSON escapes the low controls itself: what is left of them are its own line feeds.
    return re.sub(f"[{_OTHERS}]|(?<=#)#", written, text)


def _in_json(found: re.Match[str]) -> str:
    return "\\u0023" if found[0] == "#" else json.dumps(found[0])[1:-1]


def _in_python(found: re.Match[str]) -> str:
    return f"\\U{ord(found[0]):08x}" if ord(found[0]) > _BMP else f"\\u{ord(found[0]):04x}"


_BMP = 0xFFFF
