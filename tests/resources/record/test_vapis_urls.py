"""Where Vapi answers: what its import or a PATCH wrote is kept, wherever that is."""

from __future__ import annotations

import json

import pytest
from vapi_sms.cli.review.review import Review, review
from vapi_sms.sandbox import RunningSandbox

from tests.cli.review.steps import preview, said, step
from tests.resources.conftest import Spawn
from tests.resources.evidence import standing, written
from tests.resources.fleet_stack import FleetStack
from tests.resources.provider import Props, Provider, ProviderError
from tests.resources.stack import CHANGED, PROPS, SAME, Stack
from tests.sandbox.world import AC, APPLICATION, BIN, ORG, STUDIO, SUPPORT, VAPI_SMS, VAPI_VOICE, WEBHOOK

HOSTS = ["https://api.eu.vapi.ai", "https://hooks.vapi.ai/v2", "https://hooks.example.com/v2"]
HOOKS = HOSTS[1]


def drift(stack: Stack, **declared: object) -> list[str]:
    """Give the drift that a preview shows."""
    props = stack.number_props(stack.state["originals"].outs["originals"], **declared)
    return list(stack.checked("number", props).get("drift", ()))


def reviewed(type_: str, stack: Stack, news: Props | None = None) -> Review:
    """Give the review of a preview that updates the resource as it is declared, by what its provider told."""
    held = stack.state["number"]
    old = {"inputs": held.inputs, "outputs": held.outs}
    update = step(type_, "support", held.inputs, news or held.inputs, op="update", oldState=old)
    return review(preview(update, diagnostics=[said(line) for line in stack.provider.stderr()]))


def told(provider: Provider) -> list[str]:
    """Give what people were told of where Vapi answers."""
    return [line for line in provider.stderr() if "Vapi wrote" in line]


@pytest.mark.parametrize("host", HOSTS)
def test_what_an_import_wrote_is_kept_and_remembered(
    sandbox: RunningSandbox, spawn: Spawn, host: str
) -> None:
    """No write of ours at texts, no drift since, in another process too; destroy leaves nothing of it."""
    sandbox.behaviour(webhook_host=host)
    before = standing(sandbox)
    stack = Stack(spawn())

    stack.up(**PROPS)

    assert sandbox.number(WEBHOOK)["sms_url"] == f"{host}/twilio/sms"
    assert sandbox.number(WEBHOOK)["voice_url"] == "http://127.0.0.1:9/voice"
    assert not [
        entry["path"]
        for entry in sandbox.journal()
        if entry["vendor"] == "twilio" and entry["method"] == "POST" and "SmsUrl" in entry["parameters"]
    ]
    outs = stack.state["number"].outs
    assert (outs["textsUrl"], outs["routing"]["texts"]) == (
        f"{host}/twilio/sms",
        "Vapi (fallback Webhook http://127.0.0.1:9/fallback)",
    )
    assert sandbox.text("+12025550111", WEBHOOK, "Hi")["answered_by"] == "Vapi assistant Support"
    stack.provider = spawn()
    assert stack.preview(**PROPS) == SAME
    stack.refresh()
    assert stack.preview(**PROPS) == SAME
    assert stack.state["number"].outs["answeredBy"].startswith("Vapi assistant Support, instead of")
    stack.destroy()
    assert standing(sandbox) == before


@pytest.mark.parametrize("host", HOSTS)
def test_calls_go_where_the_import_sent_them(sandbox: RunningSandbox, spawn: Spawn, host: str) -> None:
    """With voice="vapi" all three URLs are Vapi's own, and stay so when texts are switched off and on."""
    sandbox.behaviour(webhook_host=host)
    before = standing(sandbox)
    stack = Stack(spawn())

    stack.up(**PROPS, voice="vapi")
    stack.up(**PROPS, voice="vapi", sms_enabled=False)
    assert stack.state["number"].outs["textsUrl"] == ""
    stack.up(**PROPS, voice="vapi")

    now = sandbox.number(WEBHOOK)
    paths = ("sms", "inbound_call", "status")
    assert [now[name] for name in ("sms_url", "voice_url", "status_callback")] == [
        f"{host}/twilio/{path}" for path in paths
    ]
    assert stack.preview(**PROPS, voice="vapi") == SAME
    stack.destroy()
    assert standing(sandbox) == before


def test_where_vapi_wrote_nothing_ours_is_used(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """One write more, of texts alone."""
    sandbox.behaviour(import_takes_texts=False, webhook_host=HOOKS)
    before = standing(sandbox)
    stack = Stack(spawn())

    stack.up(**PROPS)

    assert sandbox.number(WEBHOOK)["sms_url"] == stack.state["number"].outs["textsUrl"] == VAPI_SMS
    assert stack.preview(**PROPS) == SAME
    stack.destroy()
    assert standing(sandbox) == before


def test_texts_that_are_switched_on_later_go_where_the_patch_sends_them(
    sandbox: RunningSandbox, spawn: Spawn
) -> None:
    """The import with texts off said nothing of them."""
    sandbox.behaviour(webhook_host=HOOKS, patch_rewrites_sms=True, patch_rewrites_voice=True)
    before = standing(sandbox)
    stack = Stack(spawn())
    stack.up(**PROPS, sms_enabled=False)

    stack.up(**PROPS)

    assert sandbox.number(WEBHOOK)["sms_url"] == f"{HOOKS}/twilio/sms"
    assert sandbox.number(WEBHOOK)["voice_url"] == "http://127.0.0.1:9/voice"
    assert stack.preview(**PROPS) == SAME
    stack.destroy()
    assert standing(sandbox) == before


@pytest.mark.parametrize("host", HOSTS)
def test_a_patch_that_moves_texts_at_vapi_is_kept_and_told(
    sandbox: RunningSandbox, spawn: Spawn, host: str
) -> None:
    """Once, in one line; from then on the new URL is what is meant."""
    before = standing(sandbox)
    stack = Stack(spawn())
    stack.up(**PROPS)
    sandbox.behaviour(webhook_host=host, patch_rewrites_sms=True)
    stack.provider = spawn()

    stack.up(number=WEBHOOK, assistant="Sales")

    assert told(stack.provider) == [
        f"vapi-sms: Vapi wrote {host}/twilio/sms for texts to {WEBHOOK}, where {VAPI_SMS} was before: that is kept."
    ]
    assert stack.state["number"].outs["textsUrl"] == f"{host}/twilio/sms"
    stack.provider = spawn()
    assert stack.preview(number=WEBHOOK, assistant="Sales") == SAME
    assert told(stack.provider) == []
    stack.destroy()
    assert standing(sandbox) == before


@pytest.mark.parametrize("host", HOSTS)
def test_what_vapi_wrote_is_no_drift_of_a_review_either(
    sandbox: RunningSandbox, spawn: Spawn, host: str
) -> None:
    """A check may take it for drift; beside another change of the number or the fleet nobody is told so."""
    sandbox.behaviour(webhook_host=host)
    stack, fleet = Stack(spawn()), FleetStack(spawn(), name="fleet")
    stack.up(**PROPS)
    fleet.up(numbers={BIN: {"assistant": "Support"}})
    stack.provider, fleet.provider = spawn(), spawn()

    assert stack.preview(number=WEBHOOK, assistant="Sales") == CHANGED
    assert fleet.preview(numbers={BIN: {"assistant": "Sales"}}) == CHANGED

    number = stack.number_props(stack.state["originals"].outs["originals"], number=WEBHOOK, assistant="Sales")
    assert reviewed("VapiSmsNumber", stack, stack.checked("number", number)).drift == ()
    numbers = fleet.check({BIN: {"assistant": "Sales"}})
    assert reviewed("VapiSmsFleet", fleet, numbers).drift == ()
    sandbox.outside_number(WEBHOOK, sms_url="https://other.example.com/sms")
    stack.provider = spawn()
    ((_, line),) = reviewed("VapiSmsNumber", stack, stack.checked("number", number)).drift
    assert line == "texts are answered by Webhook https://other.example.com/sms, not by Vapi"


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("voice", ["keep", "vapi"])
def test_what_vapi_wrote_is_no_drift_of_a_check(
    sandbox: RunningSandbox, spawn: Spawn, host: str, voice: str
) -> None:
    """The engine prints what a check returns as it is, of what stays the same too; calls are told as texts are."""
    sandbox.behaviour(webhook_host=host)
    stack, fleet = Stack(spawn()), FleetStack(spawn(), name="fleet")
    stack.up(**PROPS, voice=voice)
    fleet.up(numbers={BIN: {"assistant": "Support", "voice": voice}})
    stack.provider, fleet.provider = spawn(), spawn()

    assert drift(stack, **PROPS, voice=voice) == []
    assert drift(stack, number=WEBHOOK, assistant="Sales", voice=voice) == []
    assert "drift" not in fleet.check({BIN: {"assistant": "Support", "voice": voice}})
    assert stack.preview(**PROPS, voice=voice) == SAME
    assert stack.preview(number=WEBHOOK, assistant="Sales", voice=voice) == CHANGED
    assert not [line for line in stack.provider.stderr() if "not by Vapi" in line]


@pytest.mark.parametrize(("field", "path"), [("sms_url", "sms"), ("voice_url", "inbound_call")])
def test_an_address_that_only_looks_like_vapis_is_drift(
    sandbox: RunningSandbox, spawn: Spawn, field: str, path: str
) -> None:
    """Somebody's own webhook of the same path, at a host where Vapi was never seen: diff knows, and `up` repairs it."""
    stack = Stack(spawn())
    stack.up(**PROPS, voice="vapi")
    meant = sandbox.number(WEBHOOK)[field]
    sandbox.outside_number(WEBHOOK, **{field: f"https://other.example.com/twilio/{path}"})
    stack.provider = spawn()

    assert stack.preview(**PROPS, voice="vapi") == CHANGED

    ((_, line),) = reviewed("VapiSmsNumber", stack).drift
    assert f"https://other.example.com/twilio/{path}" in line
    stack.up(**PROPS, voice="vapi")
    assert sandbox.number(WEBHOOK)[field] == meant


def test_a_fleet_remembers_it_number_by_number(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """Those that are where Vapi usually is cost no word; a TwiML App is cleared all the same."""
    before = standing(sandbox)
    stack = FleetStack(spawn(), name="fleet")
    numbers = {BIN: {"assistant": "Support"}}
    stack.up(numbers=numbers)
    assert stack.fleet["textsUrls"] == {}
    sandbox.behaviour(webhook_host=HOOKS)
    numbers |= {number: {"assistant": "Support"} for number in (STUDIO, APPLICATION)}

    stack.up(numbers=numbers)

    assert stack.fleet["textsUrls"] == dict.fromkeys((STUDIO, APPLICATION), f"{HOOKS}/twilio/sms")
    assert sandbox.number(APPLICATION)["sms_application_sid"] == ""
    stack.provider = spawn()
    assert stack.preview(numbers=numbers) == SAME
    stack.refresh()
    assert stack.preview(numbers=numbers) == SAME
    stack.destroy()
    assert standing(sandbox) == before


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("ending", ["up", "destroy"])
def test_an_import_that_is_killed_is_taken_up_or_given_back(
    sandbox: RunningSandbox, spawn: Spawn, host: str, ending: str
) -> None:
    """Nobody was told where Vapi answers: it is known by what Vapi knows, and by what the import wrote together."""
    sandbox.behaviour(webhook_host=host)
    before = standing(sandbox)
    stack = Stack(spawn())
    sandbox.fault(vendor="twilio", method="POST", containing="VoiceUrl", status=500, count=None)
    with pytest.raises(ProviderError):
        stack.up(**PROPS)
    sandbox.clear_faults()
    assert sandbox.number(WEBHOOK)["sms_url"] == f"{host}/twilio/sms"
    assert len(sandbox.vapi_numbers()) == 1
    stack.provider = spawn()

    if ending == "up":
        stack.up(**PROPS)
        assert stack.state["number"].outs["textsUrl"] == sandbox.number(WEBHOOK)["sms_url"]
        assert sandbox.number(WEBHOOK)["voice_url"] == "http://127.0.0.1:9/voice"
        assert stack.preview(**PROPS) == SAME
    stack.destroy()

    assert standing(sandbox) == before


def test_an_adopted_number_stays_at_the_url_that_it_has(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """Somebody imported it at another of Vapi's hosts: nothing is written there."""
    sandbox.behaviour(webhook_host=HOSTS[0])
    theirs = {"number": WEBHOOK, "twilioAccountSid": AC, "assistantId": SUPPORT, "name": "Theirs"}
    sandbox.outside_vapi("create", org=ORG, set=theirs)
    sandbox.outside_number(WEBHOOK, sms_url=f"{HOSTS[0]}/twilio/sms")
    stack = Stack(spawn())
    sandbox.clear_journal()

    stack.up(**PROPS, adopt=True, restore_to="leave-at-vapi")

    assert written(sandbox) == []
    assert stack.state["number"].outs["textsUrl"] == f"{HOSTS[0]}/twilio/sms"
    assert stack.preview(**PROPS, adopt=True, restore_to="leave-at-vapi") == SAME


def test_what_was_seen_is_in_the_record_and_costs_nothing_where_it_is_usual(
    sandbox: RunningSandbox, spawn: Spawn
) -> None:
    """The state of a number at Vapi's usual URL holds one text more, and no more."""
    stack = Stack(spawn())
    stack.up(**PROPS)
    assert "atVapi" not in json.dumps(stack.state["number"].outs)
    sandbox.behaviour(webhook_host=HOOKS, patch_rewrites_sms=True)

    stack.up(number=WEBHOOK, assistant="Sales")

    (record,) = stack.state["number"].outs["original"].values()
    assert record["atVapi"] == [f"{HOOKS}/twilio/sms", VAPI_VOICE, "https://api.vapi.ai/twilio/status"]


def test_a_host_that_no_check_can_know_is_told_by_diff(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """A check is shown no outputs: which of Vapi's hosts is the right one is known to diff, and repaired by `up`."""
    stack, fleet = Stack(spawn()), FleetStack(spawn(), name="fleet")
    entries = {BIN: {"assistant": "Support"}}
    stack.up(**PROPS)
    fleet.up(numbers=entries)
    elsewhere = f"{HOSTS[0]}/twilio/sms"
    for number in (WEBHOOK, BIN):
        sandbox.outside_number(number, sms_url=elsewhere)
    stack.provider, fleet.provider = spawn(), spawn()

    assert (stack.preview(**PROPS), fleet.preview(numbers=entries)) == (CHANGED, CHANGED)

    line = f"texts: url is {elsewhere}, not {VAPI_SMS}."
    assert f"vapi-sms: drift: {WEBHOOK}: {line}" in stack.provider.stderr()
    assert f"vapi-sms: drift: {BIN}: {line}" in fleet.provider.stderr()
    assert reviewed("VapiSmsNumber", stack).drift == ((WEBHOOK, line.removesuffix(".")),)
    assert not [
        told for told in reviewed("VapiSmsNumber", stack).warnings if "drift" in told or "url is" in told
    ]
    assert reviewed("VapiSmsFleet", fleet).drift == ((BIN, line.removesuffix(".")),)
    stack.up(**PROPS)
    fleet.up(numbers=entries)
    assert {sandbox.number(number)["sms_url"] for number in (WEBHOOK, BIN)} == {VAPI_SMS}
    assert (stack.preview(**PROPS), fleet.preview(numbers=entries)) == (SAME, SAME)
