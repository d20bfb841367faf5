"""The first words with the engine, before anything is imported that looks at a number.

Hosts of languages start a process only to read the schema, and each command starts one to look and to write: that one
imports the rest when it is first asked for more.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2

from vapi_sms.live.engine import interrupt

if TYPE_CHECKING:
    from vapi_sms.resources.native.servicer import Servicer

Context = grpc.ServicerContext


class Opening:
    """A servicer that answers what needs no life, and hands on everything else."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._servicer: Servicer | None = None

    def __getattr__(self, name: str) -> Callable[[Any, Context], Any]:
        def handed_on(request: Any, context: Context) -> Any:  # noqa: ANN401 each call has its own
            return getattr(self._whole(), name)(request, context)

        return handed_on

    def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: Context
    ) -> provider_pb2.ProviderHandshakeResponse:
        """Say what this provider takes: secrets, marked."""
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    def GetPluginInfo(self, request: Empty, context: Context) -> plugin_pb2.PluginInfo:
        """Give the version."""
        return plugin_pb2.PluginInfo(version=version("vapi-sms"))

    def GetSchema(
        self, request: provider_pb2.GetSchemaRequest, context: Context
    ) -> provider_pb2.GetSchemaResponse:
        """Give the schema."""
        # As it was made from the classes that Python programs use, of this version.
        said = json.loads(files("vapi_sms.resources.native").joinpath("schema.json").read_text("utf-8"))
        return provider_pb2.GetSchemaResponse(schema=json.dumps({**said, "version": version("vapi-sms")}))

    def Cancel(self, request: Empty, context: Context) -> Empty:
        """Begin nothing new; waiting ends."""
        interrupt()
        return Empty()

    def _whole(self) -> Servicer:
        with self._lock:
            if self._servicer is None:
                from vapi_sms.resources.native.servicer import Servicer  # noqa: PLC0415 as said above

                self._servicer = Servicer()
            return self._servicer
