"""One life of a stack between what is declared and what others do: each step is judged by what both vendors hold."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from vapi_sms.core.values import Original, Source
from vapi_sms.resources.records import records_of
from vapi_sms.sandbox import RunningSandbox

from tests.engine.project import until
from tests.reliability.bench import Bench, Lost, Record
from tests.reliability.judging import (
    SIGNS,
    is_back,
    is_declared,
    is_fit,
    nothing_else_is_touched,
    records_last,
)
from tests.reliability.killing import EXPECTED
from tests.reliability.operations import AnyStack, Declared, Operation
from tests.resources.provider import Provider, ProviderDied
from tests.sandbox.world import (
    AC,
    APPLICATION,
    DEMO,
    ORG,
    SILENT,
    STUDIO,
    TRUNK,
    WEBHOOK,
    seed,
)

POOL = (WEBHOOK, STUDIO, APPLICATION, SILENT, DEMO)
"""The numbers that are declared: a webhook with everything, one in Vapi already, an app, a trunk, the demo reply."""
THEIRS = "a5000000-0000-4000-8000-000000000003"


def company() -> Record:
    """Give the seed: an assistant more, which nobody here declares."""
    found = seed()
    found["vapi"]["orgs"][0]["assistants"].append({"id": THEIRS, "name": "Theirs"})
    return found


def prepare(sandbox: RunningSandbox) -> None:
    """Let a number be in Vapi before us, and another's calls go to a trunk."""
    held = {"number": STUDIO, "twilioAccountSid": AC, "assistantId": THEIRS, "name": "Theirs"}
    sandbox.outside_vapi("create", org=ORG, set={**held, "smsEnabled": False})
    sandbox.outside_number(SILENT, trunk_sid=TRUNK)


class Life:
    """A stack from its first `up` to its destroy, judged at every step."""

    def __init__(self, sandbox: RunningSandbox, resource: str) -> None:
        self.sandbox = sandbox
        operation = Operation(resource, "any sequence", None, None, prepare=prepare, seed=company)
        self._bench = Bench(sandbox, operation)
        sandbox.clear_journal()
        self._left: set[str] = set()
        self._fault: Record = {}

    def records(self) -> dict[str, Original]:
        """Give what the state remembers, by number."""
        held = self._bench.state.get("originals")
        records = records_of(held.outs["originals"]).by_sid if held else {}
        return {record.number: record for record in records.values()}

    def fail(self, **fault: Any) -> None:  # noqa: ANN401 the fields of Fault
        """Let a fault strike the next step."""
        self._fault = fault

    def up(self, declared: dict[str, Declared], program: Declared, *, kill: Record | None = None) -> str:
        """Go up; give what was told where it failed. `declared` has options by number, `program` what is written."""
        before, held = self._numbers(), self.records()
        leave = {number for number in held if held[number].source is Source.LEAVE} | self._leaving(held)
        told, said, again = self._step(lambda stack: stack.up(**program), kill, program)
        now, records = self._numbers(), self.records()
        records_last(before, held, records)
        nothing_else_is_touched(before, now, {*declared, *held})
        if told is not None:
            self._failed(told, before, now, declared)
            return told
        if set(again.values()) != {"same"}:
            raise Lost(f"up again has more to do: {again}")
        for number, options in declared.items():
            is_declared(number, options, now[number], records[number])
        for number in held.keys() - records.keys():
            if number in leave:
                self._left.add(number)
            else:
                is_back(held[number], before[number], now[number], said)
        self._bench.keeps_the_laws()
        return ""

    def refresh(self) -> None:
        """Read everything, which writes nothing."""
        before = self._bench.standing()
        told, _, _ = self._step(lambda stack: stack.refresh(), None, None)
        if told is not None:
            is_fit(told)
        if self._bench.standing() != before:
            raise Lost("refresh wrote")

    def destroy(self) -> None:
        """Destroy: every recorded number is back, but for what is somebody else's by now."""
        self._fault = {}
        before, held = self._numbers(), self.records()
        leave = {number for number in held if held[number].source is Source.LEAVE} | self._leaving(held)
        told, said, _ = self._step(lambda stack: stack.destroy(), None, None)
        if told is not None:
            raise Lost(f"destroy failed: {told}")
        now = self._numbers()
        nothing_else_is_touched(before, now, {*held})
        for number, record in held.items():
            if number in leave:
                self._left.add(number)
            else:
                is_back(record, before[number], now[number], said)
        if self._bench.state:
            raise Lost(f"left in the state: {sorted(self._bench.state)}")
        self._bench.keeps_the_laws()

    def _leaving(self, held: dict[str, Original]) -> set[str]:
        """Give the recorded numbers that were declared to be left as they are when they go."""
        declared = self._bench.state["originals"].outs.get("numbers", {}) if held else {}
        return {number for number, options in declared.items() if options.get("onRemove") == "leave"}

    def _step(
        self, act: Callable[[AnyStack], object], kill: Record | None, program: Declared | None
    ) -> tuple[str | None, str, dict[Any, str]]:
        """Let a process of its own act; give what failed, all that it said, and what `up` would do again."""
        told: str | None = None
        again: dict[Any, str] = {}
        with self._bench.process() as provider:
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
            if told is None and program is not None:
                again = self._bench.stack(provider).preview(**program)
            said = "\n".join(provider.stderr())
        for sign in SIGNS[1:]:
            if sign in said:
                raise Lost(f"said with {sign!r}: {said}")
        return told, said, again

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

    def _failed(
        self, told: str, before: dict[str, Record], now: dict[str, Record], declared: dict[str, Declared]
    ) -> None:
        """Hold that it was told in one line; what changed and is not as declared is named in it."""
        if not told:
            return  # killed: nobody could tell
        is_fit(told)
        records = self.records()
        for number, was in before.items():
            if was == now[number] or number in told:
                continue
            try:
                is_declared(number, declared[number], now[number], records[number])
            except (Lost, KeyError) as halfway:
                if number in declared:
                    raise Lost(
                        f"{number} was changed and is not named: {halfway}; told was: {told}"
                    ) from None
