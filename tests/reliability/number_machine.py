"""Any sequence of steps with a VapiSmsNumber or a VapiSmsFleet, and what can happen to any numbers."""

from __future__ import annotations

from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from vapi_sms import LEAVE_AT_VAPI
from vapi_sms.resources.program.restore_to import engine_value

from tests.reliability.bench import Lost, Record
from tests.reliability.judging import ASSISTANTS, FOREIGN, THEIRS
from tests.reliability.machine import BACK, Changes, Machine, picks
from tests.reliability.number_living import POOL, NumberLife
from tests.reliability.operations import DEMO_REPLY, Declared
from tests.reliability.outside_events import LAG_MS
from tests.sandbox.world import AC, MG, ORG, ORG_KEY, SUB, VAPI_SMS, VAPI_VOICE

numbers = st.sampled_from(POOL)


class OfNumbers(Machine):
    """What others do to numbers that are declared by themselves."""

    life: NumberLife

    @rule(pick=picks, url=st.sampled_from(("", DEMO_REPLY, VAPI_SMS)))
    def spoil_texts(self, pick: int, url: str) -> None:
        """Let texts of ours be routed to what nobody means as a handler."""
        number = self.picked(pick)
        if number in self.life.records():
            self.edit(number, sms_url=url, sms_fallback_url="")

    @rule(pick=picks, nth=st.integers(1, 3))
    def edit_calls(self, pick: int, nth: int) -> None:
        """Let somebody route calls in the Console."""
        there = f"{FOREIGN}voice/{nth}"
        self.edit(self.picked(pick), voice_url=there, voice_application_sid="", trunk_sid="")

    @rule(pick=picks)
    def bought_again(self, pick: int) -> None:
        """Let a number be released and bought again, under another SID; the next step finds it so."""
        number = self.picked(pick)
        self.note(f"{number} is released and bought again")
        self.life.bought_again(number)

    @rule(number=numbers, data=st.data())
    def hidden(self, number: str, data: st.DataObject) -> None:
        """Go up while a number is in a service that answers in its place; then it is out of it."""
        self.note(f"{number} is hidden by a service")
        self.sandbox.outside("number", number=number, messaging_service=MG)
        self.up(f"{self.changed(0, data)} meanwhile")
        self.sandbox.outside("number", number=number, messaging_service=None)


class OneNumber(OfNumbers):
    """What can be declared of a VapiSmsNumber, and what can happen to it."""

    row = "VapiSmsNumber"
    changes: ClassVar[Changes] = {
        "assistant": ("Support", "Sales"),
        "sms_enabled": (True, False),
        "voice": ("keep", "vapi"),
        "name": ("", "Front desk"),
        "adopt": (False, True),
        "restore_to": (None, BACK, LEAVE_AT_VAPI),
    }

    def __init__(self) -> None:
        super().__init__()
        self.life = NumberLife(self.sandbox, self.row)
        self.declared: dict[str, Declared] = {}

    @initialize(number=numbers)
    def begin(self, number: str) -> None:
        """Declare one number."""
        self.declared = {number: {"assistant": "Support"}}
        self.up(f"declare {number}")

    def go_up(self, *, kill: Record | None = None) -> str:
        """Go up."""
        return self.life.up(self.declared, self.program(), kill=kill)

    def declare(self, pick: int, name: str, value: Any) -> str:
        """Declare something of a number otherwise."""
        number = self.picked(pick)
        (self.declared.get(number) or next(iter(self.declared.values())))[name] = value
        return number

    def picked(self, pick: int) -> str:
        """Give one of the declared numbers, or one of the pool."""
        return [*self.declared, POOL[0]][pick % (len(self.declared) + (pick == 5))]

    def adopts(self, number: str) -> bool:
        """Tell whether a number is declared to be taken over from whoever has it in Vapi."""
        return bool(self.declared.get(number, {}).get("adopt"))

    def program(self) -> Declared:
        """Write what is declared as the resource's arguments."""
        ((number, options),) = self.declared.items()
        back = engine_value(options["restore_to"]) if options.get("restore_to") else None
        return {"number": number, **options, "restore_to": back}

    @rule(number=numbers, leave=st.booleans())
    def other_numbers(self, number: str, leave: bool) -> None:
        """Let the number be replaced."""
        self.join_or_leave(number, leave=leave)
        self.up(f"numbers are {sorted(self.declared)}, leave {leave}")

    def join_or_leave(self, number: str, *, leave: bool) -> None:  # noqa: ARG002 of a fleet's numbers
        """Declare this number in place of the one there is."""
        self.declared = {number: next(iter(self.declared.values()))}

    @rule(pick=picks, url=st.sampled_from(("", VAPI_VOICE)))
    def spoil_calls(self, pick: int, url: str) -> None:
        """Let calls of ours be routed to what nobody means as a handler."""
        number = self.picked(pick)
        if number in self.life.records():
            self.edit(number, voice_url=url, voice_fallback_url="", trunk_sid="", voice_application_sid="")

    @rule(
        pick=picks,
        do=st.sampled_from(("edit", "delete")),
        change=st.sampled_from(
            ({"name": "Hand"}, {"smsEnabled": False}, {"assistantId": ASSISTANTS["Sales"]})
        ),
    )
    def dashboard(self, pick: int, do: str, change: Record) -> None:
        """Let somebody edit or delete a number in Vapi's dashboard."""
        number = self.picked(pick)
        for record in self.sandbox.vapi_numbers():
            if record["number"] == number:
                self.note(f"dashboard: {do} {number} {change}")
                self.sandbox.outside_vapi(do, org=ORG, id=record["id"], set=change if do == "edit" else {})

    @rule(name=st.sampled_from(sorted(ASSISTANTS)), do=st.sampled_from(("delete", "edit")))
    def without_assistant(self, name: str, do: str) -> None:
        """Go up while somebody has deleted or renamed an assistant; then it is as before."""
        self.note(f"assistant: {do} {name}")
        there = {"kind": "assistant", "org": ORG, "id": ASSISTANTS[name]}
        self.sandbox.outside_vapi(do, **there, set={"name": f"{name} of old"} if do == "edit" else {})
        self.up("up meanwhile")
        self.sandbox.outside_vapi("edit" if do == "edit" else "create", **there, set={"name": name})

    @rule(pick=picks)
    def moved_away(self, pick: int) -> None:
        """Go up while a number is on a subaccount; then it is on its account again."""
        number = self.picked(pick)
        self.note(f"{number} moves to a subaccount")
        self.sandbox.outside_move(number, SUB)
        self.up("up meanwhile")
        self.sandbox.outside_move(number, AC)

    @rule(pick=picks)
    def replaced(self, pick: int) -> None:
        """Go up while somebody's own record stands in the place of ours, or of none; then it is gone."""
        number = self.picked(pick)
        self.note(f"somebody replaces the record of {number}")
        for record in self.sandbox.vapi_numbers():
            if record["number"] == number:
                self.sandbox.outside_vapi("delete", org=ORG, id=record["id"])
        made = {"number": number, "twilioAccountSid": AC, "assistantId": THEIRS, "name": "Theirs, by hand"}
        theirs = self.sandbox.outside_vapi("create", org=ORG, set=made)
        self.up("up meanwhile")
        held = [record for record in self.sandbox.vapi_numbers() if record["id"] == theirs["id"]]
        if not self.adopts(number) and held != [theirs]:
            raise Lost(f"somebody else's record {theirs} is now {held}")
        self.sandbox.outside_vapi("delete", org=ORG, id=theirs["id"])

    @rule(pick=picks, data=st.data())
    def lagging(self, pick: int, data: st.DataObject) -> None:
        """Go up while every reading is of twelve seconds ago; then they are of the present again."""
        self.note("readings lag by 12 s")
        self.life.lag(LAG_MS)
        self.up(f"{self.changed(pick, data)} meanwhile")
        self.life.lag(0)

    @rule()
    def without_key(self) -> None:
        """Go up while Vapi's key is revoked; then it is as before."""
        self.note("Vapi's key is revoked")
        self.sandbox.outside("credentials", org=ORG, api_key="canary-of-another-key")
        self.up("up meanwhile")
        self.sandbox.outside("credentials", org=ORG, api_key=ORG_KEY)


class Fleet(OneNumber):
    """What can be declared of a VapiSmsFleet, and what can happen to it."""

    row = "VapiSmsFleet"

    def program(self) -> Declared:
        """Write what is declared as the resource's arguments."""
        return {"numbers": self.declared}

    def join_or_leave(self, number: str, *, leave: bool) -> None:
        """Let a number join, or leave unless it is the last."""
        if number not in self.declared:
            self.declared[number] = {"assistant": "Support"} | ({"on_remove": "leave"} if leave else {})
        elif len(self.declared) > 1:
            del self.declared[number]
