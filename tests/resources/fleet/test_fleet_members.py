"""Numbers that join a fleet, leave it, stay protected in it, or are gone."""

from __future__ import annotations

import pytest
from vapi_sms.sandbox import RunningSandbox
from vapi_sms.sandbox.twilio.number import DEMO_SMS, DEMO_VOICE

from tests.resources.conftest import Spawn
from tests.resources.evidence import standing, written
from tests.resources.fleet_stack import (
    CHANGED,
    SAME,
    THREE,
    Entries,
    FleetStack,
    answering,
    line_of,
    refusals,
)
from tests.resources.provider import ProviderError
from tests.resources.stack import Refused
from tests.sandbox.world import (
    AC,
    BIN,
    OTHER,
    OTHER_TOKEN,
    STUDIO,
    WEBHOOK,
)


def test_numbers_join_and_leave(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """What is dropped is put back on both sides, what joins is switched, what stays costs nothing."""
    before = standing(sandbox)
    stack.up(numbers={number: THREE[number] for number in (WEBHOOK, STUDIO)})
    stayed = [each for each in sandbox.vapi_numbers() if each["number"] == STUDIO]

    assert stack.up(numbers={number: THREE[number] for number in (STUDIO, BIN)})["number"] == "update"

    assert answering(sandbox) == {STUDIO, BIN}
    assert standing(sandbox)["numbers"][WEBHOOK] == before["numbers"][WEBHOOK]
    assert {each["number"] for each in sandbox.vapi_numbers()} == {STUDIO, BIN}
    assert [each for each in sandbox.vapi_numbers() if each["number"] == STUDIO] == stayed
    assert stack.fleet["numbers"].keys() == {STUDIO, BIN}
    assert [stack.fleet["original"][sid]["number"] for sid in stack.fleet["letGo"]] == [WEBHOOK]
    assert set(stack.preview(numbers={number: THREE[number] for number in (STUDIO, BIN)}).values()) == {
        "same"
    }
    stack.destroy()
    assert standing(sandbox) == before


def test_a_number_that_was_put_back_is_somebody_elses_at_twilios_demo_too(
    sandbox: RunningSandbox, stack: FleetStack
) -> None:
    """The demo over what was recorded is our own unfinished work only as long as nobody let go of the number."""
    stack.up(numbers={number: THREE[number] for number in (WEBHOOK, STUDIO)})
    stack.up(numbers={STUDIO: THREE[STUDIO]})
    sandbox.outside_number(WEBHOOK, sms_url=DEMO_SMS, voice_url=DEMO_VOICE)
    chosen = standing(sandbox)["numbers"][WEBHOOK]

    stack.up(numbers={number: THREE[number] for number in (STUDIO, BIN)})
    stack.destroy()

    assert standing(sandbox)["numbers"][WEBHOOK] == chosen


def test_a_number_that_is_left_stays_at_vapi(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """With on_remove="leave" neither dropping the entry nor destroying the fleet writes to its number."""
    leave: Entries = {number: {**entry, "on_remove": "leave"} for number, entry in THREE.items()}
    leave[BIN] = THREE[BIN]
    stack.up(numbers=leave)
    sandbox.clear_journal()

    stack.up(numbers={number: leave[number] for number in (STUDIO, BIN)})
    assert written(sandbox) == []
    stack.destroy()

    assert answering(sandbox) == {WEBHOOK, STUDIO}
    assert {each["number"] for each in sandbox.vapi_numbers()} == {WEBHOOK, STUDIO}


def test_a_forced_replacement_of_the_records_keeps_those_that_are_left(
    sandbox: RunningSandbox, stack: FleetStack, spawn: Spawn
) -> None:
    """Whoever remembers goes and comes within one run, and leaves a number at Vapi meanwhile: its original stays."""
    before = standing(sandbox)
    leave: Entries = {**THREE, BIN: {**THREE[BIN], "on_remove": "leave"}}
    stack.up(numbers=leave)
    originals = stack.fleet["original"]

    stack.provider = spawn()
    assert stack.up(numbers=leave, replace=["originals"]) == {"originals": "replace", "number": "update"}

    known_since = ("importId", "written", "writtenAtVapi", "seen")
    for sid, record in stack.fleet["original"].items():
        assert {name: value for name, value in record.items() if name not in known_since} == {
            name: value for name, value in originals[sid].items() if name not in known_since
        }
    stack.up(numbers=THREE)
    stack.destroy()
    assert standing(sandbox) == before


def test_a_protected_number_is_neither_dropped_nor_destroyed(
    sandbox: RunningSandbox, stack: FleetStack
) -> None:
    """Dropping is refused at preview, deleting the fleet at `up`; nothing is written until protect is False."""
    safe: Entries = {**THREE, BIN: {**THREE[BIN], "protect": True}}
    less = {number: THREE[number] for number in (WEBHOOK, STUDIO)}
    stack.up(numbers=safe)
    sandbox.clear_journal()

    with pytest.raises(Refused) as caught:
        stack.preview(numbers=less)
    assert refusals(caught) == [
        f"{BIN} is protected: write protect=False and run `pulumi up` before dropping it"
    ]
    with pytest.raises(ProviderError) as failed:
        stack.destroy()
    assert line_of(failed) == f"{BIN} is protected: write protect=False and run `pulumi up` first"
    assert written(sandbox) == []

    stack.up(numbers=THREE)
    stack.up(numbers=less)
    assert answering(sandbox) == {WEBHOOK, STUDIO}


def test_a_protected_number_may_be_spelled_anew(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """By its SID instead of its number, and back, it is the same: nothing is dropped, and nothing written."""
    sid = sandbox.number(BIN)["sid"]
    by_number = {WEBHOOK: THREE[WEBHOOK], BIN: {**THREE[BIN], "protect": True}}
    by_sid = {WEBHOOK: THREE[WEBHOOK], sid: by_number[BIN]}
    stack.up(numbers=by_number)
    sandbox.clear_journal()

    stack.up(numbers=by_sid)
    stack.up(numbers=by_number)
    stack.up(numbers=by_sid)

    assert written(sandbox) == []
    assert stack.up(numbers=by_sid) == SAME
    with pytest.raises(Refused, match=f"{sid} is protected"):
        stack.preview(numbers={WEBHOOK: THREE[WEBHOOK], STUDIO: THREE[STUDIO]})


def test_drift_is_told_of_a_number_that_is_spelled_anew(
    sandbox: RunningSandbox, stack: FleetStack, spawn: Spawn
) -> None:
    """What was applied under the old spelling is what the live number is compared with."""
    sid = sandbox.number(WEBHOOK)["sid"]
    stack.up(numbers={WEBHOOK: THREE[WEBHOOK]})
    sandbox.outside_number(WEBHOOK, sms_url="https://new.example/sms")

    stack.provider = spawn()

    (line,) = stack.check({sid: THREE[WEBHOOK]})["drift"]
    assert line == f"{sid}: texts are answered by Webhook https://new.example/sms, not by Vapi"


def test_a_protected_number_that_was_released_may_go(
    sandbox: RunningSandbox, stack: FleetStack, spawn: Spawn
) -> None:
    """There is nothing left to protect: its entry may be dropped, or the fleet destroyed, by who says so."""
    safe: Entries = {number: {**entry, "protect": True} for number, entry in THREE.items()}
    stack.up(numbers=safe)
    sandbox.outside_release(STUDIO)
    stack.provider = spawn(VAPI_SMS_RELEASED=STUDIO)

    with pytest.raises(ProviderError) as failed:
        stack.destroy()
    assert line_of(failed) == f"{WEBHOOK}, {BIN} are protected: write protect=False and run `pulumi up` first"

    stack.up(numbers={number: safe[number] for number in (WEBHOOK, BIN)})
    sandbox.outside_release(WEBHOOK)
    sandbox.outside_release(BIN)
    stack.provider = spawn(VAPI_SMS_RELEASED=f"{WEBHOOK},{BIN}")
    stack.destroy()
    assert sandbox.vapi_numbers() == []


def test_protected_numbers_of_another_account_are_not_taken_for_released(
    sandbox: RunningSandbox, stack: FleetStack, spawn: Spawn
) -> None:
    """These credentials do not see the number: that says nothing of it (law 14)."""
    stack.up(numbers={BIN: {**THREE[BIN], "protect": True}})
    stack.provider = spawn(TWILIO_ACCOUNT_SID=OTHER, TWILIO_AUTH_TOKEN=OTHER_TOKEN)

    with pytest.raises(Refused, match=f"set up in Twilio account {AC}"):
        stack.preview(numbers={})
    with pytest.raises(ProviderError, match=f"set up in Twilio account {AC}"):
        stack.destroy()
    assert answering(sandbox) == {BIN}


def test_a_number_that_is_gone_stays_until_somebody_says_so(
    sandbox: RunningSandbox, stack: FleetStack, spawn: Spawn
) -> None:
    """Refresh keeps it, preview says that it is not there; dropped, the others go on, and it is named until then."""
    stack.up(numbers=THREE)
    less = {number: THREE[number] for number in (WEBHOOK, BIN)}
    sandbox.outside_release(STUDIO)
    stack.provider = spawn()
    stack.refresh()
    assert stack.fleet["numbers"].keys() == THREE.keys()
    assert any(f"{STUDIO} (" in line and "nor on its subaccount" in line for line in stack.provider.stderr())

    assert stack.preview(numbers=THREE) == CHANGED
    assert f"the others go on: {STUDIO} is not a number of this Twilio account" in stack.provider.stderr()[-1]

    with pytest.raises(ProviderError) as failed:
        stack.up(numbers={**less, BIN: {"assistant": "Sales"}})
    assert f"run again with VAPI_SMS_RELEASED={STUDIO}" in line_of(failed)
    assert {each["number"] for each in sandbox.vapi_numbers()} == {WEBHOOK, STUDIO, BIN}

    stack.provider = spawn(VAPI_SMS_RELEASED=STUDIO)
    stack.up(numbers=less)
    assert {each["number"] for each in sandbox.vapi_numbers()} == {WEBHOOK, BIN}
    stack.destroy()
    assert sandbox.vapi_numbers() == []
