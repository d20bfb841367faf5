"""What somebody changed since: told in preview, taken up by refresh, repaired by up, or refused."""

from __future__ import annotations

import json

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import same_for_all, standing, written
from tests.resources.stack import PROPS, Refused, Stack
from tests.sandbox.world import ORG, SALES, SUPPORT, VAPI_SMS, WEBHOOK


def test_drift_shows_in_preview_and_is_gone_after_up(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn
) -> None:
    """`drift` is an input only while there is drift, never an output, and its vanishing is no change."""
    stack.up(**PROPS)
    sandbox.outside_number(WEBHOOK, sms_url="https://new.example/sms?key=url-canary")

    stack.provider = spawn()
    checked = stack.checked("number", stack.number_props(stack.state["originals"].outs["originals"], **PROPS))
    assert checked["drift"] == ["texts are answered by Webhook https://new.example/sms?key=***, not by Vapi"]
    assert stack.preview(**PROPS) == {"originals": "same", "number": "update"}

    assert stack.up(**PROPS)["number"] == "update"
    assert sandbox.number(WEBHOOK)["sms_url"] == VAPI_SMS
    assert "drift" not in stack.state["number"].outs
    assert stack.up(**PROPS)["number"] == "same"
    assert "drift" not in stack.state["number"].inputs


def test_drift_at_vapi_is_seen_and_repaired(sandbox: RunningSandbox, stack: Stack, spawn: Spawn) -> None:
    """Somebody attached another assistant in Vapi's dashboard."""
    stack.up(**PROPS)
    record = sandbox.vapi_numbers()[0]["id"]
    sandbox.outside_vapi("edit", id=record, org=ORG, set={"assistantId": SALES})

    stack.provider = spawn()
    checked = stack.checked("number", stack.number_props(stack.state["originals"].outs["originals"], **PROPS))
    assert checked["drift"] == [f"Vapi's assistant is Sales ({SALES}), not Support ({SUPPORT})"]
    stack.up(**PROPS)

    assert sandbox.vapi_numbers()[0]["assistantId"] == SUPPORT


def test_read_tells_what_is_there_and_writes_nothing(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn
) -> None:
    """Refresh brings live values into outputs and inputs, redacted; unchanged, it changes nothing."""
    stack.up(**PROPS)
    first = dict(stack.state["number"].outs)
    stack.provider = spawn()
    stack.refresh()
    assert stack.state["number"].outs == first

    sandbox.outside_number(WEBHOOK, sms_url="https://new.example/sms?key=url-canary")
    sandbox.clear_journal()
    stack.provider = spawn()
    stack.refresh()

    held = stack.state["number"]
    assert same_for_all(held.outs["answeredBy"]) == (
        "Webhook https://new.example/sms?key=*** (fallback Webhook http://127.0.0.1:9/fallback)"
    )
    assert held.outs["routing"] != first["routing"]
    assert held.outs["original"] == first["original"]
    for found in (held.inputs, held.outs):
        assert "canary" not in json.dumps({name: found[name] for name in found if name != "original"})
    assert written(sandbox) == []
    assert stack.up(**PROPS)["number"] == "update"
    assert sandbox.number(WEBHOOK)["sms_url"] == VAPI_SMS


def test_a_stale_record_is_refused_where_texts_are_handed_over(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn
) -> None:
    """While texts are not Vapi's somebody moved them: handing over now would lose that at destroy."""
    stack.up(**PROPS, sms_enabled=False)
    sandbox.outside_number(WEBHOOK, sms_url="https://new.example/sms?key=url-canary", sms_fallback_url="")
    before = standing(sandbox)
    stack.provider = spawn()

    with pytest.raises(Refused) as caught:
        stack.preview(**PROPS)

    assert same_for_all(str(caught.value)) == (
        f"texts to {WEBHOOK} are answered by Webhook https://new.example/sms?key=***, but the recorded original is "
        "Webhook http://127.0.0.1:9/sms?tenant=***#rc=1 (fallback Webhook http://127.0.0.1:9/fallback): "
        "somebody changed "
        "it since. "
        "Write restore_to= with the routing to put back later, or put the recorded one back first"
    )
    assert standing(sandbox) == before
    assert (
        stack.up(**PROPS, restore_to={"url": "https://new.example/sms", "method": "POST"})["number"]
        == "update"
    )
    stack.destroy()
    assert sandbox.number(WEBHOOK)["sms_url"] == "https://new.example/sms"
