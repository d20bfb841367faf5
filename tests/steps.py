"""Counts what a piece of work takes, without a clock: the calls that Python makes, its own and those into C."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType


class TooManySteps(BaseException):
    """The work went on beyond its bound; nobody handles it on the way."""


def steps_of(work: Callable[[], object], most: int) -> int:
    """Do a piece of work and give how many calls it took; raises TooManySteps as soon as they are too many."""
    taken = 0

    def count(_: FrameType, event: str, __: object) -> None:
        nonlocal taken
        taken += event in ("call", "c_call")
        if taken > most:
            sys.setprofile(None)
            raise TooManySteps(most)

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return taken
