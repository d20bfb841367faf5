"""A route's record outlives kills, moves and renamings: what answered first comes back, or nothing is done."""

from __future__ import annotations

import threading

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import standing, written
from tests.resources.provider import Props, ProviderDied
from tests.resources.routes import (
    CREATED,
    MINE,
    ROUTE,
    SAME,
    RouteStack,
    line_of,
    refused,
)
from tests.resources.stack import Stack
from tests.sandbox.world import (
    ORG_KEY,
    VAPI_SMS,
    WEBHOOK,
)


@pytest.mark.parametrize(
    ("where", "then"),
    [("before", "up"), ("before", "destroy"), ("after", "another handler"), ("after", "destroy")],
)
def test_a_provider_killed_in_create_is_no_loss(
    sandbox: RunningSandbox, prod: RouteStack, twilio_only: Spawn, where: str, then: str
) -> None:
    """Kill -9 around the write: up goes on, also with another handler, and destroy gives all back, by itself."""
    before = standing(sandbox)
    sandbox.fault(method="POST", path="*/IncomingPhoneNumbers/*", hold=where)
    died: list[BaseException] = []

    def work() -> None:
        with pytest.raises(ProviderDied) as caught:
            prod.up(**ROUTE)
        died.append(caught.value)

    thread = threading.Thread(target=work)
    thread.start()
    while not sandbox.held():
        assert thread.is_alive()
    prod.provider.kill()
    thread.join(20)
    sandbox.release("go")
    assert (len(died), list(prod.state)) == (1, ["originals"])
    prod.provider = twilio_only()

    if then == "up":
        assert prod.up(**ROUTE) == {"originals": "same", "number": "create"}
    elif then == "another handler":
        prod.up(number=WEBHOOK, handler=MINE)
        assert sandbox.number(WEBHOOK)["sms_url"] == MINE.url
    prod.destroy()

    assert standing(sandbox) == before


def test_a_number_moves_from_a_route_to_vapi(sandbox: RunningSandbox, twilio_only: Spawn) -> None:
    """The record goes on with what the route never touched, Vapi's included; all comes back in the end."""
    before = standing(sandbox)
    provider = twilio_only(VAPI_API_KEY=ORG_KEY)
    old, new = RouteStack(provider, "prod"), Stack(provider, "support")
    old.up(**ROUTE)
    moving = {"number": WEBHOOK, "assistant": "Support", "restore_to": old.outs["original"]}

    assert new.up(**moving) == CREATED
    assert sandbox.number(WEBHOOK)["sms_url"] == VAPI_SMS
    assert new.up(**moving) == SAME
    # The old one is retained: Pulumi forgets it without a delete.
    new.provider = twilio_only(VAPI_API_KEY=ORG_KEY)
    assert new.up(number=WEBHOOK, assistant="Support")["number"] == "same"
    assert "instead of Webhook" in new.state["number"].outs["answeredBy"]
    new.up(number=WEBHOOK, assistant="Support", sms_enabled=False)
    assert sandbox.number(WEBHOOK)["sms_url"] == before["numbers"][WEBHOOK]["sms_url"]
    new.up(number=WEBHOOK, assistant="Support")
    new.destroy()

    assert standing(sandbox) == before


def test_a_move_that_was_killed_is_given_back_whole(sandbox: RunningSandbox, twilio_only: Spawn) -> None:
    """The new record is there, the switch never came: destroy puts back what was before the route."""
    before = standing(sandbox)
    provider = twilio_only(VAPI_API_KEY=ORG_KEY)
    old, new = RouteStack(provider, "prod"), Stack(provider, "support")
    old.up(**ROUTE)
    props = new.sibling_props(number=WEBHOOK, assistant="Support", restore_to=old.outs["original"])

    new._step("originals", props, (), dry=False)
    new.destroy()

    assert standing(sandbox) == before


def test_a_number_does_not_move_from_vapi_to_a_route(sandbox: RunningSandbox, twilio_only: Spawn) -> None:
    """A route could not give calls and Vapi back; the two steps that can are named, and work."""
    before = standing(sandbox)
    provider = twilio_only(VAPI_API_KEY=ORG_KEY)
    old, new = Stack(provider, "support"), RouteStack(provider, "prod")
    old.up(number=WEBHOOK, assistant="Support")

    told = refused(lambda: new.preview(**ROUTE, restore_to=old.state["number"].outs["original"]))
    assert told == (
        f"restore_to holds the original of a VapiSmsNumber, which also says what comes back for calls to {WEBHOOK} and "
        "in Vapi, where a TwilioSmsRoute touches nothing: remove the VapiSmsNumber and run `pulumi up`, then declare "
        "the route"
    )
    old.destroy()
    new.provider = twilio_only()
    new.up(**ROUTE)
    new.destroy()

    assert standing(sandbox) == before


@pytest.mark.parametrize("first", ["route", "number"])
def test_another_class_under_the_same_name_is_refused(
    sandbox: RunningSandbox, twilio_only: Spawn, first: str
) -> None:
    """Both have one sibling, whose record serves one kind: preview and up say how to go on."""
    provider = twilio_only(VAPI_API_KEY=ORG_KEY)
    stacks: dict[str, Stack] = {"route": RouteStack(provider, "prod"), "number": Stack(provider, "prod")}
    declared: dict[str, Props] = {"route": ROUTE, "number": {"number": WEBHOOK, "assistant": "Support"}}
    old, new = stacks.pop(first), next(iter(stacks.values()))
    old.up(**declared.pop(first))
    (news,) = declared.values()
    new.state["originals"] = old.state["originals"]
    was, will_be = (
        ("TwilioSmsRoute", "VapiSmsNumber") if first == "route" else ("VapiSmsNumber", "TwilioSmsRoute")
    )
    sandbox.clear_journal()

    told = refused(lambda: new.preview(**news))
    assert told.startswith(
        f"{WEBHOOK} was declared by a {was} of this name, and a {will_be} cannot go on with its"
    )
    assert told in line_of(lambda: new.up(**news))
    assert written(sandbox) == []


def test_renamed_without_an_alias_loses_nothing(sandbox: RunningSandbox, twilio_only: Spawn) -> None:
    """The new name takes the old handler for an original; the old name's delete refuses, and says how to go on."""
    before = standing(sandbox)
    provider = twilio_only()
    old, new = RouteStack(provider, "prod"), RouteStack(provider, "renamed")
    old.up(**ROUTE)
    provider = twilio_only()
    old.provider = new.provider = provider
    new.up(**ROUTE)

    told = line_of(old.destroy)

    assert told == (
        f"prod gives up {WEBHOOK}, and renamed declares it in the same run, which would lose what answered first: "
        "Webhook http://127.0.0.1:9/sms?tenant=***#rc=1. To hand it over, declare both once, renamed with "
        "restore_to=prod.original and prod with retain_on_delete=True, and run `pulumi up`; then remove prod"
    )
    assert "FW" + "e" * 32 in sandbox.number(WEBHOOK)["sms_url"]
    old.provider = new.provider = twilio_only()
    new.up(**ROUTE, restore_to=old.outs["original"])
    new.destroy()
    assert standing(sandbox) == before


def test_renamed_with_an_alias_and_replaced_by_force(sandbox: RunningSandbox, twilio_only: Spawn) -> None:
    """Outputs still hold the old name: that is the same resource, and no second owner."""
    before = standing(sandbox)
    old, new = RouteStack(twilio_only(), "prod"), RouteStack(twilio_only(), "renamed")
    old.up(**ROUTE)
    new.state = old.state

    assert new.up(**ROUTE) == SAME
    new.provider = twilio_only()
    new.up(**ROUTE, replace=["originals", "number"])

    assert "FW" + "e" * 32 in sandbox.number(WEBHOOK)["sms_url"]
    new.destroy()
    assert standing(sandbox) == before
