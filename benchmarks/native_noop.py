"""A native provider whose resources have the inputs and outputs of ours, ask nobody and change nothing.

It is what the engine and a Python provider themselves cost.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct, Value
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import plugin_pb2, provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import (
    ResourceProviderServicer,
    add_ResourceProviderServicer_to_server,
)

from benchmarks.noop import NoopFleet, NoopNumber, NoopOriginals, _Noop

if TYPE_CHECKING:
    from grpc import ServicerContext

VERSION = "0.1.0"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 how Pulumi marks a secret value
_MARK = "4dabf18193072939515e22adb298388d"
_KINDS: Mapping[str, _Noop] = {
    "noop:index:Number": NoopNumber(),
    "noop:index:Fleet": NoopFleet(),
    "noop:index:Originals": NoopOriginals(),
}
_ANY = {"$ref": "pulumi.json#/Any"}
_INPUTS = (
    "number",
    "assistant",
    "numbers",
    "owner",
    "imports",
    "original",
    "originals",
    "smsEnabled",
    "voice",
    "adopt",
)


class NativeNoop(ResourceProviderServicer):
    """Answers the engine with what it was told, and what ours would have found."""

    def GetSchema(
        self, request: provider_pb2.GetSchemaRequest, context: ServicerContext
    ) -> provider_pb2.GetSchemaResponse:
        """Take anything."""
        properties = dict.fromkeys(_INPUTS, _ANY)
        kinds = {kind: {"inputProperties": properties, "properties": properties} for kind in _KINDS}
        return provider_pb2.GetSchemaResponse(
            schema=json.dumps({"name": "noop", "version": VERSION, "resources": kinds})
        )

    def GetPluginInfo(self, request: Empty, context: ServicerContext) -> plugin_pb2.PluginInfo:
        """Give its version."""
        return plugin_pb2.PluginInfo(version=VERSION)

    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: ServicerContext
    ) -> provider_pb2.CheckResponse:
        """Take it as it is."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(
        self, request: provider_pb2.DiffRequest, context: ServicerContext
    ) -> provider_pb2.DiffResponse:
        """See no change."""
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        """Take secrets as ours does."""
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Check(
        self, request: provider_pb2.CheckRequest, context: ServicerContext
    ) -> provider_pb2.CheckResponse:
        """Add what ours finds out."""
        kind = _kind(request.urn)
        given = _plain(request.news)
        inputs = Struct()
        inputs.CopyFrom(request.news)
        for name, found in kind.found(given).items():
            inputs.fields[name].CopyFrom(_value(found, secret=name == "originals"))
        return provider_pb2.CheckResponse(inputs=inputs)

    def Diff(self, request: provider_pb2.DiffRequest, context: ServicerContext) -> provider_pb2.DiffResponse:
        """Compare what ours compares."""
        kind = _kind(request.urn)
        differs = any(request.olds.fields[key] != request.news.fields[key] for key in kind.compared)
        changes = provider_pb2.DiffResponse.DIFF_SOME if differs else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=changes)

    def Create(
        self, request: provider_pb2.CreateRequest, context: ServicerContext
    ) -> provider_pb2.CreateResponse:
        """Make nothing."""
        return provider_pb2.CreateResponse(id="noop", properties=_made(request.urn, request.properties))

    def Update(
        self, request: provider_pb2.UpdateRequest, context: ServicerContext
    ) -> provider_pb2.UpdateResponse:
        """Change nothing."""
        return provider_pb2.UpdateResponse(properties=_made(request.urn, request.news))

    def Read(self, request: provider_pb2.ReadRequest, context: ServicerContext) -> provider_pb2.ReadResponse:
        """Find all as it was."""
        return provider_pb2.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)

    def Delete(self, request: provider_pb2.DeleteRequest, context: ServicerContext) -> Empty:
        """Delete nothing."""
        return Empty()

    def Cancel(self, request: Empty, context: ServicerContext) -> Empty:
        """Stop nothing."""
        return Empty()


def _kind(urn: str) -> _Noop:
    return _KINDS[urn.split("::")[2].rpartition("$")[2]]


def _made(urn: str, properties: Struct) -> Struct:
    made, given = Struct(), _plain(properties)
    for name, value in _kind(urn).outputs(given).items():
        if name in given and given[name] is value:
            made.fields[name].CopyFrom(properties.fields[name])
        else:
            made.fields[name].CopyFrom(_value(value, secret=name == "original"))
    return made


def _plain(bag: Struct) -> dict[str, Any]:
    return {name: _plain_value(value) for name, value in bag.fields.items()}


def _plain_value(value: Value) -> Any:  # noqa: ANN401 any JSON
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return _plain(value.struct_value)
    return None if kind == "null_value" else getattr(value, str(kind))


def _value(plain: Any, *, secret: bool = False) -> Value:  # noqa: ANN401 any JSON
    bag = Struct()
    bag.update({"it": {_MARK: _SECRET, "value": plain} if secret else plain})
    return bag.fields["it"]


def main() -> None:
    """Serve until the engine ends this process."""
    server = grpc.server(ThreadPoolExecutor(max_workers=64), options=_GRPC_CHANNEL_OPTIONS)
    add_ResourceProviderServicer_to_server(cast("ResourceProviderServicer", NativeNoop()), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    threading.Event().wait()
