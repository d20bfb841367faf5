"""Many readings side by side, and somebody who watches how far they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Protocol, TypeVar

from vapi_sms.live.calling.limiter import MOST

Item = TypeVar("Item")
Found = TypeVar("Found")


class Watch(Protocol):
    """Is told how many readings are to come, and of each that is done what it was."""

    def expect(self, readings: int) -> None:
        """Take note that so many more are to come."""

    def done(self, what: str) -> None:
        """Take note that one more is done."""


class Nobody:
    """Watches nothing."""

    def expect(self, readings: int) -> None:
        """Take no note."""

    def done(self, what: str) -> None:
        """Take no note."""


def side_by_side(
    read: Callable[[Item], Found], items: Sequence[Item], watch: Watch, what: str
) -> list[Found]:
    """Read many things, as many at once as the vendor's width allows.

    Give what was found in the order of the items, or raise the first trouble.
    """
    watch.expect(len(items))
    with ThreadPoolExecutor(MOST) as workers:
        readings = [workers.submit(copy_context().run, read, item) for item in items]
        found = []
        try:
            for reading in readings:
                found.append(reading.result())
                watch.done(what)
        finally:
            # What has not begun when one fails is not begun any more.
            workers.shutdown(wait=False, cancel_futures=True)
    return found
