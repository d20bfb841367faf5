"""Cancel, which the engine sends when a person presses ^C: what is under way goes on, nothing waits or begins."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from vapi_sms import Prove
from vapi_sms.core.planning.waves import in_order
from vapi_sms.sandbox import RunningSandbox

from tests.resources.evidence import standing
from tests.resources.fleet_stack import FleetStack
from tests.resources.provider import Provider, ProviderError
from tests.resources.stack import Stack
from tests.sandbox.world import BIN, STUDIO, VAPI_SMS, WEBHOOK
from tests.waiting import until

THREE = in_order([WEBHOOK, STUDIO, BIN])


def at_vapi(sandbox: RunningSandbox) -> list[str]:
    """Give the numbers that Vapi answers, in the order of waves."""
    return [number for number in THREE if sandbox.number(number)["sms_url"] == VAPI_SMS]


def cancelling(provider: Provider, once: Callable[[], bool]) -> threading.Thread:
    """Let a person press ^C once that is so."""

    def press() -> None:
        until(once)
        provider.cancel()

    started = threading.Thread(target=press)
    started.start()
    return started


def test_a_proof_waits_no_longer_and_the_number_stays(
    sandbox: RunningSandbox, native: Callable[..., Provider]
) -> None:
    """It is recorded as switched, and told as not proven."""
    before = standing(sandbox)
    stack = Stack(native())
    canceller = cancelling(stack.provider, lambda: sandbox.number(WEBHOOK)["sms_url"] == VAPI_SMS)
    stack.up(number=WEBHOOK, assistant="Support", prove=Prove(within=600))
    canceller.join()

    told = "\n".join(stack.provider.stderr())
    assert f"proof: interrupted: {WEBHOOK} stays with Vapi, not proven" in told
    assert stack.state["number"].outs["smsEnabled"] is True
    stack.provider = native()
    stack.destroy()
    assert standing(sandbox) == before


def test_no_further_wave_begins(sandbox: RunningSandbox, native: Callable[..., Provider]) -> None:
    """The first wave stays as switched; the numbers of the others are untouched, and the next `up` goes on."""
    stack = FleetStack(native(), name="fleet")
    fleet: dict[str, Any] = {
        "numbers": {number: {"assistant": "Support", "prove": Prove(within=600)} for number in THREE},
        "waves": [1, "100%"],
    }
    canceller = cancelling(stack.provider, lambda: at_vapi(sandbox) == THREE[:1])
    with pytest.raises(ProviderError, match="interrupted before its turn, nothing was changed"):
        stack.up(**fleet)
    canceller.join()

    assert at_vapi(sandbox) == THREE[:1]


def test_a_time_out_ends_a_proof_and_lets_no_number_begin(
    sandbox: RunningSandbox, native: Callable[..., Provider]
) -> None:
    """CustomTimeouts of the program: what is switched stays and is told; of a fleet the others are named."""
    stack = Stack(native())
    stack.provider.number.timeout = 1.0
    stack.up(number=WEBHOOK, assistant="Support", prove=Prove(within=600))
    assert f"proof: the time-out is over: {WEBHOOK} stays with Vapi, not proven" in "\n".join(
        stack.provider.stderr()
    )

    late = Stack(native())
    late.provider.number.timeout = 1e-6  # over before anything is asked, on machines of all speeds
    with pytest.raises(ProviderError, match="customTimeouts was over before its turn, nothing was changed"):
        late.up(number=STUDIO, assistant="Support")
    assert sandbox.number(STUDIO)["sms_url"] != VAPI_SMS


def test_after_it_nothing_new_is_begun(sandbox: RunningSandbox, native: Callable[..., Provider]) -> None:
    """Whatever the engine still asks is refused in one line, and no vendor hears of it."""
    stack = Stack(native())
    stack.provider.cancel()
    sandbox.clear_journal()

    with pytest.raises(ProviderError, match="interrupted: nothing new was begun"):
        stack.up(number=WEBHOOK, assistant="Support")

    assert sandbox.journal() == []
