"""A YAML program of twelve lines: who answers now and who will, the switch, the way back; on the real engine."""

from __future__ import annotations

from tests.engine.world import OLD_APP, STUDIO, STUDIO_FLOW, WEBHOOK
from tests.native.stack import YamlStack, block

SUPPORT = {"support": block(number=WEBHOOK, assistant="Support")}
WHO = {"who": "${support.answeredBy}"}


def test_a_number_is_switched_kept_and_given_back_exactly(stack: YamlStack) -> None:
    """Laws 1 to 6 in one block: shown, switched, unchanged, given back field by field."""
    stack.program(SUPPORT, outputs=WHO)
    before = stack.answers(WEBHOOK)

    shown = stack.preview()
    assert "Vapi assistant Support, instead of Webhook https://***@old.example.com" in shown
    assert before == OLD_APP

    stack.up()
    assert stack.answers(WEBHOOK) == "Vapi assistant Support"
    stack.settled()
    stack.writes()
    stack.up("--expect-no-changes")
    assert stack.writes() == []
    refreshed = stack.refresh()
    assert "unchanged" in refreshed.text
    assert "updated" not in refreshed.text

    stack.destroy()
    assert stack.snapshot() == stack.before
    assert stack.answers(WEBHOOK) == before


def test_a_preview_of_a_change_writes_nothing_and_names_what_changes(stack: YamlStack) -> None:
    """Create and Update arrive with `preview` set: nothing is written then."""
    stack.program(SUPPORT, outputs=WHO)
    stack.up()
    stack.writes()

    stack.program({"support": block(number=WEBHOOK, assistant="Sales")}, outputs=WHO)
    shown = stack.preview()

    assert '~ assistant  : "Support" => "Sales"' in shown
    assert "Vapi assistant Sales" in shown
    stack.up()
    assert stack.answers(WEBHOOK) == "Vapi assistant Sales"
    assert [write.split()[0] for write in stack.writes()] == ["PATCH"]
    stack.settled()


def test_a_number_that_changes_replaces_its_resource_the_old_one_first(stack: YamlStack) -> None:
    """Diff says so, with delete before replace."""
    stack.program(SUPPORT)
    stack.up()

    stack.program({"support": block(number=STUDIO, assistant="Support")})
    shown = stack.preview()
    assert "+-vapi-sms:index:VapiSmsNumber: (replace)" in shown
    stack.up()

    assert stack.answers(WEBHOOK) == OLD_APP
    assert stack.answers(STUDIO) == "Vapi assistant Support"
    stack.settled()
    stack.destroy()
    assert stack.answers(STUDIO) == STUDIO_FLOW
    assert stack.snapshot() == stack.before


def test_drift_is_told_in_a_preview_and_repaired_by_up(stack: YamlStack) -> None:
    """A change in the Console is named, and put right."""
    stack.program(SUPPORT)
    stack.up()
    stack.sandbox.outside_number(WEBHOOK, sms_url="https://other.example.com/sms")

    shown = stack.preview()

    assert "drift" in shown
    assert "other.example.com" in shown
    stack.up()
    assert stack.answers(WEBHOOK) == "Vapi assistant Support"
    stack.settled()


def test_texts_off_puts_the_routing_back_and_keeps_the_number_in_vapi(stack: YamlStack) -> None:
    """smsEnabled: false is as good as destroy for texts."""
    stack.program(SUPPORT)
    stack.up()

    stack.program({"support": block(number=WEBHOOK, assistant="Support", smsEnabled=False)})
    stack.up()

    assert stack.answers(WEBHOOK) == OLD_APP
    assert stack.vapi(WEBHOOK)["number"] == WEBHOOK
    stack.settled()
    stack.destroy()
    assert stack.snapshot() == stack.before
