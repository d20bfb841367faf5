"""The edge to Pulumi: what a life cycle offers, and how trouble reaches people as one line."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from pulumi.dynamic import CheckFailure, CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from vapi_sms.core.errors import EngineGone, ProviderError
from vapi_sms.core.inert import Line, line, lines
from vapi_sms.live.engine import engine_of_this_process
from vapi_sms.resources.engine.interrupting import note_refusal
from vapi_sms.resources.engine.notices import tell

Props = dict[str, Any]
T = TypeVar("T")


class LifeCycle(Protocol):
    """What Pulumi asks of a resource, without the id that we have no use for."""

    def check(self, olds: Props, news: Props) -> CheckResult:
        """Give the inputs as they are meant, or failures."""

    def diff(self, olds: Props, news: Props) -> DiffResult:
        """Say whether outputs and inputs differ."""

    def create(self, props: Props) -> CreateResult:
        """Create."""

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read."""

    def update(self, olds: Props, news: Props) -> UpdateResult:
        """Update."""

    def delete(self, props: Props) -> None:
        """Delete."""


class VapiSms(Exception):
    """Trouble on its way to the engine, which prints this class's name, our signature, before the text."""

    def __init__(self, *told: Line) -> None:
        super().__init__("\n".join(told))
        note_refusal(engine_of_this_process().address)


# Pulumi prints module and class before the text; without a module of our own only the name is left.
VapiSms.__module__ = "builtins"


def checked(parse: Callable[[], Props], given: Props) -> CheckResult:
    """Run a check; expected trouble becomes a failure that the engine prints as one line."""
    try:
        return CheckResult(guarded(parse), [])
    except ProviderError as trouble:
        return CheckResult(given, [failure_of(trouble)])


def failure_of(trouble: ProviderError) -> CheckFailure:
    """Give trouble as the engine takes it; it prints a named property's value, secrets included: name none."""
    note_refusal(engine_of_this_process().address)
    return CheckFailure("", line(str(trouble)))


def told(work: Callable[[], T]) -> T:
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
