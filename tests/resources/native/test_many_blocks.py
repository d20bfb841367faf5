"""Many blocks at once: each waits for its children, which the same process is asked to check and to make."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2, resource_pb2, resource_pb2_grpc

from tests.resources.provider import Provider

BLOCKS = 150


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    """As much of an engine as a component asks: it answers none of them before all have asked."""

    def __init__(self) -> None:
        self.all_there = threading.Barrier(BLOCKS)
        self.registered: list[str] = []

    def RegisterResource(  # noqa: N802 the engine's name
        self,
        request: Any,
        context: object,  # noqa: ARG002 the engine's arguments
    ) -> resource_pb2.RegisterResourceResponse:
        """Take a resource; a component waits for all others."""
        if not request.custom:
            self.all_there.wait(60)
        self.registered.append(f"{request.type} {request.name}")
        held = Struct()
        held.update({"originals": "{}", "answeredBy": "Vapi assistant Support"})
        return resource_pb2.RegisterResourceResponse(
            urn=f"urn:pulumi:dev::test::{request.type}::{request.name}", object=held
        )

    def RegisterResourceOutputs(self, *_: object) -> Any:  # noqa: N802 the engine's name
        """Take a component's outputs."""
        return Empty()


def test_as_many_blocks_as_a_program_has_are_made_side_by_side(native: Callable[..., Provider]) -> None:
    """None waits for a thread that another one holds."""
    monitor = Monitor()
    server = grpc.server(ThreadPoolExecutor(2 * BLOCKS))
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(monitor, server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    stub = native()._stub

    def made(number: int) -> provider_pb2.ConstructResponse:
        inputs = Struct()
        inputs.update({"number": f"+1415555{number:04}", "assistant": "Support"})
        request = provider_pb2.ConstructRequest(
            project="test",
            stack="dev",
            organization="organization",
            type="vapi-sms:index:Number",
            name=f"line-{number}",
            inputs=inputs,
            monitorEndpoint=address,
        )
        answer: provider_pb2.ConstructResponse = stub.Construct(request, timeout=60)
        return answer

    with ThreadPoolExecutor(BLOCKS) as blocks:
        answers = list(blocks.map(made, range(BLOCKS)))
    server.stop(0)

    assert len({answer.urn for answer in answers}) == BLOCKS
    assert len(monitor.registered) == 3 * BLOCKS
    assert answers[0].state.fields["answeredBy"].string_value == "Vapi assistant Support"
