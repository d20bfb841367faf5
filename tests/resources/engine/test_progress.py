"""What people see while long work lasts: lines that the engine is asked to show, and to forget."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc
from vapi_sms.sandbox import RunningSandbox

from tests.resources.fleet_stack import HUNDRED, IMPORT, THREE, FleetStack
from tests.resources.provider import Engine, Provider
from tests.sandbox.world import seed


class ShowingEngine(Engine, engine_pb2_grpc.EngineServicer):
    """An engine that takes lines, as the real one does."""

    def __init__(self) -> None:
        self.lines: list[engine_pb2.LogRequest] = []
        self._server = grpc.server(ThreadPoolExecutor(2))
        engine_pb2_grpc.add_EngineServicer_to_server(self, self._server)
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def Log(self, request: engine_pb2.LogRequest, context: object) -> Empty:  # noqa: ARG002, N802 gRPC's
        """Take a line."""
        self.lines.append(request)
        return Empty()

    def die(self) -> None:
        """Listen no more."""
        self._server.stop(0).wait()

    def shown(self) -> list[str]:
        """Give what was to be shown since the last look."""
        lines, self.lines = self.lines, []
        assert all(line.ephemeral and line.severity == engine_pb2.INFO and not line.urn for line in lines)
        return [line.message for line in lines]


def counts(engine: ShowingEngine) -> set[str]:
    """Give what was counted since the last look, the counts left out; a busy machine may show readings, too."""
    return {re.sub(r"\d+ of", "N of", line) for line in engine.shown() if " of " in line}


@pytest.fixture
def engine() -> ShowingEngine:
    """Return an engine that takes lines."""
    return ShowingEngine()


@pytest.fixture
def stack(env: dict[str, str], engine: ShowingEngine) -> Iterator[FleetStack]:
    """Return an empty stack with a process of its own, under that engine."""
    with Provider(env, engine=engine) as provider:
        yield FleetStack(provider, name="prod")


def crowd(sandbox: RunningSandbox) -> dict[str, dict[str, object]]:
    """Give the account a hundred numbers more, and declare them."""
    crowded = seed()
    numbers = {"range": {"from": HUNDRED[0], "count": 100}, "sms_url": "https://old.example/{number}"}
    crowded["twilio"]["accounts"][0]["numbers"].append(numbers)
    sandbox.reset(crowded)
    return {number: {"assistant": "Support"} for number in HUNDRED}


def test_long_work_shows_how_far_it_is(
    sandbox: RunningSandbox, stack: FleetStack, engine: ShowingEngine
) -> None:
    """Switching and putting back are counted, failures beside; nothing of it stays in the engine's diagnostics."""
    numbers = crowd(sandbox)
    sandbox.fault(**IMPORT, containing=HUNDRED[0][1:], status=400)
    sandbox.fault(**IMPORT, delay_ms=250, count=None)

    with pytest.raises(Exception, match="1 of 100 numbers failed"):
        stack.up(numbers=numbers)

    assert counts(engine) == {"vapi-sms: prod: N of 100 numbers switched, 1 failed"}
    assert not [line for line in stack.provider.stderr() if "of 100" in line]

    sandbox.clear_faults()
    stack.up(numbers=numbers)
    engine.shown()
    sandbox.fault(vendor="vapi", method="DELETE", path="/phone-number/*", delay_ms=250, count=None)
    stack.destroy()
    assert counts(engine) == {"vapi-sms: prod: N of 100 numbers put back"}


def test_long_readings_are_named(sandbox: RunningSandbox, stack: FleetStack, engine: ShowingEngine) -> None:
    """Lists and pools that take more than a second say what is waited for; all of them are asked for at once."""
    sandbox.fault(path="*/IncomingPhoneNumbers.json", delay_ms=1300)
    sandbox.fault(path="*/Services", delay_ms=2900)

    stack.preview(numbers=THREE)

    assert engine.shown() == [
        "vapi-sms: prod: reading numbers at Twilio and Vapi ...",
        "vapi-sms: prod: reading Messaging Services and their pools ...",
    ]


def test_who_waits_for_a_vendor_that_does_not_answer_is_told(
    sandbox: RunningSandbox, env: dict[str, str], engine: ShowingEngine
) -> None:
    """Which one, why, and for how long at most: a deletion that fails for two seconds and more."""
    with Provider({**env, "VAPI_SMS_PATIENCE_SECONDS": "20"}, engine=engine) as provider:
        stack = FleetStack(provider, name="prod")
        stack.up(numbers=THREE)
        engine.shown()
        sandbox.fault(vendor="vapi", method="DELETE", path="/phone-number/*", status=503, count=15)

        stack.destroy()

    waiting = [text for text in engine.shown() if "asked again" in text]
    assert waiting
    for text in waiting:
        told = re.fullmatch(
            r"vapi-sms: Vapi is asked again \(it answers 503\), this request for (\d+) s at most", text
        )
        assert told is not None
        assert 0 < int(told[1]) < 19


def test_an_engine_that_takes_no_lines_is_no_trouble(sandbox: RunningSandbox, env: dict[str, str]) -> None:
    """Work goes on where nobody looks."""
    sandbox.fault(path="*/Services", delay_ms=1300)

    with Provider(env) as provider:
        stack = FleetStack(provider, name="prod")
        stack.up(numbers=THREE)
        stack.destroy()

    assert sandbox.vapi_numbers() == []
