"""The engine that asked for a change: nothing is written once it no longer listens.

A provider process outlives a killed engine, and what it would still do is recorded nowhere.
"""

from __future__ import annotations

import contextlib
import io
import select
import socket
import sys
from dataclasses import dataclass

from vapi_sms.core.errors import EngineGone

_DYNAMIC_PROVIDER = "pulumi.dynamic.__main__"
# Loopback answers or refuses at once; only an engine that is there, and very busy, makes us wait.
_CONNECT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class EngineGuard:
    """Tells whether the engine still listens; without an address and an output there is none to lose."""

    address: str | None
    stdout_fd: int | None

    def check(self) -> None:
        """Raise EngineGone unless the engine is there."""
        if self.stdout_fd is not None and _is_hung_up(self.stdout_fd):
            raise EngineGone(
                "The engine closed our output: nothing more is written. Run the same command again."
            )
        if self.address is not None and not _listens(self.address):
            raise EngineGone(
                f"The engine no longer listens at {self.address!r}: nothing more is written. "
                "Run the same command again."
            )


def engine_of_this_process() -> EngineGuard:
    """Give the guard of the engine that started this process; outside a provider process none is needed."""
    spec = getattr(sys.modules.get("__main__"), "__spec__", None)
    if getattr(spec, "name", "") != _DYNAMIC_PROVIDER:
        return EngineGuard(None, None)
    # No address, or one that cannot be read: then no engine can be shown to listen, and nothing is written.
    return EngineGuard(sys.argv[1] if len(sys.argv) > 1 else "", _stdout_fd())


def _stdout_fd() -> int | None:
    with contextlib.suppress(AttributeError, ValueError, io.UnsupportedOperation):
        return sys.__stdout__.fileno()  # type: ignore[union-attr] # None is what AttributeError is for
    return None


def _listens(address: str) -> bool:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        return False
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_CONNECT_SECONDS).close()
    except TimeoutError:
        # A dead engine's port refuses; a full queue means that somebody holds it.
        return True
    except (OSError, OverflowError):
        return False
    return True


def _is_hung_up(fd: int) -> bool:
    if not hasattr(select, "poll"):  # Windows: the address alone decides
        return False
    poll = select.poll()
    poll.register(fd, 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))
