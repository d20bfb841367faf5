"""VapiSmsNumber at the provider's boundary: what each call gives back, writes, and leaves alone."""

from __future__ import annotations

import json
import threading
import time

import pytest
from vapi_sms.resources.inputs.words import UNRECORDED
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import asked, same_for_all, standing, written
from tests.resources.provider import UNKNOWN, Diffed, Fresh, Props, Provider, ProviderDied, ProviderError
from tests.resources.stack import Kind, Refused, Stack
from tests.sandbox.world import (
    AC,
    BIN,
    FUNCTION,
    ORG,
    ORG2_KEY,
    OTHER,
    OTHER_TOKEN,
    PROXY,
    SALES,
    STUDIO,
    STUDIO_URL,
    SUPPORT,
    VAPI_SMS,
    VAPI_VOICE,
    WEBHOOK,
    seed,
)

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
PROPS: Props = {"number": WEBHOOK, "assistant": "Support"}


def sid_of(sandbox: RunningSandbox, number: str) -> str:
    """Give a number's SID."""
    return str(sandbox.number(number)["sid"])


def line_of(act: object) -> str:
    """Give a failed call's text as one line without a secret."""
    text = str(act)
    assert "\n" not in text
    assert "canary" not in text
    return same_for_all(text).removeprefix("VapiSms: ")


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


def test_numbers_come_back_as_floats_and_are_no_change(stack: Stack) -> None:
    """The engine knows only doubles: a schema of 1.0 is the 1 that was written."""
    stack.up(**PROPS)

    held = stack.state["number"]
    (record,) = held.outs["original"].values()
    assert (held.outs["schema"], record["schema"]) == (1.0, 1.0)
    assert isinstance(record["schema"], float)
    assert stack.up(**PROPS) == {"originals": "same", "number": "same"}


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


def test_drift_shows_in_preview_and_is_gone_after_up(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn
) -> None:
    """`drift` is an input only while there is drift, never an output, and its vanishing is no change."""
    stack.up(**PROPS)
    sandbox.outside_number(WEBHOOK, sms_url="https://new.example/sms?key=url-canary")

    stack.provider = spawn()
    checked = stack.checked("number", stack.number_props(stack.state["originals"].outs["originals"], **PROPS))
    assert checked["drift"] == ["texts are answered by Webhook https://new.example/sms?key=***, not by Vapi"]
    assert stack.preview(**PROPS) == {"originals": "same", "number": "update"}

    assert stack.up(**PROPS)["number"] == "update"
    assert sandbox.number(WEBHOOK)["sms_url"] == VAPI_SMS
    assert "drift" not in stack.state["number"].outs
    assert stack.up(**PROPS)["number"] == "same"
    assert "drift" not in stack.state["number"].inputs


def test_drift_at_vapi_is_seen_and_repaired(sandbox: RunningSandbox, stack: Stack, spawn: Spawn) -> None:
    """Somebody attached another assistant in Vapi's dashboard."""
    stack.up(**PROPS)
    record = sandbox.vapi_numbers()[0]["id"]
    sandbox.outside_vapi("edit", id=record, org=ORG, set={"assistantId": SALES})

    stack.provider = spawn()
    checked = stack.checked("number", stack.number_props(stack.state["originals"].outs["originals"], **PROPS))
    assert checked["drift"] == [f"Vapi's assistant is Sales ({SALES}), not Support ({SUPPORT})"]
    stack.up(**PROPS)

    assert sandbox.vapi_numbers()[0]["assistantId"] == SUPPORT


RECORD = {
    "PN1": {
        "sid": "PN1",
        "schema": 1,
        "number": WEBHOOK,
        "accountSid": AC,
        "messaging": {"url": "https://a.example"},
        "voice": {},
    }
}
INPUTS: Props = {
    "number": WEBHOOK,
    "twilioSid": "PN1",
    "assistant": "Support",
    "assistantId": SUPPORT,
    "squadId": "",
    "smsEnabled": True,
    "voice": "keep",
    "accountSid": AC,
    "orgId": ORG,
    "answeredBy": "Vapi assistant Support",
    "originalSummary": "texts: Webhook https://a.example",
    "owner": "organization/test/dev/support",
    "formerOwners": [],
    "original": RECORD,
}
OUTS: Props = {
    **INPUTS,
    "schema": 1,
    "vapiId": "v",
    "routing": {"texts": "Vapi", "calls": "nothing", "hash": "0"},
}
DIFFS: list[tuple[str, Props, Props, Diffed]] = [
    ("nothing", {}, {}, Diffed(changes=False)),
    ("the provider's pickle", {"__provider": "b2xk"}, {}, Diffed(changes=False)),
    ("the owner", {}, {"owner": "organization/test/dev/renamed"}, Diffed(changes=False)),
    ("former owners", {}, {"formerOwners": ["organization/test/old"]}, Diffed(changes=False)),
    ("outputs only", {"vapiId": "w", "routing": {"hash": "1"}}, {}, Diffed(changes=False)),
    (
        "computed without credentials",
        {},
        {"answeredBy": None, "originalSummary": None},
        Diffed(changes=False),
    ),
    ("drift", {}, {"drift": ["texts: url is a, not b"]}, Diffed(changes=None)),
    ("the assistant", {}, {"assistant": "Sales", "assistantId": SALES}, Diffed(changes=None)),
    ("what its name means", {}, {"assistantId": SALES}, Diffed(changes=None)),
    (
        "a squad for it",
        {},
        {"assistant": None, "assistantId": "", "squad": "E", "squadId": "s"},
        Diffed(changes=None),
    ),
    ("texts", {}, {"smsEnabled": False}, Diffed(changes=None)),
    ("the name", {}, {"name": "Front desk"}, Diffed(changes=None)),
    ("no name any more", {"name": "Front desk"}, {}, Diffed(changes=None)),
    ("calls", {}, {"voice": "vapi"}, Diffed(changes=None)),
    ("something unknown", {}, {"assistant": UNKNOWN, "assistantId": None}, Diffed(changes=None)),
    ("the record", {}, {"original": {"PN1": {**RECORD["PN1"], "source": "leave"}}}, Diffed(changes=None)),
    ("a record not known yet", {}, {"original": UNKNOWN}, Diffed(changes=None)),
    ("a placeholder now", {}, {"original": UNRECORDED}, Diffed(changes=None)),
    ("a placeholder before", {"original": UNRECORDED}, {}, Diffed(changes=None)),
    ("placeholders", {"original": UNRECORDED}, {"original": UNRECORDED}, Diffed(changes=None)),
    ("a record without the number", {}, {"original": {}}, Diffed(changes=None)),
    ("records without the number", {"original": {}}, {"original": {}}, Diffed(changes=None)),
    (
        "the number",
        {},
        {"number": BIN, "twilioSid": "PN2"},
        Diffed(changes=None, replaces=("number", "twilioSid"), delete_before_replace=True),
    ),
    (
        "its SID",
        {},
        {"twilioSid": "PN2"},
        Diffed(changes=None, replaces=("twilioSid",), delete_before_replace=True),
    ),
    ("a number not known yet", {}, {"number": UNKNOWN, "twilioSid": None}, Diffed(changes=None)),
]


@pytest.mark.parametrize(
    ("olds", "news", "expected"), [each[1:] for each in DIFFS], ids=[each[0] for each in DIFFS]
)
def test_diff(shared: Provider, calm: RunningSandbox, olds: Props, news: Props, expected: Diffed) -> None:
    """False where nothing of ours differs, None (with `replaces` for another number) where inputs do; offline."""
    before = len(asked(calm))

    assert shared.number.diff("PN1", {**OUTS, **olds}, {**INPUTS, **news}) == expected
    assert len(asked(calm)) == before


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


def test_delete_twice_writes_once(sandbox: RunningSandbox, stack: Stack) -> None:
    """A delete whose answer the engine never saw is run again."""
    before = standing(sandbox)
    stack.up(**PROPS)
    held = stack.state["number"]
    stack.provider.renew()
    time.sleep(1.1)  # Twilio's moments are whole seconds, and what is newer than our write must show
    stack.life("number").delete(held.id, held.outs)
    sandbox.clear_journal()

    stack.life("number").delete(held.id, held.outs)
    stack.destroy()

    # Whatever a list shows: the id that Vapi gave us is to be gone.
    assert set(written(sandbox)) == {f"DELETE vapi /phone-number/{held.outs['vapiId']}"}
    assert standing(sandbox) == before


def test_a_number_that_was_released_is_gone_when_somebody_says_so(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn
) -> None:
    """Not here is not gone: refresh keeps it, destroy names the ways out; told so, it succeeds and Vapi forgets it."""
    stack.up(**PROPS)
    sandbox.outside_release(WEBHOOK)
    stack.provider = spawn()

    stack.refresh()
    assert list(stack.state) == ["originals", "number"]
    with pytest.raises(ProviderError) as caught:
        stack.destroy()
    assert f"or, if it was released, run again with VAPI_SMS_RELEASED={WEBHOOK}" in line_of(caught.value)
    assert [record["number"] for record in sandbox.vapi_numbers()] == [WEBHOOK]

    stack.provider = spawn(VAPI_SMS_RELEASED=WEBHOOK)
    stack.destroy()

    assert (sandbox.vapi_numbers(), stack.state) == ([], {})
    assert (
        f"vapi-sms: {WEBHOOK} is on no account any more, as you say (VAPI_SMS_RELEASED): nothing to put back there."
        in stack.provider.stderr()
    )


def test_a_number_that_vapi_forgot_is_put_back(sandbox: RunningSandbox, stack: Stack, spawn: Spawn) -> None:
    """Somebody deleted it in Vapi's dashboard; texts would be lost until they are put back."""
    before = standing(sandbox)
    stack.up(**PROPS)
    sandbox.outside_vapi("delete", id=sandbox.vapi_numbers()[0]["id"], org=ORG)
    stack.provider = spawn()

    stack.destroy()

    assert standing(sandbox) == before


def test_read_tells_what_is_there_and_writes_nothing(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn
) -> None:
    """Refresh brings live values into outputs and inputs, redacted; unchanged, it changes nothing."""
    stack.up(**PROPS)
    first = dict(stack.state["number"].outs)
    stack.provider = spawn()
    stack.refresh()
    assert stack.state["number"].outs == first

    sandbox.outside_number(WEBHOOK, sms_url="https://new.example/sms?key=url-canary")
    sandbox.clear_journal()
    stack.provider = spawn()
    stack.refresh()

    held = stack.state["number"]
    assert same_for_all(held.outs["answeredBy"]) == (
        "Webhook https://new.example/sms?key=*** (fallback Webhook http://127.0.0.1:9/fallback)"
    )
    assert held.outs["routing"] != first["routing"]
    assert held.outs["original"] == first["original"]
    for found in (held.inputs, held.outs):
        assert "canary" not in json.dumps({name: found[name] for name in found if name != "original"})
    assert written(sandbox) == []
    assert stack.up(**PROPS)["number"] == "update"
    assert sandbox.number(WEBHOOK)["sms_url"] == VAPI_SMS


def test_a_deleted_assistant_stops_previews_but_not_destroy(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn
) -> None:
    """What is gone at Vapi is named; the way back never needs it."""
    before = standing(sandbox)
    stack.up(**PROPS)
    sandbox.outside_vapi("delete", kind="assistant", id=SUPPORT, org=ORG)
    stack.provider = spawn()

    with pytest.raises(Refused) as caught:
        stack.preview(**PROPS)
    stack.destroy()

    assert str(caught.value) == "no assistant of this Vapi org is named 'Support' (there are: Sales)"
    assert standing(sandbox) == before


def test_without_credentials_the_state_stays_as_it_is(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn
) -> None:
    """A preview finds nothing to do and keeps the record; destroy fails in one line and forgets nothing."""
    stack.up(**PROPS)
    held = {kind: (each.inputs, each.outs) for kind, each in stack.state.items()}
    sandbox.clear_journal()
    stack.provider = spawn(TWILIO_ACCOUNT_SID=None, TWILIO_AUTH_TOKEN=None, VAPI_API_KEY=None)

    assert stack.up(**PROPS) == {"originals": "same", "number": "same"}
    assert stack.preview(**{**PROPS, "assistant": "Sales"}) == {"originals": "same", "number": "update"}
    with pytest.raises(ProviderError) as caught:
        stack.destroy()

    assert line_of(caught.value).startswith(f"no credentials for {WEBHOOK}: set ")
    assert {kind: (each.inputs, each.outs) for kind, each in stack.state.items()} == held
    assert asked(sandbox) == []


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"TWILIO_ACCOUNT_SID": OTHER, "TWILIO_AUTH_TOKEN": OTHER_TOKEN},
            (
                f"{WEBHOOK} was set up in Twilio account {AC}, and these credentials are for {OTHER}: use the "
                "credentials "
                "of the recorded account"
            ),
        ),
        (
            {"VAPI_API_KEY": ORG2_KEY},
            None,
        ),
    ],
    ids=["account", "org"],
)
def test_credentials_of_somebody_else_touch_nothing(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn, changes: dict[str, str], line: str | None
) -> None:
    """Law 14: preview, refresh, update and delete refuse, and a 404 of theirs is never "gone"."""
    stack.up(**PROPS)
    before, held, record = standing(sandbox), stack.state["number"], stack.state["originals"]
    sandbox.clear_journal()
    stack.provider = spawn(**changes)

    said = []
    for act in (
        lambda: stack.preview(**PROPS),
        stack.refresh,
        lambda: stack.life("number").update(held.id, held.outs, held.inputs),
        stack.destroy,
        lambda: stack.life("originals").delete(record.id, record.outs),
    ):
        with pytest.raises((Refused, ProviderError)) as caught:
            act()
        said.append(line_of(caught.value))

    assert [one for one in said if line and one != line] == []
    assert written(sandbox) == []
    assert standing(sandbox) == before
    assert list(stack.state) == ["originals", "number"]


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


def test_a_number_that_was_bought_again_is_somebody_elses(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn
) -> None:
    """It has another SID, so nothing of it is ours to put back; our import is, and goes by its id."""
    stack.up(**PROPS)
    sandbox.outside_release(WEBHOOK)
    anew = sandbox.outside_buy(WEBHOOK, AC)
    sandbox.clear_journal()
    stack.provider = spawn()

    stack.destroy()

    assert [line for line in written(sandbox) if "twilio" in line] == []
    assert sandbox.vapi_numbers() == []
    assert any(
        f"{WEBHOOK} was released and bought again: it is {anew['sid']} now" in line
        for line in stack.provider.stderr()
    )


def test_a_number_that_was_bought_again_is_declared_anew(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn
) -> None:
    """`up` lets go of the old one and switches the new one, whose routing comes back on destroy."""
    stack.up(**PROPS)
    sandbox.outside_release(WEBHOOK)
    anew = sandbox.outside_buy(WEBHOOK, AC)["sid"]
    before = standing(sandbox)["numbers"][WEBHOOK]
    stack.provider = spawn()

    assert stack.up(**PROPS) == {"originals": "update", "number": "replace"}

    assert (sandbox.number(WEBHOOK)["sid"], sandbox.number(WEBHOOK)["sms_url"]) == (anew, VAPI_SMS)
    assert len(sandbox.vapi_numbers()) == 1
    assert set(stack.up(**PROPS).values()) == {"same"}
    stack.destroy()
    assert (standing(sandbox)["numbers"][WEBHOOK], sandbox.vapi_numbers()) == (before, [])


def test_a_stale_record_is_refused_where_texts_are_handed_over(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn
) -> None:
    """While texts are not Vapi's somebody moved them: handing over now would lose that at destroy."""
    stack.up(**PROPS, sms_enabled=False)
    sandbox.outside_number(WEBHOOK, sms_url="https://new.example/sms?key=url-canary", sms_fallback_url="")
    before = standing(sandbox)
    stack.provider = spawn()

    with pytest.raises(Refused) as caught:
        stack.preview(**PROPS)

    assert same_for_all(str(caught.value)) == (
        f"texts to {WEBHOOK} are answered by Webhook https://new.example/sms?key=***, but the recorded original is "
        "Webhook http://127.0.0.1:9/sms?tenant=***#rc=1 (fallback Webhook http://127.0.0.1:9/fallback): "
        "somebody changed "
        "it since. "
        "Write restore_to= with the routing to put back later, or put the recorded one back first"
    )
    assert standing(sandbox) == before
    assert (
        stack.up(**PROPS, restore_to={"url": "https://new.example/sms", "method": "POST"})["number"]
        == "update"
    )
    stack.destroy()
    assert sandbox.number(WEBHOOK)["sms_url"] == "https://new.example/sms"


@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize("path", ["/phone-number", "*/IncomingPhoneNumbers/*"], ids=["import", "route"])
def test_a_provider_killed_in_create_is_no_loss(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn, path: str, where: str
) -> None:
    """Kill -9 around each write: a second `up` goes on, and a destroy without it gives everything back."""
    before = standing(sandbox)
    for go_on in (True, False):
        _killed_in_create(sandbox, stack, path, where)
        stack.provider = spawn()
        if go_on:
            assert stack.up(**PROPS) == {"originals": "same", "number": "create"}
            assert sandbox.number(WEBHOOK)["sms_url"] == VAPI_SMS
        stack.destroy()
        assert standing(sandbox) == before
        stack.provider = spawn()


def _killed_in_create(sandbox: RunningSandbox, stack: Stack, path: str, where: str) -> None:
    sandbox.fault(method="POST", path=path, hold=where, skip=1 if "Incoming" in path else 0)
    died: list[BaseException] = []

    def work() -> None:
        with pytest.raises(ProviderDied) as caught:
            stack.up(**PROPS)
        died.append(caught.value)

    thread = threading.Thread(target=work)
    thread.start()
    while not sandbox.held():
        assert thread.is_alive()
    stack.provider.kill()
    thread.join(20)
    sandbox.release("go")
    assert len(died) == 1
    assert list(stack.state) == ["originals"]


def test_without_an_engine_nothing_is_written(sandbox: RunningSandbox, env: dict[str, str]) -> None:
    """Law 13: the engine is dead before the first write, so the process says so and ends."""
    before = standing(sandbox)
    with Fresh(env) as provider:
        stack = Stack(provider)
        stack.preview(**PROPS)
        provider.engine.die()

        with pytest.raises(ProviderDied):
            stack.up(**PROPS)

        assert provider.wait() == 1
        assert provider.stderr()[-1].endswith("nothing more is written. Run the same command again.")
    assert written(sandbox) == []
    assert standing(sandbox) == before


def test_two_owners_of_a_number_are_told(sandbox: RunningSandbox, stack: Stack) -> None:
    """One by number, one by SID: the program cannot know, the provider does."""
    stack.preview(**PROPS)
    other = Stack(stack.provider, "sales")

    with pytest.raises(Refused) as caught:
        other.preview(twilio_sid=sid_of(sandbox, WEBHOOK), assistant="Sales")

    assert "is declared twice, by organization/test/dev/support and by organization/test/dev/sales" in str(
        caught.value
    )


def test_a_copied_stack_is_refused(sandbox: RunningSandbox, stack: Stack) -> None:
    """Its state says whose it is; the first stack's numbers are not touched."""
    stack.up(**PROPS)
    copy = Stack(stack.provider, owner="organization/test/copy")
    copy.state = dict(stack.state)
    sandbox.clear_journal()

    with pytest.raises(Refused) as caught:
        copy.up(**PROPS)

    assert str(caught.value) == (
        "this state belongs to stack organization/test/dev, not to organization/test/copy: a copied stack must not "
        "touch the numbers of the first. Remove the resource from this copy with `pulumi state delete` (never `pulumi "
        "destroy` it: that would switch the numbers back). If it is no copy, and the stack was renamed or moved, give "
        "the resource opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(stack='dev')]) for one `pulumi up`"
    )
    assert written(sandbox) == []


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


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("*/Services*", "Listing the Messaging Services"),
        ("*/IncomingPhoneNumbers.json", "Looking for"),
        ("/v2/phone-number", "Listing"),
        ("/assistant", "Listing the assistants"),
    ],
    ids=["services", "numbers", "records", "assistants"],
)
def test_what_cannot_be_read_is_waited_for_once(
    sandbox: RunningSandbox, spawn: Spawn, path: str, name: str
) -> None:
    """Of many numbers in one run the first spends all patience; the others are told the same at once."""
    provider = spawn(VAPI_SMS_PATIENCE_SECONDS="1")
    sandbox.fault(path=path, status=503, count=None)
    lines, spent = [], []

    for number in (WEBHOOK, STUDIO, BIN, FUNCTION, PROXY):
        began = time.monotonic()
        with pytest.raises(Refused) as caught:
            Stack(provider, name=f"of {number}").preview(number=number, assistant="Support")
        lines.append(same_for_all(str(caught.value)))
        spent.append(time.monotonic() - began)

    assert len(set(lines)) == 1, lines
    assert name in lines[0]
    assert sum(spent[1:]) < spent[0], spent
