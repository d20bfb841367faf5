"""Rotating the key that Vapi was given to reach Twilio: noticed by its fingerprint, handed over by the next `up`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vapi_sms.sandbox import RunningSandbox
from vapi_sms.sandbox.control.redaction import fingerprint

from tests.resources.conftest import Spawn
from tests.resources.evidence import standing, written
from tests.resources.fleet_stack import FleetStack
from tests.resources.provider import Props, Provider, ProviderError
from tests.resources.stack import PROPS, Stack
from tests.sandbox.world import AC, BIN, KEY, KEY_SECRET, ORG, SALES, STUDIO, SUPPORT, TOKEN, WEBHOOK

SAME = {"originals": "same", "number": "same"}
CHANGED = {"originals": "same", "number": "update"}
AT_VAPI = "twilioKeyAtVapi"
SECRETS = {"SK" + "1" * 32: "canary-own-1", "SK" + "2" * 32: "canary-own-2"}
FIRST, SECOND = (
    {"VAPI_TWILIO_API_KEY": key, "VAPI_TWILIO_API_SECRET": secret} for key, secret in SECRETS.items()
)
NEW = (
    "vapi-sms: the key that Vapi was given changes: Vapi gets the new one. Delete the old one at Twilio after "
    "`pulumi up`, not before."
)
WORLDS: list[dict[str, bool]] = [{}, {"patch_rewrites_sms": True, "patch_rewrites_voice": True}]


@pytest.fixture(autouse=True)
def _keys_at_twilio(sandbox: RunningSandbox) -> None:
    """Make both keys at Twilio."""
    sandbox.outside("credentials", account=AC, api_keys=SECRETS)


def held_by_vapi(sandbox: RunningSandbox) -> list[dict[str, str]]:
    """Give the credentials for Twilio that Vapi holds of each number, as the sandbox's fingerprints."""
    names = ("twilioAuthToken", "twilioApiKey", "twilioApiSecret")
    return [{name: each[name] for name in names if name in each} for each in sandbox.vapi_numbers()]


def key_of(own: dict[str, str]) -> dict[str, str]:
    """Give how Vapi holds a key of its own."""
    return {
        "twilioApiKey": fingerprint(own["VAPI_TWILIO_API_KEY"]),
        "twilioApiSecret": fingerprint(own["VAPI_TWILIO_API_SECRET"]),
    }


def revoke(sandbox: RunningSandbox, own: dict[str, str]) -> None:
    """Delete a key at Twilio."""
    sandbox.outside("credentials", account=AC, api_keys={own["VAPI_TWILIO_API_KEY"]: None})


def notices(provider: Provider) -> list[str]:
    """Give what was told of keys, by a preview and by the `up` after it, once."""
    return list(dict.fromkeys(line for line in provider.stderr() if "key" in line))


@pytest.mark.parametrize("behaviour", WORLDS, ids=["patch leaves", "patch rewrites"])
def test_a_new_key_is_shown_handed_over_and_then_old_news(
    sandbox: RunningSandbox, spawn: Spawn, behaviour: dict[str, bool]
) -> None:
    """One PATCH, texts and calls as before it; destroy leaves all as it was, the old key long revoked."""
    sandbox.behaviour(**behaviour)
    before = standing(sandbox)
    stack = Stack(spawn(**FIRST))
    stack.up(**PROPS)
    switched, first = sandbox.number(WEBHOOK), stack.state["number"].outs[AT_VAPI]
    assert stack.preview(**PROPS) == SAME
    assert notices(stack.provider) == []

    stack.provider = spawn(**SECOND)
    sandbox.clear_journal()
    assert stack.preview(**PROPS) == CHANGED
    assert written(sandbox) == []
    assert notices(stack.provider) == [NEW]
    assert stack.up(**PROPS) == CHANGED

    patches = [line for line in written(sandbox) if "PATCH" in line]
    assert len(patches) == 1
    assert written(sandbox)[0] == patches[0]
    assert held_by_vapi(sandbox) == [key_of(SECOND)]
    now = sandbox.number(WEBHOOK)
    assert {**now, "date_updated": ""} == {**switched, "date_updated": ""}
    held = stack.state["number"]
    assert held.inputs[AT_VAPI] == held.outs[AT_VAPI] != first

    revoke(sandbox, FIRST)
    stack.provider = spawn(**SECOND)
    assert stack.preview(**PROPS) == SAME
    stack.refresh()
    assert stack.preview(**PROPS) == SAME
    assert notices(stack.provider) == []
    stack.destroy()
    assert standing(sandbox) == before


@pytest.mark.parametrize("behaviour", WORLDS, ids=["patch leaves", "patch rewrites"])
def test_a_fleet_hands_a_new_key_over_in_one_write_a_number(
    sandbox: RunningSandbox, spawn: Spawn, behaviour: dict[str, bool]
) -> None:
    """One fingerprint and one line for all of them; who joins at the same time is imported with the new key."""
    sandbox.behaviour(**behaviour)
    before = standing(sandbox)
    numbers: dict[str, dict[str, Any]] = {
        WEBHOOK: {"assistant": "Support"},
        STUDIO: {"assistant": "Support", "sms_enabled": False},
    }
    stack = FleetStack(spawn(**FIRST), name="fleet")
    stack.up(numbers=numbers)
    first = stack.fleet[AT_VAPI]
    assert AT_VAPI not in json.dumps(stack.fleet["numbers"])

    stack.provider = spawn(**SECOND)
    sandbox.clear_journal()
    assert stack.preview(numbers=numbers) == CHANGED
    assert notices(stack.provider) == [NEW]
    stack.up(numbers={**numbers, BIN: {"assistant": "Sales"}})

    assert [line.partition("/phone-number")[0] for line in written(sandbox) if " vapi " in line].count(
        "PATCH vapi "
    ) == len(numbers)
    assert held_by_vapi(sandbox) == [key_of(SECOND)] * 3
    assert stack.fleet[AT_VAPI] != first

    revoke(sandbox, FIRST)
    stack.provider = spawn(**SECOND)
    numbers[BIN] = {"assistant": "Sales"}
    assert stack.preview(numbers=numbers) == SAME
    stack.refresh()
    assert stack.preview(numbers=numbers) == SAME
    assert notices(stack.provider) == []
    stack.destroy()
    assert standing(sandbox) == before


def test_what_a_patch_took_is_put_back_at_once(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """A PATCH that takes calls is repaired by the same `up`: no drift shows afterwards."""
    stack = Stack(spawn(**FIRST))
    stack.up(**PROPS)
    calls = sandbox.number(WEBHOOK)["voice_url"]
    sandbox.behaviour(patch_rewrites_voice=True)
    stack.provider = spawn(**SECOND)
    sandbox.clear_journal()
    stack.up(**PROPS)

    assert [line.split()[:2] for line in written(sandbox)] == [["PATCH", "vapi"], ["POST", "twilio"]]
    assert sandbox.number(WEBHOOK)["voice_url"] == calls
    stack.provider = spawn(**SECOND)
    checked = stack.checked("number", stack.number_props(stack.state["originals"].outs["originals"], **PROPS))
    assert "drift" not in checked


def test_a_key_travels_with_other_changes(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """Another assistant and another key are one write."""
    stack = Stack(spawn(**FIRST))
    stack.up(**PROPS)
    stack.provider = spawn(**SECOND)
    sandbox.clear_journal()
    stack.up(number=WEBHOOK, assistant="Sales")

    assert [line.split()[:2] for line in written(sandbox)] == [["PATCH", "vapi"]]
    assert held_by_vapi(sandbox) == [key_of(SECOND)]
    assert sandbox.vapi_numbers()[0]["assistantId"] == SALES


def test_a_persons_key_is_never_remembered(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """From a token to a key, with none for Vapi alone: no fingerprint, no change, no write."""
    stack = Stack(spawn())
    stack.up(**PROPS)
    stack.provider = spawn(TWILIO_AUTH_TOKEN=None, TWILIO_API_KEY=KEY, TWILIO_API_SECRET=KEY_SECRET)
    sandbox.clear_journal()

    assert stack.preview(**PROPS) == SAME
    assert stack.up(**PROPS) == SAME
    assert written(sandbox) == []
    assert "fingerprint " not in json.dumps([stack.state["number"].inputs, stack.state["number"].outs])
    assert AT_VAPI not in stack.state["number"].inputs.keys() | stack.state["number"].outs.keys()


def test_vapi_gets_a_key_of_its_own_in_place_of_a_token(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """The token goes, if Vapi takes null for it: it would go on using it."""
    sandbox.behaviour(nulls_clear="everything")
    stack = Stack(spawn())
    stack.up(**PROPS)
    assert held_by_vapi(sandbox) == [{"twilioAuthToken": fingerprint(TOKEN)}]

    stack.provider = spawn(**FIRST)
    assert stack.preview(**PROPS) == CHANGED
    stack.up(**PROPS)

    assert notices(stack.provider) == [
        "vapi-sms: Vapi gets a key of its own to reach Twilio, in place of what it has."
    ]
    assert held_by_vapi(sandbox) == [key_of(FIRST)]
    assert stack.preview(**PROPS) == SAME


@pytest.mark.parametrize("way", ["delete", "unset"])
def test_a_token_that_vapi_does_not_let_go_of_is_told_with_the_ways_out(
    sandbox: RunningSandbox, spawn: Spawn, way: str
) -> None:
    """Nobody has seen Vapi take null for a token: `up` changes nothing and says what to do, and both ways lead on."""
    before = standing(sandbox)
    stack = Stack(spawn())
    stack.up(**PROPS)
    switched = standing(sandbox)
    stack.provider = spawn(**FIRST)

    with pytest.raises(ProviderError) as caught:
        stack.up(**PROPS)

    said = str(caught.value)
    assert (
        "the auth token that Vapi was given before cannot be taken away, and Vapi would go on using it"
        in said
    )
    assert "Delete the number in Vapi (dashboard, Phone Numbers) and run the same command again" in said
    assert said.endswith("(config: vapi:twilioApiKey, vapi:twilioApiSecret). Nothing was changed.")
    assert standing(sandbox) == switched
    if way == "delete":
        sandbox.outside_vapi("delete", org=ORG, id=sandbox.vapi_numbers()[0]["id"])
        stack.provider = spawn(**FIRST)
        stack.up(**PROPS)
        assert held_by_vapi(sandbox) == [key_of(FIRST)]
        stack.provider = spawn(**FIRST)
    else:
        stack.provider = spawn()
    assert stack.preview(**PROPS) == SAME
    stack.destroy()
    assert standing(sandbox) == before


def test_a_key_takes_the_place_of_a_key_without_a_word_of_the_token(
    sandbox: RunningSandbox, spawn: Spawn
) -> None:
    """Vapi's record shows a key and no token: nothing rests on a null that nobody has seen."""
    stack = Stack(spawn(**FIRST))
    stack.up(**PROPS)
    stack.provider = spawn(**SECOND)
    sandbox.clear_journal()
    stack.up(**PROPS)

    (patch,) = [entry for entry in sandbox.journal() if entry["method"] == "PATCH"]
    assert "twilioAuthToken" not in patch["parameters"]
    assert patch["parameters"]["twilioApiKey"]


def test_without_its_own_key_vapi_gets_the_usual_credentials_once(
    sandbox: RunningSandbox, spawn: Spawn
) -> None:
    """The fingerprint goes with the key, and nothing is handed over a second time."""
    stack = Stack(spawn(**FIRST))
    stack.up(**PROPS)
    stack.provider = spawn()
    assert stack.preview(**PROPS) == CHANGED
    stack.up(**PROPS)

    (line,) = notices(stack.provider)
    assert (
        "the key that Vapi was given to reach Twilio is not configured any more: Vapi gets the Twilio" in line
    )
    assert held_by_vapi(sandbox)[0]["twilioAuthToken"] == fingerprint(TOKEN)
    assert AT_VAPI not in stack.state["number"].inputs.keys() | stack.state["number"].outs.keys()
    sandbox.clear_journal()
    assert stack.up(**PROPS) == SAME
    assert written(sandbox) == []


@pytest.mark.parametrize("kind", ["number", "fleet"])
def test_without_credentials_the_fingerprint_stays(spawn: Spawn, env: dict[str, str], kind: str) -> None:
    """A preview by who holds no keys shows no change of a key, nor one that goes."""
    nothing = dict.fromkeys(env, None)
    declared: Props = PROPS if kind == "number" else {"numbers": {WEBHOOK: {"assistant": "Support"}}}
    changed: Props = (
        {**PROPS, "assistant": "Sales"}
        if kind == "number"
        else {"numbers": {WEBHOOK: {"assistant": "Sales"}}}
    )
    stack = Stack(spawn(**FIRST)) if kind == "number" else FleetStack(spawn(**FIRST), name="fleet")
    stack.up(**declared)
    held = stack.state["number"].outs[AT_VAPI]

    stack.provider = spawn(**nothing)

    assert stack.preview(**declared) == SAME
    props = stack.number_props(stack.state["originals"].outs["originals"], **changed)
    assert stack.checked("number", props)[AT_VAPI] == held


def test_a_wrong_key_is_one_line_and_the_right_one_finishes(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """Vapi tries a key before it takes it; the state still says which one it has."""
    stack = Stack(spawn(**FIRST))
    stack.up(**PROPS)
    held, before = dict(stack.state["number"].outs), standing(sandbox)

    wrong = {**SECOND, "VAPI_TWILIO_API_SECRET": "canary-mistyped"}
    stack.provider = spawn(**wrong)
    with pytest.raises(ProviderError) as caught:
        stack.up(**PROPS)

    said = str(caught.value)
    assert said.endswith("Nothing was changed.")
    assert "\n" not in said
    assert "canary" not in said
    assert standing(sandbox) == before
    assert stack.state["number"].outs == held
    stack.provider = spawn(**SECOND)
    assert stack.up(**PROPS) == CHANGED
    assert held_by_vapi(sandbox) == [key_of(SECOND)]


def test_what_fails_after_the_key_was_given_says_so(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """Nobody but Vapi knows what it had before: that part is named, and the next `up` goes on."""
    stack = Stack(spawn(**FIRST))
    stack.up(**PROPS)
    sandbox.behaviour(patch_rewrites_voice=True)
    stack.provider = spawn(**SECOND)
    sandbox.fault(vendor="twilio", method="POST", status=400, count=1)
    with pytest.raises(ProviderError) as caught:
        stack.up(**PROPS)

    assert "Not put back: Vapi may have been given the new credentials for Twilio" in str(caught.value)
    stack.provider = spawn(**SECOND)
    assert stack.up(**PROPS) == CHANGED
    assert stack.up(**PROPS) == SAME
    assert held_by_vapi(sandbox) == [key_of(SECOND)]


def test_an_adopted_number_is_given_the_key(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """The state says which key Vapi has: of a number that somebody else imported it would be a guess."""
    sandbox.behaviour(nulls_clear="everything")
    theirs = {"number": WEBHOOK, "twilioAccountSid": AC, "twilioAuthToken": TOKEN, "assistantId": SUPPORT}
    sandbox.outside_vapi("create", org=ORG, set={**theirs, "name": "Theirs", "smsEnabled": False})
    stack = Stack(spawn(**FIRST))
    stack.up(**PROPS, adopt=True)

    assert held_by_vapi(sandbox) == [key_of(FIRST)]
    assert stack.preview(**PROPS, adopt=True) == SAME
