"""What was found is recorded once and kept, and nothing else is ever taken for it."""

from __future__ import annotations

import json

import pytest
from vapi_sms.resources.inputs.words import LEAVE_AT_VAPI, UNRECORDED
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import asked, same_for_all, standing, written
from tests.resources.provider import Diffed, ProviderError
from tests.resources.records import ALL, NO_KEYS, many
from tests.resources.stack import PROPS, Refused, Stack
from tests.sandbox.world import AC, BIN, ORG, VAPI_SMS, WEBHOOK, seed


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


def test_nothing_is_recorded_by_half(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """Check leaves a number open that cannot be recorded, for whoever declares it to refuse; create does not."""
    provider = spawn()

    checked = provider.originals.check({}, many(WEBHOOK, "+12125550999", BIN))
    with pytest.raises(ProviderError) as caught:
        provider.originals.create(checked.inputs)

    assert {record["number"] for record in checked.inputs["originals"].values()} == {WEBHOOK, BIN}
    assert str(caught.value).startswith("VapiSms: +12125550999 is not a number of this Twilio account: ")
    assert written(sandbox) == []


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
def test_a_number_at_vapi_without_a_record(
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
