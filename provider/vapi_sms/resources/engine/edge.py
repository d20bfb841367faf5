"""The edge to Pulumi's dynamic server: it carries lives there, and their trouble to people as one line.

Beside the classes that states refer to, this alone speaks `pulumi.dynamic`. The native transport shares what both do:
records are folded on their way out and unfolded on their way in, and a bug is told as one.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pulumi.dynamic import CheckFailure, CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from vapi_sms.core.documents import fold, unfold
from vapi_sms.core.errors import EngineGone, ProviderError
from vapi_sms.core.inert import Line, line, lines
from vapi_sms.live.engine import engine_of_this_process
from vapi_sms.resources.engine.copies import note_former, refuse_copy
from vapi_sms.resources.engine.interrupting import note_refusal
from vapi_sms.resources.engine.lives import Checked, LifeCycle
from vapi_sms.resources.engine.notices import tell
from vapi_sms.resources.inputs.words import MISTAKE

Props = dict[str, Any]
T = TypeVar("T")


class Edge:
    """A life as the dynamic server asks for it."""

    def __init__(self, life: LifeCycle) -> None:
        self._life = life

    def check(self, olds: Props, news: Props) -> CheckResult:
        """Give checked inputs, or failures: expected trouble is one, too."""
        found = checked(self._life, olds, news)
        return CheckResult(folded(found.inputs), [_failure(text) for text in found.failures])

    def diff(self, olds: Props, news: Props) -> DiffResult:
        """Compare."""
        found = _told(lambda: self._life.diff(unfolded(olds), unfolded(news)))
        if found.replaces:
            return DiffResult(found.changes, list(found.replaces), delete_before_replace=True)
        return DiffResult(found.changes)

    def create(self, props: Props) -> CreateResult:
        """Create."""
        made = _told(lambda: self._life.create(unfolded(props)))
        return CreateResult(made.id, folded(made.outs))

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read."""
        found = _told(lambda: self._life.read(id_, unfolded(props)))
        # What a state of before has nested stays so: a refresh shows what changed, and this did not.
        as_kept = folded if unfolded(props) != props else dict[str, Any]
        return ReadResult(found.id, as_kept(found.outs), as_kept(found.inputs))

    def update(self, olds: Props, news: Props) -> UpdateResult:
        """Update."""
        return UpdateResult(folded(_told(lambda: self._life.update(unfolded(olds), unfolded(news)))))

    def delete(self, props: Props) -> None:
        """Delete."""
        _told(lambda: deleted(self._life, props))


def checked(life: LifeCycle, olds: Props, news: Props) -> Checked:
    """Give checked inputs, or failures: expected trouble is one, too."""
    try:
        found = guarded(lambda: _checked(life, olds, news))
    except ProviderError as trouble:
        found = Checked(news, (line(str(trouble)),))
    if found.failures:
        note_refusal(engine_of_this_process().address)
    return found


def _checked(life: LifeCycle, olds: Props, news: Props) -> Checked:
    if MISTAKE in news:
        return Checked(news, (line(str(news[MISTAKE])),))
    if news.get("formerOwners"):
        note_former(news["formerOwners"])
    return life.check(unfolded(olds), unfolded(news))


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


def _failure(text: Line) -> CheckFailure:
    """Give a reason as the engine takes it; it prints a named property's value, secrets included: name none."""
    return CheckFailure("", text)


def _told(work: Callable[[], T]) -> T:
    """Run work for the engine; expected trouble becomes one line without a traceback."""
    try:
        return guarded(work)
    except ProviderError as trouble:
        # Pulumi prints the traceback of whatever is raised. The limit is process-wide, so it stays; a bug of ours
        # carries its own traceback in its text.
        sys.tracebacklimit = 0
        raise VapiSms(line(str(trouble))) from None


def guarded(work: Callable[[], T]) -> T:
    """Run work; stop this process when its engine is gone, and let a bug of ours show its traceback."""
    try:
        return work()
    except EngineGone as gone:
        tell(line(str(gone)))
        os._exit(1)  # every thread of this process works for an engine that is dead
    except ProviderError:
        raise
    except Exception as bug:  # noqa: BLE001 the edge: whatever is left is a bug of ours, and told as one
        text = "".join(traceback.format_exception(bug, limit=50))
        sys.tracebacklimit = 0
        raise VapiSms(line("a bug in vapi-sms, please report it:"), *lines(text)) from None
