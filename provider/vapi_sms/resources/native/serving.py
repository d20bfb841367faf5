"""Serving: the process `pulumi-resource-vapi-sms`, which the engine starts with its address and ends with SIGINT."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

import grpc
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto.provider_pb2_grpc import add_ResourceProviderServicer_to_server

from vapi_sms.core.errors import EngineGone
from vapi_sms.live.engine import EngineGuard, engine_of_this_process, serve
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

    def __init__(self) -> None:
        super().__init__()
        self.under_way: set[Future[Any]] = set()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run it in a thread of its own."""
        future: Future[T] = Future()
        self.under_way.add(future)
        future.add_done_callback(self.under_way.discard)

        def work() -> None:
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001 whoever waits for it gets it
                future.set_exception(error)

        threading.Thread(target=work, daemon=True).start()
        return future


_NO_ENGINE = 2
_TO_END = 1.0  # seconds for calls that are under way
_LOOK = 2.0  # seconds from look to look whether the engine is there


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
    calls = _EachItsOwn()
    server = grpc.server(calls, options=_GRPC_CHANNEL_OPTIONS)
    # It has no base of Pulumi's, which would answer in place of whom it hands on to.
    add_ResourceProviderServicer_to_server(cast("ResourceProviderServicer", Opening()), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    guard = engine_of_this_process()
    # An engine that was killed ends nobody. What is under way writes nothing more, and is done soon.
    while not ended.wait(_LOOK) and (calls.under_way or _is_there(guard)):
        pass
    server.stop(_TO_END).wait()
    return 0


def _is_there(guard: EngineGuard) -> bool:
    try:
        guard.check()
    except EngineGone:
        return False
    return True
