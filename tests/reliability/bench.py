"""Where the matrices are measured: a sandbox that goes back to any moment, and processes that are killed in it."""

from __future__ import annotations

import copy
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from vapi_sms.sandbox import RunningSandbox

from tests.engine.stack import normal, releases
from tests.reliability.operations import AnyStack, Declared, Operation
from tests.reliability.secrecy import leaks
from tests.resources.conftest import env_of
from tests.resources.provider import Provider, ProviderDied
from tests.waiting import until

Record = dict[str, Any]
LANDED_SECONDS = 0.1
_BY_ID = re.compile("^(/(?:phone-number|chat)/).+")


class Lost(Exception):
    """A promise was broken; the text says which."""


@dataclass(frozen=True, order=True)
class Call:
    """The n-th request of a kind, counted from 0: a fault that skips n hits it."""

    vendor: str
    method: str
    path: str
    nth: int = 0

    @property
    def writes(self) -> bool:
        """Tell whether it changes anything at the vendor."""
        return self.method != "GET"

    @property
    def fault(self) -> Record:
        """Give the fields of a fault that strikes it."""
        return {"vendor": self.vendor, "method": self.method, "path": self.path, "skip": self.nth}

    def __str__(self) -> str:
        """Say which."""
        path = re.sub("^/2010-04-01/Accounts/AC[0-9a-f]{32}", "", self.path)
        return f"{self.method} {self.vendor} {path} #{self.nth + 1}"


@dataclass(frozen=True)
class Moment:
    """All that both vendors and the engine's state hold at one time."""

    world: Any
    state: Any


class Dying(Provider):
    """A provider process that dies when it has answered its n-th create, update or delete; nobody gets that answer.

    With 0 it lives, and counts.
    """

    def __init__(self, env: dict[str, str], dies_after: int = 0) -> None:
        self.answered, self._dies_after = 0, dies_after
        super().__init__(env)

    def _begin(self) -> None:
        super()._begin()
        self._stub = _Listening(self._stub, self._on_answer)  # type: ignore[assignment] # the same calls
        self.number._stub = self.originals._stub = self._stub

    def _on_answer(self) -> None:
        self.answered += 1
        if self.answered == self._dies_after:
            self.kill()
            raise ProviderDied("killed before the checkpoint")


class _Listening:
    """The provider's calls, with an ear on the answers of those that write."""

    def __init__(self, stub: Any, on_answer: Callable[[], None]) -> None:
        self._stub, self._on_answer = stub, on_answer

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._stub, name)
        if name not in ("Create", "Update", "Delete"):
            return call

        def answered(request: Any) -> Any:
            answer = call(request)
            self._on_answer()
            return answer

        return answered


class Bench:
    """One sandbox and the stack of one operation."""

    def __init__(
        self,
        sandbox: RunningSandbox,
        operation: Operation,
        behaviour: Record | None = None,
        env: Record | None = None,
    ) -> None:
        self.sandbox, self.operation, self._env = sandbox, operation, env or {}
        self._late = bool((behaviour or {}).get("late_writes_ms"))
        sandbox.reset({**operation.seed(), "behaviour": behaviour or {}})
        operation.prepare(sandbox)
        self.baseline = self.standing()
        self.state: Any = {}
        self._leaks: list[str] = []
        if operation.before is not None:
            self.go_up(operation.before, operation.env_before)
        operation.disturb(sandbox)
        self.start = self.moment()
        self.at_start = self.standing()

    def measure(self) -> None:
        """Run the operation undisturbed: which calls it makes, how many answers it gives, what it leads to."""
        self.sandbox.clear_journal()
        self.fail_as_declared()
        with self.process() as provider:
            try:
                self.run(provider, self.operation.after)
            except Exception:
                if self.operation.failing is None and self.operation.going_on is None:
                    raise
            self.answers = provider.answered
        self.calls = calls_of(self.sandbox.journal())
        if self.operation.failing is not None or self.operation.going_on is not None or self._late:
            self.go_back(self.start)
            self.go_up(self.operation.going_on or self.operation.after)
        self.goal = self.standing()

    def moment(self) -> Moment:
        """Keep how all is now."""
        world = self.sandbox._world
        return Moment(copy.deepcopy((world.twilio, world.vapi)), copy.deepcopy(self.state))

    def go_back(self, moment: Moment) -> None:
        """Make all as it was then; no fault is in force."""
        world = self.sandbox._world
        self.sandbox.clear_faults()
        self.sandbox.release("drop")
        until(lambda: all(entry["done"] for entry in self.sandbox.journal()))
        world.twilio, world.vapi = copy.deepcopy(moment.world)
        self.state = copy.deepcopy(moment.state)
        self._leaks = []
        self.sandbox.clear_journal()

    @contextmanager
    def process(self, dies_after: int = 0, env: Mapping[str, str] | None = None) -> Iterator[Dying]:
        """Give a new provider process, in the operation's environment or another one."""
        own = self.operation.env if env is None else env
        provider = Dying(
            {**env_of(self.sandbox), "VAPI_SMS_TIMEOUT_SECONDS": "30", **self._env, **own}, dies_after
        )
        try:
            yield provider
        finally:
            self._leaks += leaks(provider.stderr(), self.state, self.sandbox.journal())
            provider.stop()

    def run(self, provider: Provider, declared: Declared | None) -> AnyStack:
        """Let the engine run: up to what is declared, or destroy; the state keeps what it got to."""
        stack = self.stack(provider)
        if declared is None:
            stack.destroy()
        else:
            stack.up(**declared)
        return stack

    def go_up(self, declared: Declared | None, env: Mapping[str, str] | None = None) -> None:
        """Run to the end in a new process; what the vendors wrote late is repaired by one more run."""
        for _ in range(2 if self._late else 1):
            with self.process(env=env) as provider:
                self.run(provider, declared)
            self.land()

    def stand_still(self, declared: Declared) -> None:
        """Raise Lost if one more run, in a new process, would do anything."""
        with self.process() as provider:
            self._has_nothing_to_do(provider, declared)

    def _has_nothing_to_do(self, provider: Provider, declared: Declared) -> None:
        found = self.stack(provider).preview(**declared)
        if set(found.values()) != {"same"}:
            raise Lost(f"up again has more to do: {found}")

    def land(self) -> None:
        """Wait until what the vendors write late has landed."""
        time.sleep(LANDED_SECONDS if self._late else 0)

    def stack(self, provider: Provider) -> AnyStack:
        """Give the stack, served by a process."""
        stack = self.operation.stack(provider)
        stack.state = self.state
        return stack

    def fail_as_declared(self) -> None:
        """Put the operation's own fault in force, if it has one."""
        if self.operation.failing is not None:
            self.sandbox.fault(**self.operation.failing)

    def reach_the_goal(self) -> None:
        """Run again in a new process; both vendors are as after an operation that nobody disturbed."""
        self.go_up(self.operation.declared)
        self.stand_still(self.operation.declared)
        self._is_at_the_goal()

    def give_back(self) -> None:
        """Destroy in a new process; both vendors are as before the first run."""
        with self.process() as provider:
            self.run(provider, None)
        self._is_as_before()

    def reach_the_goal_and_give_back(self) -> None:
        """Do both; the process that finds nothing to do is the one that destroys, which saves one of two."""
        self.go_up(self.operation.declared)
        with self.process() as provider:
            self._has_nothing_to_do(provider, self.operation.declared)
            self._is_at_the_goal()
            self.run(provider, None)
        self._is_as_before()

    def _is_at_the_goal(self) -> None:
        goal = self.goal if self.operation.after is not None else self.at_start
        compare("after up", anonymous(goal), anonymous(self.standing()))

    def _is_as_before(self) -> None:
        compare("after destroy", self.baseline, self.standing())
        self.land()
        compare("some time after destroy", self.baseline, self.standing())
        if self.state:
            raise Lost(f"left in the state: {sorted(self.state)}")

    def standing(self) -> Record:
        """Give all that both vendors hold; null, empty and missing are one, a missing method is POST."""
        found: Record = normal(self.sandbox.routing_snapshot())
        vapi = found["vapi"].items()
        return found | {"vapi": {id_: {k: v for k, v in r.items() if v != ""} for id_, r in vapi}}

    def keeps_the_laws(self) -> None:
        """Hold that no secret was told, no number released, and no import sent twice without a look in between."""
        if self._leaks:
            raise Lost(f"a secret can be read, {self._leaks[0]}")
        journal = self.sandbox.journal()
        if released := releases(journal):
            raise Lost(f"a number was released: {released}")
        imports_are_looked_for(journal)


def calls_of(journal: list[Record]) -> list[Call]:
    """Give the requests in order, each as the n-th of its kind."""
    seen: Counter[tuple[str, str, str]] = Counter()
    found = []
    for entry in journal:
        path = _BY_ID.sub(r"\1*", entry["path"])
        kind = (entry["vendor"], entry["method"], path)
        found.append(Call(*kind, seen[kind]))
        seen[kind] += 1
    return found


def imports_are_looked_for(journal: list[Record]) -> None:
    """Raise Lost where an import whose outcome was unknown was sent again without looking."""
    unknown: dict[str, bool] = {}
    for entry in journal:
        if entry["vendor"] != "vapi":
            continue
        if entry["method"] == "GET":
            unknown.clear()
        elif entry["method"] == "POST" and entry["path"] == "/phone-number":
            number = str(entry["parameters"].get("number"))
            if unknown.get(number):
                raise Lost(f"{number} was imported twice without a look in between")
            status = entry["status"]
            refused = status is not None and 400 <= status < 500
            unknown[number] = not refused and (status != 201 or entry["fault"] is not None)


def anonymous(standing: Record) -> Record:
    """Give it with Vapi's records by number, without the ids that Vapi makes up."""
    records = {
        record["number"]: {name: value for name, value in record.items() if name != "id"}
        for record in standing["vapi"].values()
    }
    return standing | {"vapi": records}


def compare(when: str, wanted: Record, found: Record) -> None:
    """Raise Lost where they differ, field by field."""
    lines = [
        f"{kind} {key}: {_differing(wanted[kind].get(key), found[kind].get(key))}"
        for kind in wanted
        for key in sorted(wanted[kind].keys() | found[kind].keys())
        if wanted[kind].get(key) != found[kind].get(key)
    ]
    if lines:
        raise Lost(f"{when}: {'; '.join(lines)}")


def differing_numbers(one: Record, other: Record) -> set[str]:
    """Give the phone numbers that the two do not hold alike."""
    one, other = anonymous(one), anonymous(other)
    return {
        key
        for kind in ("numbers", "vapi")
        for key in one[kind].keys() | other[kind].keys()
        if one[kind].get(key) != other[kind].get(key)
    }


def _differing(wanted: Record | None, found: Record | None) -> str:
    if wanted is None or found is None:
        return "should not be there" if wanted is None else "is not there"
    names = [name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)]
    return ", ".join(
        f"{n} is {json.dumps(found.get(n))} not {json.dumps(wanted.get(n))}" for n in sorted(names)
    )
