"""Fleets, routes and services in YAML: each with its record, each given back."""

from __future__ import annotations

import re
from typing import Any

from tests.engine.world import BIN, HIDDEN, MG, OLD_APP, STUDIO, STUDIO_FLOW, WEBHOOK
from tests.native.stack import YamlStack, block


def test_a_fleet_takes_numbers_in_and_gives_them_back_one_by_one(stack: YamlStack) -> None:
    """Defaults and options of its own; what leaves the program goes back at once."""
    numbers: dict[str, Any] = {WEBHOOK: {}, STUDIO: {"assistant": "Sales"}}
    stack.program({"prod": block("Fleet", numbers=numbers, defaults={"assistant": "Support"})})
    shown = stack.preview()
    assert "Vapi assistant Sales, instead of Studio Flow" in shown
    stack.up()
    assert (stack.answers(WEBHOOK), stack.answers(STUDIO)) == (
        "Vapi assistant Support",
        "Vapi assistant Sales",
    )
    stack.settled()

    stack.program(
        {"prod": block("Fleet", numbers={WEBHOOK: {"assistant": "Sales"}, BIN: {"assistant": "Sales"}})}
    )
    changed = stack.preview()
    assert re.search(r'~ assistant *: "Support" => "Sales"', changed)
    stack.up()
    assert stack.answers(STUDIO) == STUDIO_FLOW
    stack.settled()

    stack.destroy()
    assert stack.snapshot() == stack.before


def test_a_fleet_held_at_a_share_takes_as_many(stack: YamlStack) -> None:
    """The cut is what a Python program makes of it, and what it came to is shown."""
    numbers = {number: {"assistant": "Support"} for number in (WEBHOOK, STUDIO, BIN)}
    stack.program({"prod": block("Fleet", numbers=numbers, share="1")})

    assert re.search(r'share *: "1: 1 of 3 numbers"', stack.preview())
    stack.up()

    answered = [stack.answers(number) for number in numbers]
    assert answered.count("Vapi assistant Support") == 1
    stack.destroy()
    assert stack.snapshot() == stack.before


def test_a_route_and_a_service_with_the_number_that_relies_on_it(stack: YamlStack) -> None:
    """A hidden number is reached once its service defers; both are put back."""
    stack.program(
        {
            "us": block("Inbound", service=MG, keepOthers=True, numbers=[HIDDEN]),
            "hidden": block(number=HIDDEN, assistant="Support", messagingService="${us.serviceSid}"),
            "desk": block("Route", number=WEBHOOK, handler={"url": "https://new.example.com/sms"}),
        }
    )
    stack.preview()
    stack.up()
    assert stack.answers(HIDDEN) == "Vapi assistant Support"
    assert stack.answers(WEBHOOK) == "Webhook https://new.example.com/sms"
    stack.settled()

    stack.destroy()
    assert stack.snapshot() == stack.before
    assert stack.answers(WEBHOOK) == OLD_APP
