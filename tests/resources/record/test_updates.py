"""What an update of the records keeps, forgets, and takes from restore_to=."""

from __future__ import annotations

from vapi_sms.resources.inputs.words import LEAVE_AT_VAPI
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import standing, written
from tests.resources.provider import Diffed
from tests.resources.records import handed_over, many, remembered
from tests.resources.stack import PROPS, Stack
from tests.sandbox.world import BIN, STUDIO, VAPI_SMS, WEBHOOK


def test_update_keeps_the_records_of_what_is_dropped(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """The sibling's update runs before the fleet's, which may still be refused: nothing is put back by it."""
    before = standing(sandbox)
    provider = spawn()
    id_, outs = remembered(provider, WEBHOOK, STUDIO, BIN)
    handed_over(sandbox, WEBHOOK, STUDIO, BIN)
    sandbox.clear_journal()
    provider = spawn()

    checked = provider.originals.check(outs, many(STUDIO)).inputs
    updated = provider.originals.update(id_, outs, checked)

    assert written(sandbox) == []
    assert updated["originals"] == checked["originals"] == outs["originals"]
    assert updated["summary"].keys() == {STUDIO}
    spawn().originals.delete(id_, updated)
    assert standing(sandbox) == before


def test_update_forgets_what_is_back(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """A dropped number that holds nothing of ours any more needs no record."""
    provider = spawn()
    id_, outs = remembered(provider, WEBHOOK, STUDIO)
    provider = spawn()

    checked = provider.originals.check(outs, many(STUDIO)).inputs
    updated = provider.originals.update(id_, outs, checked)

    assert list(updated["originals"]) == [sandbox.number(STUDIO)["sid"]]
    assert provider.originals.diff(id_, updated, provider.originals.check(checked, many(STUDIO)).inputs) == (
        Diffed(changes=False)
    )


def test_update_records_what_comes_and_keeps_what_was(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """A number more is captured now; the others' records are not read again."""
    provider = spawn()
    id_, outs = remembered(provider, WEBHOOK)
    handed_over(sandbox, WEBHOOK)
    provider = spawn()

    checked = provider.originals.check(outs, many(WEBHOOK, BIN)).inputs
    updated = provider.originals.update(id_, outs, checked)

    kept, came = sandbox.number(WEBHOOK)["sid"], sandbox.number(BIN)["sid"]
    assert updated["originals"].keys() == {kept, came}
    assert updated["originals"][kept] == outs["originals"][kept]
    assert updated["originals"][came]["messaging"]["url"].startswith("https://handler.twilio.com/twiml/EH")
    assert written(sandbox) == []


def test_restore_to_takes_the_place_of_what_was_found(sandbox: RunningSandbox, stack: Stack) -> None:
    """It is what destroy puts back, whole; calls come back as they were found."""
    voice = sandbox.number(WEBHOOK)["voice_url"]

    stack.up(**PROPS, restore_to={"url": "https://declared.example/sms?key=url-canary", "method": "GET"})
    summary = stack.state["originals"].outs["summary"][WEBHOOK]
    stack.destroy()

    number = sandbox.number(WEBHOOK)
    assert summary.startswith(
        "texts: Webhook https://declared.example/sms?key=*** (declared by restore_to); calls: Webhook "
    )
    assert (number["sms_url"], number["sms_method"]) == ("https://declared.example/sms?key=url-canary", "GET")
    assert number["sms_fallback_url"] == ""
    assert number["voice_url"] == voice


def test_restore_to_is_the_only_way_to_change_a_record(sandbox: RunningSandbox, stack: Stack) -> None:
    """Given later, it changes the record and nothing else; taken away, what was found first is not known any more."""
    stack.up(**PROPS)
    sandbox.clear_journal()

    done = stack.up(**PROPS, restore_to={"url": "https://declared.example/sms", "method": "POST"})

    assert done == {"originals": "update", "number": "update"}
    assert sandbox.number(WEBHOOK)["sms_url"] == VAPI_SMS
    stack.destroy()
    assert sandbox.number(WEBHOOK)["sms_url"] == "https://declared.example/sms"


def test_leave_at_vapi_leaves_texts_and_gives_calls_back(sandbox: RunningSandbox, stack: Stack) -> None:
    """Destroy takes our hands off: Vapi still knows the number and answers its texts."""
    stack.up(**PROPS, restore_to=LEAVE_AT_VAPI)
    stack.destroy()

    assert sandbox.number(WEBHOOK)["sms_url"] == VAPI_SMS
    assert sandbox.number(WEBHOOK)["voice_url"] == "http://127.0.0.1:9/voice"
    assert [record["number"] for record in sandbox.vapi_numbers()] == [WEBHOOK]


def test_a_number_moves_with_its_original(sandbox: RunningSandbox, stack: Stack) -> None:
    """The new owner is given the old one's `original`; the old one is dropped without a delete."""
    before = standing(sandbox)
    stack.up(**PROPS)
    moved = Stack(stack.provider, "sales")

    moved.up(number=WEBHOOK, assistant="Sales", restore_to=stack.state["number"].outs["original"])
    moved.destroy()

    assert standing(sandbox) == before
