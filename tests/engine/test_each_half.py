"""Each vendor's half, and each channel, goes back by itself; what cannot be put back is not taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.stack import errors
from tests.engine.world import AC, APP, APPLICATION, OLD_APP, SUPPORT_ON_WEBHOOK, WEBHOOK

if TYPE_CHECKING:
    from tests.engine.stack import Stack

FORMER = "a5000000-0000-4000-8000-00000000000e"
ADOPTED = SUPPORT_ON_WEBHOOK.replace(")", ", adopt=True)")


def test_texts_go_back_though_the_assistant_of_an_adopted_number_is_gone(stack: Stack) -> None:
    """Twilio's half first; what Vapi refuses is told with a way out, and LEAVE is one that works."""
    stack.edit_vapi("create", kind="assistant", id=FORMER, set={"name": "Former"})
    stack.edit_vapi("create", set={"number": WEBHOOK, "twilioAccountSid": AC, "assistantId": FORMER})
    stack.declare(ADOPTED)
    stack.up()
    stack.edit_vapi("delete", kind="assistant", id=FORMER)

    told = errors(stack.fail("destroy", "--yes", "--skip-preview"))

    assert stack.answers() == OLD_APP
    assert "VAPI_SMS_WITHOUT_VAPI=1" in told, told
    assert told.lower().count("run the same command again") == 1, told
    with stack.with_env(VAPI_SMS_WITHOUT_VAPI="1"):
        told = stack.destroy().text
    assert stack.vapi()["id"] in told, told
    assert not stack.resources()
    assert stack.snapshot()["numbers"] == stack.before["numbers"]


def test_texts_go_back_though_the_key_of_vapi_is_revoked(stack: Stack) -> None:
    """Without a key that works destroy puts Twilio's half back and fails; told to go without Vapi, it ends."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    record = stack.vapi()
    with stack.with_env(VAPI_API_KEY="revoked"):
        told = errors(stack.fail("destroy", "--yes", "--skip-preview"))
        assert "VAPI_SMS_WITHOUT_VAPI=1" in told, told
        assert told.lower().count("run the same command again") == 1, told
        assert stack.answers() == OLD_APP
        assert stack.resources()
    with stack.with_env(VAPI_API_KEY=None, VAPI_SMS_WITHOUT_VAPI="1"):
        told = stack.destroy().text

    assert record["id"] in told, told
    assert stack.vapi() == record
    assert stack.snapshot()["numbers"] == stack.before["numbers"]
    assert not stack.resources()


def test_what_twilio_refuses_for_calls_keeps_no_text_away(stack: Stack) -> None:
    """Calls to a TwiML App that is gone: texts are back all the same, and the error names what is left."""
    stack.declare(f'VapiSmsNumber("support", number="{APPLICATION}", assistant="Support", voice="vapi")')
    stack.up()
    sid = stack.number(APPLICATION)["sid"]
    stack.sandbox.fault(
        vendor="twilio",
        method="POST",
        path=f"*/IncomingPhoneNumbers/{sid}.json",
        containing="Voice",
        status=400,
        body={"code": 21420, "message": "VoiceApplicationSid is invalid", "status": 400},
        count=None,
    )

    told = errors(stack.fail("destroy", "--yes", "--skip-preview"))

    assert "VoiceApplicationSid is invalid" in told, told
    assert stack.number(APPLICATION)["sms_application_sid"] == APP
    stack.sandbox.clear_faults()
    stack.destroy()
    assert stack.snapshot() == stack.before


@pytest.mark.parametrize(
    "found",
    [
        {"sms_url": "", "sms_fallback_url": "https://old.example.com/fallback"},
        {"sms_url": "https://old.example.com/a b"},
        {"sms_url": "old.example.com/sms"},
        {"sms_application_sid": "AP" + "9" * 32},
    ],
    ids=["a fallback alone", "a blank", "no scheme", "an app that is gone"],
)
def test_what_cannot_be_put_back_is_not_taken(stack: Stack, found: dict[str, str]) -> None:
    """Preview refuses what Twilio would not take again, or a first write as found does; restore_to is the way out."""
    stack.sandbox.outside_number(WEBHOOK, **found)
    before = stack.snapshot()
    stack.declare(SUPPORT_ON_WEBHOOK)

    told = errors(stack.fail("up", "--yes", "--skip-preview"))

    assert "restore_to" in told, told
    assert stack.snapshot() == before
    assert not [name for name in stack.resources() if name == "support"]

    way_out = SUPPORT_ON_WEBHOOK.replace(")", ', restore_to=Routing("https://old.example.com/new"))')
    stack.declare(way_out)
    stack.up()
    stack.destroy()
    assert stack.answers() == OLD_APP.replace("/sms", "/new")


def test_calls_that_cannot_be_put_back_have_a_way_out_too(stack: Stack) -> None:
    """A TwiML App of calls that is gone is refused by name; restore_calls_to says what to write instead."""
    stack.sandbox.outside_number(WEBHOOK, voice_application_sid="AP" + "9" * 32)
    before = stack.snapshot()
    stack.declare(SUPPORT_ON_WEBHOOK)
    told = stack.refused()
    assert "restore_calls_to" in told, told
    assert stack.snapshot() == before

    stack.declare(
        SUPPORT_ON_WEBHOOK.replace(")", ', restore_calls_to=Routing("https://old.example.com/calls"))')
    )
    stack.up()
    stack.destroy()
    assert stack.number(WEBHOOK)["voice_url"] == "https://old.example.com/calls"
    assert stack.answers() == OLD_APP
