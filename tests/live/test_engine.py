"""Nothing is written once the engine is gone."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import closing
from importlib.machinery import ModuleSpec
from typing import TYPE_CHECKING

import pytest
from vapi_sms.core.errors import EngineGone
from vapi_sms.live.engine import EngineGuard, engine_of_this_process

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def engine() -> socket.socket:
    """Return something that listens like an engine."""
    return socket.create_server(("127.0.0.1", 0))


@pytest.fixture
def guard(engine: socket.socket) -> Iterator[EngineGuard]:
    """Return the guard of that engine."""
    with closing(EngineGuard(address(engine), None)) as guard:
        yield guard


def address(engine: socket.socket) -> str:
    """Return host and port of an engine."""
    return "{}:{}".format(*engine.getsockname())


def test_an_engine_that_listens_passes(engine: socket.socket, guard: EngineGuard) -> None:
    """While the engine is there, nothing happens, however often it is asked."""
    with engine:
        for _ in range(3):
            guard.check()


def test_a_dead_engine_is_noticed(engine: socket.socket, guard: EngineGuard) -> None:
    """A refused connection means that the engine is gone."""
    engine.close()

    with pytest.raises(EngineGone, match=r"no longer listens at '127\.0\.0\.1:\d+': nothing more is written"):
        guard.check()


def test_an_engine_that_dies_between_two_writes_is_noticed(engine: socket.socket, guard: EngineGuard) -> None:
    """The kept connection ends with the engine, whether it took it or not."""
    guard.check()
    engine.close()

    with pytest.raises(EngineGone, match="no longer listens"):
        guard.check()


def test_one_connection_serves_all_checks(engine: socket.socket, guard: EngineGuard) -> None:
    """Thousands of writes cost the engine one connection, and what it says there is of no interest."""
    with engine:
        guard.check()
        with engine.accept()[0] as taken:
            taken.sendall(b"settings" * 1000)
            for _ in range(3):
                guard.check()

        engine.settimeout(0)
        with pytest.raises(BlockingIOError):
            engine.accept()


def test_an_engine_that_ends_a_silent_connection_still_listens(
    engine: socket.socket, guard: EngineGuard
) -> None:
    """Where the connection was ended, a new one tells whether anybody is there."""
    with engine:
        guard.check()
        engine.accept()[0].close()

        guard.check()

        engine.accept()[0].close()


def test_a_busy_engine_is_not_a_dead_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that takes too long proves that somebody holds the port."""

    def hang(*_: object, **__: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", hang)

    EngineGuard("127.0.0.1:1", None).check()


@pytest.mark.parametrize("text", ["", "127.0.0.1", "nowhere:", ":1", "127.0.0.1:http", "127.0.0.1:99999999"])
def test_an_address_that_cannot_be_read_is_no_engine(text: str) -> None:
    """No engine that can be shown to listen, no writes."""
    with pytest.raises(EngineGone):
        EngineGuard(text, None).check()


def test_a_closed_output_is_noticed(engine: socket.socket) -> None:
    """When nobody reads our output any more, the engine is gone, whoever holds its port."""
    reads, writes = os.pipe()
    with engine, closing(EngineGuard(address(engine), writes)) as guard:
        guard.check()
        os.close(reads)

        with pytest.raises(EngineGone, match="closed our output"):
            guard.check()
    os.close(writes)


def test_a_process_without_an_engine_is_not_stopped() -> None:
    """The command line and these tests have no engine to lose."""
    engine_of_this_process().check()


@pytest.mark.parametrize("argv", [["x"], ["x", "127.0.0.1:1"]])
def test_a_provider_process_knows_its_engine(monkeypatch: pytest.MonkeyPatch, argv: list[str]) -> None:
    """The dynamic provider is started with the engine's address; without one, nothing is written."""
    spec = ModuleSpec("pulumi.dynamic.__main__", None)
    monkeypatch.setattr(sys.modules["__main__"], "__spec__", spec)
    monkeypatch.setattr(sys, "argv", argv)

    with pytest.raises(EngineGone):
        engine_of_this_process().check()
