"""Run a Pulumi program for the engine: a small stand-in for the official Python language host.

The official host has no released Go module, so it cannot be built where only package registries are reached.
This one wraps the SDK's own server for inline programs. It does not install dependencies, generate code or
look for plugins.
"""

from __future__ import annotations

import logging
import os
import re
import runpy
import signal
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import grpc
import pulumi
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from google.protobuf.empty_pb2 import Empty


class Host(LanguageServer):
    """The SDK's server, with a program that comes from a folder instead of a function."""

    def __init__(self) -> None:
        """Start without a program: the engine names it in Run."""
        super().__init__(program=lambda: None)

    def Run(  # noqa: N802  # the protocol's name
        self, request: language_pb2.RunRequest, context: grpc.ServicerContext
    ) -> language_pb2.RunResponse:
        """Run the program; the SDK has printed what went wrong, so bail instead of repeating it."""
        self.program = lambda: _run_program(request)
        response = super().Run(request, context)  # type: ignore[no-untyped-call]  # private to the SDK
        return language_pb2.RunResponse(bail=bool(response.error))

    def InstallDependencies(  # noqa: N802  # the protocol's name
        self, request: language_pb2.InstallDependenciesRequest, _context: grpc.ServicerContext
    ) -> Iterator[language_pb2.InstallDependenciesResponse]:
        """Say that this is somebody else's work."""
        hint = f"nothing installed: use pip for what {request.info.program_directory} needs\n"
        yield language_pb2.InstallDependenciesResponse(stdout=hint.encode())

    def GetProgramDependencies(  # noqa: N802  # the protocol's name
        self, request: language_pb2.GetProgramDependenciesRequest, _context: grpc.ServicerContext
    ) -> language_pb2.GetProgramDependenciesResponse:
        """List what is installed; without the transitive ones only what nothing else asks for."""
        installed = {_normal(found.name): found for found in metadata.distributions()}
        if not request.transitiveDependencies:
            needed = {_normal(need) for found in installed.values() for need in found.requires or ()}
            installed = {name: found for name, found in installed.items() if name not in needed}
        return language_pb2.GetProgramDependenciesResponse(
            dependencies=[
                language_pb2.DependencyInfo(name=found.name, version=found.version)
                for _, found in sorted(installed.items())
            ]
        )

    def Cancel(self, _request: Empty, _context: grpc.ServicerContext) -> NoReturn:  # noqa: N802 gRPC's
        """Leave at once."""
        _leave()


def _run_program(request: language_pb2.RunRequest) -> None:
    program = Path(request.info.program_directory, request.info.entry_point)
    pulumi.runtime.settings.SETTINGS.root_directory = request.info.root_directory
    os.chdir(request.pwd or request.info.program_directory)
    sys.argv = [str(program), *request.args]
    try:
        runpy.run_path(str(program), run_name="__main__")
    except pulumi.RunError:
        raise
    except SystemExit as left:
        if left.code:
            raise pulumi.RunError(f"Program exited with {left.code}") from None
    except BaseException as error:  # noqa: BLE001  # whatever a user's program may raise
        raise pulumi.RunError("Program failed with an unhandled exception:\n" + _user_part(error)) from None


def _user_part(error: BaseException) -> str:
    """Format the traceback from the first frame that is neither ours nor runpy's."""
    frames = error.__traceback__
    while frames and frames.tb_frame.f_code.co_filename in (__file__, runpy.__file__, "<frozen runpy>"):
        frames = frames.tb_next
    return "".join(traceback.format_exception(type(error), error, frames))


def _normal(requirement: str) -> str:
    name = re.match(r"[\w.-]+", requirement)
    return re.sub(r"[-_.]+", "-", name.group() if name else requirement).lower()


def _leave(_signal: int = 0, _frame: FrameType | None = None) -> NoReturn:
    """Exit without a word and without waiting for the program's threads: the engine is done with us."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def main() -> None:
    """Serve until the engine interrupts us or dies."""
    engine = os.getppid()
    signal.signal(signal.SIGINT, _leave)
    signal.signal(signal.SIGTERM, _leave)
    # grpc prints a traceback for each method that we leave unimplemented; the engine takes it as an answer.
    logging.getLogger("grpc").addHandler(logging.NullHandler())
    logging.getLogger("grpc").propagate = False
    # The engine's own limit: a stack's config may be large.
    unlimited = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    server = grpc.server(ThreadPoolExecutor(max_workers=4), options=unlimited)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(Host(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)  # noqa: T201  # this is how a plugin tells where it listens
    while os.getppid() == engine:
        time.sleep(0.5)
    _leave()


if __name__ == "__main__":
    main()
