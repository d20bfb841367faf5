"""A provider process and its engine, as far as tests need to know either."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import IO, Protocol


class Engine:
    """All that a provider sees of its engine: an address where somebody listens."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, name="engine", daemon=True)
        self._thread.start()

    def die(self) -> None:
        """Listen no more, as after kill -9."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._socket.accept()[0].close()


class Process(Protocol):
    """What is used of a provider process, forked or started."""

    pid: int
    stdout: IO[bytes] | None

    def poll(self) -> int | None:
        """Give None while it runs."""

    def wait(self, timeout: float) -> int:
        """Wait until it has ended."""

    def send_signal(self, number: int) -> None:
        """Send it a signal."""

    def kill(self) -> None:
        """Kill it with -9."""
