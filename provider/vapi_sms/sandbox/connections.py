"""The open connections of a server, so that a fault can reset one for real.

An ASGI app cannot see its socket. uvicorn tells a protocol of its transport, so a protocol of ours keeps it.
"""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

    from starlette.types import Scope

_NO_LINGER = struct.pack("ii", 1, 0)


class Connections:
    """Open connections by the client's address."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], asyncio.Transport] = {}

    def reset(self, scope: Scope) -> None:
        """Close the connection of a request at once: the client sees a TCP reset."""
        transport = self._open.get(tuple(scope["client"]))
        if transport is None:
            return
        plain = transport.get_extra_info("socket")
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        transport.abort()

    def protocol(self) -> type[H11Protocol]:
        """Return a protocol for uvicorn that enters its connections here."""
        opened = self._open

        class Tracked(H11Protocol):
            def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - as uvicorn has it
                self.peer = tuple(transport.get_extra_info("peername")[:2])
                opened[self.peer] = transport
                super().connection_made(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                opened.pop(self.peer, None)
                super().connection_lost(exc)

        return Tracked
