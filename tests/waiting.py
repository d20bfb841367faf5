"""Waiting for what comes by itself, however slow the machine is at the moment."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 60.0

T = TypeVar("T")


def until(probe: Callable[[], T], patience: float = PATIENCE) -> T:
    """Ask again and again until the answer is truthy."""
    deadline = time.monotonic() + patience
    while not (answer := probe()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing from {probe} in {patience} s")
        time.sleep(0.02)
    return answer
