"""A rehearsal in this process, where no time passes but the sandbox's."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from unittest import mock

import yaml
from vapi_sms.cli.doctor.reaching import reached, settings_from
from vapi_sms.cli.rehearse.choosing import choose
from vapi_sms.cli.rehearse.keeping import Files, Keeper
from vapi_sms.cli.rehearse.rehearsing import Wish, begin
from vapi_sms.live.rehearsing import Rehearsal, Wanted

from tests.cli.backup.company import environment
from tests.engine.world import APP, SILENT, TRUNK_SID

if TYPE_CHECKING:
    from pathlib import Path

    from vapi_sms.sandbox import RunningSandbox

PATIENCE = 8


@dataclass
class Pace:
    """Moves the sandbox's clock on instead of waiting; tells how long it would have taken."""

    sandbox: RunningSandbox
    waited: float = 0

    def wait(self, seconds: float) -> None:
        """Let so much time pass there."""
        self.waited += seconds
        if seconds:
            self.sandbox.advance(seconds)


def wish(folder: Path, **typed: Any) -> Wish:
    """Return what somebody types for a spare number."""
    usual = {
        "number": SILENT,
        "backup": folder / "spare.json",
        "assistant": "Support",
        "patience": PATIENCE,
        "application": "",
        "trunk": "",
        "passphrase_env": None,
        "without_secrets": True,
        "yes": True,
    }
    return Wish(**{**usual, **typed})


@dataclass
class InterruptingPace(Pace):
    """Gets a Ctrl-C at some of its waits; with `real` time passes as it does."""

    at: set[int] = field(default_factory=set)
    real: bool = False
    waits: int = 0

    def wait(self, seconds: float) -> None:
        """Wait, or be interrupted."""
        self.waits += 1
        if self.waits in self.at:
            raise KeyboardInterrupt
        if self.real:
            time.sleep(seconds / 5)
        super().wait(seconds)


class MeddlingPace(Pace):
    """Lets somebody else edit the number, or move it to another account, at some of its waits."""

    def __init__(self, sandbox: RunningSandbox, at: set[int], account: str = "", **edit: Any) -> None:
        super().__init__(sandbox)
        self.at, self.account, self.edit, self.waits = at, account, edit, 0

    def wait(self, seconds: float) -> None:
        """Wait while somebody acts."""
        self.waits += 1
        if self.waits in self.at and self.account:
            self.sandbox.outside_move(SILENT, self.account)
        elif self.waits in self.at:
            self.sandbox.outside_number(SILENT, **self.edit)
        super().wait(seconds)


def rehearsed(sandbox: RunningSandbox, wished: Wish, pace: Pace | None = None) -> int:
    """Rehearse, and return the exit code."""
    env = {name: value for name, value in environment(sandbox, VAPI_SMS_SETTLE_SECONDS="0").items() if value}
    with mock.patch.dict(os.environ, env):
        return begin(wished, pace or Pace(sandbox))


def switches(wished: Wish) -> dict[str, Any]:
    """Return what was written for the sandbox."""
    found: dict[str, Any] = yaml.safe_load(Files(wished.backup).behaviour.read_text())["behaviour"]
    return found


class KilledError(BaseException):
    """Stands for a process that is there no more: nothing of it runs on, least of all what gives back."""


@dataclass
class KillingPace(Pace):
    """Ends a rehearsal right after its nth write, before anything is read."""

    after: int = 0
    writes: int = 0

    def wait(self, seconds: float) -> None:
        """Count the writes: the first reading comes at once after each."""
        self.writes += not seconds
        if self.writes == self.after:
            raise KilledError
        super().wait(seconds)


def killed(sandbox: RunningSandbox, file: Path, after: int, *, number: str = SILENT) -> bool:
    """Rehearse until a write, and leave all as it is then; tell whether it came so far."""
    env = {name: value for name, value in environment(sandbox, VAPI_SMS_SETTLE_SECONDS="0").items() if value}
    with mock.patch.dict(os.environ, env), reached(settings_from()) as vendors:
        spare = choose(vendors, number, "Support", it_is_spare=True)
        keeper = Keeper(Files(file), "account", None)
        rehearsal = Rehearsal.of(
            vendors,
            spare.observed,
            spare.original,
            Wanted(spare.assistant.id, PATIENCE, APP, TRUNK_SID),
            pace=KillingPace(sandbox, after=after),
            remember=keeper.keep,
            tell=lambda _: None,
        )
        try:
            rehearsal.rehearse()
        except KilledError:
            return True
    return False
