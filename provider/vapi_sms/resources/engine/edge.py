"""The edge to Pulumi's dynamic server: it carries lives there, and their trouble to people as one line.

Beside the classes that states refer to, this alone speaks `pulumi.dynamic`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from pulumi.dynamic import CheckFailure, CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from vapi_sms.core.errors import ProviderError
from vapi_sms.core.inert import Line, line
from vapi_sms.resources.engine.carrying import (
    Props,
    VapiSms,
    checked,
    compared,
    created,
    deleted,
    folded,
    guarded,
    unfolded,
    updated,
)
from vapi_sms.resources.engine.lives import LifeCycle

P = ParamSpec("P")
T = TypeVar("T")


class Edge:
    """A life as the dynamic server asks for it."""

    def __init__(self, life: LifeCycle) -> None:
        self._life = life

    def check(self, olds: Props, news: Props) -> CheckResult:
        """Give checked inputs, or failures: expected trouble is one, too."""
        found = checked(self._life, olds, news)
        return CheckResult(found.inputs, [_failure(text) for text in found.failures])

    def diff(self, olds: Props, news: Props) -> DiffResult:
        """Compare."""
        found = _told(compared, self._life, olds, news)
        if found.replaces:
            return DiffResult(found.changes, list(found.replaces), delete_before_replace=True)
        return DiffResult(found.changes)

    def create(self, props: Props) -> CreateResult:
        """Create."""
        made = _told(created, self._life, props)
        return CreateResult(made.id, made.outs)

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read."""
        found = _told(self._life.read, id_, unfolded(props))
        # What a state of before has nested stays so: a refresh shows what changed, and this did not.
        as_kept = folded if unfolded(props) != props else dict[str, Any]
        return ReadResult(found.id, as_kept(found.outs), as_kept(found.inputs))

    def update(self, olds: Props, news: Props) -> UpdateResult:
        """Update."""
        return UpdateResult(_told(updated, self._life, olds, news))

    def delete(self, props: Props) -> None:
        """Delete."""
        _told(deleted, self._life, props)


def _failure(text: Line) -> CheckFailure:
    """Give a reason as the engine takes it; it prints a named property's value, secrets included: name none."""
    return CheckFailure("", text)


def _told(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run work for the engine; expected trouble becomes one line without a traceback."""
    try:
        return guarded(work, *args, **kwargs)
    except ProviderError as trouble:
        # Pulumi prints the traceback of whatever is raised. The limit is process-wide, so it stays; a bug of ours
        # carries its own traceback in its text.
        sys.tracebacklimit = 0
        raise VapiSms(line(str(trouble))) from None
