"""What Vapi writes at Twilio after an `up` has proved its own is drift, which the next `up` repairs."""

from __future__ import annotations

import pytest
from vapi_sms.sandbox import RunningSandbox
from vapi_sms.sandbox.twilio.number import DEMO_SMS, DEMO_VOICE

from tests.resources.conftest import Spawn
from tests.resources.evidence import standing
from tests.resources.provider import Props
from tests.resources.stack import Stack
from tests.sandbox.world import APP, APPLICATION, ORG, VAPI_SMS, WEBHOOK, seed
from tests.waiting import until

LATE = {"import_clears_application": True, "import_clears_fallback": True, "late_writes_ms": 300}


@pytest.mark.parametrize("then", ["up", "texts on", "destroy"])
def test_an_app_that_an_import_clears_late_while_texts_are_off_comes_back(
    sandbox: RunningSandbox, spawn: Spawn, then: str
) -> None:
    """The webhook beneath it is nobody's choice: it is repaired, handed over, or put back, as if the App were there."""
    sandbox.reset({**seed(), "behaviour": LATE})
    before = standing(sandbox)
    declared: Props = {"number": APPLICATION, "assistant": "Support", "sms_enabled": False}
    stack = Stack(spawn())
    stack.up(**declared)
    assert sandbox.number(APPLICATION)["sms_application_sid"] == APP
    until(lambda: not sandbox.number(APPLICATION)["sms_application_sid"])

    stack.provider = spawn()
    if then == "up":
        assert stack.up(**declared)["number"] == "update"
        assert sandbox.number(APPLICATION)["sms_application_sid"] == APP
        assert stack.up(**declared) == {"originals": "same", "number": "same"}
    elif then == "texts on":
        stack.up(**{**declared, "sms_enabled": True})
        assert sandbox.number(APPLICATION)["sms_url"] == VAPI_SMS
    stack.destroy()

    assert standing(sandbox) == before


@pytest.mark.parametrize(
    "written",
    [
        {"sms_url": ""},
        {"sms_url": DEMO_SMS, "sms_method": "POST", "voice_url": DEMO_VOICE, "voice_method": "POST"},
    ],
    ids=["clears", "resets"],
)
@pytest.mark.parametrize("number", [APPLICATION, WEBHOOK])
def test_what_a_delete_has_written_late_is_nobodys_change_for_the_up_that_follows(
    sandbox: RunningSandbox, spawn: Spawn, written: Props, number: str
) -> None:
    """A destroy was killed: the texts were put back, Vapi's DELETE wrote beneath them, and nobody repaired that yet."""
    before = standing(sandbox)
    declared: Props = {"number": number, "assistant": "Support"}
    original = {name: value for name, value in sandbox.number(number).items() if name.startswith("sms_")}
    stack = Stack(spawn())
    stack.up(**declared)
    stack.delete("number")
    sandbox.outside_number(number, **{**original, **written})
    (known,) = sandbox.vapi_numbers()
    sandbox.outside_vapi("delete", org=ORG, id=known["id"])
    stack.provider = spawn()

    stack.up(**declared)

    assert sandbox.number(number)["sms_url"] == VAPI_SMS
    stack.destroy()
    assert standing(sandbox) == before
