"""A deadline for a whole answer: time-outs count from byte to byte, and one that drips would be waited for for ever.

Neither vendor's library knows of such a deadline. So one thread looks after all answers that this process waits for,
and shuts the socket of one that is late: whoever reads from it sees the connection end.
"""

from __future__ import annotations

import contextlib
import math
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

TIMEOUTS = 3
"""A whole answer may take as long as so many time-outs: a long list on a slow line is no drip."""


@dataclass(eq=False, slots=True)
class Wait:
    """One request, until `ends` (monotonic seconds); `is_late` when its connection was shut because of that."""

    ends: float
    line: socket.socket | None = None
    is_late: bool = False

    def give_up(self) -> None:
        """Shut the connection, whichever thread reads from it."""
        self.is_late = True
        if self.line is not None:
            # Of a TLS socket too the plain one's: its own would change what the reader is just using.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self.line, socket.SHUT_RDWR)


class Deadlines:
    """Looks after the answers that all threads of a process wait for."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waits: set[Wait] = set()
        self._looks_at = -math.inf
        self._thread: threading.Thread | None = None

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[Wait]:
        """Give a wait, whose `line` the caller names as soon as it is known; at the block's end it is over."""
        wait = Wait(time.monotonic() + seconds)
        with self._changed:
            self._waits.add(wait)
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, name="deadlines", daemon=True)
                self._thread.start()
            elif wait.ends < self._looks_at:
                self._changed.notify()
        try:
            yield wait
        finally:
            with self._changed:
                self._waits.discard(wait)

    def _look(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                for wait in self._waits:
                    if wait.ends <= now and not wait.is_late:
                        wait.give_up()
                self._looks_at = min(
                    (wait.ends for wait in self._waits if not wait.is_late), default=math.inf
                )
                self._changed.wait(min(self._looks_at - now, threading.TIMEOUT_MAX))


DEADLINES = Deadlines()
"""Those of this process."""
