"""Any sequence of declared changes, outside changes, faults, kills and retries; then destroy. Hypothesis chooses.

Each example is a life (`living`): every step ends in what is declared or in one line, a second preview is empty, a
record never changes, and destroy gives everything back but what somebody else has changed since, which is told.
"""

from __future__ import annotations

import random
import sys
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from vapi_sms import LEAVE_AT_VAPI, Handler
from vapi_sms.resources.restore_to import engine_value
from vapi_sms.sandbox import RunningSandbox

from tests.reliability.bench import Lost, Record
from tests.reliability.judging import ASSISTANTS, FOREIGN
from tests.reliability.killing import EXPECTED
from tests.reliability.living import POOL, Life
from tests.reliability.operations import DEMO_REPLY, Declared
from tests.reliability.table import Result
from tests.sandbox.world import MG, ORG, VAPI_SMS, VAPI_VOICE

ROWS = ("VapiSmsNumber", "VapiSmsFleet")
COLUMN = "any sequence"
STEPS = 12
USUAL_EXAMPLES = 40
BATCH = 10
BACK = Handler.webhook("https://back.example/sms?key=url-canary")
CHANGES: dict[str, tuple[Any, ...]] = {
    "assistant": ("Support", "Sales"),
    "sms_enabled": (True, False),
    "voice": ("keep", "vapi"),
    "name": ("", "Front desk"),
    "adopt": (False, True),
    "restore_to": (None, BACK, LEAVE_AT_VAPI),
}
KINDS = (
    {"status": 429},
    {"status": 500},
    {"status": 500, "effect": True},
    {"drop": "before"},
    {"drop": "after"},
    {"status": 401},
    {"truncate": 30},
)
WRITES = (("vapi", "POST"), ("vapi", "PATCH"), ("vapi", "DELETE"), ("twilio", "POST"))
CALLS = (*WRITES, ("vapi", "GET"), ("twilio", "GET"))
numbers = st.sampled_from(POOL)
picks = st.integers(0, 5)
"""Which of the declared numbers; the last one drawn is a number of the pool, declared or not."""
earlies = st.sampled_from((0, 0, 0, 1, 2))
changes = st.sampled_from(sorted(CHANGES)).flatmap(
    lambda name: st.tuples(st.just(name), st.sampled_from(CHANGES[name]))
)


class AnySequence(RuleBasedStateMachine):
    """What can be declared, and what can happen to it; a subclass names the resource."""

    sandbox: ClassVar[RunningSandbox]
    resource: ClassVar[str]
    lived: ClassVar[int]

    def __init__(self) -> None:
        super().__init__()
        self.life = Life(self.sandbox, self.resource)
        self.declared: dict[str, Declared] = {}
        self.steps: list[str] = []

    @initialize(number=numbers)
    def begin(self, number: str) -> None:
        """Declare one number."""
        self.declared = {number: {"assistant": "Support"}}
        self._up(f"declare {number}")

    @rule(pick=picks, change=changes)
    def change(self, pick: int, change: tuple[str, Any]) -> None:
        """Declare something else of a number, and go up."""
        number = self._picked(pick)
        name, value = change
        options = self.declared.get(number) or next(iter(self.declared.values()))
        options[name] = value
        self._up(f"{number} {name}={value!r}")

    @rule(number=numbers, leave=st.booleans())
    def other_numbers(self, number: str, leave: bool) -> None:  # noqa: FBT001 drawn by hypothesis
        """Let a number join or leave; where there is one only, replace it."""
        if self.resource == "VapiSmsNumber":
            self.declared = {number: next(iter(self.declared.values()))}
        elif number not in self.declared:
            self.declared[number] = {"assistant": "Support"} | ({"on_remove": "leave"} if leave else {})
        elif len(self.declared) > 1:
            del self.declared[number]
        self._up(f"numbers are {sorted(self.declared)}, leave {leave}")

    @rule()
    def again(self) -> None:
        """Run the same command again."""
        self._up("up again")

    @rule(
        change=changes,
        call=st.sampled_from(WRITES),
        nth=earlies,
        hold=st.sampled_from(("before", "after")),
    )
    def killed(self, change: tuple[str, Any], call: tuple[str, str], nth: int, hold: str) -> None:
        """Kill the provider at a write of a change; then run again."""
        name, value = change
        next(iter(self.declared.values()))[name] = value
        kill = {"vendor": call[0], "method": call[1], "skip": nth, "hold": hold}
        self._up(f"{name}={value!r}, killed {hold} {call} #{nth + 1}", kill=kill)
        self._up("up after that")

    @rule(call=st.sampled_from(CALLS), kind=st.sampled_from(KINDS), nth=earlies, lasting=st.booleans())
    def fault(self, call: tuple[str, str], kind: Record, nth: int, lasting: bool) -> None:  # noqa: FBT001 as above
        """Let something go wrong in the next step."""
        self._note(f"{kind} at {call} #{nth + 1}{' lasting' if lasting else ''}")
        count = None if lasting else 1
        self.life.fail(vendor=call[0], method=call[1], skip=nth, count=count, **kind)

    @rule(pick=picks, nth=st.integers(1, 3))
    def edit_texts(self, pick: int, nth: int) -> None:
        """Let somebody route texts in the Console."""
        number = self._picked(pick)
        self._edit(number, sms_url=f"{FOREIGN}sms/{nth}", sms_application_sid="")

    @rule(pick=picks, url=st.sampled_from(("", DEMO_REPLY, VAPI_SMS)))
    def spoil_texts(self, pick: int, url: str) -> None:
        """Let texts of ours be routed to what nobody means as a handler."""
        number = self._picked(pick)
        if number in self.life.records():
            self._edit(number, sms_url=url, sms_fallback_url="")

    @rule(pick=picks, nth=st.integers(1, 3))
    def edit_calls(self, pick: int, nth: int) -> None:
        """Let somebody route calls in the Console."""
        number = self._picked(pick)
        self._edit(number, voice_url=f"{FOREIGN}voice/{nth}", voice_application_sid="", trunk_sid="")

    @rule(pick=picks, url=st.sampled_from(("", VAPI_VOICE)))
    def spoil_calls(self, pick: int, url: str) -> None:
        """Let calls of ours be routed to what nobody means as a handler."""
        number = self._picked(pick)
        if number in self.life.records():
            self._edit(number, voice_url=url, voice_fallback_url="", trunk_sid="", voice_application_sid="")

    @rule(
        pick=picks,
        do=st.sampled_from(("edit", "delete")),
        change=st.sampled_from(
            ({"name": "Hand"}, {"smsEnabled": False}, {"assistantId": ASSISTANTS["Sales"]})
        ),
    )
    def dashboard(self, pick: int, do: str, change: Record) -> None:
        """Let somebody edit or delete a number in Vapi's dashboard."""
        number = self._picked(pick)
        for record in self.sandbox.vapi_numbers():
            if record["number"] == number:
                self._note(f"dashboard: {do} {number} {change}")
                self.sandbox.outside_vapi(do, org=ORG, id=record["id"], set=change if do == "edit" else {})

    @rule(name=st.sampled_from(sorted(ASSISTANTS)), do=st.sampled_from(("delete", "edit")))
    def without_assistant(self, name: str, do: str) -> None:
        """Go up while somebody has deleted or renamed an assistant; then it is as before."""
        self._note(f"assistant: {do} {name}")
        there = {"kind": "assistant", "org": ORG, "id": ASSISTANTS[name]}
        self.sandbox.outside_vapi(do, **there, set={"name": f"{name} of old"} if do == "edit" else {})
        self._up("up meanwhile")
        self.sandbox.outside_vapi("edit" if do == "edit" else "create", **there, set={"name": name})

    @rule(number=numbers, change=changes)
    def hidden(self, number: str, change: tuple[str, Any]) -> None:
        """Go up while a number is in a service that answers in its place; then it is out of it."""
        self._note(f"{number} is hidden by a service")
        self.sandbox.outside("number", number=number, messaging_service=MG)
        name, value = change
        next(iter(self.declared.values()))[name] = value
        self._up(f"{name}={value!r} meanwhile")
        self.sandbox.outside("number", number=number, messaging_service=None)

    @rule()
    def refresh(self) -> None:
        """Read everything."""
        self._note("refresh")
        self.life.refresh()

    @rule()
    def destroy(self) -> None:
        """Destroy in the middle; what is declared stays, for the next `up`."""
        self._note("destroy")
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

    def _picked(self, pick: int) -> str:
        return [*self.declared, POOL[0]][pick % (len(self.declared) + (pick == 5))]

    def _edit(self, number: str, **fields: str) -> None:
        self._note(f"Console: {number} {fields}")
        self.sandbox.outside_number(number, **fields)

    def _up(self, note: str, *, kill: Record | None = None) -> None:
        self._note(note)
        told = self.life.up(self.declared, self._program(), kill=kill)
        self._note(f"  told: {told}" if told else "  done")

    def _program(self) -> Declared:
        if self.resource == "VapiSmsFleet":
            return {"numbers": self.declared}
        ((number, options),) = self.declared.items()
        back = engine_value(options["restore_to"]) if options.get("restore_to") else None
        return {"number": number, **options, "restore_to": back}

    def _note(self, step: str) -> None:
        self.steps.append(step)


def try_row(
    sandbox: RunningSandbox, row: str, chance: random.Random, most: int | None, cell: str
) -> list[Result]:
    """Live many lives with one kind of resource, in batches that can each be lived again."""
    found: list[Result] = []
    left = USUAL_EXAMPLES if most is None else most
    seeds = [int(cell)] if cell else [chance.getrandbits(32) for _ in range(-(-left // BATCH))]
    for number in seeds:
        found += live(sandbox, row, min(left, BATCH), number)
        left -= BATCH
    return found


def live(sandbox: RunningSandbox, row: str, lives: int, number: int | None) -> list[Result]:
    """Live so many lives, chosen by a number or always the same; stop at the first that loses something."""

    class Chosen(AnySequence):
        pass

    Chosen.sandbox, Chosen.resource, Chosen.lived = sandbox, row, 0
    machine = Chosen if number is None else seeded(number)(Chosen)
    command = f'script/reliability --sequences {lives} --only "{row}" --cell {number}'
    lost: list[Result] = []
    try:
        run_state_machine_as_test(machine, settings=_settings(lives, always_the_same=number is None))
    except (Lost, *EXPECTED) as broken:
        told = "\n".join([f"{type(broken).__name__}: {broken}", *getattr(broken, "__notes__", [])])
        lost = [Result(row, COLUMN, command, told)]
    return [Result(row, COLUMN, command)] * Chosen.lived + lost


def _settings(lives: int, *, always_the_same: bool) -> settings:
    """Give what hypothesis is told: to find, and not to shrink, since a life of twelve steps is short enough."""
    return settings(
        max_examples=lives,
        stateful_step_count=STEPS,
        derandomize=always_the_same,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
