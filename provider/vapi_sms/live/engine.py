"""The engine that asked for a change: nothing is written once it no longer listens.

A provider process outlives a killed engine, and what it would still do is recorded nowhere.
"""

from __future__ import annotations

import contextlib
import io
import select
import socket
import sys
import threading

from vapi_sms.core.errors import EngineGone

_DYNAMIC_PROVIDER = "pulumi.dynamic.__main__"
# Loopback answers or refuses at once; only an engine that is there, and very busy, makes us wait.
_CONNECT_SECONDS = 2.0
_READ = 4096


_interrupted = threading.Event()


def interrupt() -> None:
    """Take note that a person stopped the run. Pulumi's dynamic server keeps that to itself; our own is told."""
    _interrupted.set()


class EngineGuard:
    """Tells whether the engine still listens; without an address and an output there is none to lose."""

    def __init__(self, address: str | None, stdout_fd: int | None) -> None:
        self.address = address
        self._stdout_fd = stdout_fd
        self._link = None if address is None else _Link(address)
        self.interrupted = _interrupted
        """Set once a person stopped the run: what is under way goes on, and nothing more begins."""

    def check(self) -> None:
        """Raise EngineGone unless the engine is there."""
        if self._stdout_fd is not None and _is_hung_up(self._stdout_fd):
            raise EngineGone(
                "The engine closed our output: nothing more is written. Run the same command again."
            )
        if self._link is not None and not self._link.is_up():
            raise EngineGone(
                f"The engine no longer listens at {self.address!r}: nothing more is written. "
                "Run the same command again."
            )

    def close(self) -> None:
        """Let go of the engine."""
        if self._link is not None:
            self._link.close()


class _Link:
    """A connection to the engine that is kept, since thousands of new ones cost more than what they protect.

    It ends at once when the engine does. The engine itself ends one that says nothing, after minutes: then, and only
    then, a new one tells whether anybody listens there.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()

    def is_up(self) -> bool:
        """Tell whether the engine holds its end, or takes a new connection."""
        with self._lock:
            if self._socket is not None and _is_open(self._socket):
                return True
            self._drop()
            try:
                self._socket = _connected(self._address)
            except TimeoutError:
                # A dead engine's port refuses; a full queue means that somebody holds it.
                return True
            return self._socket is not None

    def close(self) -> None:
        """End the connection, if there is one."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


_served: list[str] = []


def serve(address: str) -> None:
    """Take note that this process is a provider of the engine at this address, as none of Pulumi's own servers is."""
    _served[:] = [address]


def engine_of_this_process() -> EngineGuard:
    """Give the guard of the engine that started this process; outside a provider process none is needed."""
    if _served:
        return EngineGuard(_served[0], _stdout_fd())
    spec = getattr(sys.modules.get("__main__"), "__spec__", None)
    if getattr(spec, "name", "") != _DYNAMIC_PROVIDER:
        return EngineGuard(None, None)
    # No address, or one that cannot be read: then no engine can be shown to listen, and nothing is written.
    return EngineGuard(sys.argv[1] if len(sys.argv) > 1 else "", _stdout_fd())


def _stdout_fd() -> int | None:
    with contextlib.suppress(AttributeError, ValueError, io.UnsupportedOperation):
        return sys.__stdout__.fileno()  # type: ignore[union-attr] # None is what AttributeError is for
    return None


def _connected(address: str) -> socket.socket | None:
    """Connect; None where nobody listens, or the address cannot be read."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        return None
    try:
        connected = socket.create_connection((host.strip("[]"), int(port)), timeout=_CONNECT_SECONDS)
    except TimeoutError:
        raise
    except (OSError, OverflowError):
        return None
    connected.settimeout(0)
    return connected


def _is_open(connected: socket.socket) -> bool:
    try:
        while connected.recv(_READ):
            pass  # what an engine says to whoever connects
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _is_hung_up(fd: int) -> bool:
    if not hasattr(select, "poll"):  # Windows: the address alone decides
        return False
    poll = select.poll()
    poll.register(fd, 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))
