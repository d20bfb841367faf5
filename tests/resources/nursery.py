"""Provider processes in milliseconds: forked from a parent that has imported everything, and done nothing yet.

A child runs the module that the engine runs, `python -m pulumi.dynamic ADDRESS` or our own server in its place, with
its own pid, environment, argument and pipes; only the second of importing is spared. Run as a program, this file is
that parent.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import IO

_ALL_OF_IT = (
    "grpc._server",
    "httpcore",
    "phonenumbers.data.region_US",
    "pulumi.dynamic",
    "twilio.rest.api.v2010.account.application",
    "twilio.rest.api.v2010.account.incoming_phone_number",
    "twilio.rest.api.v2010.account.short_code",
    "twilio.rest.messaging.v1.service",
    "httpx",
    "phonenumbers",
    "vapi_sms.resources.dynamic",
    "vapi_sms.resources.fleet.life",
    "vapi_sms.resources.engine.carrying",
    "vapi_sms.resources.number.life",
    "vapi_sms.resources.record.life",
    "vapi_sms.resources.route.life",
    "vapi_sms.resources.service.life",
    "vapi_sms.resources.service.original_life",
    "vapi_sms.resources.engine.session",
    "vapi_sms.resources.native.servicer",
)
_LONGEST_ORDER = 1 << 16
_STDERR = 2


class Child:
    """A process of the nursery, with what tests use of Popen; the nursery reaps it."""

    def __init__(self, pid: int, stdout: IO[bytes] | None) -> None:
        self.pid, self.stdout = pid, stdout

    def poll(self) -> int | None:
        """Give None while it runs."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def wait(self, timeout: float) -> int:
        """Wait until it has ended."""
        deadline = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("pulumi.dynamic", timeout)
            time.sleep(0.005)
        return 0

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it is there."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it with -9."""
        self.send_signal(signal.SIGKILL)


class Nursery:
    """The parent of all provider processes of this one."""

    def __init__(self) -> None:
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        kept = ("HOME", "TMPDIR", "LANG", "PYTHONPATH")
        self._process = subprocess.Popen(
            [sys.executable, "-u", str(Path(__file__)), str(theirs.fileno())],
            env={name: os.environ[name] for name in kept if name in os.environ},
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        atexit.register(self.close)

    def bear(self, module: str, address: str, env: Mapping[str, str], stderr: IO[bytes]) -> Child:
        """Start a provider process, of a module, for the engine at an address."""
        read, write = os.pipe()
        order = json.dumps([module, address, dict(env)]).encode()
        socket.send_fds(self._orders, [order], [write, stderr.fileno()])
        os.close(write)
        return Child(int(self._orders.recv(_LONGEST_ORDER)), os.fdopen(read, "rb"))

    def close(self) -> None:
        """End the parent."""
        self._orders.close()
        self._process.wait(10)


@functools.cache
def nursery() -> Nursery:
    """Give the only one of this process."""
    return Nursery()


def _serve(orders: socket.socket) -> None:
    for module in _ALL_OF_IT:
        import_module(module)
    # Reads the usual CAs, which takes long.
    import_module("vapi_sms.live.calling.network").Network().trusted()
    gc.freeze()  # what all children share is not looked through, and so not copied, by each
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps
    while True:
        order, fds, _, _ = socket.recv_fds(orders, _LONGEST_ORDER, 2)
        if not order:
            return
        pid = os.fork()
        if pid == 0:
            orders.close()
            _live(*json.loads(order), *fds)
        for fd in fds:
            os.close(fd)
        orders.send(str(pid).encode())


def _live(module: str, address: str, env: dict[str, str], stdout: int, stderr: int) -> None:
    """Become a provider process, and end with it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    os.dup2(stdout, sys.__stdout__.fileno())  # type: ignore[union-attr] # a program has one
    os.dup2(stderr, _STDERR)
    os.close(stdout)
    os.close(stderr)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = [module, address]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    finally:
        os._exit(0)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
