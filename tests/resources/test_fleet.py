"""VapiSmsFleet at the provider's boundary: many numbers, each refused, switched, put back or left by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pulumi.dynamic.dynamic import serialize_provider
from vapi_sms import LEAVE_AT_VAPI, Routing
from vapi_sms.resources.dynamic import Fleet
from vapi_sms.resources.fleet import _of_the_original, _of_the_switch, merged, spelled
from vapi_sms.resources.inputs import NumberInputs, WishInputs
from vapi_sms.resources.program import Mistake
from vapi_sms.resources.restore_to import engine_value
from vapi_sms.resources.words import ENTRY_OPTIONS, UNRECORDED
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn, env_of
from tests.resources.evidence import asked, same_for_all, standing, written
from tests.resources.provider import UNKNOWN, Diffed, Life, Props, Provider, ProviderError, _kept
from tests.resources.stack import Kind, Refused, Stack
from tests.resources.test_program import clear, run
from tests.sandbox.world import (
    AC,
    BIN,
    BRITISH,
    FUNCTION,
    HIDDEN,
    ORG,
    ORG2_KEY,
    OTHER,
    OTHER_TOKEN,
    PROXY,
    SALES,
    STUDIO,
    SUPPORT,
    VAPI_SMS,
    VAPI_VOICE,
    VOICE_ONLY,
    WEBHOOK,
    seed,
)

Entries = dict[str, dict[str, Any]]
SAME = {"originals": "same", "number": "same"}
CHANGED = {"originals": "same", "number": "update"}
THREE: Entries = {
    WEBHOOK: {"assistant": "Support"},
    STUDIO: {"assistant": "Support", "name": "Front desk"},
    BIN: {"squad": "Everybody"},
}
IMPORT = {"vendor": "vapi", "method": "POST", "path": "/phone-number"}


def fleet_life(provider: Provider) -> Life:
    """Give the calls of a fleet."""
    return Life(provider._stub, serialize_provider(Fleet()))


class FleetStack(Stack):
    """The small engine with a fleet in place of its number: declare `numbers` and `defaults`."""

    def life(self, kind: Kind) -> Life:
        """Give the calls of a resource's class."""
        return fleet_life(self.provider) if kind == "number" else super().life(kind)

    def sibling_props(self, *, adopt: object = False, restore_to: object = None, **given: object) -> Props:
        """Give what the program registers for the sibling."""
        assert (adopt, restore_to) == (False, None), "a fleet has them per entry"
        entries = whole(given)
        back = {key: entry["restoreTo"] for key, entry in entries.items() if "restoreTo" in entry}
        return {
            **self._owner,
            "numbers": {key: _of_the_original(entry) for key, entry in entries.items()},
            "restoreTo": {key: engine_value(value) for key, value in back.items()} or None,
            "originals": UNRECORDED,
        }

    def number_props(self, originals: object, **given: object) -> Props:
        """Give what the program registers for the fleet."""
        numbers = {key: _of_the_switch(entry) for key, entry in whole(given).items()}
        return {**self._owner, "numbers": numbers, "original": originals}

    @property
    def fleet(self) -> Props:
        """The fleet's outputs."""
        return self.state["number"].outs

    def check(self, numbers: Entries) -> Props:
        """Check the fleet with the records that there are; raises Refused."""
        originals = self.state["originals"].outs["originals"]
        return self.checked("number", self.number_props(originals, numbers=numbers))


def whole(given: Mapping[str, Any]) -> Entries:
    """Give the entries as the class merges them."""
    return merged("fleet", given["numbers"], given.get("defaults") or {})


@pytest.fixture
def stack(spawn: Spawn) -> FleetStack:
    """Return an empty stack with a process of its own."""
    return FleetStack(spawn(), name="fleet")


@pytest.fixture(scope="module")
def unwritten(calm: RunningSandbox) -> Iterator[Provider]:
    """Return a process for this file's tests that change nothing: it remembers whose a number is."""
    with Provider(env_of(calm)) as provider:
        yield provider


def refusals(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    """Give what the engine prints, a line a number; no line names a property, whose value would be printed."""
    assert {failure.property for failure in caught.value.failures} == {""}
    return [failure.reason for failure in caught.value.failures]


def line_of(caught: pytest.ExceptionInfo[ProviderError]) -> str:
    """Give a failed call's text as one line without a secret."""
    text = str(caught.value)
    assert "\n" not in text
    assert "canary" not in text
    return same_for_all(text).removeprefix("VapiSms: ")


def answering(sandbox: RunningSandbox) -> set[str]:
    """Give the numbers whose texts go to Vapi."""
    held = sandbox.routing_snapshot()["numbers"]
    return {number for number, record in held.items() if record["sms_url"] == VAPI_SMS}


def test_create_gives_all_outputs_and_shows_no_secret(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """Each entry says who answers, the fleet how many each, and what a URL hides stands in `original` only."""
    stack.up(numbers=THREE)

    outs = dict(stack.fleet)
    assert outs.keys() == {"accountSid", "numbers", "orgId", "original", "owner", "schema", "summary"}
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


def test_all_refusals_come_at_once_each_naming_its_number(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """What `up` would refuse is refused at preview, per number; nothing is written."""
    unknown = "+14155559999"
    numbers: Entries = {
        **THREE,
        HIDDEN: {"assistant": "Support"},
        VOICE_ONLY: {"assistant": "Support"},
        unknown: {"assistant": "Support"},
        "+14155550999": {"assistant": "Nobody"},
    }
    numbers[STUDIO] = {"assistant": "Support", "squad": "Everybody"}
    numbers[BIN] = {"assistant": "Support", "smsEnabled": "yes", "colour": "red"}

    with pytest.raises(Refused) as caught:
        stack.preview(numbers=numbers)

    lines = refusals(caught)
    assert caught.value.kind == "number"
    refused = [STUDIO, BIN, HIDDEN, VOICE_ONLY, unknown, "+14155550999"]
    assert [
        line.startswith(key) or f" {key}" in line for key, line in zip(sorted(refused), lines, strict=True)
    ]
    told = dict(zip(sorted(refused), lines, strict=True))
    assert told[BIN] == (
        f"{BIN}: sms_enabled must be True or False; there is no option colour: there are "
        f"{', '.join(ENTRY_OPTIONS)}"
    )
    assert "exactly one: both were given" in told[STUDIO]
    assert "Messaging Service" in told[HIDDEN]
    assert "no SMS capability" in told[VOICE_ONLY]
    assert "is not a number of this Twilio account" in told[unknown]
    assert written(sandbox) == []


def test_a_thousand_refusals_are_few_lines(unwritten: Provider) -> None:
    """What is the same for many is told once with a count, and what differs still stands beside it."""
    missing = {f"+1415556{n:04}": {"assistant": "Support"} for n in range(1000)}

    with pytest.raises(Refused) as caught:
        FleetStack(unwritten).preview(numbers={**missing, WEBHOOK: {"assistant": "Nobody"}})

    first, second = refusals(caught)
    assert first.startswith(f"{WEBHOOK}: no assistant of this Vapi org is named 'Nobody'")
    assert second.startswith("+14155560000 is not a number of this Twilio account")
    assert second.endswith("(the same for +14155560001, +14155560002, +14155560003 and 996 others)")


@pytest.mark.parametrize(
    ("numbers", "line"),
    [
        ({BRITISH: {"assistant": "Support"}}, BRITISH),
        ({WEBHOOK: {"assistant": "Support", "on_remove": "drop"}}, "on_remove must be 'restore' or 'leave'"),
        ({WEBHOOK: {"assistant": "Support", "protect": "no"}}, "protect must be True or False"),
        ({WEBHOOK: {}}, "exactly one: neither was given"),
        (
            {WEBHOOK: {"assistant": "Support", "smsenabled": False}},
            "there is no option smsenabled: did you mean sms_enabled?",
        ),
        (
            {WEBHOOK: {"assistant": "Support", "number": BIN}},
            "there is no option number: an entry's key says which number it is about",
        ),
    ],
    ids=["British", "on_remove", "protect", "nobody answers", "a misspelled option", "a number in it"],
)
def test_a_mistake_in_an_entry_is_refused(unwritten: Provider, numbers: Entries, line: str) -> None:
    """Whichever of the two resources is told of it, the number is named with what is allowed."""
    with pytest.raises(Refused) as caught:
        FleetStack(unwritten).preview(numbers=numbers)

    (text,) = refusals(caught)
    assert line in text
    assert next(iter(numbers)) in text


def test_refusals_without_credentials_come_at_once_too(spawn: Spawn) -> None:
    """Without vendors what was written is parsed all the same."""
    blind = dict.fromkeys(("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "VAPI_API_KEY"))
    stack = FleetStack(spawn(**blind))

    with pytest.raises(Refused) as caught:
        stack.preview(numbers={WEBHOOK: {}, BIN: {"assistant": "Support", "name": "n" * 41}})

    assert [line[:12] for line in refusals(caught)] == [WEBHOOK[:12], BIN[:12]]
    assert stack.preview(numbers=THREE) == {"originals": "create", "number": "create"}


def test_a_fleet_shows_inputs_only_without_credentials(stack: FleetStack, spawn: Spawn) -> None:
    """What only live readings tell is carried over, so that nothing seems to change."""
    stack.up(numbers=THREE)
    stack.provider = spawn(TWILIO_ACCOUNT_SID=None, TWILIO_AUTH_TOKEN=None, VAPI_API_KEY=None)

    assert stack.preview(numbers=THREE) == SAME
    assert stack.preview(numbers={**THREE, BIN: {"assistant": "Sales"}}) == CHANGED


def test_what_is_not_known_yet_is_no_error(stack: FleetStack) -> None:
    """An assistant that another resource makes leaves its entry open, and the others told."""
    numbers: Entries = {WEBHOOK: {"assistant": UNKNOWN}, BIN: {"assistant": "Support"}}

    originals = stack.checked("originals", stack.sibling_props(numbers=numbers))["originals"]
    checked = stack.checked("number", stack.number_props(originals, numbers=numbers))

    assert checked["numbers"][WEBHOOK] == {"assistant": UNKNOWN}
    assert checked["numbers"][BIN]["assistantId"] == SUPPORT
    assert checked["numbers"][BIN]["answeredBy"].startswith("Vapi assistant Support, instead of TwiML Bin")


def test_numbers_that_are_all_unknown_are_no_error(shared: Provider) -> None:
    """Where the whole map is an output, check leaves it open."""
    checked = fleet_life(shared).check({}, {"owner": "o/p/s/f", "numbers": UNKNOWN, "original": UNKNOWN})

    assert checked.failures == ()
    assert checked.inputs == {"owner": "o/p/s/f", "numbers": UNKNOWN, "original": UNKNOWN}


RECORD = {
    "PN1": {"sid": "PN1", "schema": 1, "number": WEBHOOK, "accountSid": AC, "messaging": {}, "voice": {}}
}
ENTRY: Props = {"assistant": "Support", "assistantId": SUPPORT, "answeredBy": "Vapi assistant Support"}
INPUTS: Props = {
    "numbers": {WEBHOOK: ENTRY},
    "owner": "organization/test/dev/fleet",
    "accountSid": AC,
    "orgId": ORG,
    "original": RECORD,
}
OUTS: Props = {**INPUTS, "schema": 1, "summary": {"Vapi assistant Support": 1}}
DIFFS: list[tuple[str, Props, Props, bool | None]] = [
    ("nothing", {}, {}, False),
    ("the provider's pickle", {"__provider": "b2xk"}, {}, False),
    ("the owner", {}, {"owner": "organization/test/dev/renamed", "formerOwners": ["o/p/s"]}, False),
    ("outputs only", {"summary": {}}, {}, False),
    ("drift", {}, {"drift": [f"{WEBHOOK}: texts"]}, None),
    ("an assistant", {}, {"numbers": {WEBHOOK: {**ENTRY, "assistant": "Sales"}}}, None),
    ("who answers", {}, {"numbers": {WEBHOOK: {**ENTRY, "answeredBy": "nobody"}}}, None),
    ("protection", {}, {"numbers": {WEBHOOK: {**ENTRY, "protect": True}}}, None),
    ("one more", {}, {"numbers": {WEBHOOK: ENTRY, BIN: ENTRY}}, None),
    ("one less", {}, {"numbers": {}}, None),
    ("something unknown", {}, {"numbers": {WEBHOOK: {"assistant": UNKNOWN}}}, None),
    ("all unknown", {}, {"numbers": UNKNOWN}, None),
    ("the record", {}, {"original": {"PN1": {**RECORD["PN1"], "source": "leave"}}}, None),
    ("a record not known yet", {}, {"original": UNKNOWN}, None),
    ("a placeholder", {}, {"original": UNRECORDED}, None),
    ("placeholders", {"original": UNRECORDED}, {"original": UNRECORDED}, None),
    ("a number without a record", {"original": {}}, {"original": {}}, None),
]


@pytest.mark.parametrize(
    ("olds", "news", "changes"), [each[1:] for each in DIFFS], ids=[each[0] for each in DIFFS]
)
def test_diff(
    shared: Provider, calm: RunningSandbox, olds: Props, news: Props, *, changes: bool | None
) -> None:
    """False where nothing of ours differs, None where inputs do; never a replacement; offline."""
    before = len(asked(calm))

    assert fleet_life(shared).diff("fleet", {**OUTS, **olds}, {**INPUTS, **news}) == Diffed(changes=changes)
    assert len(asked(calm)) == before


def test_a_newer_records_diff_is_one_line(shared: Provider) -> None:
    """A state that a later version wrote names what to install."""
    newer = {"original": {"PN1": {**RECORD["PN1"], "schema": 99}}}

    with pytest.raises(ProviderError) as caught:
        fleet_life(shared).diff("fleet", {**OUTS, **newer}, INPUTS)

    assert line_of(caught).startswith("the recorded original was written by a newer vapi-sms")


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
    assert {record["number"] for record in stack.fleet["original"].values()} == {STUDIO, BIN}
    stack.destroy()
    assert standing(sandbox) == before


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

    assert stack.fleet["original"] == originals
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
    """There is nothing left to protect: its entry may be dropped, or the fleet destroyed."""
    safe: Entries = {number: {**entry, "protect": True} for number, entry in THREE.items()}
    stack.up(numbers=safe)
    sandbox.outside_release(STUDIO)
    stack.provider = spawn()

    with pytest.raises(ProviderError) as failed:
        stack.destroy()
    assert line_of(failed) == f"{WEBHOOK}, {BIN} are protected: write protect=False and run `pulumi up` first"

    stack.up(numbers={number: safe[number] for number in (WEBHOOK, BIN)})
    sandbox.outside_release(WEBHOOK)
    sandbox.outside_release(BIN)
    stack.provider = spawn()
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
    assert text.endswith(" The next `pulumi up` continues.")
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
    sandbox.fault(vendor="twilio", method="POST", path=f"*/{sid}.json", status=400)

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
    inputs = stack.checked("number", stack.number_props(kept, numbers=news))

    with pytest.raises(ProviderError) as caught:
        fleet_life(stack.provider).update("fleet", held, inputs)

    assert line_of(caught).startswith(f"{WEBHOOK} is not put back: ")
    assert {each["assistantId"] for each in sandbox.vapi_numbers() if each["number"] == STUDIO} == {SALES}


def test_nothing_is_written_without_a_record(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """Law 1, per number: one whose record is missing is refused, the others go on."""
    stack.up(numbers={BIN: THREE[BIN]})
    numbers: Entries = {BIN: {"assistant": "Support", "assistantId": SUPPORT}}
    numbers[WEBHOOK] = numbers[BIN]
    props = {"numbers": numbers, "original": stack.fleet["original"]}
    sandbox.clear_journal()

    with pytest.raises(ProviderError) as caught:
        fleet_life(stack.provider).create(props)
    with pytest.raises(ProviderError):
        fleet_life(stack.provider).create({**props, "original": UNRECORDED})

    assert line_of(caught) == (
        f"1 of 2 numbers failed (1 are as declared): the original routing of {WEBHOOK} is not recorded: run without "
        "--target, with credentials. The next `pulumi up` continues."
    )
    assert answering(sandbox) == {BIN}
    assert not [line for line in written(sandbox) if sandbox.number(WEBHOOK)["sid"] in line]


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


def test_a_number_that_is_gone_leaves_at_refresh_and_is_refused(
    sandbox: RunningSandbox, stack: FleetStack, spawn: Spawn
) -> None:
    """Somebody released it: the fleet shows it no more, preview says that it is not there; dropped, all is well."""
    stack.up(numbers=THREE)
    sandbox.outside_release(STUDIO)
    stack.provider = spawn()
    stack.refresh()
    assert stack.fleet["numbers"].keys() == {WEBHOOK, BIN}

    with pytest.raises(Refused) as caught:
        stack.preview(numbers=THREE)
    (text,) = refusals(caught)
    assert text.startswith(f"{STUDIO} is not a number of this Twilio account")

    stack.up(numbers={number: THREE[number] for number in (WEBHOOK, BIN)})
    stack.destroy()
    assert sandbox.vapi_numbers() == []


def test_another_org_is_refused(stack: FleetStack, spawn: Spawn) -> None:
    """Read and delete with another org's key do nothing and say so; so does check, number by number."""
    stack.up(numbers=THREE)
    stack.provider = spawn(VAPI_API_KEY=ORG2_KEY)

    with pytest.raises(Refused):
        stack.check(THREE)
    for act in (stack.refresh, stack.destroy):
        with pytest.raises(ProviderError) as caught:
            act()
        assert ORG in line_of(caught)


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


def test_a_number_by_its_sid_and_its_e164_form_is_refused(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """No program can tell that they are one; the provider does, at preview."""
    sid = sandbox.number(WEBHOOK)["sid"]

    with pytest.raises(Refused) as caught:
        stack.preview(numbers={sid: {"assistant": "Support"}, WEBHOOK: {"assistant": "Sales"}})

    assert refusals(caught) == [f"{sid} is declared twice, once as {WEBHOOK}: leave one of them out"]


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


def test_a_restore_to_that_cannot_be_put_back_is_refused_per_entry(
    sandbox: RunningSandbox, stack: FleetStack, spawn: Spawn
) -> None:
    """A TwiML App that is not there is named with each number, new or recorded, beside all other refusals."""
    stack.up(numbers=THREE)
    sandbox.clear_journal()
    gone = {"assistant": "Support", "restore_to": Routing(application_sid="AP" + "f" * 32)}
    stack.provider = spawn()

    with pytest.raises(Refused) as caught:
        stack.preview(numbers={**THREE, WEBHOOK: gone, FUNCTION: gone, BIN: {"assistant": "Nobody"}})

    first, second, third = sorted(refusals(caught))
    assert first.startswith(f"{WEBHOOK}: restore_to names TwiML App APff")
    assert second.startswith(f"{BIN}: no assistant of this Vapi org is named 'Nobody'")
    assert third.startswith(f"{FUNCTION}: restore_to names TwiML App APff")
    assert written(sandbox) == []


HUNDRED = [f"+1415556{n:04}" for n in range(100)]


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


def test_vendor_trouble_that_meets_all_numbers_is_told_once(
    sandbox: RunningSandbox, stack: FleetStack
) -> None:
    """Where the Messaging Services cannot be read, the fleet says so in one line, after one patience."""
    sandbox.fault(path="*/Services*", status=403, count=None)

    with pytest.raises(Refused) as caught:
        stack.preview(numbers=THREE)

    (text,) = refusals(caught)
    assert text.startswith("Listing the Messaging Services")
    assert len([line for line in asked(sandbox) if "/Services" in line]) == 1


def test_entries_are_merged_under_one_spelling_in_one_order() -> None:
    """Defaults fill what an entry does not say; None is nothing; keys are as the engine spells them."""
    found = merged(
        "fleet",
        {
            "+1 (415) 555-0101": {"sms_enabled": False, "name": None},
            "+1.415.555.0100": {"assistant": "Sales"},
        },
        {"assistant": "Support", "voice": "vapi", "on_remove": "leave", "name": None},
    )

    assert list(found.items()) == [
        ("+14155550100", {"assistant": "Sales", "voice": "vapi", "onRemove": "leave"}),
        ("+14155550101", {"assistant": "Support", "smsEnabled": False, "voice": "vapi", "onRemove": "leave"}),
    ]


@pytest.mark.parametrize(
    ("defaults", "entry", "expected"),
    [
        ({"assistant": "Support"}, {"squad": "Everybody"}, {"squad": "Everybody"}),
        ({"squad": "Everybody"}, {"assistant": "Support"}, {"assistant": "Support"}),
        ({"assistant": "Support"}, {"squad": None}, {"assistant": "Support"}),
        ({"assistant": "A"}, {"assistant": "B", "squad": "C"}, {"assistant": "B", "squad": "C"}),
    ],
    ids=["squad for assistant", "assistant for squad", "none", "both, refused later"],
)
def test_an_entrys_squad_beats_the_default_assistant(defaults: Props, entry: Props, expected: Props) -> None:
    """Who answers is one choice: an entry that makes it makes it whole."""
    assert merged("fleet", {WEBHOOK: entry}, defaults) == {WEBHOOK: expected}


@pytest.mark.parametrize(
    ("numbers", "line"),
    [
        (
            {"+14155550100": {}, "+1 (415) 555-0100": {}},
            "fleet: +14155550100 is declared twice, once as '+1 (415) 555-0100'",
        ),
        (
            {"+14155550100": "Support"},
            "fleet: +14155550100 must map options to values, as in {'assistant': 'Support'}",
        ),
    ],
    ids=["twice", "no map"],
)
def test_a_contradiction_in_the_program_is_a_mistake(numbers: Any, line: str) -> None:  # noqa: ANN401 as written
    """It is told in one line before anything is registered."""
    with pytest.raises(Mistake) as caught:
        merged("fleet", numbers, {})

    assert str(caught.value) == line


def test_an_unknown_default_is_told_once() -> None:
    """It is refused by the program, not by each of 5,000 entries."""
    with pytest.raises(Mistake) as caught:
        merged(
            "fleet", {f"+1415555{n:04}": {} for n in range(5000)}, {"asistant": "Support", "twilio_sid": "PN"}
        )

    assert str(caught.value) == (
        "fleet: in defaults there is no option asistant: did you mean assistant?; there is no option twilio_sid: an "
        "entry's key says which number it is about"
    )


def test_the_options_that_are_named_are_those_that_are_parsed() -> None:
    """Programs must not import what parses them, so the list is kept by hand."""
    parsed = NumberInputs.model_fields.keys() | WishInputs.model_fields.keys() | {"restore_to"}

    assert parsed - {"number", "twilio_sid", "unknown"} == set(ENTRY_OPTIONS)


@pytest.mark.parametrize(
    ("written_as", "key"),
    [
        ("+1 (415) 555-0100", "+14155550100"),
        (" +1.415.555.0100 ", "+14155550100"),
        ("+1\u00a0415\u00a0555\u00a00100", "+14155550100"),
        ("PN" + "a" * 32, "PN" + "a" * 32),
        ("415-555-0100", "415-555-0100"),
        (14155550100, "14155550100"),
    ],
)
def test_spelling(written_as: object, key: str) -> None:
    """Only what people write between digits goes; all else is for check to judge."""
    assert spelled(written_as) == key


def test_the_class_registers_what_the_tests_engine_does() -> None:
    """The small engine of these tests writes props by hand: they are those of the class, `restore_to` secret."""
    found = run(
        "    VapiSmsFleet('fleet', defaults={'assistant': 'Support', 'on_remove': 'leave'}, numbers={\n"
        "        '+1 415 555 0100': {'restore_to': Routing('https://a.example'), 'protect': True},\n"
        "        '+14155550101': {'squad': 'Everybody', 'adopt': True, 'sms_enabled': False}})\n"
    )

    stack = FleetStack(None, name="fleet")  # type: ignore[arg-type] # only its props are asked for
    declared: Props = {
        "defaults": {"assistant": "Support", "on_remove": "leave"},
        "numbers": {
            "+14155550100": {"restore_to": Routing("https://a.example"), "protect": True},
            "+14155550101": {"squad": "Everybody", "adopt": True, "sms_enabled": False},
        },
    }
    sibling = stack.sibling_props(**declared)
    assert clear(found["fleet-original"]) == _kept(sibling)
    assert clear(found["fleet"]) == _kept(stack.number_props(sibling["originals"], **declared))
    assert "https://a.example" not in json.dumps(found["fleet"])


def test_a_number_that_moves_carries_its_own_record_only() -> None:
    """Of the old owner's thousands of originals; of one that is not among them another one says so."""
    records = {f"PN{n}": {"sid": f"PN{n}", "number": f"+1415555{n:04}", "messaging": {}} for n in range(50)}
    found = run(
        f"    old = pulumi.Output.secret({records!r})\n"
        "    VapiSmsFleet('fleet', defaults={'assistant': 'Support'}, numbers={\n"
        "        '+14155550007': {'restore_to': old}, 'PN8': {'restore_to': old},\n"
        "        '+14155559999': {'restore_to': old},\n"
        "        '+14155550009': {'restore_to': pulumi.Output.from_input('leave-at-vapi')}})\n"
        "    VapiSmsNumber('one', number='+14155550011', assistant='Support', restore_to=old)\n"
    )

    assert clear(found["fleet-original"])["restoreTo"] == {
        "+14155550007": {"PN7": records["PN7"]},
        "PN8": {"PN8": records["PN8"]},
        "+14155559999": {"PN0": records["PN0"]},
        "+14155550009": "leave-at-vapi",
    }
    assert clear(found["one-original"])["restoreTo"] == {"+14155550011": {"PN11": records["PN11"]}}


@pytest.mark.parametrize(
    "first",
    [
        "VapiSmsNumber('a', number='+14155550100', assistant='S')",
        "VapiSmsFleet('a', numbers={'+14155550100': {'assistant': 'S'}})",
    ],
    ids=["number and fleet", "two fleets"],
)
def test_a_number_of_two_resources_is_a_mistake(first: str) -> None:
    """A number has one owner, whatever kind of resource that is."""
    with pytest.raises(AssertionError) as caught:
        run(f"    {first}\n    VapiSmsFleet('b', numbers={{'+1 415 555 0100': {{'assistant': 'S'}}}})\n")

    assert "Mistake: +14155550100 is declared twice, by 'a' and by 'b'" in str(caught.value)
