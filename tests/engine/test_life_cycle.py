"""The life of a number: handed over, changed, repaired, given back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.engine.world import (
    BIN,
    DEMO,
    FOREIGN,
    FUNCTION,
    OLD_APP,
    PROXY,
    SALES,
    SILENT,
    SQUAD,
    STUDIO,
    STUDIO_FLOW,
    SUPPORT,
    SUPPORT_ON_WEBHOOK,
    TRUNK,
    VAPI_SMS,
    VAPI_STATUS,
    VAPI_VOICE,
    WEBHOOK,
)

if TYPE_CHECKING:
    from tests.engine.stack import Stack

CHANGE_AT_VAPI = ["PATCH /phone-number/ID"]
ROUTE_AT_TWILIO = "POST /IncomingPhoneNumbers/PN"


def test_texts_go_to_the_assistant_and_back(stack: Stack) -> None:
    """Preview says who answers and who will, up hands over, nothing is left to do, destroy gives all back."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    previewed = stack.preview()
    assert "Vapi assistant Support, instead of Webhook https://***@old.example.com/sms?token=***" in previewed
    assert "non-US senders and pictures" in previewed
    assert stack.snapshot() == stack.before
    assert stack.answers() == OLD_APP

    stack.up()

    assert stack.answers() == "Vapi assistant Support"
    number = stack.number(WEBHOOK)
    untouched = {name: value for name, value in number.items() if not name.startswith(("sms_", "date_"))}
    assert untouched.items() <= stack.before["numbers"][WEBHOOK].items()
    stack.writes()
    assert stack.refresh("--expect-no-changes").code == 0
    assert stack.up("--expect-no-changes").code == 0
    assert stack.writes() == []

    stack.destroy()

    assert stack.snapshot() == stack.before
    assert stack.answers() == OLD_APP


def test_every_input_changes_in_place(stack: Stack) -> None:
    """Assistant, squad, name, texts and calls change with the fewest writes, and destroy still gives all back."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    stack.writes()

    stack.declare(f'VapiSmsNumber("support", number=WEBHOOK, assistant="{SALES}", name="Hotline")')
    assert '"Support" => "' in stack.preview()
    stack.up()
    assert stack.writes() == CHANGE_AT_VAPI
    assert stack.answers() == "Vapi assistant Sales"
    assert stack.vapi()["name"] == "Hotline"

    stack.declare('VapiSmsNumber("support", number=WEBHOOK, squad="Everybody", sms_enabled=False)')
    assert "Webhook https://***@old.example.com/sms?token=***" in stack.preview()
    stack.up()
    assert stack.answers() == OLD_APP
    assert stack.number(WEBHOOK) == stack.before["numbers"][WEBHOOK] | {
        "date_created": stack.number(WEBHOOK)["date_created"],
        "date_updated": stack.number(WEBHOOK)["date_updated"],
    }
    record = stack.vapi()
    assert (record["squadId"], record["smsEnabled"]) == (SQUAD, False)
    assert not record.get("assistantId")

    stack.declare('VapiSmsNumber("support", number=WEBHOOK, assistant="Support", voice="vapi")')
    stack.up()
    assert stack.answers() == "Vapi assistant Support"
    assert stack.number(WEBHOOK)["voice_url"] == VAPI_VOICE
    assert stack.number(WEBHOOK)["status_callback"] == VAPI_STATUS
    stack.settled()
    stack.writes()

    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    assert stack.writes() == [ROUTE_AT_TWILIO]
    assert stack.number(WEBHOOK)["voice_url"] == stack.before["numbers"][WEBHOOK]["voice_url"]
    assert stack.number(WEBHOOK)["status_callback"] == stack.before["numbers"][WEBHOOK]["status_callback"]
    stack.settled()

    stack.destroy()

    assert stack.snapshot() == stack.before


def test_changed_number_moves_the_assistant(stack: Stack) -> None:
    """Another number is a replacement: the old one gets its routing back, the new one is handed over."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()

    stack.declare('VapiSmsNumber("support", number=STUDIO, assistant="Support")')
    previewed = stack.preview()
    assert f"instead of {STUDIO_FLOW}" in previewed
    assert "replace" in previewed
    stack.up()

    assert stack.answers(WEBHOOK) == OLD_APP
    assert stack.answers(STUDIO) == "Vapi assistant Support"
    held = {**stack.snapshot()["numbers"], STUDIO: None}
    assert held == {**stack.before["numbers"], STUDIO: None}
    assert [record["number"] for record in stack.sandbox.vapi_numbers()] == [STUDIO]
    stack.settled()

    stack.destroy()

    assert stack.snapshot() == stack.before


def test_number_by_sid_and_from_an_output(stack: Stack) -> None:
    """A number can be named by its SID, and all inputs may come from other resources' outputs."""
    sid = stack.number(WEBHOOK)["sid"]
    stack.declare(
        f'VapiSmsNumber("by-sid", twilio_sid={sid!r}, assistant="{SUPPORT}")',
        'later = VapiSmsNumber("later", number=Output.from_input(STUDIO), assistant=Output.secret("Support"))',
        'pulumi.export("answered_by", later.answered_by)',
    )

    stack.preview()
    stack.up()

    assert stack.answers(WEBHOOK) == stack.answers(STUDIO) == "Vapi assistant Support"
    assert stack.project.outputs()["answered_by"] == f"Vapi assistant Support, instead of {STUDIO_FLOW}"
    stack.settled()
    stack.destroy()
    assert stack.snapshot() == stack.before


DRIFTING = [
    'VapiSmsNumber("texts", number=WEBHOOK, assistant="Support")',
    'VapiSmsNumber("calls", number=STUDIO, assistant="Support", voice="vapi")',
    f'VapiSmsNumber("kept-calls", number="{BIN}", assistant="Support")',
    f'VapiSmsNumber("assistant", number="{FUNCTION}", assistant="Support")',
    f'VapiSmsNumber("flag", number="{PROXY}", assistant="Support")',
    f'VapiSmsNumber("name", number="{DEMO}", assistant="Support", name="Hotline")',
    f'VapiSmsNumber("deleted", number="{SILENT}", assistant="Support")',
    f'VapiSmsNumber("detail", number="{TRUNK}", assistant="Support")',
]


def drift_everywhere(stack: Stack) -> None:
    """Let somebody else change something of every number of DRIFTING."""
    edit = stack.edit_vapi
    stack.sandbox.outside_number(WEBHOOK, sms_url=FOREIGN)
    stack.sandbox.outside_number(STUDIO, voice_url="https://new.example.com/voice")
    stack.sandbox.outside_number(BIN, voice_url=VAPI_VOICE, status_callback=VAPI_STATUS)
    edit("edit", id=stack.vapi(FUNCTION)["id"], set={"assistantId": SALES})
    edit("edit", id=stack.vapi(PROXY)["id"], set={"smsEnabled": False})
    edit("edit", id=stack.vapi(DEMO)["id"], set={"name": "Renamed"})
    edit("delete", id=stack.vapi(SILENT)["id"])
    stack.sandbox.outside_number(TRUNK, sms_method="GET")


def test_drift_shows_in_a_plain_preview_and_up_repairs_it(stack: Stack) -> None:
    """Whatever somebody else changed on either side is told by preview in words, and put right by up."""
    stack.declare(*DRIFTING)
    stack.up()
    there = stack.snapshot()
    drift_everywhere(stack)

    previewed = stack.preview()

    assert "texts are answered by Webhook https://new.example.com/sms?key=***" in previewed
    assert "not by Vapi" in previewed
    assert "calls are answered by Webhook https://new.example.com/voice, not by Vapi" in previewed
    assert "calls are answered by Vapi, not by nobody" in previewed
    assert f"Vapi's assistant is Sales ({SALES}), not Support ({SUPPORT})" in previewed
    assert "Vapi's smsEnabled is false, not true" in previewed
    assert "Vapi's name is Renamed, not Hotline" in previewed
    assert "Vapi no longer knows the number" in previewed
    assert "texts: method is GET, not POST" in previewed
    assert "8 to update" in previewed

    stack.up()

    assert stack.snapshot()["numbers"] == there["numbers"]
    assert stack.answers(SILENT) == "Vapi assistant Support"
    assert stack.answers(PROXY) == "Vapi assistant Support"
    assert stack.answers(FUNCTION) == "Vapi assistant Support"
    assert stack.vapi(DEMO)["name"] == "Hotline"
    stack.refresh("--expect-no-changes")  # what was repaired is no difference any more
    stack.settled()

    stack.destroy()

    assert stack.snapshot() == stack.before


def test_the_same_drift_is_repaired_each_time(stack: Stack) -> None:
    """The engine remembers the drift that it repaired: the same once more must not look like no change."""
    stack.declare(DRIFTING[0])
    stack.up()

    for _ in range(2):
        stack.sandbox.outside_number(WEBHOOK, sms_url=FOREIGN)
        assert "1 to update" in stack.preview()
        stack.up()
        assert stack.answers(WEBHOOK) == "Vapi assistant Support"

    stack.destroy()
    assert stack.snapshot() == stack.before


def test_refresh_takes_drift_into_the_state_and_up_still_repairs_it(stack: Stack) -> None:
    """`up --refresh`, and a refresh before an up, end where a plain up ends; refresh itself writes nothing."""
    stack.declare(*DRIFTING)
    stack.up()
    there = stack.snapshot()

    drift_everywhere(stack)
    stack.writes()
    refreshed = stack.refresh("--diff").text
    assert stack.writes() == []
    assert "new.example.com/sms?key=***" in refreshed
    stack.up()
    assert stack.snapshot()["numbers"] == there["numbers"]
    stack.settled()

    drift_everywhere(stack)
    stack.up("--refresh")
    assert stack.snapshot()["numbers"] == there["numbers"]
    assert stack.answers(SILENT) == stack.answers(PROXY) == "Vapi assistant Support"
    assert stack.vapi(DEMO)["name"] == "Hotline"
    stack.settled()

    stack.destroy()

    assert stack.snapshot() == stack.before
    assert VAPI_SMS not in str(stack.snapshot())


FAR_TEXTS: dict[str, dict[str, Any]] = {
    "from the UK": {"sender": "+447700900123"},
    "from Canada": {"sender": "+14165550123"},
    "with a picture": {"media": ["https://pictures.example.com/1.jpg"]},
}


def test_far_texts_and_pictures_lose_their_answer(stack: Stack) -> None:
    """Texts from other countries and pictures are not answered after the switch, as preview says, and are again."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    assert "texts from non-US senders and pictures" in stack.preview()
    assert {stack.answers(**text) for text in FAR_TEXTS.values()} == {OLD_APP}

    stack.up()

    assert {stack.answers(**text) for text in FAR_TEXTS.values()} == {"nobody"}
    stack.sandbox.behaviour(answers_non_us=True, answers_mms=True)
    assert {stack.answers(**text) for text in FAR_TEXTS.values()} == {"Vapi assistant Support"}
    stack.destroy()
    assert {stack.answers(**text) for text in FAR_TEXTS.values()} == {OLD_APP}
