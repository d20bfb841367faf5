"""What any sequence of steps has in common: how it begins, goes on and ends, whatever is declared in it.

Each example is a life (`living`): every step ends in what is declared or in one line, a second preview is empty, a
record never changes, and destroy gives everything back but what somebody else has changed since, which is told.
"""

from __future__ import annotations

import sys
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from vapi_sms import Handler
from vapi_sms.sandbox import RunningSandbox

from tests.reliability.bench import Lost, Record
from tests.reliability.judging import FOREIGN
from tests.reliability.killing import EXPECTED
from tests.reliability.living import Life

Call = tuple[str, str]
Changes = dict[str, tuple[Any, ...]]
BACK = Handler.webhook("https://back.example/sms?key=url-canary")
TWILIO_CALLS: tuple[Call, ...] = (("twilio", "POST"), ("twilio", "GET"))
VAPI_CALLS: tuple[Call, ...] = (("vapi", "POST"), ("vapi", "PATCH"), ("vapi", "DELETE"), ("vapi", "GET"))
KINDS = (
    {"status": 429},
    {"status": 500},
    {"status": 500, "effect": True},
    {"drop": "before"},
    {"drop": "after"},
    {"status": 401},
    {"truncate": 30},
)
picks = st.integers(0, 5)
"""Which of the declared numbers; the last one drawn is one that may not be declared."""
holds = st.sampled_from(("before", "after"))
_earlies = st.sampled_from((0, 0, 0, 1, 2))
_any = st.integers(0, 11)


class Machine(RuleBasedStateMachine):
    """What can happen to anything that is declared; a subclass says what is declared, and how it changes."""

    sandbox: ClassVar[RunningSandbox]
    row: ClassVar[str]
    lived: ClassVar[int] = 0
    calls: ClassVar[tuple[Call, ...]] = TWILIO_CALLS + VAPI_CALLS
    changes: ClassVar[Changes]
    """What may be declared otherwise, and how."""

    life: Life

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[str] = []

    @classmethod
    def in_a(cls, sandbox: RunningSandbox) -> type[Machine]:
        """Give the class for lives in a sandbox, which counts them."""

        class Chosen(cls):  # type: ignore[valid-type, misc] # hypothesis makes each life by itself, from a class
            pass

        Chosen.sandbox, Chosen.lived = sandbox, 0
        return Chosen

    def go_up(self, *, kill: Record | None = None) -> str:
        """Run `up` of what is declared by now; give what was told where it failed."""
        raise NotImplementedError

    def declare(self, pick: int, name: str, value: Any) -> str:
        """Declare something otherwise; say of what."""
        raise NotImplementedError

    def picked(self, pick: int) -> str:
        """Give one of the numbers that things happen to."""
        raise NotImplementedError

    @rule()
    def again(self) -> None:
        """Run the same command again."""
        self.up("up again")

    @rule(pick=picks, data=st.data())
    def change(self, pick: int, data: st.DataObject) -> None:
        """Declare something otherwise, and go up."""
        self.up(self.changed(pick, data))

    @rule(call=_any, nth=_earlies, hold=holds, data=st.data())
    def killed(self, call: int, nth: int, hold: str, data: st.DataObject) -> None:
        """Kill the provider at a write of a change; then run again."""
        writes = [each for each in self.calls if each[1] != "GET"]
        vendor, method = writes[call % len(writes)]
        changed = self.changed(0, data)
        kill = {"vendor": vendor, "method": method, "skip": nth, "hold": hold}
        self.up(f"{changed}, killed {hold} {method} {vendor} #{nth + 1}", kill=kill)
        self.up("up after that")

    @rule(call=_any, kind=st.sampled_from(KINDS), nth=_earlies, lasting=st.booleans())
    def fault(self, call: int, kind: Record, nth: int, lasting: bool) -> None:
        """Let something go wrong in the next step."""
        vendor, method = self.calls[call % len(self.calls)]
        self.note(f"{kind} at {method} {vendor} #{nth + 1}{' lasting' if lasting else ''}")
        self.life.fail(vendor=vendor, method=method, skip=nth, count=None if lasting else 1, **kind)

    @rule(pick=picks, nth=st.integers(1, 3))
    def edit_texts(self, pick: int, nth: int) -> None:
        """Let somebody route texts in the Console."""
        self.edit(self.picked(pick), sms_url=f"{FOREIGN}sms/{nth}", sms_application_sid="")

    @rule()
    def refresh(self) -> None:
        """Read everything."""
        self.note("refresh")
        self.life.refresh()

    @rule()
    def destroy(self) -> None:
        """Destroy in the middle; what is declared stays, for the next `up`."""
        self.note("destroy")
        self.life.destroy()

    def teardown(self) -> None:
        """Destroy at the end; what was lost is told with all that was done before."""
        lost = sys.exception()
        if lost is None and self.steps:
            try:
                self.destroy()
            except (Lost, *EXPECTED) as broken:
                broken.add_note("\n".join(self.steps))
                raise
            type(self).lived += 1
        elif lost is not None:
            lost.add_note("\n".join(self.steps))

    def up(self, note: str, *, kill: Record | None = None) -> None:
        """Go up, and write down why and what came of it."""
        self.note(note)
        told = self.go_up(kill=kill)
        self.note(f"  told: {told}" if told else "  done")

    def edit(self, number: str, **fields: str) -> None:
        """Let somebody change a number in the Console."""
        self.note(f"Console: {number} {fields}")
        self.sandbox.outside_number(number, **fields)

    def note(self, step: str) -> None:
        """Write down what happens."""
        self.steps.append(step)

    def changed(self, pick: int, data: st.DataObject) -> str:
        """Declare something otherwise, by chance; say what."""
        name = data.draw(st.sampled_from(sorted(self.changes)))
        value = data.draw(st.sampled_from(self.changes[name]))
        return f"{self.declare(pick, name, value)} {name}={value!r}"
