"""The engine's Python processes, and our command, forked from parents that have imported all, and done nothing yet.

Importing is half of what a run of either costs. `launcher` gives what the engine takes for Python: it has a parent
fork, hands on its arguments, environment, folder and descriptors, and ends as the child does (launch.py). Run as a
program, this file is such a parent.
"""

from __future__ import annotations

import ast
import atexit
import contextlib
import functools
import gc
import io
import os
import pkgutil
import runpy
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

# What launch.py asks for, and what each has imported once it serves its user.
_VENDORS = (
    "httpcore",
    "httpx",
    "phonenumbers",
    "phonenumbers.data.region_US",
    "twilio.rest.api.v2010.account.application",
    "twilio.rest.api.v2010.account.incoming_phone_number",
    "twilio.rest.api.v2010.account.short_code",
    "twilio.rest.messaging.v1.service",
)
_IMPORTS = {
    "command": _VENDORS,  # and all of vapi_sms.cli
    "pip": (
        "pip._internal.cli.autocompletion",
        "pip._internal.cli.main",
        "pip._internal.cli.main_parser",
        "pip._internal.utils.misc",
    ),
    "native": (
        *_VENDORS,
        "grpc._server",
        "vapi_sms.resources.engine.session",
        "vapi_sms.resources.fleet.life",
        "vapi_sms.resources.native.serving",
        "vapi_sms.resources.number.life",
        "vapi_sms.resources.record.life",
        "vapi_sms.resources.route.life",
        "vapi_sms.resources.service.life",
        "vapi_sms.resources.service.original_life",
    ),
    "program": ("argparse", "asyncio", "concurrent.futures", "grpc.experimental", "vapi_sms"),
    "provider": (
        *_VENDORS,
        "grpc._server",
        "pulumi.dynamic",
        "vapi_sms.resources.dynamic",
        "vapi_sms.resources.engine.edge",
        "vapi_sms.resources.engine.carrying",
        "vapi_sms.resources.engine.session",
        "vapi_sms.resources.fleet.life",
        "vapi_sms.resources.number.life",
        "vapi_sms.resources.record.life",
        "vapi_sms.resources.route.life",
        "vapi_sms.resources.service.life",
        "vapi_sms.resources.service.original_life",
    ),
}
# The commands that the package installs: their names, and where each begins.
_INSTALLED = {
    "command": ("vapi-sms", "vapi_sms.cli"),
    "native": ("pulumi-resource-vapi-sms", "vapi_sms.resources.native.__main__"),
}
_CHUNK = 1 << 16


@functools.cache
def launcher() -> Path:
    """Give the command that takes Python's place in the engine, its parents running until this process ends."""
    return _launcher("python", "program", "provider", "pip")


@functools.cache
def native() -> Path:
    """Give the command that takes the place of `pulumi-resource-vapi-sms`."""
    return _launcher("pulumi-resource-vapi-sms", "native")


@functools.cache
def command() -> Path:
    """Give the command that takes the place of `vapi-sms`."""
    return _launcher("vapi-sms", "command")


def _launcher(name: str, *kinds: str) -> Path:
    folder = tempfile.mkdtemp(prefix="born-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = Path(folder, name)
    for kind in kinds:
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(f"{made}-{kind}")
        listening.listen()
        unbuffered = ["-u"] if kind == "provider" else []
        parent = subprocess.Popen(
            [sys.executable, *unbuffered, __file__, kind, str(listening.fileno())],
            env={name: os.environ[name] for name in ("HOME", "TMPDIR", "LANG") if name in os.environ},
            stdin=subprocess.PIPE,  # never written to: that it closes tells the parent that we ended
            stdout=subprocess.DEVNULL,
            pass_fds=[listening.fileno()],
        )
        listening.close()
        atexit.register(parent.communicate)
    made.write_text(f"#!{sys.executable} -IS\n{Path(__file__).with_name('launch.py').read_text()}")
    made.chmod(0o700)
    return made


@dataclass(frozen=True, slots=True)
class Order:
    """What a launcher was started with."""

    folder: bytes
    umask: int
    arguments: list[str]
    env: dict[bytes, bytes]
    descriptors: list[int]


def _read(connection: socket.socket) -> Order:
    """Read an order: its length on a line, then a Python literal."""
    data, descriptors, _, _ = socket.recv_fds(connection, _CHUNK, 3)
    length, _, order = data.partition(b"\n")
    while len(order) < int(length):
        order += connection.recv(_CHUNK)
    folder, umask, arguments, env = ast.literal_eval(order.decode())
    return Order(folder, umask, arguments, env, descriptors)


class Parent:
    """Forks for each launcher that connects, and tells it how the child ended."""

    def __init__(self, listening: socket.socket) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal: who started us ends us
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._listening = listening
        self._woken, self._wake = socket.socketpair()
        self._wake.settimeout(0)
        signal.set_wakeup_fd(self._wake.fileno())
        self._launchers: dict[int, socket.socket] = {}
        self._selector = selectors.DefaultSelector()
        for each in (sys.stdin, self._woken, listening):
            self._selector.register(each, selectors.EVENT_READ)

    def order(self) -> Order:
        """Serve; return in each child."""
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is sys.stdin:
                    for child in self._launchers:
                        os.kill(child, signal.SIGKILL)
                    os._exit(0)
                elif key.fileobj is self._woken:
                    self._bury()
                elif key.fileobj is self._listening:
                    if order := self._bear():
                        return order
                elif key.data in self._launchers:  # a launcher that was killed takes its child along
                    self._selector.unregister(key.fileobj)
                    os.kill(key.data, signal.SIGKILL)

    def _bear(self) -> Order | None:
        launcher, _ = self._listening.accept()
        order = _read(launcher)
        pid = os.fork()
        if pid == 0:
            self._forget(launcher)
            return order
        for descriptor in order.descriptors:
            os.close(descriptor)
        self._launchers[pid] = launcher
        self._selector.register(launcher, selectors.EVENT_READ, pid)
        _tell(launcher, pid)
        return None

    def _bury(self) -> None:
        self._woken.recv(_CHUNK)
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                launcher = self._launchers.pop(ended[0])
                with contextlib.suppress(KeyError):  # it was killed before
                    self._selector.unregister(launcher)
                _tell(launcher, os.waitstatus_to_exitcode(ended[1]))
                launcher.close()

    def _forget(self, launcher: socket.socket) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._selector.close()
        for each in (launcher, self._listening, self._woken, self._wake, *self._launchers.values()):
            each.close()


def _tell(launcher: socket.socket, number: int) -> None:
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        launcher.send(f"{number}\n".encode())


def _open_streams(*, unbuffered: bool) -> None:
    """Open the three streams as Python does, since what a descriptor leads to decides how."""
    for name, mode in (("stdin", "rb"), ("stdout", "wb"), ("stderr", "wb")):
        before = getattr(sys, name)
        here = before.fileno()
        buffering = 0 if unbuffered and mode == "wb" else -1
        opened = io.TextIOWrapper(
            open(here, mode, buffering, closefd=False),  # noqa: SIM115 for as long as the process lives
            before.encoding,
            before.errors,
            "\n" if mode == "wb" else None,
            line_buffering=name == "stderr" or os.isatty(here),
            write_through=unbuffered,
        )
        setattr(sys, name, opened)
        setattr(sys, f"__{name}__", opened)


def _become(kind: str, order: Order) -> None:
    """Be what would have been started."""
    for here, descriptor in enumerate(order.descriptors):
        os.dup2(descriptor, here)
        os.close(descriptor)
    os.umask(order.umask)
    os.chdir(order.folder)
    os.environ.clear()
    os.environb.update(order.env)
    _open_streams(unbuffered=kind == "provider" or bool(os.environ.get("PYTHONUNBUFFERED")))
    sys.orig_argv = [sys.executable, *order.arguments]
    arguments = [each for each in order.arguments if kind in _INSTALLED or each != "-u"]
    if kind in _INSTALLED:
        name, module = _INSTALLED[kind]
        path = str(Path(sys.executable).with_name(name))
        sys.path[0] = os.path.dirname(path)  # noqa: PTH120 as Python writes it
        sys.argv = [path, *arguments]
        sys.exit(import_module(module).main())
    elif arguments[0] == "-m":
        _, module, *rest = arguments
        sys.path[0] = os.getcwd()  # noqa: PTH109 as Python writes it
        sys.argv = [module, *rest]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    else:
        program = arguments[0]
        sys.path[0] = os.path.dirname(program)  # noqa: PTH120 as Python writes it
        sys.argv = arguments
        main = sys.modules["__main__"] = ModuleType("__main__")
        main.__file__ = program
        exec(compile(Path(program).read_bytes(), program, "exec"), main.__dict__)  # noqa: S102 it is the SDK's own


def _live(kind: str, order: Order) -> None:
    """Be that to the end, and leave the rest to the kernel: Python would take all that is imported to pieces."""
    code = 0
    try:
        _become(kind, order)
    except SystemExit as end:
        if not isinstance(end.code, int | None):
            raise
        code = end.code or 0
    threading._shutdown()  # type: ignore[attr-defined] # what Python does at its end, in its order
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _import(kind: str) -> None:
    """Import, and do what takes long in each process and is the same in all: to read the usual CAs."""
    if kind == "native":
        import_module("vapi_sms.resources.native.__main__").speak_without_the_sdk()
    for needed in _IMPORTS[kind]:
        import_module(needed)
    if kind == "command":
        for module in pkgutil.walk_packages(import_module("vapi_sms.cli").__path__, "vapi_sms.cli."):
            import_module(module.name)
    if kind in {"command", "native", "provider"}:
        import_module("vapi_sms.live.calling.network").Network().trusted()
    gc.freeze()  # what all children share is not looked through, and so not copied, by each


if __name__ == "__main__":
    _import(sys.argv[1])
    _live(sys.argv[1], Parent(socket.socket(fileno=int(sys.argv[2]))).order())
