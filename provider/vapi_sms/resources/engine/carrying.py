"""Carrying: what both transports do on the way between the engine and a life.

A life is imported when the engine first asks for it, with the vendors' libraries. Records are folded on their way out
and unfolded on their way in, trouble that is expected becomes a refusal, and a bug is told as one.
"""

from __future__ import annotations

import functools
import gc
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from vapi_sms.core.documents import fold, unfold
from vapi_sms.core.errors import EngineGone, ProviderError
from vapi_sms.core.inert import Line, line, lines
from vapi_sms.live.engine import engine_of_this_process
from vapi_sms.resources.engine.copies import note_former, refuse_copy
from vapi_sms.resources.engine.interrupting import note_refusal
from vapi_sms.resources.engine.lives import Checked, Compared, LifeCycle, Made
from vapi_sms.resources.inputs.words import MISTAKE

if TYPE_CHECKING:
    from vapi_sms.resources.engine.edge import Edge

Props = dict[str, Any]
P = ParamSpec("P")
T = TypeVar("T")


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
    # Python looks for garbage as objects become many: importing makes many, none of it garbage, and a quarter of its
    # time went into looking. What is imported then stays, and need not be looked at again.
    gc.disable()
    try:
        found = import_module(f"vapi_sms.resources.{module}")
    finally:
        gc.enable()
    gc.freeze()
    # Readings and records of thousands are no garbage either, and the process ends with the run.
    gc.set_threshold(_MANY)
    return found


_MANY = 100_000  # objects more than at the last look; by itself Python looks at each 700


# --- between the engine and a life


def checked(life: LifeCycle, olds: Props, news: Props) -> Checked:
    """Give checked inputs, or failures: expected trouble is one, too."""
    try:
        found = guarded(_checked, life, olds, news)
    except ProviderError as trouble:
        found = Checked(news, (line(str(trouble)),))
    if found.failures:
        note_refusal(engine_of_this_process().address)
    return Checked(folded(found.inputs), found.failures)


def _checked(life: LifeCycle, olds: Props, news: Props) -> Checked:
    if MISTAKE in news:
        return Checked(news, (line(str(news[MISTAKE])),))
    if news.get("formerOwners"):
        note_former(news["formerOwners"])
    return life.check(unfolded(olds), unfolded(news))


def compared(life: LifeCycle, olds: Props, news: Props) -> Compared:
    """Say whether outputs and inputs differ; raises ProviderError."""
    return life.diff(unfolded(olds), unfolded(news))


def created(life: LifeCycle, props: Props) -> Made:
    """Create; raises ProviderError."""
    made = life.create(unfolded(props))
    return Made(made.id, folded(made.outs))


def updated(life: LifeCycle, olds: Props, news: Props) -> Props:
    """Update, and give all outputs; raises ProviderError."""
    return folded(life.update(unfolded(olds), unfolded(news)))


def deleted(life: LifeCycle, props: Props) -> None:
    """Delete, unless the resource belongs to another stack; raises ProviderError."""
    kept = unfolded(props)
    refuse_copy(kept)
    life.delete(kept)


HELD = ("original", "originals")
"""The properties that hold records: one text each in the engine, which pays for every nested value."""


def folded(props: Mapping[str, Any]) -> Props:
    """Give properties as the engine keeps them."""
    return {key: fold(value) if key in HELD else value for key, value in props.items()}


def unfolded(props: Mapping[str, Any]) -> Props:
    """Give properties as lives see them.

    States of before hold records nested: those are read as well, and folded with the next change of the resource.
    Folding is no change by itself: the engine would show one, and nothing had changed.
    """
    return {key: unfold(value) if key in HELD else value for key, value in props.items()}


class VapiSms(Exception):
    """Trouble on its way to the engine, which prints this class's name, our signature, before the text."""

    def __init__(self, *told: Line) -> None:
        super().__init__("\n".join(told))
        note_refusal(engine_of_this_process().address)


# Pulumi prints module and class before the text; without a module of our own only the name is left.
VapiSms.__module__ = "builtins"


def guarded(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run work; stop this process when its engine is gone, and let a bug of ours show its traceback."""
    try:
        return work(*args, **kwargs)
    except EngineGone as gone:
        from vapi_sms.resources.engine.notices import tell  # noqa: PLC0415 lives bring it, once they are imported

        tell(line(str(gone)))
        os._exit(1)  # every thread of this process works for an engine that is dead
    except ProviderError:
        raise
    except Exception as bug:  # noqa: BLE001 the edge: whatever is left is a bug of ours, and told as one
        text = "".join(traceback.format_exception(bug, limit=50))
        sys.tracebacklimit = 0
        raise VapiSms(line("a bug in vapi-sms, please report it:"), *lines(text)) from None
