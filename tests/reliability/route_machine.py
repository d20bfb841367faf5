"""Any sequence of steps with a TwilioSmsRoute."""

from __future__ import annotations

from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from vapi_sms import Handler

from tests.reliability.bench import Record
from tests.reliability.machine import BACK, TWILIO_CALLS, Changes
from tests.reliability.number_living import POOL
from tests.reliability.number_machine import OfNumbers
from tests.reliability.operations import FLOW, MINE, Declared
from tests.reliability.route_living import RouteLife
from tests.sandbox.world import APP

numbers = st.sampled_from(POOL)
WITH_FALLBACK = Handler.webhook(
    "https://mine.example/sms", method="GET", fallback="https://mine.example/second"
)


class Route(OfNumbers):
    """What can be declared of a route, and what can happen to it."""

    row = "TwilioSmsRoute"
    calls = TWILIO_CALLS
    changes: ClassVar[Changes] = {
        "handler": (FLOW, MINE, WITH_FALLBACK, Handler.twiml_app(APP), Handler.demo(), Handler.none()),
        "restore_to": (None, BACK),
    }
    life: RouteLife

    def __init__(self) -> None:
        super().__init__()
        self.life = RouteLife(self.sandbox)
        self.number, self.options = POOL[0], Declared(handler=FLOW)

    @initialize(number=numbers)
    def begin(self, number: str) -> None:
        """Declare a route of one number."""
        self.number = number
        self.up(f"declare {number}")

    def go_up(self, *, kill: Record | None = None) -> str:
        """Go up."""
        given = {name: value for name, value in self.options.items() if value is not None}
        return self.life.up({self.number: self.options}, {"number": self.number, **given}, kill=kill)

    def declare(self, pick: int, name: str, value: Any) -> str:  # noqa: ARG002 one number, one of `changes`
        """Declare something of the route otherwise."""
        self.options[name] = value
        return self.number

    def picked(self, pick: int) -> str:
        """Give the declared number, or one of the pool."""
        return POOL[0] if pick == 5 else self.number

    @rule(number=numbers)
    def another_number(self, number: str) -> None:
        """Let the number be replaced."""
        self.number = number
        self.up(f"the number is {number}")
