"""A fleet of which some fail: those are put back and named, and the others go on."""

from __future__ import annotations

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import standing, written
from tests.resources.fleet_stack import (
    CHANGED,
    IMPORT,
    THREE,
    Entries,
    FleetStack,
    answering,
    fleet_life,
    line_of,
)
from tests.resources.provider import ProviderError
from tests.sandbox.world import (
    AC,
    BIN,
    SALES,
    STUDIO,
    SUPPORT,
    WEBHOOK,
)


def test_a_number_that_fails_is_put_back_and_named_and_the_others_go_on(
    sandbox: RunningSandbox, stack: FleetStack, spawn: Spawn
) -> None:
    """While one import fails, every `up` says which; the others are switched once; then `up` ends the job."""
    before = standing(sandbox)
    sandbox.fault(**IMPORT, containing=STUDIO[1:], status=400, count=None)

    with pytest.raises(ProviderError) as caught:
        stack.up(numbers=THREE)

    text = line_of(caught)
    assert text.startswith(f"1 of 3 numbers failed (2 are as declared): {STUDIO}: ")
    assert text.endswith(" Correct what Vapi names, then run the same command again. Nothing was changed.")
    assert WEBHOOK not in text
    assert answering(sandbox) == {WEBHOOK, BIN}
    assert standing(sandbox)["numbers"][STUDIO] == before["numbers"][STUDIO]
    assert stack.state.keys() == {"originals"}

    sandbox.clear_journal()
    stack.provider = spawn()
    with pytest.raises(ProviderError, match="1 of 3 numbers failed"):
        stack.up(numbers=THREE)
    assert {line for line in written(sandbox) if "vapi" in line} == {"POST vapi /phone-number"}

    sandbox.clear_faults()
    stack.up(numbers=THREE)
    assert answering(sandbox) == {WEBHOOK, STUDIO, BIN}
    assert len(sandbox.vapi_numbers()) == 3
    stack.destroy()
    assert standing(sandbox) == before


def test_a_number_that_fails_after_its_import_is_put_back(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """Twilio refuses one routing after Vapi took the number: both sides of it are as before."""
    before = standing(sandbox)
    sid = sandbox.number(STUDIO)["sid"]
    stack.up(numbers={number: THREE[number] for number in (WEBHOOK, BIN)})
    sandbox.fault(vendor="twilio", method="POST", path=f"*/{sid}.json", containing="VoiceUrl", status=400)

    with pytest.raises(ProviderError) as caught:
        stack.up(numbers=THREE)

    assert "The number is back as it was before" in line_of(caught)
    assert standing(sandbox)["numbers"][STUDIO] == before["numbers"][STUDIO]
    assert {each["number"] for each in sandbox.vapi_numbers()} == {WEBHOOK, BIN}


def test_an_update_that_fails_in_part_shows_and_repairs_what_it_left(
    sandbox: RunningSandbox, stack: FleetStack, spawn: Spawn
) -> None:
    """The state keeps what was: going back to the old program shows what was changed since, and repairs it."""
    sales = {number: {"assistant": "Sales"} for number in (WEBHOOK, STUDIO)}
    support = {number: {"assistant": "Support"} for number in (WEBHOOK, STUDIO)}
    stack.up(numbers=support)
    ids = {each["number"]: each["id"] for each in sandbox.vapi_numbers()}
    sandbox.fault(vendor="vapi", method="PATCH", path=f"/phone-number/{ids[WEBHOOK]}", status=400, count=None)
    with pytest.raises(ProviderError, match="1 of 2 numbers failed"):
        stack.up(numbers=sales)
    sandbox.clear_faults()

    stack.provider = spawn()
    assert stack.check(support)["drift"] == [
        f"{STUDIO}: Vapi's assistant is Sales ({SALES}), not Support ({SUPPORT})"
    ]
    assert stack.up(numbers=support) == CHANGED

    assert {each["assistantId"] for each in sandbox.vapi_numbers()} == {SUPPORT}


def test_a_number_that_cannot_be_put_back_does_not_keep_the_others(
    sandbox: RunningSandbox, stack: FleetStack
) -> None:
    """The fleet's own update, which comes after the sibling's, names it and switches what is declared."""
    stack.up(numbers=THREE)
    held, (record,) = (
        stack.fleet,
        [each["id"] for each in sandbox.vapi_numbers() if each["number"] == WEBHOOK],
    )
    sandbox.fault(vendor="vapi", method="DELETE", path=f"/phone-number/{record}", status=400, count=None)
    news: Entries = {STUDIO: {"assistant": "Sales"}, BIN: THREE[BIN]}
    kept = {sid: each for sid, each in held["original"].items() if each["number"] != WEBHOOK}
    stack.provider.renew()
    inputs = stack.checked("number", stack.number_props(kept, numbers=news))

    with pytest.raises(ProviderError) as caught:
        fleet_life(stack.provider).update("fleet", held, inputs)

    assert line_of(caught).startswith(
        f"{WEBHOOK}: texts and calls are back, and at Vapi it is not put back: "
    )
    assert {each["assistantId"] for each in sandbox.vapi_numbers() if each["number"] == STUDIO} == {SALES}


def test_what_was_not_put_back_is_named_where_the_settled_look_fails(
    sandbox: RunningSandbox, stack: FleetStack
) -> None:
    """The records alone put numbers back: one is not let go, one is, and then nobody can look once more."""
    before = standing(sandbox)
    stack.up(numbers=THREE)
    del stack.state["number"]
    (record,) = [each["id"] for each in sandbox.vapi_numbers() if each["number"] == WEBHOOK]
    sandbox.fault(vendor="vapi", method="DELETE", path=f"/phone-number/{record}", status=400, count=None)
    listing = {"vendor": "twilio", "method": "GET", "path": "*/IncomingPhoneNumbers.json"}
    sandbox.fault(**listing, skip=1, status=403, count=None)

    with pytest.raises(ProviderError) as caught:
        stack.destroy()

    first, _, second = line_of(caught).partition("which leaves what Vapi holds; ")
    assert first.startswith(
        f"{WEBHOOK}: texts and calls are back, and at Vapi it is not put back: Deleting Vapi phone number "
    )
    assert second.startswith(f"Listing the numbers of account {AC}")
    sandbox.clear_faults()
    stack.destroy()
    assert standing(sandbox) == before
