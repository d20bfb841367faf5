"""Conversations addresses at the provider's boundary: told where texts are handed over, once, and no refusal."""

from __future__ import annotations

import pytest
from vapi_sms import Handler
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import asked
from tests.resources.fleet_stack import FleetStack
from tests.resources.provider import Provider
from tests.resources.routes import CREATED, OTHER_FLOW, ROUTE, RouteStack
from tests.resources.stack import PROPS, Stack
from tests.sandbox.world import BIN, CODE, FUNCTION, PROXY, STUDIO, WEBHOOK, seed

LIST = "GET twilio /v1/Configuration/Addresses"
SIDS = {number: f"IG{n:032}" for n, number in enumerate((WEBHOOK, STUDIO, BIN, FUNCTION, CODE))}


@pytest.fixture
def flex(sandbox: RunningSandbox) -> RunningSandbox:
    """Return vendors of a company whose agents see texts to some numbers in Flex."""
    data = seed()
    entries = [{"sid": sid, "address": number} for number, sid in SIDS.items()]
    data["twilio"]["accounts"][0]["conversation_addresses"] = entries
    sandbox.reset(data)
    return sandbox


def line(number: str) -> str:
    """Give what is told of a number."""
    return (
        f"vapi-sms: {number} also has Conversations address {SIDS[number]}: Twilio starts a conversation with each "
        "text besides, so two systems may answer. Delete the address, or turn its autocreation off, unless both are "
        "meant to answer"
    )


def told(provider: Provider) -> list[str]:
    """Give what a process told of conversations."""
    return [said for said in provider.stderr() if "onversation" in said]


def lists(sandbox: RunningSandbox) -> int:
    """Tell how often addresses were listed since this was last asked."""
    count = asked(sandbox).count(LIST)
    sandbox.clear_journal()
    return count


def test_a_number_that_vapi_takes_over_is_told_in_preview_and_up(
    flex: RunningSandbox, stack: Stack, spawn: Spawn
) -> None:
    """Once a process, of one list; nothing is refused."""
    stack.preview(**PROPS)
    stack.preview(**PROPS)
    assert (told(stack.provider), lists(flex)) == ([f"{line(WEBHOOK)}."], 1)

    stack.provider = spawn()
    assert stack.up(**PROPS) == CREATED
    assert (told(stack.provider), lists(flex)) == ([f"{line(WEBHOOK)}."], 1)


def test_what_hands_no_texts_over_looks_for_nothing(flex: RunningSandbox, stack: Stack, spawn: Spawn) -> None:
    """Unchanged, another assistant, switched off: no request more; on again, it is told again."""
    stack.up(**PROPS)
    flex.clear_journal()

    for changed in ({}, {"assistant": "Sales"}, {"assistant": "Sales", "sms_enabled": False}):
        stack.provider = spawn()
        stack.preview(**PROPS | changed)
        stack.up(**PROPS | changed)
        assert (told(stack.provider), lists(flex)) == ([], 0)
    stack.provider = spawn()
    stack.up(**PROPS)

    assert (told(stack.provider), lists(flex)) == ([f"{line(WEBHOOK)}."], 1)


def test_a_fleet_tells_its_numbers_together(flex: RunningSandbox, spawn: Spawn) -> None:
    """Four of a kind in one line; who has no address is not named."""
    stack = FleetStack(spawn(), name="fleet")

    stack.preview(
        numbers={number: {"assistant": "Support"} for number in (WEBHOOK, STUDIO, BIN, FUNCTION, PROXY)}
    )

    (said,) = told(stack.provider)
    assert said == f"{line(WEBHOOK)} (the same for {STUDIO}, {BIN}, {FUNCTION})."
    assert lists(flex) == 1


def test_a_route_is_told_where_its_handler_is_new(
    flex: RunningSandbox, prod: RouteStack, twilio_only: Spawn
) -> None:
    """First and changed; unchanged it costs nothing."""
    prod.up(**ROUTE)
    assert (told(prod.provider), lists(flex)) == ([f"{line(WEBHOOK)}."], 1)

    prod.provider = twilio_only()
    prod.up(**ROUTE)
    assert (told(prod.provider), lists(flex)) == ([], 0)

    prod.up(**ROUTE | {"handler": OTHER_FLOW})
    assert (told(prod.provider), lists(flex)) == ([f"{line(WEBHOOK)}."], 1)


def test_a_short_codes_address_is_told_too(flex: RunningSandbox, prod: RouteStack) -> None:
    """By its digits."""
    prod.preview(short_code=CODE, handler=OTHER_FLOW)

    assert f"{line(CODE)}." in told(prod.provider)
    assert lists(flex) == 1


def test_a_number_that_is_left_to_its_conversations_is_not_told(
    flex: RunningSandbox, prod: RouteStack
) -> None:
    """A route to no handler leaves texts to Flex alone: nobody answers beside it."""
    prod.up(number=WEBHOOK, handler=Handler.none())

    assert told(prod.provider) == []
    assert flex.text("+12125550123", WEBHOOK, "Hi")["conversation"] == {
        "address": SIDS[WEBHOOK],
        "type": "default",
    }


@pytest.mark.parametrize("status", [401, 403, 404, 503])
def test_addresses_that_cannot_be_read_keep_nobody_from_anything(
    flex: RunningSandbox, stack: Stack, status: int
) -> None:
    """Nothing is told, nothing is refused."""
    flex.fault(vendor="twilio", path="/v1/Configuration/Addresses", status=status, count=None)

    stack.preview(**PROPS)
    assert stack.up(**PROPS) == CREATED

    assert told(stack.provider) == []
