"""OriginalRoutings at the provider's boundary: captured once, kept, and put back by whoever remembers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vapi_sms.resources.inputs.words import LEAVE_AT_VAPI, UNRECORDED
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import asked, same_for_all, standing, written
from tests.resources.provider import UNKNOWN, Diffed, Props, Provider, ProviderError
from tests.resources.stack import Refused, Stack
from tests.sandbox.world import (
    AC,
    APP,
    APPLICATION,
    BIN,
    DEMO,
    FUNCTION,
    ORG,
    PROXY,
    SILENT,
    STUDIO,
    VAPI_SMS,
    VAPI_STATUS,
    VAPI_VOICE,
    WEBHOOK,
    seed,
)

ALL = (WEBHOOK, STUDIO, BIN, FUNCTION, PROXY, DEMO, APPLICATION, SILENT)
PROPS: Props = {"number": WEBHOOK, "assistant": "Support"}
NO_KEYS: dict[str, Any] = {"TWILIO_ACCOUNT_SID": None, "TWILIO_AUTH_TOKEN": None, "VAPI_API_KEY": None}


def many(*numbers: str) -> Props:
    """Give a sibling's inputs for several numbers, as a fleet registers them."""
    return {
        "numbers": {number: {"adopt": False} for number in numbers},
        "originals": UNRECORDED,
        "owner": "organization/test/dev/fleet",
        "formerOwners": [],
    }


def handed_over(sandbox: RunningSandbox, *numbers: str) -> None:
    """Let Vapi answer numbers, as a fleet's create that was killed leaves them."""
    for number in numbers:
        sandbox.outside_number(
            number,
            sms_url=VAPI_SMS,
            voice_url=VAPI_VOICE,
            status_callback=VAPI_STATUS,
            sms_application_sid="",
        )
        sandbox.outside_vapi("create", org=ORG, set={"number": number, "twilioAccountSid": AC})


def test_check_captures_once_and_create_writes_nothing(sandbox: RunningSandbox, stack: Stack) -> None:
    """The record is an input that preview shows, kept byte for byte; from then on nobody is asked for it."""
    before = standing(sandbox)

    inputs = stack.checked("originals", stack.sibling_props(**PROPS))
    id_, outs = stack.provider.originals.create(inputs)

    (record,) = inputs["originals"].values()
    assert record["messaging"]["url"] == "http://127.0.0.1:9/sms?tenant=url-canary#rc=1"
    assert record["voice"]["statusCallback"] == "http://127.0.0.1:9/status"
    assert (record["accountSid"], record["orgId"]) == (AC, ORG)
    assert "vapi" not in record
    assert (id_, outs["originals"]) == ("originals", inputs["originals"])
    assert {number: same_for_all(line) for number, line in inputs["summary"].items()} == {
        WEBHOOK: (
            "texts: Webhook http://127.0.0.1:9/sms?tenant=***#rc=1 (fallback Webhook http://127.0.0.1:9/fallback); "
            "calls: Webhook http://127.0.0.1:9/voice (fallback Webhook http://127.0.0.1:9/voice-fallback); not in Vapi"
        )
    }
    assert "canary" not in json.dumps({name: outs[name] for name in outs if name != "originals"})
    assert standing(sandbox) == before


def test_what_is_recorded_is_never_read_again(sandbox: RunningSandbox, stack: Stack, spawn: Spawn) -> None:
    """The live routing is ours by now, or somebody's: check keeps the record whatever is there."""
    stack.up(**PROPS)
    recorded = stack.state["originals"].inputs["originals"]
    sandbox.outside_number(WEBHOOK, sms_url="https://new.example/sms")
    stack.provider = spawn()

    checked = stack.checked("originals", stack.sibling_props(**PROPS))

    assert checked["originals"] == recorded


def test_read_echoes_the_state_and_asks_nobody(sandbox: RunningSandbox, stack: Stack, spawn: Spawn) -> None:
    """A refresh can neither change a record nor lose it, with credentials or without."""
    stack.up(**PROPS)
    held = stack.state["originals"]
    sandbox.clear_journal()

    for provider in (stack.provider, spawn(**NO_KEYS)):
        id_, outs, inputs = provider.originals.read(held.id, held.outs)
        assert (id_, outs) == (held.id, held.outs)
        assert inputs == held.outs
    assert asked(sandbox) == []


RECORD: Props = {
    "PN1": {
        "sid": "PN1",
        "schema": 1,
        "number": WEBHOOK,
        "accountSid": AC,
        "messaging": {"url": "https://a.example"},
        "voice": {},
    }
}
OTHER_RECORD: Props = {"PN2": {**RECORD["PN1"], "sid": "PN2", "number": BIN}}
INPUTS: Props = {
    **many(WEBHOOK),
    "originals": RECORD,
    "summary": {WEBHOOK: "texts: Webhook https://a.example"},
}
DIFFS: list[tuple[str, Props, Props, bool | None]] = [
    ("nothing", {}, {}, False),
    ("the provider's pickle", {"__provider": "b2xk"}, {}, False),
    ("the owner", {}, {"owner": "organization/test/dev/renamed"}, False),
    ("the summary", {}, {"summary": {WEBHOOK: "other words"}}, False),
    ("a number more", {}, {**many(WEBHOOK, BIN), "originals": {**RECORD, **OTHER_RECORD}}, None),
    ("a number less", {**many(WEBHOOK, BIN), "originals": {**RECORD, **OTHER_RECORD}}, {}, None),
    ("another number", {}, {**many(BIN), "originals": OTHER_RECORD}, None),
    ("restore_to", {}, {"restoreTo": {WEBHOOK: {"url": "https://b.example"}}}, None),
    ("no restore_to any more", {"restoreTo": {WEBHOOK: LEAVE_AT_VAPI}}, {}, None),
    ("the record", {}, {"originals": {"PN1": {**RECORD["PN1"], "source": "leave"}}}, None),
    ("a placeholder before", {"originals": UNRECORDED}, {}, None),
    ("a placeholder now", {}, {"originals": UNRECORDED}, None),
    ("placeholders", {"originals": UNRECORDED}, {"originals": UNRECORDED}, None),
    ("not known yet", {}, {"originals": UNKNOWN}, None),
    ("a number not known yet", {}, {"numbers": UNKNOWN, "originals": UNKNOWN}, None),
    ("records without the number", {"originals": {}}, {"originals": {}}, None),
]


@pytest.mark.parametrize(
    ("olds", "news", "expected"), [each[1:] for each in DIFFS], ids=[each[0] for each in DIFFS]
)
def test_diff(
    shared: Provider,
    calm: RunningSandbox,
    olds: Props,
    news: Props,
    expected: bool | None,  # noqa: FBT001 what diff answers
) -> None:
    """False where records and wishes are the same, None on placeholders and on records that lack a number."""
    before = len(asked(calm))

    found = shared.originals.diff("originals", {**INPUTS, **olds}, {**INPUTS, **news})

    assert found == Diffed(changes=expected)
    assert len(asked(calm)) == before


def test_a_placeholder_is_never_taken_for_a_record(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn
) -> None:
    """Without credentials preview passes it on; create and update fail, and a later `up` captures."""
    stack.provider = spawn(**NO_KEYS)
    inputs = stack.checked("originals", stack.sibling_props(**PROPS))
    assert inputs["originals"] == UNRECORDED
    with pytest.raises(ProviderError) as without:
        stack.provider.originals.create(inputs)

    stack.provider = spawn()
    for act in (
        lambda: stack.provider.originals.create(inputs),
        lambda: stack.provider.originals.update("originals", inputs, inputs),
    ):
        with pytest.raises(ProviderError) as caught:
            act()
        assert str(caught.value) == (
            f"VapiSms: the original routing of {WEBHOOK} could not be recorded, so nothing is switched"
        )

    assert str(without.value).startswith(f"VapiSms: no credentials for {WEBHOOK}: set ")
    assert written(sandbox) == []
    assert stack.up(**PROPS) == {"originals": "create", "number": "create"}


def test_records_are_kept_where_credentials_are_absent(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn
) -> None:
    """Someone who previews without keys sees the record as it is, and no placeholder in its place."""
    stack.up(**PROPS)
    held = stack.state["originals"]
    sandbox.clear_journal()
    stack.provider = spawn(**NO_KEYS)

    checked = stack.checked("originals", stack.sibling_props(**PROPS))

    assert checked == held.inputs
    assert stack.provider.originals.diff(held.id, held.outs, checked) == Diffed(changes=False)
    assert asked(sandbox) == []


def test_without_credentials_delete_fails_and_nothing_is_forgotten(
    stack: Stack, spawn: Spawn, sandbox: RunningSandbox
) -> None:
    """A delete that succeeded here would lose the original."""
    stack.up(**PROPS)
    before, held = standing(sandbox), stack.state["originals"]
    provider = spawn(**NO_KEYS)

    with pytest.raises(ProviderError) as caught:
        provider.originals.delete(held.id, held.outs)
    with pytest.raises(ProviderError) as updated:
        provider.originals.update(held.id, held.outs, {**many(BIN), "originals": OTHER_RECORD})

    assert str(caught.value).startswith(f"VapiSms: no credentials for {WEBHOOK}: set ")
    assert str(updated.value).startswith("VapiSms: no credentials for ")
    assert standing(sandbox) == before


def test_nothing_recorded_is_nothing_to_put_back(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """A first `up` without credentials left a placeholder: destroy needs none either."""
    spawn(**NO_KEYS).originals.delete("originals", many(WEBHOOK))

    assert asked(sandbox) == []


def test_many_numbers_are_captured_with_few_requests(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """One list at Twilio's and one at Vapi's for all of them, and one that tells the org."""
    provider = spawn()

    checked = provider.originals.check({}, many(*ALL))

    assert checked.failures == ()
    assert {record["number"] for record in checked.inputs["originals"].values()} == set(ALL)
    assert checked.inputs["summary"].keys() == set(ALL)
    assert len(asked(sandbox)) <= 4
    assert [line for line in asked(sandbox) if "IncomingPhoneNumbers" in line] == [
        f"GET twilio /2010-04-01/Accounts/{AC}/IncomingPhoneNumbers.json"
    ]


def test_delete_puts_all_numbers_back_at_once(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """Whoever remembers, restores: also what a killed create of many handed over."""
    before = standing(sandbox)
    id_, outs = _remembered(spawn(), *ALL)
    handed_over(sandbox, *ALL)

    spawn().originals.delete(id_, outs)

    assert standing(sandbox) == before


def test_delete_again_writes_nothing(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """It is idempotent in the same process and in the next one."""
    provider = spawn()
    id_, outs = _remembered(provider, *ALL)
    handed_over(sandbox, *ALL)
    provider = spawn()
    provider.originals.delete(id_, outs)
    sandbox.clear_journal()

    provider.originals.delete(id_, outs)
    spawn().originals.delete(id_, outs)

    assert written(sandbox) == []


def test_update_keeps_the_records_of_what_is_dropped(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """The sibling's update runs before the fleet's, which may still be refused: nothing is put back by it."""
    before = standing(sandbox)
    provider = spawn()
    id_, outs = _remembered(provider, WEBHOOK, STUDIO, BIN)
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
    id_, outs = _remembered(provider, WEBHOOK, STUDIO)
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
    id_, outs = _remembered(provider, WEBHOOK)
    handed_over(sandbox, WEBHOOK)
    provider = spawn()

    checked = provider.originals.check(outs, many(WEBHOOK, BIN)).inputs
    updated = provider.originals.update(id_, outs, checked)

    kept, came = sandbox.number(WEBHOOK)["sid"], sandbox.number(BIN)["sid"]
    assert updated["originals"].keys() == {kept, came}
    assert updated["originals"][kept] == outs["originals"][kept]
    assert updated["originals"][came]["messaging"]["url"].startswith("https://handler.twilio.com/twiml/EH")
    assert written(sandbox) == []


def test_nothing_is_recorded_by_half(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """Check leaves a number open that cannot be recorded, for whoever declares it to refuse; create does not."""
    provider = spawn()

    checked = provider.originals.check({}, many(WEBHOOK, "+12125550999", BIN))
    with pytest.raises(ProviderError) as caught:
        provider.originals.create(checked.inputs)

    assert {record["number"] for record in checked.inputs["originals"].values()} == {WEBHOOK, BIN}
    assert str(caught.value).startswith("VapiSms: +12125550999 is not a number of this Twilio account: ")
    assert written(sandbox) == []


def test_what_cannot_be_put_back_is_named_and_the_rest_is_back(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """A deleted TwiML App: Twilio refuses that number's original, and the others do not wait for it."""
    before = standing(sandbox)
    id_, outs = _remembered(spawn(), WEBHOOK, APPLICATION, BIN)
    handed_over(sandbox, WEBHOOK, APPLICATION, BIN)
    sandbox.outside("application", sid=APP, delete=True)
    provider = spawn()

    with pytest.raises(ProviderError) as caught:
        provider.originals.delete(id_, outs)

    assert same_for_all(str(caught.value)) == (
        f"VapiSms: {APPLICATION} is not put back: Twilio refuses the recorded routing (texts: TwiML App {APP}): "
        f"Writing the messaging routing of {APPLICATION}: Application Sid is not accessible: {APP} "
        "(Twilio 21420, request RQ...). The TwiML App was deleted or belongs to another account: declare `restore_to` "
        "with the routing that you want back. Bring back what it points at and run the same command again, or declare "
        "restore_to= with another routing, `pulumi up`, then destroy."
    )
    after = standing(sandbox)["numbers"]
    assert [after[number] == before["numbers"][number] for number in (WEBHOOK, BIN)] == [True, True]


def test_foreign_routings_are_left_and_told(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """Law 4: texts that somebody moved since stay, calls that are ours are put back; succeed and say so."""
    id_, outs = _remembered(spawn(), WEBHOOK)
    handed_over(sandbox, WEBHOOK)
    sandbox.outside_number(WEBHOOK, sms_url="https://new.example/sms?key=url-canary")
    provider = spawn()

    provider.originals.delete(id_, outs)

    number = sandbox.number(WEBHOOK)
    assert number["sms_url"] == "https://new.example/sms?key=url-canary"
    assert number["voice_url"] == "http://127.0.0.1:9/voice"
    assert sandbox.vapi_numbers() == []
    (line,) = provider.stderr()
    assert same_for_all(line) == (
        f"vapi-sms: texts to {WEBHOOK} stay answered by Webhook https://new.example/sms?key=*** (fallback Webhook "
        "http://127.0.0.1:9/fallback), which is not ours; the recorded original was Webhook "
        "http://127.0.0.1:9/sms?tenant=***#rc=1 (fallback Webhook http://127.0.0.1:9/fallback)."
    )


@pytest.mark.parametrize("behaviour", ["leaves", "clears", "resets"])
@pytest.mark.parametrize("late", [0, 30], ids=["at once", "late"])
def test_whatever_vapis_delete_does_all_is_back(
    sandbox: RunningSandbox, spawn: Spawn, behaviour: str, late: int
) -> None:
    """Nobody knows what a DELETE does at Twilio, nor when: the outcome is the same."""
    before = standing(sandbox)
    id_, outs = _remembered(spawn(), WEBHOOK, STUDIO)
    handed_over(sandbox, WEBHOOK, STUDIO)
    sandbox.behaviour(delete=behaviour, late_writes_ms=late)

    spawn(VAPI_SMS_SETTLE_SECONDS="0.2").originals.delete(id_, outs)

    assert standing(sandbox) == before


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


@pytest.mark.parametrize(
    ("vapi", "adopt", "restore_to", "line"),
    [
        (False, False, None, "if this resource was renamed, give it an alias"),
        (False, True, None, "write restore_to= with the routing to put back, or restore_to=LEAVE_AT_VAPI"),
        (True, False, None, "already"),
        (True, True, None, "adopt=True alone does not say what"),
        (True, False, {"url": "https://declared.example/sms"}, "write adopt=True to take it over"),
        (True, True, {"url": "https://declared.example/sms"}, None),
        (False, False, {"url": "https://declared.example/sms"}, None),
        (True, True, LEAVE_AT_VAPI, None),
    ],
)
def test_a_number_at_vapi_without_a_record(  # noqa: PLR0913 the columns of DESIGN's table
    sandbox: RunningSandbox, stack: Stack, *, vapi: bool, adopt: bool, restore_to: object, line: str | None
) -> None:
    """DESIGN's table: Vapi's URL is never recorded; each refusal names the way out, and each way out works."""
    sandbox.outside_number(WEBHOOK, sms_url=VAPI_SMS, sms_fallback_url="")
    if vapi:
        sandbox.outside_vapi("create", org=ORG, set={"number": WEBHOOK, "twilioAccountSid": AC})
    declared = {**PROPS, "adopt": adopt, "restore_to": restore_to}

    if line is None:
        stack.up(**declared)
        (record,) = stack.state["originals"].outs["originals"].values()
        assert record["messaging"]["url"] != VAPI_SMS or restore_to == LEAVE_AT_VAPI
    else:
        with pytest.raises(Refused) as caught:
            stack.preview(**declared)
        assert line in str(caught.value)
        assert written(sandbox) == []


def test_the_seed_has_every_kind_of_original() -> None:
    """The numbers above differ in their handlers."""
    numbers = {each["phone_number"]: each for each in seed()["twilio"]["accounts"][0]["numbers"]}

    assert len({json.dumps({**numbers[number], "phone_number": ""}) for number in ALL}) == len(ALL)


def _remembered(provider: Provider, *numbers: str) -> tuple[str, Props]:
    checked = provider.originals.check({}, many(*numbers))
    assert checked.failures == ()
    return provider.originals.create(checked.inputs)
