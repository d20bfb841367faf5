"""Importing what only a provider process needs, once: the vendors' libraries and all that uses them.

Each life cycle is imported when the engine first asks for one of its resources; a program declares few kinds. Python
looks for garbage as objects become many: importing makes many, none of it garbage, and a quarter of its time went into
looking. What is imported then stays, and need not be looked at again.
"""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vapi_sms.resources.engine.edge import Edge
    from vapi_sms.resources.engine.lives import LifeCycle


def life_cycle(name: str) -> Edge:
    """Give the life cycle that a provider class names, as module and class."""
    edge: Edge = _imported("engine.edge").Edge(life(name))
    return edge


def life(name: str) -> LifeCycle:
    """Give the life alone, without the edge to the dynamic server."""
    module, _, class_ = name.rpartition(".")
    made: LifeCycle = getattr(_imported(module), class_)()
    return made


def configure(get: Callable[[str], object]) -> None:
    """Take note of the configuration that the engine gives this process."""
    _imported("engine.session").configure(get)


@functools.cache
def _imported(module: str) -> Any:  # noqa: ANN401 one of our modules
    gc.disable()
    try:
        found = import_module(f"vapi_sms.resources.{module}")
    finally:
        gc.enable()
    gc.freeze()
    return found
