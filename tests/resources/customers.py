"""Customers who text a number as soon as Vapi answers it, while an `up` waits for them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

from vapi_sms.sandbox import RunningSandbox

from tests.sandbox.world import SENDER, VAPI_SMS

_SECOND = 1.2  # a text in the very second of the switch may have gone either way


@contextmanager
def texting(sandbox: RunningSandbox, *numbers: str, times: int = 1) -> Iterator[None]:
    """Let somebody text each of these numbers once it is at Vapi, for as long as this lasts."""

    def text(number: str) -> None:
        for _ in range(times):
            sandbox.text(SENDER, number, "body-canary")

    with ExitStack() as customers:
        for number in numbers:
            customers.enter_context(once_at_vapi(sandbox, number, partial(text, number)))
        yield


@contextmanager
def once_at_vapi(sandbox: RunningSandbox, number: str, act: Callable[[], object]) -> Iterator[None]:
    """Let something happen once a number is at Vapi, for as long as this lasts."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.05):
            if sandbox.number(number)["sms_url"] == VAPI_SMS:
                time.sleep(_SECOND)
                act()
                return

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def paths(journal: Iterable[dict[str, object]], method: str) -> list[str]:
    """Give where requests of a method went, in order."""
    return [str(entry["path"]).partition("?")[0] for entry in journal if entry["method"] == method]
