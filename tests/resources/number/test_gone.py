"""What is gone at a vendor: the number, its record at Vapi, its assistant, or the number that was bought again."""

from __future__ import annotations

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import line_of, standing, written
from tests.resources.provider import ProviderError
from tests.resources.stack import PROPS, Refused, Stack
from tests.sandbox.world import AC, ORG, SUPPORT, VAPI_SMS, WEBHOOK


def test_a_number_that_was_released_is_gone_when_somebody_says_so(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn
) -> None:
    """Not here is not gone: refresh keeps it, destroy names the ways out; told so, it succeeds and Vapi forgets it."""
    stack.up(**PROPS)
    sandbox.outside_release(WEBHOOK)
    stack.provider = spawn()

    stack.refresh()
    assert list(stack.state) == ["originals", "number"]
    with pytest.raises(ProviderError) as caught:
        stack.destroy()
    assert f"if it was released, run again with VAPI_SMS_RELEASED={WEBHOOK}" in line_of(caught.value)
    assert [record["number"] for record in sandbox.vapi_numbers()] == [WEBHOOK]

    stack.provider = spawn(VAPI_SMS_RELEASED=WEBHOOK)
    stack.destroy()

    assert (sandbox.vapi_numbers(), stack.state) == ([], {})
    assert (
        f"vapi-sms: {WEBHOOK} is on no account any more, as you say (VAPI_SMS_RELEASED): nothing to put back there."
        in stack.provider.stderr()
    )


def test_a_number_that_vapi_forgot_is_put_back(sandbox: RunningSandbox, stack: Stack, spawn: Spawn) -> None:
    """Somebody deleted it in Vapi's dashboard; texts would be lost until they are put back."""
    before = standing(sandbox)
    stack.up(**PROPS)
    sandbox.outside_vapi("delete", id=sandbox.vapi_numbers()[0]["id"], org=ORG)
    stack.provider = spawn()

    stack.destroy()

    assert standing(sandbox) == before


def test_a_deleted_assistant_stops_previews_but_not_destroy(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn
) -> None:
    """What is gone at Vapi is named; the way back never needs it."""
    before = standing(sandbox)
    stack.up(**PROPS)
    sandbox.outside_vapi("delete", kind="assistant", id=SUPPORT, org=ORG)
    stack.provider = spawn()

    with pytest.raises(Refused) as caught:
        stack.preview(**PROPS)
    stack.destroy()

    assert str(caught.value) == "no assistant of this Vapi org is named 'Support' (there are: Sales)"
    assert standing(sandbox) == before


def test_a_number_that_was_bought_again_is_somebody_elses(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn
) -> None:
    """It has another SID, so nothing of it is ours to put back; our import is, and goes by its id."""
    stack.up(**PROPS)
    sandbox.outside_release(WEBHOOK)
    anew = sandbox.outside_buy(WEBHOOK, AC)
    sandbox.clear_journal()
    stack.provider = spawn()

    stack.destroy()

    assert [line for line in written(sandbox) if "twilio" in line] == []
    assert sandbox.vapi_numbers() == []
    assert any(
        f"{WEBHOOK} was released and bought again: it is {anew['sid']} now" in line
        for line in stack.provider.stderr()
    )


def test_a_number_that_was_bought_again_is_declared_anew(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn
) -> None:
    """`up` lets go of the old one and switches the new one, whose routing comes back on destroy."""
    stack.up(**PROPS)
    sandbox.outside_release(WEBHOOK)
    anew = sandbox.outside_buy(WEBHOOK, AC)["sid"]
    before = standing(sandbox)["numbers"][WEBHOOK]
    stack.provider = spawn()

    assert stack.up(**PROPS) == {"originals": "update", "number": "replace"}

    assert (sandbox.number(WEBHOOK)["sid"], sandbox.number(WEBHOOK)["sms_url"]) == (anew, VAPI_SMS)
    assert len(sandbox.vapi_numbers()) == 1
    assert set(stack.up(**PROPS).values()) == {"same"}
    stack.destroy()
    assert (standing(sandbox)["numbers"][WEBHOOK], sandbox.vapi_numbers()) == (before, [])
