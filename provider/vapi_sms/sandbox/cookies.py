"""The cookies that Twilio keeps for webhooks: of each conversation, until it has been silent for four hours."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable

SILENCE_SECONDS = 4 * 60 * 60


class Cookies:
    """Cookies by the two numbers that text each other; no other conversation gets them."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._kept: dict[tuple[str, str], tuple[float, httpx.Cookies]] = {}

    def of(self, sender: str, to: str) -> httpx.Cookies:
        """Return the cookies of a conversation; none when it has been silent for too long."""
        when, cookies = self._kept.get((sender, to), (0.0, httpx.Cookies()))
        return cookies if self._now() - when < SILENCE_SECONDS else httpx.Cookies()

    def keep(self, sender: str, to: str, cookies: httpx.Cookies) -> None:
        """Keep what the webhook said last."""
        self._kept[sender, to] = (self._now(), cookies)

    def clear(self) -> None:
        """Forget all."""
        self._kept.clear()
