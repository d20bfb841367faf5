"""Reads a page that `--html` wrote as a browser does: which tags there are, what stands in it, and what may run."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

Record = dict[str, Any]
# All that a page is made of; whatever else were there, a name would have brought along.
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "main", "h1", "p", "noscript", "script"),
    *("details", "summary", "ul", "li"),
}


@dataclass
class Page:
    """A page: its text, its tags with their attributes, and the texts of each tag in order."""

    text: str
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)

    @property
    def drawn(self) -> list[Record]:
        """What is drawn, in its order."""
        found: list[Record] = json.loads(self.texts["script"][0])["numbers"]
        return found

    @property
    def numbers(self) -> dict[str, Record]:
        """The same by number."""
        return {each["number"]: each for each in self.drawn}

    @property
    def lines(self) -> list[str]:
        """The lines below the title."""
        return self.texts["p"][:-1]  # the last is for who has no JavaScript

    @property
    def sections(self) -> list[str]:
        """The titles of what is folded away."""
        return self.texts.get("summary", [])

    def assert_alone(self) -> None:
        """Nothing is loaded, nothing runs but our own script, and no tag is there that we did not write."""
        policy = next(
            each["content"] or "" for tag, each in self.tags if tag == "meta" and "http-equiv" in each
        )
        allowed = dict(part.split(" ", 1) for part in policy.split("; "))
        assert {tag for tag, _ in self.tags} <= TAGS
        assert not any(
            name in ("src", "href", "style") or name.startswith("on")
            for _, each in self.tags
            for name in each
        )
        assert not re.search(r"@import|url\(", self.texts["style"][0])
        assert allowed == {
            "default-src": "'none'",
            "style-src": _hash(self.texts["style"][0]),
            "script-src": _hash(self.texts["script"][-1]),
            "base-uri": "'none'",
            "form-action": "'none'",
        }


def read(file: Path) -> Page:
    """Read a page."""
    reader = _Reader(Page(file.read_text(encoding="utf-8")))
    reader.feed(reader.page.text)
    reader.close()
    return reader.page


def states(side: Record) -> list[tuple[str, str, str]]:
    """Give place, label and state of each link of a side."""
    return [(link["what"], link["label"], link["state"]) for link in side["chain"]]


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page, self._open = page, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.tags.append((tag, dict(attrs)))
        self.page.texts.setdefault(tag, []).append("")
        self._open = tag

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 the parser passes it
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.page.texts[self._open][-1] += data
