"""MessagingServiceInbound under the real engine: a pool of 400, its numbers beside it, and a killed first `up`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.stack import Stack
from tests.engine.world import HIDDEN, MG, OLD_APP, SENDER, SPARE, seed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from vapi_sms.sandbox import RunningSandbox

IMPORTS = "from vapi_sms import MessagingServiceInbound, VapiSmsFleet"
POOL = [f"+1415556{n:04}" for n in range(400)]
DECLARED = [*POOL[:12], POOL[20]]
SET = f"POST /v1/Services/{MG}"
NUMBER = "POST /IncomingPhoneNumbers/PN"
SERVICE_WRITE = {"vendor": "twilio", "method": "POST", "path": f"/v1/Services/{MG}"}


@pytest.fixture
def crowd(tmp_path: Path, sandbox: RunningSandbox) -> Stack:
    """Return a stack of a company whose Messaging Service answers for 400 numbers, with as many own routings."""
    found = seed()
    account = found["twilio"]["accounts"][0]
    account["numbers"].append(
        {
            "range": {"from": POOL[0], "count": len(POOL)},
            "sms_url": "https://old.example.com/{number}?k=canary-query",
        }
    )
    account["messaging_services"][0]["numbers"] = POOL
    sandbox.reset(found)
    return Stack(tmp_path / "crowd", sandbox)


def answers(sandbox: RunningSandbox, numbers: Iterable[str] = POOL) -> dict[str, str]:
    """Text every number; give who answers."""
    return {number: told["answered_by"] for number, told in sandbox.texts(SENDER, numbers).items()}


def program(stack: Stack, *lines: str, keep_others: bool = True) -> None:
    """Declare the service, and what relies on it."""
    service = f'us = MessagingServiceInbound("us", service="Campaigns", keep_others={keep_others})'
    stack.declare(IMPORTS, service, *lines)


def test_a_pool_of_400_is_answered_as_before_but_for_what_is_declared(crowd: Stack) -> None:
    """All 400 are texted before, while the service is switched, after, and when all is destroyed."""
    sandbox, before = crowd.sandbox, crowd.snapshot()
    answered = answers(sandbox)
    assert set(answered.values()) == {OLD_APP}
    program(
        crowd,
        f"numbers = {{number: {{}} for number in {DECLARED[:-1]!r}}}",
        'VapiSmsFleet("fleet", defaults={"assistant": "Support", "messaging_service": us}, numbers=numbers)',
        f'VapiSmsNumber("one", number="{DECLARED[-1]}", assistant="Sales", messaging_service=us)',
    )

    shown = crowd.preview()
    assert "13 numbers answered by Webhook https://***@old.example.com/sms" in shown
    assert "387 numbers answered by Webhook https://***@old.example.com/sms" in shown
    assert all(number in shown for number in DECLARED)
    assert "texts will be deferred by Messaging Service Campaigns" in shown
    assert len([line for line in shown.splitlines() if POOL[30] in line]) == 0

    sandbox.fault(vendor="twilio", method="POST", containing="SmsUrl", skip=200, hold="before")
    sandbox.fault(**SERVICE_WRITE, hold="after")
    running = crowd.project.start("up")
    for _ in range(2):
        crowd.wait_for_held()
        assert answers(sandbox) == answered
        sandbox.release()
    done = running.wait()
    assert done.code == 0, done.text

    by_vapi = dict.fromkeys(DECLARED[:-1], "Vapi assistant Support") | {DECLARED[-1]: "Vapi assistant Sales"}
    assert answers(sandbox) == answered | by_vapi
    crowd.settled()
    crowd.destroy()
    assert answers(sandbox) == answered
    assert crowd.snapshot() == before
    assert crowd.leaked() == []


def test_destroy_right_after_a_killed_first_up_gives_all_back(crowd: Stack) -> None:
    """The engine knows the record alone; the service defers already, and 400 numbers have its handler."""
    sandbox, before = crowd.sandbox, crowd.snapshot()
    answered = answers(sandbox)
    program(crowd)
    sandbox.fault(**SERVICE_WRITE, hold="after")
    running = crowd.project.start("up")
    crowd.wait_for_held()
    running.kill_provider()
    sandbox.release("drop")
    assert running.wait().code != 0
    assert answers(sandbox) == answered
    assert set(crowd.resources()) == {"us-original"}

    crowd.destroy()

    assert crowd.snapshot() == before
    assert not crowd.resources()


def test_who_is_declared_is_known_wherever_the_program_says_so(stack: Stack) -> None:
    """After a look-up too, which turns Pulumi's event loop in the middle of the program; others are refused."""
    number = f'VapiSmsNumber("hidden", number="{HIDDEN}", assistant="Support"'
    program(stack, keep_others=False)
    told = stack.refused()
    assert f"1 number that nobody declares here would be answered by somebody else ({HIDDEN}: " in told

    look_up = (
        "from pulumi.runtime.sync_await import _sync_await; import asyncio; _sync_await(asyncio.sleep(1))"
    )
    program(stack, look_up, f"{number}, messaging_service=us)", keep_others=False)
    stack.up()
    assert stack.answers(HIDDEN) == "Vapi assistant Support"
    stack.settled()
    assert stack.writes()[:2] == [NUMBER, SET]

    stack.declare(f'VapiSmsNumber("spare", number="{SPARE}", assistant="Sales")')
    stack.up()
    assert {name: stack.snapshot()[name] for name in ("messaging_services", "applications")} == {
        name: stack.before[name] for name in ("messaging_services", "applications")
    }
    assert stack.snapshot()["numbers"][HIDDEN] == stack.before["numbers"][HIDDEN]
    stack.destroy()
    assert stack.snapshot() == stack.before
