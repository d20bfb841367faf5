"""One life of a stack between what is declared and what others do: each step runs in a process of its own."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from vapi_sms.sandbox import RunningSandbox
from vapi_sms.sandbox.kept import Kept

from tests.engine.stack import normal
from tests.reliability.bench import Bench, Lost, Record
from tests.reliability.judging import SIGNS, is_fit
from tests.reliability.killing import EXPECTED
from tests.reliability.operations import AnyStack, Operation
from tests.resources.provider import Provider, ProviderDied
from tests.sandbox.world import AC
from tests.waiting import until

READING = "0.05"
"""Seconds that a reading is believed: less than a run takes, so that each first write stands on one of its own."""


@dataclass(frozen=True)
class Step:
    """What came of one: what failed (None: nothing; empty: it was killed), all that was said, what is left to do."""

    told: str | None
    said: str
    again: dict[Any, str] = field(default_factory=dict)

    def is_whole(self) -> None:
        """Raise Lost if it left something to do."""
        if set(self.again.values()) - {"same"}:
            raise Lost(f"up again has more to do: {self.again}")


class Life(ABC):
    """A stack from its first `up` to its destroy; a subclass judges what its steps lead to."""

    def __init__(self, sandbox: RunningSandbox, operation: Operation) -> None:
        self.sandbox = sandbox
        self._bench = Bench(sandbox, operation)
        sandbox.clear_journal()
        self._fault: Record = {}
        self._lag = 0.0

    def lag(self, milliseconds: int) -> None:
        """Let every reading be of so long ago from now on."""
        self.sandbox.behaviour(reads_lag_ms={"twilio": milliseconds, "vapi": milliseconds})
        self._lag = milliseconds / 1000

    def fail(self, **fault: Any) -> None:
        """Let a fault strike the next step."""
        self._fault = fault

    def refresh(self) -> None:
        """Read everything, which writes nothing."""
        before = self._bench.standing()
        step = self._step(lambda stack: stack.refresh())
        if step.told is not None:
            is_fit(step.told)
        if self._bench.standing() != before:
            raise Lost("refresh wrote")

    @abstractmethod
    def destroy(self) -> None:
        """Destroy, and judge."""

    def _step(
        self,
        act: Callable[[AnyStack], object],
        kill: Record | None = None,
        again: Callable[[AnyStack], dict[Any, str]] | None = None,
    ) -> Step:
        """Let a process act, killed at a call or not; where nothing failed, ask what is left to do."""
        told: str | None = None
        left: dict[Any, str] = {}
        with self._bench.process(env={"VAPI_SMS_READING_SECONDS": READING}) as provider:
            if self._fault:
                self.sandbox.fault(**self._fault)
            try:
                self._act(provider, act, kill)
            except ProviderDied:
                told = ""
            except EXPECTED as error:
                told = str(error)
            self._fault = {}
            self.sandbox.clear_faults()
            until(lambda: all(entry["done"] for entry in self.sandbox.journal()))
            if told is None and again is not None:
                left = again(self._bench.stack(provider))
            said = "\n".join(provider.stderr())
        for sign in SIGNS[1:]:
            if sign in said:
                raise Lost(f"said with {sign!r}: {said}")
        return Step(told, said, left)

    def _act(self, provider: Provider, act: Callable[[AnyStack], object], kill: Record | None) -> None:
        stack = self._bench.stack(provider)
        if kill is None:
            act(stack)
            return
        self.sandbox.fault(**kill)
        over = threading.Event()

        def strike() -> None:
            until(lambda: over.is_set() or self.sandbox.held())
            if not over.is_set():
                provider.kill()
                self.sandbox.release("drop")

        killer = threading.Thread(target=strike)
        killer.start()
        try:
            act(stack)
        finally:
            over.set()
            killer.join()

    def _numbers(self) -> dict[str, Record]:
        """Give what both vendors hold of each number; Vapi's record without its id."""
        found = self._bench.standing()
        records = {record["number"]: record for record in found["vapi"].values()}
        return {
            number: {**held, "vapi": {k: v for k, v in records.get(number, {}).items() if k != "id"}}
            for number, held in found["numbers"].items()
        }

    def _seen_since(self, moment: float) -> dict[str, list[Record]]:
        """Give all that readings which lag have shown of each number since a moment (monotonic seconds)."""
        found: dict[str, list[Record]] = {}
        if self._lag:
            for account in self.sandbox._world.twilio.accounts.values():
                for instant in _instants(account.numbers, moment - self._lag, time.monotonic() - self._lag):
                    for each in account.numbers.as_of(instant).values():
                        found.setdefault(each.record["phone_number"], []).append(normal(each.record))
        return found


def release_and_buy(sandbox: RunningSandbox, number: str) -> None:
    """Let a number be released, and bought again."""
    # Twilio tells moments by the second, and nobody releases and buys within the one of our last write.
    time.sleep(1.0)
    sandbox.outside_release(number)
    sandbox.outside_buy(number, AC)


def _instants(things: Kept[Any], since: float, until: float) -> Sequence[float]:
    """Give moments from one to another between which nothing changed."""
    return (since, *(when for when, *_ in things._past if since < when <= until))
