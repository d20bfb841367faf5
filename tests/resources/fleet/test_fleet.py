"""VapiSmsFleet at the provider's boundary: many numbers switched, changed, read and given back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vapi_sms import LEAVE_AT_VAPI, Routing
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import asked, standing, written
from tests.resources.fleet_stack import (
    CHANGED,
    HUNDRED,
    SAME,
    THREE,
    Entries,
    FleetStack,
    answering,
    fleet_life,
    refusals,
)
from tests.resources.provider import Diffed
from tests.resources.stack import Refused
from tests.sandbox.world import (
    AC,
    BIN,
    FUNCTION,
    ORG,
    PROXY,
    SALES,
    STUDIO,
    SUPPORT,
    VAPI_VOICE,
    WEBHOOK,
    seed,
)


def test_create_gives_all_outputs_and_shows_no_secret(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """Each entry says who answers, the fleet how many each, and what a URL hides stands in `original` only."""
    stack.up(numbers=THREE)

    outs = dict(stack.fleet)
    assert outs.keys() == {
        "accountSid",
        "numbers",
        "orgId",
        "original",
        "owner",
        "schema",
        "summary",
        "textsUrls",
    }
    assert (stack.state["number"].id, outs["accountSid"], outs["orgId"]) == ("fleet", AC, ORG)
    assert outs["numbers"][STUDIO] == {
        "assistant": "Support",
        "assistantId": SUPPORT,
        "name": "Front desk",
        "answeredBy": f"Vapi assistant Support, instead of Studio Flow FW{'a' * 32}",
    }
    assert outs["summary"] == {"Vapi assistant Support": 2, "Vapi squad Everybody": 1}
    assert "canary" in json.dumps(outs.pop("original"))
    assert "canary" not in json.dumps(outs)
    assert answering(sandbox) == {WEBHOOK, STUDIO, BIN}


def test_an_unchanged_fleet_writes_nothing_and_destroy_leaves_all_as_it_was(
    sandbox: RunningSandbox, stack: FleetStack, spawn: Spawn
) -> None:
    """Apply, then plan again, is empty, in another process and in another order too; then nobody can tell."""
    before = standing(sandbox)
    stack.up(numbers=THREE)
    sandbox.clear_journal()

    assert stack.up(numbers=THREE) == SAME
    stack.provider = spawn()
    assert stack.up(numbers=dict(reversed(THREE.items()))) == SAME
    assert written(sandbox) == []

    stack.destroy()
    assert standing(sandbox) == before


def test_each_drift_names_its_number(sandbox: RunningSandbox, stack: FleetStack, spawn: Spawn) -> None:
    """Drift stands beside the numbers only while there is drift, is repaired by `up`, and is no output."""
    stack.up(numbers=THREE)
    (record,) = [each["id"] for each in sandbox.vapi_numbers() if each["number"] == STUDIO]
    sandbox.outside_number(WEBHOOK, sms_url="https://new.example/sms?key=url-canary")
    sandbox.outside_vapi("edit", id=record, org=ORG, set={"assistantId": SALES})

    stack.provider = spawn()
    assert stack.check(THREE)["drift"] == [
        f"{WEBHOOK}: texts are answered by Webhook https://new.example/sms?key=***, not by Vapi",
        f"{STUDIO}: Vapi's assistant is Sales ({SALES}), not Support ({SUPPORT})",
    ]
    assert stack.up(numbers=THREE) == CHANGED

    assert "drift" not in stack.fleet
    assert answering(sandbox) == {WEBHOOK, STUDIO, BIN}
    assert stack.up(numbers=THREE) == SAME


def test_an_update_writes_only_what_it_must(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """One entry changed is one number's writes; the others cost nothing."""
    stack.up(numbers=THREE)
    ids = {each["number"]: each["id"] for each in sandbox.vapi_numbers()}
    sid = sandbox.number(WEBHOOK)["sid"]
    post = f"POST twilio /2010-04-01/Accounts/{AC}/IncomingPhoneNumbers/{sid}.json"

    def change(entry: dict[str, Any]) -> list[str]:
        sandbox.clear_journal()
        assert stack.up(numbers={**THREE, WEBHOOK: entry})["number"] == "update"
        return written(sandbox)

    assert change({"assistant": "Sales"}) == [f"PATCH vapi /phone-number/{ids[WEBHOOK]}"]
    assert change({"assistant": "Sales", "voice": "vapi"}) == [post]
    assert sandbox.number(WEBHOOK)["voice_url"] == VAPI_VOICE
    assert change({"assistant": "Sales", "on_remove": "leave", "voice": "vapi"}) == []


def test_texts_of_one_entry_go_back_and_come_again(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """With sms_enabled=False a number is known to Vapi and answered as before; the others stay at Vapi."""
    off: Entries = {**THREE, STUDIO: {**THREE[STUDIO], "sms_enabled": False}}
    stack.up(numbers=off)

    assert answering(sandbox) == {WEBHOOK, BIN}
    assert stack.fleet["numbers"][STUDIO]["answeredBy"] == f"Studio Flow FW{'a' * 32}, not by Vapi"
    assert stack.fleet["summary"][f"Studio Flow FW{'a' * 32}, not by Vapi"] == 1
    assert len(sandbox.vapi_numbers()) == 3
    assert stack.up(numbers=off) == SAME

    stack.up(numbers=THREE)
    assert answering(sandbox) == {WEBHOOK, STUDIO, BIN}
    stack.up(numbers=off)
    assert answering(sandbox) == {WEBHOOK, BIN}


def test_what_is_left_alone_is_told_of_many_in_one_line(
    sandbox: RunningSandbox, stack: FleetStack, spawn: Spawn
) -> None:
    """Somebody routed four numbers elsewhere: neither preview nor destroy says so four times."""
    four = (STUDIO, BIN, FUNCTION, PROXY)
    off: Entries = {number: {"assistant": "Support", "sms_enabled": False} for number in four}
    stack.up(numbers=off)
    for number in four:
        sandbox.outside_number(number, sms_url="https://new.example/sms")
    stack.provider = spawn()
    stack.preview(numbers=off)
    (previewed,) = [line for line in stack.provider.stderr() if "left alone" in line]
    assert previewed.startswith(
        f"vapi-sms: texts to {STUDIO} are answered by Webhook https://new.example/sms"
    )
    assert previewed.endswith(f"(the same for {BIN}, {FUNCTION}, {PROXY}).")

    stack.destroy()

    told = [line for line in stack.provider.stderr() if "stay answered by" in line]
    assert len(told) == 4, "each had another original"
    assert answering(sandbox) == set()
    assert {sandbox.number(number)["sms_url"] for number in four} == {"https://new.example/sms"}


def test_refresh_reads_what_is_there_and_up_repairs_it(
    sandbox: RunningSandbox, stack: FleetStack, spawn: Spawn
) -> None:
    """An untouched fleet reads as it was applied; a touched number shows who answers it really."""
    stack.up(numbers=THREE)
    outs, inputs = dict(stack.fleet), dict(stack.state["number"].inputs)
    stack.provider = spawn()
    stack.refresh()
    assert (stack.fleet, stack.state["number"].inputs) == (outs, inputs)
    assert stack.preview(numbers=THREE) == SAME

    sandbox.outside_number(WEBHOOK, sms_url="https://new.example/sms?key=url-canary")
    (record,) = [each["id"] for each in sandbox.vapi_numbers() if each["number"] == STUDIO]
    sandbox.outside_vapi("edit", id=record, org=ORG, set={"assistantId": SALES, "name": "Other"})
    stack.provider = spawn()
    sandbox.clear_journal()
    stack.refresh()

    assert written(sandbox) == []
    numbers = stack.fleet["numbers"]
    assert numbers[WEBHOOK]["answeredBy"].startswith("Webhook https://new.example/sms?key=***")
    assert (numbers[STUDIO]["assistant"], numbers[STUDIO]["name"]) == ("Sales", "Other")
    assert numbers[BIN] == outs["numbers"][BIN]
    assert stack.up(numbers=THREE) == CHANGED
    assert answering(sandbox) == {WEBHOOK, STUDIO, BIN}


def test_a_refresh_after_a_repair_finds_nothing(
    sandbox: RunningSandbox, stack: FleetStack, spawn: Spawn
) -> None:
    """The engine's inputs still list what the last `up` repaired: only drift that is there is a difference."""
    stack.up(numbers=THREE)
    sandbox.outside_number(WEBHOOK, sms_url="https://new.example/sms")
    stack.provider = spawn()
    stack.up(numbers=THREE)
    inputs = stack.state["number"].inputs
    assert "drift" in inputs

    for changed in (False, True):
        if changed:
            sandbox.outside_number(WEBHOOK, sms_url="https://newer.example/sms")
        stack.provider = spawn()
        life = fleet_life(stack.provider)
        _, outs, fresh = life.read("fleet", stack.fleet)
        assert "drift" not in fresh
        assert life.diff("fleet", outs, inputs) == Diffed(changes=None if changed else False)
        # The same process goes on with `up`: what check finds is news.
        again = life.check(inputs, stack.number_props(stack.fleet["original"], numbers=THREE)).inputs
        assert ("drift" in again) is changed
        assert life.diff("fleet", outs, {**again, "drift": ["something"]}) == Diffed(changes=None)


def test_entries_by_sid(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """A number may be declared by its SID; spelled as E.164 later, nothing is written and its record stays."""
    before, sid = standing(sandbox), sandbox.number(WEBHOOK)["sid"]
    stack.up(numbers={sid: {"assistant": "Support"}, BIN: THREE[BIN]})
    assert answering(sandbox) == {WEBHOOK, BIN}
    assert stack.fleet["numbers"][sid]["answeredBy"].startswith("Vapi assistant Support, instead of Webhook")
    originals = stack.fleet["original"]
    sandbox.clear_journal()

    stack.up(numbers={WEBHOOK: {"assistant": "Support"}, BIN: THREE[BIN]})

    assert written(sandbox) == []
    assert stack.fleet["original"] == originals
    stack.destroy()
    assert standing(sandbox) == before


def test_restore_to_and_adopt_per_entry(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """One comes back to what was declared, one stays at Vapi, one was imported by somebody and is theirs again."""
    theirs = {"number": STUDIO, "twilioAccountSid": AC, "assistantId": SALES}
    record = sandbox.outside_vapi("create", org=ORG, set=theirs)["id"]
    numbers: Entries = {
        WEBHOOK: {"assistant": "Support", "restore_to": Routing("https://a.example/new")},
        BIN: {"assistant": "Support", "restore_to": LEAVE_AT_VAPI},
        STUDIO: {"assistant": "Support"},
    }
    with pytest.raises(Refused) as caught:
        stack.preview(numbers=numbers)
    assert "write adopt=True" in refusals(caught)[0]

    numbers[STUDIO] |= {"adopt": True}
    stack.up(numbers=numbers)
    assert stack.up(numbers=numbers) == SAME
    stack.destroy()

    assert sandbox.number(WEBHOOK)["sms_url"] == "https://a.example/new"
    assert answering(sandbox) == {BIN}
    (left,) = [each for each in sandbox.vapi_numbers() if each["number"] == STUDIO]
    assert (left["id"], left["assistantId"]) == (record, SALES)


def test_a_hundred_numbers_cost_few_requests(
    sandbox: RunningSandbox, stack: FleetStack, spawn: Spawn
) -> None:
    """Two lists an API, the services once, two writes a new number, and one proof that we may put it back."""
    crowded = seed()
    crowded["twilio"]["accounts"][0]["numbers"].append(
        {"range": {"from": HUNDRED[0], "count": 100}, "sms_url": "https://old.example/{number}"}
    )
    sandbox.reset(crowded)
    sandbox.clear_journal()
    numbers: Entries = {number: {} for number in HUNDRED}
    defaults = {"assistant": "Support"}

    stack.preview(numbers=numbers, defaults=defaults)
    lists = [line for line in asked(sandbox) if "phone-number" in line or "IncomingPhoneNumbers" in line]
    services = [line for line in asked(sandbox) if "/Services" in line]
    assert len([line for line in lists if "twilio" in line]) <= 2, lists
    assert len([line for line in lists if "vapi" in line]) <= 2, lists
    assert len(services) <= 1 + 2, services
    assert written(sandbox) == []

    stack.up(numbers=numbers, defaults=defaults)
    writes = written(sandbox)
    assert len(writes) == 2 * 100 + 1
    assert writes.count("POST vapi /phone-number") == 100

    sandbox.clear_journal()
    stack.provider = spawn()
    assert stack.up(numbers=numbers, defaults=defaults) == SAME
    assert written(sandbox) == []
    assert len(asked(sandbox)) <= 2 + 2 + 1 + 2 + 1, asked(sandbox)
