"""Serving: the process `pulumi-resource-vapi-sms`, which the engine starts with its address and ends with SIGINT."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

import grpc
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto.provider_pb2_grpc import add_ResourceProviderServicer_to_server

from vapi_sms.live.engine import serve
from vapi_sms.resources.native.opening import Opening

if TYPE_CHECKING:
    from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderServicer

P = ParamSpec("P")
T = TypeVar("T")


class _EachItsOwn(ThreadPoolExecutor):
    """A thread for each call, in place of a pool.

    A component waits for its children, of which this very process is asked: were there only so many threads, so many
    components would wait for ever. How many requests a vendor gets is said elsewhere.
    """

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run it in a thread of its own."""
        future: Future[T] = Future()

        def work() -> None:
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001 whoever waits for it gets it
                future.set_exception(error)

        threading.Thread(target=work, daemon=True).start()
        return future


_NO_ENGINE = 2
_TO_END = 1.0  # seconds for calls that are under way


def main() -> int:
    """Serve the engine whose address is the first argument, until it ends this process."""
    addresses = [word for word in sys.argv[1:] if not word.startswith("-")]
    if not addresses:
        sys.stderr.write(
            "pulumi-resource-vapi-sms is started by Pulumi: declare a resource of the package vapi-sms and run "
            "`pulumi preview`.\n"
        )
        return _NO_ENGINE
    serve(addresses[0])
    ended = threading.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: ended.set())
    server = grpc.server(_EachItsOwn(), options=_GRPC_CHANNEL_OPTIONS)
    # It has no base of Pulumi's, which would answer in place of whom it hands on to.
    add_ResourceProviderServicer_to_server(cast("ResourceProviderServicer", Opening()), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    ended.wait()
    server.stop(_TO_END).wait()
    return 0
