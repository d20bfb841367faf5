"""GitHub's Markdown, written so that no name in it can become markup, a mention, an issue or a link."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from vapi_sms.core.inert import line
from vapi_sms.core.routings.handlers import Kind

_PUNCTUATION = str.maketrans({"&": "&amp;", **{char: f"\\{char}" for char in r"\`*_{}[]<>|~$"}})
_START = re.compile(r"^(\d*)([#+=.)-])")  # of a heading, a list or a rule
_REFERENCE = re.compile(r"([@#])(?=\w)|(www)(?=\.)", re.IGNORECASE)
_PIPE = re.compile(r"(?<!\\)((?:\\\\)*)\|")
_ZERO_WIDTH_SPACE = "\u200b"
_URL = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)
_LONGEST_LINE = 500
_BACKTICKS = re.compile(r"`+")


def plain(text: str, longest: int) -> str:
    """Give a text on one line, without control and direction characters, cut where it is too long."""
    found = " ".join(line(text[: 2 * longest]).split())
    return found if len(found) <= longest else f"{found[: longest - 1]}…"


def code(text: str, longest: int = 1000) -> str:
    """Give a text as a code span, in which nothing has a meaning; usable in a table, too."""
    found = plain(text, longest) or " "
    fence = "`" * (1 + max((len(run) for run in _BACKTICKS.findall(found)), default=0))
    room = " " if found[0] in "` " or found[-1] in "` " else ""
    return f"{fence}{room}{found}{room}{fence}"


def answer(text: str, longest: int = 1000) -> str:
    """Give who will answer, as a code span; that nobody will is not to be overlooked."""
    return f"**{text}**" if text == Kind.NOTHING else code(text, longest)


def prose(text: str, longest: int = 1000) -> str:
    """Give a text as text: its punctuation means nothing, and its URLs are code."""
    told = plain(text, longest)
    parts = []
    end = 0
    for found in _URL.finditer(told):
        url = found[0].rstrip(").,;:'\"")
        parts += [_escaped(told[end : found.start()]), code(url)]
        end = found.start() + len(url)
    return "".join([*parts, _escaped(told[end:])])


def _escaped(text: str) -> str:
    inert = _START.sub(r"\1\\\2", text.translate(_PUNCTUATION))
    # An escaped @ still notifies, since GitHub looks at what is rendered.
    return _REFERENCE.sub(rf"\g<0>{_ZERO_WIDTH_SPACE}", inert)


def heading(level: int, markdown: str) -> str:
    """Give a heading."""
    return f"{'#' * level} {markdown}"


def items(texts: Iterable[str]) -> str:
    """Give a list."""
    return "\n".join(f"- {text}" for text in texts)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give a table; a pipe would end a cell even in code."""
    all_rows = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in row)} |" for row in all_rows)


def _cell(markdown: str) -> str:
    return _PIPE.sub(r"\1\\|", markdown)


def details(summary: str, markdown: str) -> str:
    """Give a part that is folded away."""
    return f"<details><summary>{summary}</summary>\n\n{markdown}\n\n</details>"


def block(texts: Sequence[str]) -> str:
    """Give lines as they are, but for what somebody might obey and what is too long."""
    text = "\n".join(line(each[:_LONGEST_LINE]) for each in texts)
    fence = "`" * max(3, 1 + max((len(run) for run in _BACKTICKS.findall(text)), default=0))
    return f"{fence}text\n{text}\n{fence}"


def marker(stack: str) -> str:
    """Give the line that nobody sees, by which a workflow finds its own comment."""
    name = re.sub(r"[^\w./-]", "_", stack).replace("--", "-%2D")
    return f"<!-- vapi-sms preview: {name} -->"
