"""A fleet whose sibling remembers nothing: it was made anew while the numbers were Vapi's, so the fleet goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.evidence import standing
from tests.resources.fleet_stack import SAME, Entries, FleetStack, answering
from tests.resources.provider import Props
from tests.resources.stack import Refused
from tests.sandbox.world import STUDIO, WEBHOOK

NUMBERS: Entries = {WEBHOOK: {"assistant": "Support"}, STUDIO: {"assistant": "Support"}}


@pytest.fixture
def before(sandbox: RunningSandbox) -> dict[str, Any]:
    """Return what both vendors hold before anything is switched."""
    return standing(sandbox)


@pytest.fixture
def forgotten(stack: FleetStack) -> FleetStack:
    """Return a fleet that is up, beside a sibling without records, as a rename that was killed and undone leaves it."""
    stack.up(numbers=NUMBERS)
    held = stack.state["originals"]
    nothing: Props = {"originals": {}, "summary": {}}
    stack.state["originals"] = replace(held, inputs=held.inputs | nothing, outs=held.outs | nothing)
    return stack


def told(stack: FleetStack) -> list[str]:
    """Give what was said of numbers that change."""
    return [line for line in stack.provider.stderr() if "change: " in line]


@pytest.mark.parametrize(
    "changed",
    [{"sms_enabled": False}, {"assistant": "Sales"}, {"name": "Front desk"}],
    ids=["texts off", "another assistant", "a name"],
)
def test_what_it_remembers_itself_may_change(
    sandbox: RunningSandbox, before: dict[str, Any], forgotten: FleetStack, changed: dict[str, Any]
) -> None:
    """What a preview shows an `up` does, though no sibling vouches for it; and destroy gives every field back."""
    numbers = {**NUMBERS, WEBHOOK: {**NUMBERS[WEBHOOK], **changed}}
    forgotten.provider.renew()

    assert forgotten.preview(numbers=numbers)["number"] == "update"
    assert forgotten.up(numbers=numbers)["number"] == "update"

    assert (WEBHOOK in answering(sandbox)) == ("sms_enabled" not in changed)
    assert forgotten.up(numbers=numbers)["number"] == "same"
    forgotten.destroy()
    assert standing(sandbox) == before


def test_nothing_is_told_of_numbers_that_stay(sandbox: RunningSandbox, forgotten: FleetStack) -> None:
    """They are declared still, whoever remembers them."""
    forgotten.provider.renew()
    before = told(forgotten)

    assert forgotten.preview(numbers=NUMBERS) == SAME

    assert told(forgotten) == before
    assert answering(sandbox) == {WEBHOOK, STUDIO}


def test_what_nobody_remembers_is_refused_all_the_same(
    sandbox: RunningSandbox, forgotten: FleetStack
) -> None:
    """By the fleet itself, before anything is written."""
    there = standing(sandbox)
    del forgotten.state["number"]

    with pytest.raises(Refused, match="already go to Vapi and no original routing is recorded"):
        forgotten.up(numbers=NUMBERS, defaults={"name": "Front desk"})

    assert standing(sandbox) == there
