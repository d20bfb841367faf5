"""The status line: how far long work is, shown beside the stack while it lasts, and gone when it is done.

What a provider writes to stderr stays among the engine's diagnostics; a line that the engine is asked to show as
ephemeral does not. In the events of `--json` it is marked as such, and `preview --json` leaves it out.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from vapi_sms.core.errors import ProviderError
from vapi_sms.core.inert import Line, line
from vapi_sms.live.engine import engine_of_this_process
from vapi_sms.live.progress import Progress
from vapi_sms.live.proven import Telling
from vapi_sms.resources.engine import notices

_SECONDS = 1.0  # that the engine has to take a line; also how long work lasts before anything is shown
_AGAIN = 5.0  # seconds from line to line about a vendor that does not answer
_LOOKS = 0.25  # seconds from look to look at what lasts


def name_of(props: Mapping[str, Any]) -> str:
    """Give the name of the resource that these properties belong to."""
    return str(props.get("owner", "")).split("/", 3)[-1].rpartition("$")[2] or "this resource"


def show(text: Line) -> None:
    """Show a line; where no engine takes it, nobody misses it."""
    log(line(f"vapi-sms: {text}"), ephemeral=True)


def log(text: Line, *, ephemeral: bool = False) -> bool:
    """Let the engine show a line, among its diagnostics or for as long as work lasts; tell whether it took it."""
    engine = _engine()
    if engine is not None:
        with contextlib.suppress(grpc.RpcError):
            engine.Log(
                engine_pb2.LogRequest(severity=engine_pb2.INFO, message=text, ephemeral=ephemeral),
                timeout=_SECONDS,
            )
            return True
    return False


def counting(who: str, total: int, what: str) -> Callable[[object], None]:
    """Give what is called with each number's outcome, and shows `prod: 1,200 of 5,000 numbers switched`."""

    def tell(progress: Progress) -> None:
        failed = f", {progress.failed:,} failed" if progress.failed else ""
        show(line(f"{who}: {progress.done:,} of {progress.total:,} numbers {what}{failed}"))

    progress = Progress(total, tell)
    return lambda outcome: progress.count(failed=isinstance(outcome, ProviderError))


def telling(who: str, on_done: Callable[[object], None] | None = None) -> Telling:
    """Give where a proof tells: what stays among the diagnostics, how far it is in the status line."""
    return Telling(
        tell=lambda text: notices.tell_once(line(f"vapi-sms: {text}")),
        show=lambda text: show(line(f"{who}: {text}")),
        on_done=on_done,
    )


NUMBERS = "numbers at Twilio and Vapi"
SERVICES = "Messaging Services and their pools"


@contextlib.contextmanager
def reading(who: str, what: str) -> Iterator[None]:
    """Show what is being read, NUMBERS or SERVICES, if that lasts."""
    key = _watch.begin(line(f"{who}: reading {what} ..."))
    try:
        yield
    finally:
        _watch.end(key)


def waiting(vendor: str, why: str, left: float) -> None:
    """Show that a vendor is asked again, and for how long at most; many requests that wait for it say so once."""
    now = time.monotonic()
    with _lock:
        if now - _waiting_told.get(vendor, -math.inf) < _AGAIN:
            return
        _waiting_told[vendor] = now
    show(line(f"{vendor} is asked again ({why}), this request for {math.ceil(left)} s at most"))


_lock = threading.Lock()
_waiting_told: dict[str, float] = {}


class _Watch:
    """Shows what has been going on for long. One thread for all: most readings are there already, and over at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._going: dict[int, tuple[float, Line]] = {}
        self._keys = itertools.count()
        self._is_watching = False

    def begin(self, text: Line) -> int:
        """Take note of what begins; give its key."""
        with self._lock:
            key = next(self._keys)
            self._going[key] = (time.monotonic() + _SECONDS, text)
            starts, self._is_watching = not self._is_watching, True
        if starts:
            threading.Thread(target=self._run, name="watch", daemon=True).start()
        return key

    def end(self, key: int) -> None:
        """Take note that it is over."""
        with self._lock:
            self._going.pop(key, None)

    def _run(self) -> None:
        time.sleep(_LOOKS)
        while (due := self._due()) is not None:
            for text in due:
                show(text)
            time.sleep(_LOOKS)

    def _due(self) -> list[Line] | None:
        """Give what is to be shown now; None where nothing goes on any more, so that this thread ends."""
        with self._lock:
            self._is_watching = bool(self._going)
            if not self._is_watching:
                return None
            due = [key for key, (moment, _) in self._going.items() if moment <= time.monotonic()]
            return [self._going.pop(key)[1] for key in due]


_watch = _Watch()


@functools.cache
def _engine() -> engine_pb2_grpc.EngineStub | None:
    address = engine_of_this_process().address
    return engine_pb2_grpc.EngineStub(grpc.insecure_channel(address)) if address else None
