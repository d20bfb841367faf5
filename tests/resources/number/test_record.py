"""The record of what was found: nothing is written without it, and no replacement loses it."""

from __future__ import annotations

import pytest
from vapi_sms.resources.inputs.words import UNRECORDED
from vapi_sms.sandbox import RunningSandbox

from tests.resources.evidence import line_of, standing, written
from tests.resources.provider import ProviderError
from tests.resources.stack import PROPS, Kind, Refused, Stack
from tests.sandbox.world import AC, BIN, ORG, SALES, SUPPORT, VAPI_SMS, WEBHOOK


@pytest.mark.parametrize("original", [UNRECORDED, {}, None], ids=["placeholder", "none", "missing"])
def test_nothing_is_written_without_a_record(sandbox: RunningSandbox, stack: Stack, original: object) -> None:
    """Law 1: create and update fail where no record of that very number arrives."""
    stack.up(number=BIN, assistant="Support")
    sandbox.clear_journal()
    props = {**PROPS, "smsEnabled": True, "voice": "keep", "assistantId": SUPPORT, "squadId": ""}
    refusal = f"the original routing of {WEBHOOK} is not recorded: run without --target, with credentials"

    with pytest.raises(ProviderError) as created:
        stack.provider.number.create({**props, "original": original})
    with pytest.raises(ProviderError) as updated:
        stack.provider.number.update("PN1", stack.state["number"].outs, {**props, "original": original})

    assert line_of(created.value) == line_of(updated.value) == refusal
    assert written(sandbox) == []


def test_another_numbers_record_is_none(sandbox: RunningSandbox, stack: Stack) -> None:
    """With --target the sibling's old outputs arrive: they hold the number from before."""
    stack.up(number=BIN, assistant="Support")
    sandbox.clear_journal()
    stack.provider.renew()
    originals = stack.state["originals"].outs["originals"]

    with pytest.raises(Refused) as caught:
        stack.checked("number", stack.number_props(originals, **PROPS))

    assert str(caught.value) == (
        f"the original routing of {WEBHOOK} is not recorded: run without --target, with credentials"
    )
    assert written(sandbox) == []


def test_another_number_replaces(sandbox: RunningSandbox, stack: Stack) -> None:
    """The old number is as before, the new one is handed over, and destroy gives that one back too."""
    before = standing(sandbox)
    stack.up(**PROPS)

    assert stack.preview(number=BIN, assistant="Support")["number"] == "replace"
    stack.up(number=BIN, assistant="Support")

    assert standing(sandbox)["numbers"][WEBHOOK] == before["numbers"][WEBHOOK]
    assert sandbox.number(BIN)["sms_url"] == VAPI_SMS
    stack.destroy()
    assert standing(sandbox) == before


@pytest.mark.parametrize("kinds", [["number"], ["originals"], ["originals", "number"]], ids="+".join)
def test_a_forced_replacement_keeps_the_original(
    sandbox: RunningSandbox, stack: Stack, kinds: list[Kind]
) -> None:
    """`up --replace` never asks diff; what destroy puts back is still the first routing."""
    before = standing(sandbox)
    stack.up(**PROPS)

    stack.up(**PROPS, replace=kinds)

    assert sandbox.number(WEBHOOK)["sms_url"] == VAPI_SMS
    stack.destroy()
    assert standing(sandbox) == before


def test_an_adopted_number_gets_its_settings_back(sandbox: RunningSandbox, stack: Stack) -> None:
    """Its record at Vapi was there before us: destroy puts back what it held, and never deletes it."""
    record = sandbox.outside_vapi(
        "create",
        org=ORG,
        set={
            "number": WEBHOOK,
            "twilioAccountSid": AC,
            "assistantId": SALES,
            "name": "Theirs",
            "smsEnabled": False,
        },
    )
    before = standing(sandbox)

    stack.up(**PROPS, adopt=True)
    assert [(each["id"], each["assistantId"]) for each in sandbox.vapi_numbers()] == [(record["id"], SUPPORT)]
    stack.destroy()

    assert standing(sandbox) == before


@pytest.mark.parametrize(
    "declared",
    [
        {"sms_enabled": False},
        {"voice": "vapi"},
        {"voice": "vapi", "restore_to": {"url": "https://mine.example/sms"}},
    ],
    ids=str,
)
def test_a_forced_replacement_of_an_adopted_number_keeps_what_was_there(
    sandbox: RunningSandbox, stack: Stack, declared: dict[str, object]
) -> None:
    """What is live in between is ours; recording it would lose somebody's Vapi settings and calls."""
    sandbox.outside_vapi(
        "create",
        org=ORG,
        set={
            "number": WEBHOOK,
            "twilioAccountSid": AC,
            "assistantId": SALES,
            "name": "Theirs",
            "smsEnabled": False,
        },
    )
    before = standing(sandbox)
    given = {**PROPS, "adopt": True, **declared}
    stack.up(**given)

    stack.up(**given, replace=["originals", "number"])
    assert set(stack.up(**given).values()) == {"same"}
    stack.destroy()

    after = standing(sandbox)
    assert after["vapi"] == before["vapi"]
    voice = {name for name in before["numbers"][WEBHOOK] if name.startswith(("voice", "status"))}
    assert all(after["numbers"][WEBHOOK][name] == before["numbers"][WEBHOOK][name] for name in voice)
    if "restore_to" not in declared:
        assert after == before


def test_a_record_whose_assistant_was_unknown_makes_nobodys_import_ours(
    sandbox: RunningSandbox, stack: Stack
) -> None:
    """It says nothing of an import, since none was made: another one's is named, and ours is known once it may be."""
    before = standing(sandbox)
    with pytest.raises(Refused):
        stack.up(number=WEBHOOK, assistant="Nobody")
    assert list(stack.state) == ["originals"]
    theirs = sandbox.outside_vapi(
        "create", org=ORG, set={"number": WEBHOOK, "twilioAccountSid": AC, "assistantId": SALES}
    )

    with pytest.raises(Refused) as caught:
        stack.up(**PROPS)

    assert f"{WEBHOOK} is in this Vapi org as {theirs['id']}, imported by somebody else" in str(caught.value)
    assert sandbox.vapi_numbers() == [theirs]
    sandbox.outside_vapi("delete", org=ORG, id=theirs["id"])
    stack.provider.renew()
    stack.up(**PROPS)
    (record,) = stack.state["originals"].outs["originals"].values()
    assert SUPPORT in record["imports"]
    stack.destroy()
    assert standing(sandbox) == before
