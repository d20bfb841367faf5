"""The real provider process, as the engine starts it, asked over gRPC in the words of Pulumi's reference.

It is Pulumi's dynamic server, or our own native one in its place where VAPI_SMS_TRANSPORT says so: both carry the same
lives, and the same tests and matrices hold both.

A process keeps what it reads: tests that change nothing can share one, tests that write start their own. It comes from
the nursery, which spares the second of importing.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self, cast

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub
from pulumi.runtime.rpc import UNKNOWN
from vapi_sms.resources.dynamic import Number, Originals
from vapi_sms.resources.engine.carrying import HELD, folded, unfolded
from vapi_sms.resources.native.configuring import key_of
from vapi_sms.resources.native.kinds import KINDS

from tests.resources.nursery import nursery
from tests.resources.process import Engine, Process

__all__ = [
    "UNKNOWN",
    "Checked",
    "Diffed",
    "Engine",
    "Failure",
    "Fresh",
    "Life",
    "Props",
    "Provider",
    "ProviderError",
]

Props = dict[str, Any]
DYNAMIC, NATIVE = "dynamic", "native"
TRANSPORT = os.environ.get("VAPI_SMS_TRANSPORT", DYNAMIC)
"""Whose server a provider process runs; script/reliability --native sets it."""
MODULES = {DYNAMIC: "pulumi.dynamic", NATIVE: "vapi_sms.resources.native"}
INHERITED = ("HOME", "TMPDIR", "LANG", "PYTHONPATH")


class ProviderError(Exception):
    """A call failed; the text is what the engine would print."""


class ProviderDied(ProviderError):
    """The process was gone before it answered."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A check's refusal: the property that the engine prints the value of, and the line for people."""

    property: str
    reason: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What check gave back."""

    inputs: Props
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Diffed:
    """What diff gave back; None leaves it to the engine to compare inputs."""

    changes: bool | None
    replaces: tuple[str, ...] = ()
    delete_before_replace: bool = False


class Provider:
    """One provider process and its engine; `env` is all that it sees beside the bare minimum."""

    def __init__(
        self,
        env: Mapping[str, str],
        config: Mapping[str, str] | None = None,
        engine: Engine | None = None,
        transport: str = TRANSPORT,
    ) -> None:
        self.engine, self.transport = engine or Engine(), transport
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 closed by stop
        self._env, self._config = env, dict(config or {})
        self._begin()

    def _begin(self) -> None:
        self._process = self._started(self._env)
        assert self._process.stdout is not None
        port = int(self._process.stdout.readline())
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self._stub = ResourceProviderStub(self._channel)
        config = self._config
        if self.transport == NATIVE:
            config = {key_of(key): value for key, value in config.items()}
        with _calling():
            self._stub.Configure(provider_pb2.ConfigureRequest(args=_struct(config)))
        self.number, self.originals = self.life(Number()), self.life(Originals())

    def life(self, provider: ResourceProvider) -> Life:
        """Give the calls of a resource's class."""
        if self.transport == NATIVE:
            (kind,) = (kind for kind in KINDS.values() if kind.life == getattr(provider, "life_cycle", ""))
            return Life(self._stub, {}, kind.token)
        return Life(
            self._stub, {"__provider": serialize_provider(provider)}, "pulumi-python:dynamic/vapi:Any"
        )

    def renew(self) -> None:
        """Go on in a new process, as each run of the engine does."""
        self._end()
        self._begin()

    def _started(self, env: Mapping[str, str]) -> Process:
        return nursery().bear(
            MODULES[self.transport], self.engine.address, {**_inherited(), **env}, self._stderr
        )

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """The process runs."""
        return self._process.poll() is None

    def cancel(self) -> None:
        """Tell it that a person stops the run."""
        self._stub.Cancel(Empty())

    def kill(self) -> None:
        """Kill it with -9, in the middle of whatever it does."""
        self._process.kill()
        self._process.wait(10)

    def wait(self) -> int:
        """Wait until it ends by itself; give its exit code."""
        return self._process.wait(10)

    def hang_up(self) -> None:
        """Close our end of its output, as an engine that dies does."""
        assert self._process.stdout is not None
        self._process.stdout.close()

    def stderr(self) -> list[str]:
        """Give all lines that it wrote for people so far."""
        return os.pread(self._stderr.fileno(), 1 << 24, 0).decode().splitlines()

    def stop(self) -> None:
        """End it in good order, as the engine does."""
        self._end()
        self._stderr.close()
        self.engine.die()

    def _end(self) -> None:
        self._channel.close()
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()
        self.hang_up()


class Fresh(Provider):
    """A provider process that the engine's own command starts, for tests of how it starts or ends."""

    def _started(self, env: Mapping[str, str]) -> Process:
        return subprocess.Popen(
            [sys.executable, "-u", "-m", "pulumi.dynamic", self.engine.address],
            env={**_inherited(), **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
        )


def _inherited() -> dict[str, str]:
    return {name: os.environ[name] for name in INHERITED if name in os.environ}


class Life:
    """The calls of one provider class, with plain dicts: no secrets, `None` left out, UNKNOWN for what is not known.

    Records travel as one text, as with the engine, and are maps here; without `folds` they are nested, as states of
    before have them. `answered` are the outputs last given, as they travelled.
    """

    def __init__(self, stub: ResourceProviderStub, mark: Props, type_: str) -> None:
        self._stub, self._mark, self._type = stub, mark, type_
        self.timeout = 0.0  # seconds that the engine gives for a create or an update
        self.folds = True
        self.answered: Props = {}

    def check(self, olds: Props, news: Props) -> Checked:
        """Check; `olds` are the old inputs, empty for a resource that is not there yet."""
        # Who knows that it is a preview says so: a program, and a component.
        news = {"isUp": False, **news} if not self._mark else news
        request = provider_pb2.CheckRequest(urn=self._urn(), olds=self._props(olds), news=self._struct(news))
        with _calling():
            answer = self._stub.Check(request)
        failures = tuple(Failure(each.property, each.reason) for each in answer.failures)
        return Checked(_dict(answer.inputs), failures)

    def diff(self, id_: str, olds: Props, news: Props, inputs: Props | None = None) -> Diffed:
        """Diff; `olds` are the old outputs, `inputs` the old inputs, which a native provider compares by itself."""
        request = provider_pb2.DiffRequest(
            id=id_,
            urn=self._urn(),
            olds=self._struct(olds),
            news=self._struct(news),
            old_inputs=self._struct(inputs or {}),
        )
        with _calling():
            answer = self._stub.Diff(request)
        changes = {answer.DIFF_UNKNOWN: None, answer.DIFF_NONE: False, answer.DIFF_SOME: True}[answer.changes]
        return Diffed(changes, tuple(answer.replaces), answer.deleteBeforeReplace)

    def create(self, props: Props) -> tuple[str, Props]:
        """Create; give id and outputs."""
        with _calling():
            answer = self._stub.Create(
                provider_pb2.CreateRequest(
                    urn=self._urn(), properties=self._struct(props), timeout=self.timeout
                )
            )
        self.answered = _unmarked(answer.properties)
        return answer.id, _dict(answer.properties)

    def read(self, id_: str, props: Props) -> tuple[str, Props, Props]:
        """Read; give id (empty when it is gone), outputs and inputs."""
        with _calling():
            answer = self._stub.Read(
                provider_pb2.ReadRequest(id=id_, urn=self._urn(), properties=self._struct(props))
            )
        return answer.id, _dict(answer.properties), _dict(answer.inputs)

    def update(self, id_: str, olds: Props, news: Props) -> Props:
        """Update; give outputs."""
        request = provider_pb2.UpdateRequest(
            id=id_, urn=self._urn(), olds=self._struct(olds), news=self._struct(news)
        )
        with _calling():
            answer = self._stub.Update(request)
        self.answered = _unmarked(answer.properties)
        return _dict(answer.properties)

    def delete(self, id_: str, props: Props, *, stack: str = "", inputs: Props | None = None) -> None:
        """Delete; in a `stack`, with the `inputs` of before, the engine says which resource that is."""
        urn = self._urn(stack or "dev") if stack or not self._mark else ""
        request = provider_pb2.DeleteRequest(
            id=id_, properties=self._struct(props), urn=urn, old_inputs=_struct(inputs or {})
        )
        with _calling():
            self._stub.Delete(request)

    def _urn(self, stack: str = "dev") -> str:
        return f"urn:pulumi:{stack}::test::{self._type}::any"

    def _props(self, props: Props) -> Struct:
        return self._struct(props) if props else Struct()

    def _struct(self, props: Props) -> Struct:
        # A text can hold nothing unknown: as with the engine, what does is a map or unknown as a whole.
        is_known = self.folds and all(UNKNOWN not in str(props.get(key)) for key in HELD)
        return _struct({**(folded(props) if is_known else props), **self._mark})


@contextlib.contextmanager
def _calling() -> Iterator[None]:
    try:
        yield
    except grpc.RpcError as error:
        raise _error(error) from None


def _error(error: grpc.RpcError) -> ProviderError:
    assert isinstance(error, grpc.Call)
    died = error.code() is grpc.StatusCode.UNAVAILABLE
    return (ProviderDied if died else ProviderError)(str(error.details()).strip())


def _struct(props: Props) -> Struct:
    made = Struct()
    made.update(_kept(props))
    return made


def _kept(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _kept(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, list | tuple):
        return [_kept(entry) for entry in value]
    return value


def _dict(struct: Struct) -> Props:
    return unfolded({key: value for key, value in _unmarked(struct).items() if key != "__provider"})


def _unmarked(value: Any) -> Any:
    """Give values without the marks of what is secret, which only a native provider sets."""
    if isinstance(value, Struct):
        value = MessageToDict(value)
    if isinstance(value, dict):
        if rpc._special_sig_key in value:
            return _unmarked(value["value"])
        return {key: _unmarked(each) for key, each in value.items()}
    return [_unmarked(each) for each in value] if isinstance(value, list) else value


NO_PROCESS = cast("Provider", None)
"""For a stack that is asked for its props only."""
