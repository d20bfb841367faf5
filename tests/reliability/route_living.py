"""The life of a TwilioSmsRoute: texts only; calls, and what Vapi knows, are as they were at every step."""

from __future__ import annotations

from vapi_sms.core.values import Original
from vapi_sms.sandbox import RunningSandbox

from tests.reliability.bench import Lost, Record
from tests.reliability.judging import (
    calls_of,
    is_left_alone,
    nothing_else_is_touched,
    texts,
    texts_are_back,
    texts_of,
)
from tests.reliability.number_living import NumberLife
from tests.reliability.operations import Declared


class RouteLife(NumberLife):
    """A stack of a TwilioSmsRoute; options of a number are its `handler` and `restore_to`."""

    texts_only = True

    def __init__(self, sandbox: RunningSandbox) -> None:
        super().__init__(sandbox, "TwilioSmsRoute")

    def is_declared(self, number: str, options: Declared, now: Record, record: Original) -> None:  # noqa: ARG002 of numbers
        """Hold that the handler answers texts."""
        wanted, found = texts(options["handler"]), texts_of(now)
        if found[4] != wanted[4] or (not wanted[4] and found != wanted):
            raise Lost(f"texts to {number} are at {found}, and declared is {wanted}")

    def is_back(self, record: Original, before: Record, now: Record, said: str) -> None:
        """Hold that texts are as recorded, but for what somebody else had taken."""
        texts_are_back(record, before, now, said)

    def is_another(self, record: Original, before: Record, now: Record, said: str) -> None:
        """Hold that a number that was bought again is its new owner's."""
        is_left_alone(record, before, now, said)

    def is_ours_alone(self, before: dict[str, Record], now: dict[str, Record], ours: set[str]) -> None:
        """Hold that no other number was written, and of ours neither calls nor what Vapi knows."""
        nothing_else_is_touched(before, now, ours)
        for number, was in before.items():
            if (calls_of(was), was["vapi"]) != (calls_of(now[number]), now[number]["vapi"]):
                raise Lost(f"more than texts to {number} was touched: {was}, now {now[number]}")
