"""A fleet in YAML that proves each wave before the next, on the real engine: what fails goes back, and `up` goes on."""

from __future__ import annotations

from typing import Any

from vapi_sms.core.planning.waves import in_order

from tests.engine.world import BIN, OLD_APP, SENDER, STUDIO, WEBHOOK
from tests.native.stack import YamlStack, block
from tests.resources.customers import once_at_vapi, texting

FIRST, *LATER = in_order([WEBHOOK, STUDIO, BIN])
AT_VAPI = "Vapi assistant Support"


def fleet(**prove: Any) -> dict[str, Any]:
    """Declare three numbers, one of them first."""
    numbers = {number: {"assistant": "Support"} for number in (FIRST, *LATER)}
    return {"prod": block("Fleet", numbers=numbers, waves=["1", "100%"], prove=prove)}


def test_a_wave_without_answers_goes_back_and_up_goes_on_from_there(stack: YamlStack) -> None:
    """The first wave is proven and stays; a text of the second gets no reply, so all of that wave is put back."""
    sandbox = stack.sandbox
    stack.program(fleet(within=4))

    def falls_silent() -> None:
        sandbox.behaviour(webhook_fails=True)
        sandbox.text(SENDER, LATER[0])

    with texting(sandbox, FIRST), once_at_vapi(sandbox, LATER[0], falls_silent):
        told = stack.fail("up", "--yes", "--skip-preview").text

    assert "wave 2 of 2 (2 numbers) failed; what waves before it switched stays" in told
    assert f"{LATER[0]}: the proof failed: 1 of 1 texts: no reply (11200" in told
    sandbox.behaviour(webhook_fails=False)
    assert [number for number in (FIRST, *LATER) if stack.answers(number) == AT_VAPI] == [FIRST]
    stack.program(fleet(within=1))
    stack.up()
    assert [stack.answers(number) for number in (FIRST, *LATER)] == [AT_VAPI] * 3
    stack.settled()
    stack.destroy()
    assert stack.snapshot() == stack.before
    assert stack.answers(WEBHOOK) == OLD_APP


def test_an_assistant_that_says_nothing_takes_no_number(stack: YamlStack) -> None:
    """It is asked before the first write; nothing is written but the question, and its way back."""
    stack.program({"support": block(number=WEBHOOK, assistant="Support", prove={"before": "Are you open?"})})
    stack.sandbox.behaviour(no_card=True)

    told = stack.fail("up", "--yes", "--skip-preview").text

    assert "does not answer the question that prove: asks first" in told
    assert "Nothing was changed." in told
    assert stack.snapshot() == stack.before
    stack.sandbox.behaviour(no_card=False)
    stack.up()
    assert stack.answers(WEBHOOK) == AT_VAPI
    stack.destroy()
    assert stack.snapshot() == stack.before
