"""A listener of the page's feed: what a browser is told, without a browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator


class Listener:
    """Reads events, one after the other."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, trust_env=False, timeout=20)
        self._stream = self._client.stream("GET", "/_sandbox/events")

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._lines: Iterator[str] = self._stream.__enter__().iter_lines()
        return self

    def __exit__(self, *_: object) -> None:
        """Listen no more."""
        self._stream.__exit__(None, None, None)
        self._client.close()

    def next(self) -> tuple[str, dict[str, Any]]:
        """Return the next event and what it tells."""
        kind = next(self._lines).removeprefix("event: ")
        told = json.loads(next(self._lines).removeprefix("data: "))
        assert next(self._lines) == ""
        return kind, told

    def until(self, name: str) -> dict[str, Any]:
        """Return the next event that tells of something."""
        while True:
            _, told = self.next()
            if told.get(name):
                return told


def drawn(url: str) -> dict[str, dict[str, Any]]:
    """Return all numbers as the page draws them now."""
    with Listener(url) as listener:
        _, told = listener.next()
    return {number["number"]: number for number in told["numbers"]}
