"""Progress: counting work that takes long, and saying now and then how far it is; short work says nothing.

What is said, and where, is its user's: a line beside Pulumi's stack, a bar on a terminal.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """How often to tell, in seconds: never in the first `first`, then every `every`, if a `share` of all came along.

    What goes slower than that is told of every `slowest` seconds.
    """

    first: float = 1.0
    every: float = 3.0
    share: float = 0.05
    slowest: float = 30.0


class Progress:
    """Counts what is done of `total`, from many threads; `tell` is given the counts, at the pace that is asked for."""

    def __init__(
        self,
        total: int,
        tell: Callable[[Progress], None],
        pace: Pace | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.total, self.done, self.failed = total, 0, 0
        self._tell, self._pace, self._now = tell, pace or Pace(), now
        self._told_at: float | None = None
        self._told_done = 0
        self._started = now()
        self._lock = threading.Lock()

    def count(self, *, failed: bool = False) -> None:
        """Take note that one more is done, well or not; tell, if it is time to and this is not the last one."""
        with self._lock:
            self.done += 1
            self.failed += failed
            moment = self._now()
            # Of the end the result itself tells.
            due = self.done < self.total and self._is_due(moment)
            if due:
                self._told_at, self._told_done = moment, self.done
        if due:
            self._tell(self)

    def _is_due(self, moment: float) -> bool:
        if self._told_at is None:
            return moment - self._started >= self._pace.first
        since = moment - self._told_at
        came_along = self.done - self._told_done >= self._pace.share * self.total
        return since >= (self._pace.every if came_along else self._pace.slowest)
