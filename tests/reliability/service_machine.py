"""Any sequence of steps with a MessagingServiceInbound and VapiSmsNumbers that rely on it."""

from __future__ import annotations

from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from tests.reliability.bench import Record
from tests.reliability.judging import FOREIGN
from tests.reliability.machine import Changes, Machine, picks
from tests.reliability.operations import Declared
from tests.reliability.service_living import ServiceLife
from tests.sandbox.pool import POOL
from tests.sandbox.world import BIN, HIDDEN, MG, STUDIO, WEBHOOK

CANDIDATES = (WEBHOOK, STUDIO, HIDDEN)
"""The numbers of the pool that are declared, or not."""
JOINS = BIN
"""A number that joins the pool, and leaves it."""
_OF_SERVICE = ("defer_to_sender", "keep_others")


class Service(Machine):
    """What can be declared of a service and of numbers that rely on it, and what can happen to them."""

    row = "MessagingServiceInbound"
    changes: ClassVar[Changes] = {
        "defer_to_sender": (True, True, False),
        "keep_others": (True, True, False),
        "assistant": ("Support", "Sales"),
        "sms_enabled": (True, False),
    }
    life: ServiceLife

    def __init__(self) -> None:
        super().__init__()
        self.life = ServiceLife(self.sandbox)
        self.service: Declared = {"defer_to_sender": True, "keep_others": True}
        self.numbers: dict[str, Declared] = {}

    @initialize(number=st.sampled_from((None, *CANDIDATES)))
    def begin(self, number: str | None) -> None:
        """Declare the service, and a number or none."""
        if number is not None:
            self.join_or_leave(number)
        self.up(f"declare {sorted(self.numbers)}")

    def go_up(self, *, kill: Record | None = None) -> str:
        """Go up."""
        return self.life.up(self.service, self.numbers, kill=kill)

    def declare(self, pick: int, name: str, value: Any) -> str:
        """Declare something of the service otherwise, or of a number that relies on it."""
        if name in _OF_SERVICE:
            self.service[name] = value
            return MG
        number = self.picked(pick)
        if number in self.numbers:
            self.numbers[number][name] = value
        return number

    def picked(self, pick: int) -> str:
        """Give a declared number, or one that may be."""
        found = [*self.numbers, *CANDIDATES]
        return found[pick % len(found)]

    @rule(number=st.sampled_from(CANDIDATES))
    def other_numbers(self, number: str) -> None:
        """Let a number rely on the service, or no more."""
        self.join_or_leave(number)
        self.up(f"numbers are {sorted(self.numbers)}")

    def join_or_leave(self, number: str) -> None:
        """Declare a number, or no more."""
        if self.numbers.pop(number, None) is None:
            self.numbers[number] = {"assistant": "Support", "sms_enabled": True}

    @rule(pick=picks, nth=st.integers(1, 3))
    def edit_texts(self, pick: int, nth: int) -> None:
        """Let somebody route texts to a number itself, which is asleep or not."""
        number, url = self.picked(pick), f"{FOREIGN}sms/{nth}"
        self.life.set_elsewhere(number, url)
        self.edit(number, sms_url=url, sms_application_sid="")

    @rule(pick=picks, joins=st.booleans())
    def bought_again(self, pick: int, joins: bool) -> None:
        """Let a number be released and bought again, under another SID; it comes back into the pool, or does not."""
        number = self.picked(pick)
        self.note(f"{number} is released and bought again, and {'joins the pool' if joins else 'stays out'}")
        self.life.bought_again(number, joins=joins)

    @rule(change=st.sampled_from((True, False, f"{FOREIGN}service")))
    def edit_service(self, change: bool | str) -> None:
        """Let somebody switch the service's deferring, or give it another handler."""
        name = "inbound_request_url" if isinstance(change, str) else "use_inbound_webhook_on_number"
        self.note(f"Console: the service's {name} is {change}")
        self.life.excuse(*POOL, JOINS)
        self.sandbox.outside("service", sid=MG, set={name: change})

    @rule(joins=st.booleans())
    def pool(self, joins: bool) -> None:
        """Let a number join the pool, or leave it."""
        self.note(f"Console: {JOINS} {'joins' if joins else 'leaves'} the pool")
        self.life.excuse(JOINS)
        self.sandbox.outside("number", number=JOINS, messaging_service=MG if joins else None)
