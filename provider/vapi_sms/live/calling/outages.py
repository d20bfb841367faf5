"""Outages: shared readings that failed although all patience was spent on them. For a while they fail at once.

Else each of a hundred resources would wait as long as the first one did, to be told the same.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from vapi_sms.core.errors import VendorUnavailable

STAYS = 30.0  # seconds from a failure until a vendor is asked again
Found = TypeVar("Found")


class Outages:
    """What just failed, by the name of the reading; safe to use from many threads."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._failed: dict[str, tuple[VendorUnavailable, float]] = {}
        self._lock = threading.Lock()

    def ask(self, what: str, read: Callable[[], Found]) -> Found:
        """Give what `read` gives; raises VendorUnavailable without asking where it just did."""
        with self._lock:
            trouble, since = self._failed.get(what, (None, 0.0))
        if trouble is not None and self._now() - since < STAYS:
            raise replace(trouble)
        try:
            return read()
        except VendorUnavailable as unavailable:
            with self._lock:
                self._failed[what] = unavailable, self._now()
            raise
