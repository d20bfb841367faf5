"""Names that strangers chose, through the real provider process: nothing that people read of it is obeyed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.hostile_names import ASSISTANT, EVIL, SALES, SERVICE, named_by_a_stranger, obeyed, texts_in
from tests.resources.conftest import env_of
from tests.resources.fleet_stack import FleetStack
from tests.resources.provider import Props, Provider, ProviderError
from tests.resources.service_stack import ServiceStack
from tests.resources.stack import Refused, Stack
from tests.sandbox import world
from tests.sandbox.world import APPLICATION, HIDDEN, MG, SUPPORT, WEBHOOK

if TYPE_CHECKING:
    from tests.resources.conftest import Spawn
    from tests.specs import Checker

READ = ("answeredBy", "originalSummary", "summary", "drift", "inbound", "answers", "routing")
ASSISTANT_TOLD = "Vapi assistant A?]0;x? ::error::y?# #[z]?1m"


@pytest.fixture
def company(checker: Checker) -> Iterator[RunningSandbox]:
    """Serve a company in which a stranger chose the names."""
    checker.complaints.clear()
    with RunningSandbox(named_by_a_stranger(world.seed()), on_exchange=checker) as sandbox:
        yield sandbox

    assert checker.complaints == []


@pytest.fixture
def env(company: RunningSandbox) -> dict[str, str]:
    """Return the environment of somebody who may do everything there."""
    return env_of(company)


def read(props: Props) -> list[str]:
    """Give all that people read of a resource, and hold that nobody obeys it."""
    texts = [text for key in READ for text in texts_in(props.get(key))]
    texts += [text for entry in (props.get("numbers") or {}).values() for text in read(entry or {})]
    assert all(obeyed(text) == [] and "\n" not in text for text in texts), texts
    return texts


def said(provider: Provider) -> list[str]:
    """Give what the process wrote for people, line by line."""
    lines = provider.stderr()
    assert obeyed("\n".join(lines)) == []
    return lines


def test_a_numbers_life(company: RunningSandbox, spawn: Spawn) -> None:
    """Preview, up, drift of its names, refresh and destroy."""
    stack = Stack(spawn())
    wish: Props = {"number": WEBHOOK, "assistant": SUPPORT, "name": "Desk"}

    inputs = stack.checked("originals", stack.sibling_props(**wish))
    previewed = read(inputs)
    stack.up(**wish)
    outs = [text for held in stack.state.values() for text in read(held.outs) + read(held.inputs)]
    record = company.vapi_numbers()[0]["id"]
    company.outside_vapi("edit", org=world.ORG, id=record, set={"assistantId": world.SALES, "name": EVIL})
    stack.provider.kill()
    stack.provider = spawn()
    drifted = read(
        stack.checked("number", stack.number_props(stack.state["originals"].outs["originals"], **wish))
    )
    stack.refresh()
    refreshed = read(stack.state["number"].outs)
    stack.destroy()

    assert previewed
    assert f"{ASSISTANT_TOLD}, instead of Webhook http://127.0.0.1:9/sms?tenant=***#rc=1" in outs
    assert any(line.startswith("Vapi's assistant is B?]0;x?") for line in drifted)
    assert any(line.startswith("Vapi's name is ?]0;x?") for line in drifted)
    assert any(line.startswith("Vapi assistant B?]0;x?") for line in refreshed)
    said(stack.provider)


def test_what_is_refused_and_what_fails(company: RunningSandbox, spawn: Spawn) -> None:
    """A service's name, a list of all assistants' names, a vendor's own words, a program's."""
    stack = Stack(spawn())
    told = []
    for wish in (
        {"number": HIDDEN, "assistant": SUPPORT},
        {"number": WEBHOOK, "assistant": "Nobody"},
        {"number": WEBHOOK, "assistant": EVIL},
        {"number": EVIL, "assistant": SUPPORT},
    ):
        with pytest.raises(Refused) as refused:
            stack.preview(**wish)
        told += [failure.reason for failure in refused.value.failures]
    company.fault(vendor="vapi", method="POST", status=400, body={"message": EVIL})
    with pytest.raises(ProviderError) as failed:
        stack.up(number=WEBHOOK, assistant=SUPPORT)

    assert len(told) == 4
    assert all(obeyed(line) == [] and "\n" not in line for line in (*told, str(failed.value)))
    assert f"Messaging Service {SERVICE[0]}?]0;x?" in told[0]
    assert "A?]0;x?" in told[1]
    assert "?]0;x?" in str(failed.value)
    said(stack.provider)


def test_a_fleet_and_a_service(spawn: Spawn) -> None:
    """Many numbers and those of a pool: their answers, summaries and counts."""
    provider = spawn()
    fleet, service = FleetStack(provider), ServiceStack(provider)

    fleet.up(numbers={WEBHOOK: {"assistant": SUPPORT}, APPLICATION: {"assistant": ASSISTANT}})
    service.up(MG, keep_others=True)
    texts = [text for held in fleet.state.values() for text in read(held.outs) + read(held.inputs)]
    texts += [text for own in service.state.values() for text in read(own.outs) + read(own.inputs)]
    service.destroy()
    fleet.destroy()

    assert ASSISTANT_TOLD in texts
    assert any("answered by" in text for text in texts)
    assert SALES not in texts
    said(provider)
