"""What is put back: recorded once, declared otherwise, adopted, or grown stale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engine.world import (
    AC,
    FOREIGN,
    OLD_APP,
    SALES,
    STUDIO,
    STUDIO_FLOW,
    STUDIO_URL,
    SUPPORT,
    SUPPORT_ON_WEBHOOK,
    TOKEN,
    TWIN,
    VAPI_SMS,
    VAPI_STATUS,
    VAPI_VOICE,
    WEBHOOK,
)

if TYPE_CHECKING:
    from tests.engine.stack import Stack

OFF = 'VapiSmsNumber("support", number=WEBHOOK, assistant="Support", sms_enabled=False'


def test_adopted_number_gets_its_settings_back_and_is_never_deleted(stack: Stack) -> None:
    """With adopt=True somebody's Vapi record is changed in place, and is as before after destroy."""
    given = {"number": WEBHOOK, "twilioAccountSid": AC, "twilioAuthToken": TOKEN}
    stack.edit_vapi("create", set={**given, "assistantId": TWIN, "name": "Theirs", "smsEnabled": False})
    stack.sandbox.outside_number(WEBHOOK, voice_url=VAPI_VOICE, status_callback=VAPI_STATUS)
    stack.before = stack.snapshot()
    adopted = SUPPORT_ON_WEBHOOK.replace(")", ', adopt=True, name="Ours")')

    stack.declare(adopted)
    stack.preview()
    stack.up()
    record = stack.vapi()
    assert (record["assistantId"], record["name"], record["smsEnabled"]) == (SUPPORT, "Ours", True)
    assert stack.answers() == "Vapi assistant Support"
    assert stack.number(WEBHOOK)["voice_url"] == VAPI_VOICE
    stack.declare(adopted.replace('"Support"', '"Sales"').replace(', name="Ours"', ""))
    stack.up()
    assert stack.vapi()["assistantId"] == SALES
    stack.settled()

    stack.destroy()

    assert stack.snapshot() == stack.before
    assert "DELETE /phone-number/ID" not in stack.writes()


def test_restore_to_changes_what_comes_back_and_back_again(stack: Stack) -> None:
    """`restore_to` can be declared later; taken away again, the original that was found counts once more."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    there = stack.snapshot()
    stack.writes()

    stack.declare(SUPPORT_ON_WEBHOOK.replace(")", ", restore_to=FLOW)"))
    assert f"texts: {STUDIO_FLOW} (declared by restore_to)" in stack.preview()
    stack.up()
    assert stack.answers() == "Vapi assistant Support"
    stack.settled()

    stack.declare(SUPPORT_ON_WEBHOOK.replace(")", ", restore_to=FLOW, sms_enabled=False)"))
    stack.up()
    assert stack.answers() == STUDIO_FLOW
    assert stack.number(WEBHOOK)["voice_url"] == stack.before["numbers"][WEBHOOK]["voice_url"]

    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    assert stack.snapshot()["numbers"] == there["numbers"]
    stack.settled()
    stack.destroy()
    assert stack.snapshot() == stack.before


def test_left_at_vapi_texts_stay_with_the_assistant(stack: Stack) -> None:
    """With LEAVE_AT_VAPI destroy leaves texts and Vapi's record, and gives calls back."""
    stack.declare(SUPPORT_ON_WEBHOOK.replace(")", ', restore_to=LEAVE_AT_VAPI, voice="vapi")'))
    stack.up()

    stack.destroy()

    assert stack.answers() == "Vapi assistant Support"
    assert stack.number(WEBHOOK)["voice_url"] == stack.before["numbers"][WEBHOOK]["voice_url"]
    assert stack.number(WEBHOOK)["sms_url"] == VAPI_SMS


def test_foreign_routing_is_reported_not_repaired_while_texts_are_not_ours(stack: Stack) -> None:
    """With sms_enabled=False somebody else's new handler stays, is told, and survives up and destroy."""
    stack.declare(f"{OFF})")
    stack.up()
    assert stack.answers() == OLD_APP
    stack.sandbox.outside_number(WEBHOOK, sms_url=FOREIGN)

    previewed = stack.preview()
    assert "texts to +14155550100 are answered by Webhook https://new.example.com/sms?key=***" in previewed
    assert "left alone while sms_enabled is False" in previewed
    stack.declare(f'{OFF}, name="Hotline")')
    stack.up()
    assert stack.number(WEBHOOK)["sms_url"] == FOREIGN

    assert "stay answered by Webhook https://new.example.com/sms?key=***" in stack.destroy().text
    assert stack.number(WEBHOOK)["sms_url"] == FOREIGN


def test_stale_record_is_refused_before_texts_are_handed_over(stack: Stack) -> None:
    """A number whose handler changed since it was recorded is not handed over unseen: both handlers are named."""
    stack.declare(f"{OFF})")
    stack.up()
    stack.sandbox.outside_number(WEBHOOK, sms_url=STUDIO_URL, sms_method="POST", sms_fallback_url="")

    stack.declare(SUPPORT_ON_WEBHOOK)
    for command in ("preview", "up"):
        told = stack.refused(command)
        assert f"are answered by {STUDIO_FLOW}" in told
        assert "the recorded original is Webhook https://***@old.example.com/sms?token=***" in told
        assert "Write restore_to=" in told
    assert stack.answers() == STUDIO_FLOW

    stack.declare(SUPPORT_ON_WEBHOOK.replace(")", ", restore_to=FLOW)"))
    stack.up()
    assert stack.answers() == "Vapi assistant Support"
    stack.settled()
    stack.destroy()
    assert stack.answers() == STUDIO_FLOW


def test_record_that_grew_stale_after_a_failed_first_up_is_refused(stack: Stack) -> None:
    """Between a failed first up and the next one somebody may change the handler: then it is asked again."""
    stack.declare(SUPPORT_ON_WEBHOOK, 'VapiSmsNumber("studio", number=STUDIO, assistant="Support")')
    stack.sandbox.fault(vendor="vapi", method="POST", status=400, count=None)
    stack.fail("up", "--yes", "--skip-preview", "--continue-on-error")
    stack.sandbox.clear_faults()
    assert stack.snapshot() == stack.before
    stack.sandbox.outside_number(WEBHOOK, sms_url=FOREIGN)
    stack.sandbox.outside_number(STUDIO, sms_url="", sms_fallback_url="")

    told = stack.refused()

    assert f"texts to {WEBHOOK} are answered by Webhook https://new.example.com/sms?key=***" in told
    stack.declare(
        SUPPORT_ON_WEBHOOK.replace(")", f', restore_to=Handler.webhook("{FOREIGN}"))'),
        'VapiSmsNumber("studio", number=STUDIO, assistant="Support")',
    )
    stack.up()
    assert stack.answers(STUDIO) == "Vapi assistant Support"
    stack.destroy()
    assert stack.number(WEBHOOK)["sms_url"] == FOREIGN
    assert stack.number(STUDIO)["sms_url"] == STUDIO_URL
