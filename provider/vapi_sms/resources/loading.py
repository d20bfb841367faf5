"""Importing what only a provider process needs, once: the vendors' libraries and all that uses them.

Python looks for garbage as objects become many: importing makes many, none of it garbage, and a quarter of its time
went into looking. What is imported then stays, and need not be looked at again.
"""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vapi_sms.resources.edge import LifeCycle


def life_cycle(name: str) -> LifeCycle:
    """Give the life cycle of a provider class."""
    _load()
    from vapi_sms.resources import life_cycles  # noqa: PLC0415 by now it is there

    return life_cycles.of(name)


def configure(get: Callable[[str], object]) -> None:
    """Take note of the configuration that the engine gives this process."""
    _load()
    from vapi_sms.resources import session  # noqa: PLC0415 by now it is there

    session.configure(get)


@functools.cache
def _load() -> None:
    gc.disable()
    try:
        import_module("vapi_sms.resources.life_cycles")
    finally:
        gc.enable()
    gc.freeze()
