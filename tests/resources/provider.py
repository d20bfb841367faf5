"""The real provider process, as the engine starts it, asked over gRPC in the words of Pulumi's reference.

A process keeps what it reads: tests that change nothing can share one, tests that write start their own. It comes from
the nursery, which spares the second of importing.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, Protocol, Self, cast

import grpc
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime.proto import provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub
from pulumi.runtime.rpc import UNKNOWN
from vapi_sms.resources.dynamic import Number, Originals
from vapi_sms.resources.engine.edge import HELD, folded, unfolded

from tests.resources.nursery import nursery

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


class Engine:
    """All that a provider sees of its engine: an address where somebody listens."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, name="engine", daemon=True)
        self._thread.start()

    def die(self) -> None:
        """Listen no more, as after kill -9."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._socket.accept()[0].close()


class Process(Protocol):
    """What is used of a provider process, forked or started."""

    pid: int
    stdout: IO[bytes] | None

    def poll(self) -> int | None:
        """Give None while it runs."""

    def wait(self, timeout: float) -> int:
        """Wait until it has ended."""

    def send_signal(self, number: int) -> None:
        """Send it a signal."""

    def kill(self) -> None:
        """Kill it with -9."""


class Provider:
    """One provider process and its engine; `env` is all that it sees beside the bare minimum."""

    def __init__(
        self, env: Mapping[str, str], config: Mapping[str, str] | None = None, engine: Engine | None = None
    ) -> None:
        self.engine = engine or Engine()
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 closed by stop
        self._env, self._config = env, dict(config or {})
        self._begin()

    def _begin(self) -> None:
        self._process = self._started(self._env)
        assert self._process.stdout is not None
        port = int(self._process.stdout.readline())
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self._stub = ResourceProviderStub(self._channel)
        with _calling():
            self._stub.Configure(provider_pb2.ConfigureRequest(args=_struct(self._config)))
        self.number = Life(self._stub, serialize_provider(Number()))
        self.originals = Life(self._stub, serialize_provider(Originals()))

    def renew(self) -> None:
        """Go on in a new process, as each run of the engine does."""
        self._end()
        self._begin()

    def _started(self, env: Mapping[str, str]) -> Process:
        return nursery().bear(self.engine.address, {**_inherited(), **env}, self._stderr)

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

    def __init__(self, stub: ResourceProviderStub, provider: str) -> None:
        self._stub = stub
        self._mark = {"__provider": provider}
        self.folds = True
        self.answered: Props = {}

    def check(self, olds: Props, news: Props) -> Checked:
        """Check; `olds` are the old inputs, empty for a resource that is not there yet."""
        request = provider_pb2.CheckRequest(olds=self._props(olds), news=self._struct(news))
        with _calling():
            answer = self._stub.Check(request)
        failures = tuple(Failure(each.property, each.reason) for each in answer.failures)
        return Checked(_dict(answer.inputs), failures)

    def diff(self, id_: str, olds: Props, news: Props) -> Diffed:
        """Diff; `olds` are the old outputs."""
        request = provider_pb2.DiffRequest(id=id_, olds=self._struct(olds), news=self._struct(news))
        with _calling():
            answer = self._stub.Diff(request)
        changes = {answer.DIFF_UNKNOWN: None, answer.DIFF_NONE: False, answer.DIFF_SOME: True}[answer.changes]
        return Diffed(changes, tuple(answer.replaces), answer.deleteBeforeReplace)

    def create(self, props: Props) -> tuple[str, Props]:
        """Create; give id and outputs."""
        with _calling():
            answer = self._stub.Create(provider_pb2.CreateRequest(properties=self._struct(props)))
        self.answered = MessageToDict(answer.properties)
        return answer.id, _dict(answer.properties)

    def read(self, id_: str, props: Props) -> tuple[str, Props, Props]:
        """Read; give id (empty when it is gone), outputs and inputs."""
        with _calling():
            answer = self._stub.Read(provider_pb2.ReadRequest(id=id_, properties=self._struct(props)))
        return answer.id, _dict(answer.properties), _dict(answer.inputs)

    def update(self, id_: str, olds: Props, news: Props) -> Props:
        """Update; give outputs."""
        request = provider_pb2.UpdateRequest(id=id_, olds=self._struct(olds), news=self._struct(news))
        with _calling():
            answer = self._stub.Update(request)
        self.answered = MessageToDict(answer.properties)
        return _dict(answer.properties)

    def delete(self, id_: str, props: Props, *, stack: str = "", inputs: Props | None = None) -> None:
        """Delete; in a `stack`, with the `inputs` of before, the engine says which resource that is."""
        urn = f"urn:pulumi:{stack}::test::pulumi-python:dynamic/vapi:Any::any" if stack else ""
        request = provider_pb2.DeleteRequest(
            id=id_, properties=self._struct(props), urn=urn, old_inputs=_struct(inputs or {})
        )
        with _calling():
            self._stub.Delete(request)

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
    return unfolded({key: value for key, value in MessageToDict(struct).items() if key != "__provider"})


NO_PROCESS = cast("Provider", None)
"""For a stack that is asked for its props only."""
