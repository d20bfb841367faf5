"""What ends a process interrupts it instead, so that a command can tidy up."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def interruptible() -> Iterator[None]:
    """Let a build's end, or a closed terminal, interrupt what runs: a number goes back, what was started ends."""
    names = ("SIGTERM", "SIGHUP")
    kinds = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {kind: signal.signal(kind, _interrupt) for kind in kinds}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


def _interrupt(kind: int, frame: FrameType | None) -> None:
    del kind, frame
    raise KeyboardInterrupt
