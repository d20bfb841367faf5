"""A number's life at the provider's boundary: what each call gives back, writes, and leaves alone."""

from __future__ import annotations

import json

from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import same_for_all, sid_of, standing, written
from tests.resources.stack import PROPS, Stack
from tests.sandbox.world import AC, ORG, STUDIO, STUDIO_URL, SUPPORT, VAPI_SMS, VAPI_VOICE, WEBHOOK, seed

OUTPUTS = {
    "accountSid",
    "adopt",
    "answeredBy",
    "assistant",
    "assistantId",
    "number",
    "orgId",
    "original",
    "originalSummary",
    "textsUrl",
    "owner",
    "routing",
    "schema",
    "smsEnabled",
    "squadId",
    "twilioSid",
    "vapiId",
    "voice",
}


def test_create_gives_all_outputs_and_shows_no_secret(sandbox: RunningSandbox, stack: Stack) -> None:
    """Every declared output is there, and what a webhook's URL hides stands in `original` only."""
    stack.up(**PROPS)

    outs = stack.state["number"].outs
    assert outs.keys() == OUTPUTS
    assert stack.state["number"].id == outs["twilioSid"] == sid_of(sandbox, WEBHOOK)
    assert (outs["accountSid"], outs["orgId"], outs["assistantId"]) == (AC, ORG, SUPPORT)
    assert outs["vapiId"] == sandbox.vapi_numbers()[0]["id"]
    assert same_for_all(outs["answeredBy"]) == (
        "Vapi assistant Support, instead of Webhook http://127.0.0.1:9/sms?tenant=***#rc=1"
    )
    assert "canary" in json.dumps(outs.pop("original"))
    assert "canary" not in json.dumps(outs)


def test_a_number_of_an_area_code_that_is_not_known_here_is_what_twilio_says(
    sandbox: RunningSandbox, stack: Stack
) -> None:
    """The account has it, by its number as by its SID: our own table of area codes only ages."""
    lately = "+15555550100"
    seeded = seed()
    seeded["twilio"]["accounts"][0]["numbers"].append({"phone_number": lately, "sms_url": STUDIO_URL})
    sandbox.reset(seeded)

    stack.up(number=lately, assistant="Support")

    assert sandbox.number(lately)["sms_url"] == VAPI_SMS
    stack.destroy()
    assert sandbox.number(lately)["sms_url"] == STUDIO_URL


def test_what_nobody_declared_stays_away(stack: Stack) -> None:
    """Inputs that are None are not there in inputs and outputs: neither as null nor as an empty text."""
    stack.up(**PROPS, name=None, squad=None, twilio_sid=None)

    held = stack.state["number"]
    assert "name" not in held.inputs.keys() | held.outs.keys()
    assert "squad" not in held.inputs.keys() | held.outs.keys()
    assert stack.preview(**PROPS) == {"originals": "same", "number": "same"}


def test_records_are_one_text_in_the_engine(stack: Stack) -> None:
    """Secret as a whole, and always the same text for the same records; numbers in it stay whole."""
    stack.up(**PROPS)

    raw = stack.life("number").answered["original"]
    assert raw == json.dumps(json.loads(raw), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    (record,) = json.loads(raw).values()
    assert record["schema"] == 1
    assert stack.up(**PROPS) == {"originals": "same", "number": "same"}


def test_a_state_with_nested_records_is_gone_on_from(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn
) -> None:
    """As 0.1 wrote them, with whole numbers as doubles: nothing to do; a change folds them, and all is given back."""
    before = standing(sandbox)
    stack.up(**PROPS)
    stack.provider = spawn()
    for kind in ("originals", "number"):
        stack.life(kind).folds = False
    sandbox.clear_journal()

    assert stack.preview(**PROPS) == {"originals": "same", "number": "same"}
    assert stack.up(**{**PROPS, "name": "Desk"}) == {"originals": "same", "number": "update"}
    assert isinstance(stack.life("number").answered["original"], str)
    assert [line for line in written(sandbox) if "twilio" in line] == []
    stack.destroy()
    assert standing(sandbox) == before


def test_an_unchanged_program_writes_nothing(sandbox: RunningSandbox, stack: Stack, spawn: Spawn) -> None:
    """Apply, then plan again, is empty: in the same process and in another one."""
    stack.up(**PROPS)
    sandbox.clear_journal()

    assert stack.up(**PROPS) == {"originals": "same", "number": "same"}
    stack.provider = spawn()
    assert stack.up(**PROPS) == {"originals": "same", "number": "same"}

    assert written(sandbox) == []


def test_destroy_leaves_both_vendors_as_they_were(sandbox: RunningSandbox, stack: Stack) -> None:
    """Up and destroy, and nobody can tell."""
    before = standing(sandbox)

    stack.up(**PROPS)
    assert standing(sandbox) != before
    stack.destroy()

    assert standing(sandbox) == before
    assert stack.state == {}


def test_each_update_writes_only_what_it_must(sandbox: RunningSandbox, stack: Stack) -> None:
    """An assistant or a name is one PATCH; texts and calls go with one write at Twilio more."""
    stack.up(**PROPS)
    record, sid = sandbox.vapi_numbers()[0]["id"], sid_of(sandbox, WEBHOOK)
    patch = f"PATCH vapi /phone-number/{record}"
    post = f"POST twilio /2010-04-01/Accounts/{AC}/IncomingPhoneNumbers/{sid}.json"

    def change(**declared: object) -> list[str]:
        sandbox.clear_journal()
        assert stack.up(**{**PROPS, **declared})["number"] == "update"
        return written(sandbox)

    assert change(assistant="Sales") == [patch]
    assert change(assistant="Sales", name="Front desk") == [patch]
    assert change(assistant="Sales", name="Front desk", sms_enabled=False) == [post, patch]
    assert "tenant=url-canary" in sandbox.number(WEBHOOK)["sms_url"]
    assert change(assistant="Sales", name="Front desk") == [patch, post]
    assert change(assistant="Sales", name="Front desk", voice="vapi") == [post]
    assert sandbox.number(WEBHOOK)["voice_url"] == VAPI_VOICE
    assert change(assistant="Sales", name="Front desk") == [post]
    assert sandbox.number(WEBHOOK)["voice_url"] == "http://127.0.0.1:9/voice"
    assert change(assistant=None, squad="Everybody", name="Front desk") == [patch]
    assert stack.up(number=WEBHOOK, squad="Everybody", name="Front desk")["number"] == "same"


def test_delete_twice_writes_once(sandbox: RunningSandbox, stack: Stack) -> None:
    """A delete whose answer the engine never saw is run again."""
    before = standing(sandbox)
    stack.up(**PROPS)
    held = stack.state["number"]
    stack.provider.renew()
    sandbox.advance(2)  # Twilio's moments are whole seconds, and what is newer than our write must show
    stack.life("number").delete(held.id, held.outs)
    sandbox.clear_journal()

    stack.life("number").delete(held.id, held.outs)
    stack.destroy()

    # Whatever a list shows: the id that Vapi gave us is to be gone.
    assert set(written(sandbox)) == {f"DELETE vapi /phone-number/{held.outs['vapiId']}"}
    assert standing(sandbox) == before


def test_a_number_by_its_sid_is_the_same_number(sandbox: RunningSandbox, stack: Stack) -> None:
    """Declared by number or by SID, it is found once, and changing the way is no replacement."""
    before = standing(sandbox)
    stack.up(twilio_sid=sid_of(sandbox, STUDIO), assistant="Support")
    assert stack.state["number"].outs["number"] == STUDIO
    sandbox.clear_journal()

    done = stack.up(number=STUDIO, assistant="Support")

    assert done["number"] in ("same", "update")
    assert written(sandbox) == []
    stack.destroy()
    assert standing(sandbox) == before
