"""What a number's check reads: lists that need nothing of each other are asked for at once, and no more than before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import asked
from tests.resources.one_line import refused
from tests.resources.stack import Stack
from tests.sandbox.world import AC, MG, WEBHOOK
from tests.waiting import until

NUMBERS = f"GET twilio /2010-04-01/Accounts/{AC}/IncomingPhoneNumbers.json"
RECORDS, ASSISTANTS = "GET vapi /v2/phone-number", "GET vapi /assistant"
SERVICES, POOL = "GET twilio /v1/Services", f"GET twilio /v1/Services/{MG}/PhoneNumbers"
ADDRESSES = "GET twilio /v1/Configuration/Addresses"
IN_TURN = [NUMBERS, RECORDS, ASSISTANTS, SERVICES, POOL, ADDRESSES]
NEW = {"number": WEBHOOK, "assistant": "Support"}
ONE_AT_A_TIME = {"VAPI_SMS_CONCURRENCY": "1"}


def under_way(sandbox: RunningSandbox) -> set[str]:
    """Give the requests that are held."""
    return {f"{each['method']} {each['vendor']} {each['path']}" for each in sandbox.held()}


def test_a_preview_asks_in_two_rounds(sandbox: RunningSandbox, stack: Stack) -> None:
    """Five lists are under way before any of them is answered; only a service's numbers need another one first."""
    sandbox.fault(method="GET", hold="before", count=None)
    with ThreadPoolExecutor(1) as aside:
        preview = aside.submit(stack.preview, **NEW)
        until(lambda: under_way(sandbox) == {NUMBERS, RECORDS, ASSISTANTS, SERVICES, ADDRESSES})
        sandbox.release()
        until(lambda: under_way(sandbox) == {POOL})
        sandbox.release()

        assert preview.result()["number"] == "create"

    assert sorted(asked(sandbox)) == sorted(IN_TURN)


def test_one_at_a_time_is_in_turn(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """Where one request is the most, the same six come one after the other."""
    Stack(spawn(**ONE_AT_A_TIME)).preview(**NEW)

    assert asked(sandbox) == IN_TURN


@pytest.mark.parametrize("declared", [{}, {"sms_enabled": False}, {"squad": "Everybody", "assistant": None}])
def test_at_once_nothing_is_read_that_is_not_read_in_turn(
    sandbox: RunningSandbox, spawn: Spawn, declared: dict[str, Any]
) -> None:
    """A preview, an `up`, and a preview after it: whom texts go to, and whether they do, decides what is needed."""
    wanted = {name: value for name, value in {**NEW, **declared}.items() if value is not None}
    lives: list[list[list[str]]] = []
    for env in (ONE_AT_A_TIME, {}):
        sandbox.reset()
        stack, life = Stack(spawn(**env)), []
        for act in (stack.preview, stack.up, stack.preview):
            sandbox.clear_journal()
            stack.provider = spawn(**env)
            act(**wanted)
            life.append(sorted(asked(sandbox)))
        lives.append(life)

    assert lives[0] == lives[1]


@pytest.mark.parametrize(
    ("failing", "told"),
    [
        ((NUMBERS, RECORDS, ASSISTANTS, SERVICES), "Looking for"),
        ((RECORDS, ASSISTANTS, SERVICES), "Listing the phone numbers of the Vapi org"),
        ((ASSISTANTS, SERVICES), "Listing the assistants of the Vapi org"),
        ((SERVICES,), "Listing the Messaging Services"),
    ],
    ids=["numbers", "records", "assistants", "services"],
)
def test_of_many_troubles_the_first_in_turn_is_told(
    sandbox: RunningSandbox, spawn: Spawn, failing: tuple[str, ...], told: str
) -> None:
    """It is the same line as where one is asked after the other."""
    lines = []
    for env in (ONE_AT_A_TIME, {}):
        sandbox.clear_faults()
        for request in failing:
            _, vendor, path = request.split(" ")
            sandbox.fault(vendor=vendor, path=path, status=403, count=None)
        lines.append(refused(Stack(spawn(**env)), **NEW))

    assert lines[0] == lines[1]
    assert told in lines[1]
