"""Serving: the process `pulumi-resource-vapi-sms`, which the engine starts with its address and ends with SIGINT."""

from __future__ import annotations

import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import grpc
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto.provider_pb2_grpc import add_ResourceProviderServicer_to_server

from vapi_sms.live.engine import serve
from vapi_sms.resources.native.servicer import Servicer

_AT_ONCE = 64
"""Calls of the engine at a time: each resource is one, and waits for its vendors. How many those are asked at a time
is theirs to say."""
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
    server = grpc.server(ThreadPoolExecutor(max_workers=_AT_ONCE), options=_GRPC_CHANNEL_OPTIONS)
    add_ResourceProviderServicer_to_server(Servicer(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    ended.wait()
    server.stop(_TO_END).wait()
    return 0
