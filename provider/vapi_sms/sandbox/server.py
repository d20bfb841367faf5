"""Runs the sandbox: as a command until it is stopped, or in a thread of a test."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING

import uvicorn

from vapi_sms.sandbox.app import build
from vapi_sms.sandbox.connections import Connections
from vapi_sms.sandbox.control.seed import QUICKSTART, load
from vapi_sms.sandbox.door import Names
from vapi_sms.sandbox.page.feed import Feed
from vapi_sms.sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from vapi_sms.sandbox.control.gate import Exchange


class Server(uvicorn.Server):
    """A uvicorn server that says when it is bound."""

    def __init__(
        self,
        world: World,
        ready: Callable[[str], None],
        on_exchange: Callable[[Exchange], None] | None = None,
        names: Names | None = None,
    ) -> None:
        connections, self._feed = Connections(), Feed(world)
        config = uvicorn.Config(
            build(world, connections, names or Names(), self._feed, on_exchange),
            http=connections.protocol(),
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            # Each vendor has a clock of its own: the gate says what it shows.
            date_header=False,
            timeout_keep_alive=60,
            timeout_graceful_shutdown=1,
        )
        super().__init__(config)
        self._ready = ready
        self.loop: asyncio.AbstractEventLoop
        """What it runs on, from when it is ready."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell the base URL."""
        await super().startup(sockets)
        self.loop = asyncio.get_running_loop()
        assert sockets is not None  # noqa: S101 - always run on a socket of ours
        host, port = sockets[0].getsockname()[:2]
        self._ready(f"http://{host}:{port}")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop; whoever looks at the page is told first, and would be waited for otherwise."""
        self._feed.close()
        await super().shutdown(sockets)


def bind(host: str, port: int) -> socket.socket:
    """Return a bound socket; port 0 takes a free one."""
    # With the protocol named, asyncio sets TCP_NODELAY on what it accepts; without, a call takes 40 ms more.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound


def serve(  # noqa: PLR0913 - the options of a command
    seed: Path = QUICKSTART,
    *,
    host: str = "127.0.0.1",
    port: int = 8787,
    names: Names | None = None,
    ready: Callable[[str], None] = lambda _: None,
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve the seed until interrupted; raise SeedError or OSError (port taken) before anything is served.

    Requests are taken for the host's usual names, or for those that are given. Texts and writes are told, a line each.
    """
    world = World(load(seed), tell)
    # uvicorn shuts down in order and then raises the interrupt again; it was asked for, so it is no error.
    with bind(host, port) as bound, contextlib.suppress(KeyboardInterrupt):
        Server(world, ready, names=names or Names.of(host)).run(sockets=[bound])
