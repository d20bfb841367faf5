"""Blocks: components that make their record and their resource, as an engine sees them; over gRPC."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2, resource_pb2, resource_pb2_grpc

from tests.resources.provider import Provider

MANY = 150
SIGN, SECRET = rpc._special_sig_key, rpc._special_secret_sig


def secret(value: object) -> dict[str, object]:
    """Mark a value as the engine marks a secret."""
    return {SIGN: SECRET, "value": value}


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    """As much of an engine as a block asks: it answers no block before so many have asked."""

    def __init__(self, blocks: int = 1) -> None:
        self._all_there = threading.Barrier(blocks)
        self.registered: dict[tuple[str, str], dict[str, Any]] = {}

    def RegisterResource(  # noqa: N802 the engine's name
        self,
        request: Any,
        context: object,  # noqa: ARG002 the engine's arguments
    ) -> resource_pb2.RegisterResourceResponse:
        """Take a resource; a block waits for all others."""
        if not request.custom:
            self._all_there.wait(60)
        self.registered[request.type.rpartition(":")[2], request.name] = MessageToDict(request.object)
        held = Struct()
        held.update({"originals": "{}", "answeredBy": "Vapi assistant Support"})
        return resource_pb2.RegisterResourceResponse(
            urn=f"urn:pulumi:dev::test::{request.type}::{request.name}", object=held
        )

    def RegisterResourceOutputs(self, *_: object) -> Any:  # noqa: N802 the engine's name
        """Take a block's outputs."""
        return Empty()


@contextmanager
def served(monitor: Monitor) -> Iterator[str]:
    """Serve it; give its address."""
    server = grpc.server(ThreadPoolExecutor(2 * MANY))
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(monitor, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(0)


def made(
    provider: Provider, address: str, kind: str, name: str, /, **inputs: Any
) -> provider_pb2.ConstructResponse:
    """Let the provider make a block."""
    given = Struct()
    given.update(inputs)
    request = provider_pb2.ConstructRequest(
        project="test",
        stack="dev",
        organization="organization",
        type=f"vapi-sms:index:{kind}",
        name=name,
        inputs=given,
        monitorEndpoint=address,
    )
    answer: provider_pb2.ConstructResponse = provider._stub.Construct(request, timeout=60)
    return answer


def test_as_many_blocks_as_a_program_has_are_made_side_by_side(native: Callable[..., Provider]) -> None:
    """None waits for a thread that another one holds."""
    monitor, provider = Monitor(MANY), native()
    with served(monitor) as address, ThreadPoolExecutor(MANY) as blocks:
        answers = list(
            blocks.map(
                lambda each: made(
                    provider,
                    address,
                    "Number",
                    f"line-{each}",
                    number=f"+1415555{each:04}",
                    assistant="Support",
                ),
                range(MANY),
            )
        )

    assert len({answer.urn for answer in answers}) == MANY
    assert len(monitor.registered) == 3 * MANY
    assert answers[0].state.fields["answeredBy"].string_value == "Vapi assistant Support"


@pytest.mark.parametrize(
    ("kind", "inputs", "canary"),
    [
        pytest.param(
            "Number", {"number": secret("+14155550199"), "assistant": "Support"}, "+14155550199", id="number"
        ),
        pytest.param(
            "Number",
            {"number": "+14155550100", "assistant": "Support", "name": secret("canary desk")},
            "canary desk",
            id="what a number is called",
        ),
        pytest.param(
            "Fleet",
            {
                "numbers": {"+14155550100": {"name": secret("canary desk")}},
                "defaults": {"assistant": "Support"},
            },
            "canary desk",
            id="what one of a fleet is called",
        ),
        pytest.param(
            "Fleet",
            {"numbers": {"+14155550100": {}}, "defaults": {"assistant": secret("canary assistant")}},
            "canary assistant",
            id="a fleet's default",
        ),
        pytest.param(
            "Inbound",
            {"service": "MG1", "numbers": secret(["+14155550199"])},
            "+14155550199",
            id="who relies",
        ),
        pytest.param(
            "Route",
            {"number": "+14155550100", "handler": {"url": "https://canary.example.com"}},
            "canary.example.com",
            id="a handler, secret by itself",
        ),
    ],
)
def test_what_is_secret_in_a_block_is_secret_in_all_that_is_made_of_it(
    native: Callable[..., Provider], kind: str, inputs: dict[str, Any], canary: str
) -> None:
    """The record is told of it in other words, and at other places."""
    monitor = Monitor()
    with served(monitor) as address:
        made(native(), address, kind, "one", **inputs)

    assert len(monitor.registered) == 3
    for told in monitor.registered.values():
        assert canary not in str(_in_clear(told))
    assert canary in str(monitor.registered)


def _in_clear(value: Any) -> Any:
    """Give what is not marked as secret."""
    if isinstance(value, dict):
        if value.get(SIGN) == SECRET:
            return None
        return {key: _in_clear(each) for key, each in value.items()}
    return [_in_clear(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        (
            {"waves": ["1%", "100%"]},
            "desk: each wave is proven before the next: say prove: { within: 300 }, of +14155550100 too",
        ),
        ({"share": "many"}, "desk: share: 'many' says not how many: "),
        ({"share": rpc.UNKNOWN}, "desk: share: is an Output: a fleet has to know it"),
        ({"numbers": rpc.UNKNOWN}, "desk: numbers: is an Output: "),
        ({"defaults": {"asistant": "Sales"}}, "desk: in defaults "),
        ({"numbers": {"+14155550100": {}, "+1 415 555 0100": {}}}, "desk: +14155550100 is declared twice, "),
    ],
)
def test_a_fleet_that_contradicts_itself_is_refused_in_one_line(
    native: Callable[..., Provider], inputs: dict[str, Any], told: str
) -> None:
    """In the words of these programs, before anything is made; it is no bug of ours."""
    monitor, provider = Monitor(), native()
    numbers = {"numbers": {"+14155550100": {"assistant": "Support"}}}
    with served(monitor) as address, pytest.raises(grpc.RpcError) as caught:
        made(provider, address, "Fleet", "desk", **{**numbers, **inputs})

    text = str(caught.value.details())
    assert text.startswith(told), text
    assert "\n" not in text
    assert monitor.registered.keys() <= {("Fleet", "desk")}


def test_what_the_engine_refuses_of_a_child_is_told_in_its_words(native: Callable[..., Provider]) -> None:
    """As it is where a child is registered twice; it is no bug of ours."""

    class Refusing(Monitor):
        def RegisterResource(self, request: Any, context: Any) -> Any:  # noqa: N802 the engine's name
            """Take the block, and no child."""
            if request.custom:
                context.abort(grpc.StatusCode.ALREADY_EXISTS, "there is one of that name")
            return super().RegisterResource(request, context)

    with served(Refusing()) as address, pytest.raises(grpc.RpcError) as caught:
        made(native(), address, "Number", "desk", number="+14155550100", assistant="Support")

    assert caught.value.details() == "there is one of that name"


def test_an_assistant_that_is_not_known_yet_is_not_known_of_the_import(
    native: Callable[..., Provider],
) -> None:
    """The record says by what an import is known; a preview cannot say it yet."""
    monitor = Monitor()
    with served(monitor) as address:
        made(native(), address, "Number", "desk", number="+14155550100", assistant=rpc.UNKNOWN)

    assert monitor.registered["OriginalRoutings", "desk-original"]["imports"] == rpc.UNKNOWN
