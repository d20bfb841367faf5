"""TwilioSmsRoute at the provider's boundary: any handler answers texts, and Vapi is never asked."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vapi_sms import Handler, Routing
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import same_for_all, standing, written
from tests.resources.program.test_program import clear, run
from tests.resources.provider import UNKNOWN, Diffed, Props, Provider, _kept
from tests.resources.routes import (
    CREATED,
    FLOW,
    MINE,
    OTHER_FLOW,
    ROUTE,
    SAME,
    UPDATED,
    RouteStack,
    change_short_code,
    engine_value_of,
    line_of,
    route_life,
    vapis,
)
from tests.resources.stack import Kind
from tests.sandbox.world import (
    AC,
    ADDRESS,
    APP,
    APPLICATION,
    BRITISH,
    CODE,
    REGULATED,
    SENDER,
    SHORT,
    STUDIO,
    WEBHOOK,
    seed,
)

OUTPUTS = {
    "accountSid",
    "answeredBy",
    "handler",
    "number",
    "original",
    "originalSummary",
    "owner",
    "routing",
    "schema",
    "twilioSid",
}


def test_create_gives_all_outputs_and_shows_no_secret(sandbox: RunningSandbox, prod: RouteStack) -> None:
    """Who answers is read in one line; what URLs hide stands in the secret `handler` and `original` only."""
    prod.up(number=WEBHOOK, handler=MINE)

    outs = dict(prod.outs)
    assert outs.keys() == OUTPUTS
    assert (prod.state["number"].id, outs["accountSid"]) == (outs["twilioSid"], AC)
    assert same_for_all(outs["answeredBy"]) == (
        "Webhook https://mine.example/sms?key=***, instead of Webhook http://127.0.0.1:9/sms?tenant=***#rc=1"
    )
    assert same_for_all(outs["originalSummary"]) == (
        "texts: Webhook http://127.0.0.1:9/sms?tenant=***#rc=1 (fallback Webhook http://127.0.0.1:9/fallback)"
    )
    assert outs["routing"]["texts"] == "Webhook https://mine.example/sms?key=***"
    assert "url-canary" in json.dumps(outs.pop("original"))
    assert "url-canary" in json.dumps(outs.pop("handler"))
    assert "canary" not in json.dumps(outs)
    assert sandbox.number(WEBHOOK)["sms_url"] == MINE.url
    assert vapis(sandbox) == []


@pytest.mark.parametrize(
    ("declared", "answers"),
    [
        ({"number": WEBHOOK, "handler": FLOW}, "Studio Flow FW" + "e" * 32),
        ({"number": BRITISH, "handler": FLOW}, "Studio Flow FW" + "e" * 32),
        ({"number": WEBHOOK, "handler": Handler.none()}, "nobody"),
        ({"number": APPLICATION, "handler": Handler.demo()}, "Twilio's demo"),
        ({"number": STUDIO, "handler": Handler.twiml_app(APP)}, None),
        ({"short_code": CODE, "handler": FLOW}, "Studio Flow FW" + "e" * 32),
        ({"short_code": SHORT, "handler": Handler.demo()}, "Twilio's demo"),
    ],
    ids=["flow", "British", "nothing", "out of an app", "into an app", "short code", "short code's SID"],
)
def test_up_again_and_destroy_leave_no_trace(
    sandbox: RunningSandbox, prod: RouteStack, twilio_only: Spawn, declared: Props, answers: str | None
) -> None:
    """The handler answers; applied again nothing is written; after destroy nobody can tell."""
    before = standing(sandbox)
    assert prod.up(**declared) == CREATED
    text = sandbox.text(SENDER, prod.outs["number"])
    assert answers is None or text["answered_by"] == answers
    sandbox.clear_journal()

    assert prod.up(**declared) == SAME
    prod.provider = twilio_only()
    assert prod.up(**declared) == SAME
    assert written(sandbox) == []
    prod.destroy()

    assert standing(sandbox) == before
    assert len(written(sandbox)) == 1
    assert vapis(sandbox) == []


def test_what_is_there_already_can_be_declared(sandbox: RunningSandbox, prod: RouteStack) -> None:
    """What stays on Studio writes nothing, and says so."""
    declared: Props = {"number": STUDIO, "handler": Handler.studio_flow("FW" + "a" * 32)}

    prod.up(**declared)

    assert prod.outs["answeredBy"] == f"Studio Flow FW{'a' * 32}, as before"
    assert written(sandbox) == []
    sandbox.outside_number(STUDIO, sms_url="https://somebody.example/sms")
    prod.destroy()
    assert sandbox.number(STUDIO)["sms_url"] == "https://somebody.example/sms"


def test_another_handler_is_one_write(sandbox: RunningSandbox, prod: RouteStack) -> None:
    """It changes in place; the first routing is what comes back; a changed detail is told."""
    before = standing(sandbox)
    prod.up(**ROUTE)
    sandbox.clear_journal()

    assert prod.up(number=WEBHOOK, handler=OTHER_FLOW) == UPDATED
    assert [entry.split()[:2] for entry in written(sandbox)] == [["POST", "twilio"]]
    found = sandbox.number(WEBHOOK)
    detail = Routing(before["numbers"][WEBHOOK]["sms_url"], "GET", found["sms_fallback_url"] or "", "POST")
    prod.up(number=WEBHOOK, handler=detail)

    assert same_for_all(prod.outs["answeredBy"]) == (
        "Webhook http://127.0.0.1:9/sms?tenant=***#rc=1, with another method and fallback_url than before"
    )
    prod.destroy()
    assert standing(sandbox) == before


def test_another_number_replaces(sandbox: RunningSandbox, prod: RouteStack) -> None:
    """The old one is as before, also where a short code takes its place."""
    before = standing(sandbox)
    prod.up(**ROUTE)

    assert prod.preview(short_code=CODE, handler=FLOW)["number"] == "replace"
    prod.up(short_code=CODE, handler=FLOW)

    assert standing(sandbox)["numbers"] == before["numbers"]
    assert prod.outs["twilioSid"] == SHORT
    prod.destroy()
    assert standing(sandbox) == before


def test_the_same_number_by_another_name_is_no_replacement(sandbox: RunningSandbox, prod: RouteStack) -> None:
    """Number or SID, digits or SC SID: it is found once."""
    sid = sandbox.number(WEBHOOK)["sid"]
    prod.up(**ROUTE)
    sandbox.clear_journal()
    assert prod.up(twilio_sid=sid, handler=FLOW)["number"] in ("same", "update")
    assert written(sandbox) == []
    prod.destroy()
    prod.up(short_code=CODE, handler=FLOW)
    sandbox.clear_journal()

    assert prod.up(short_code=SHORT, handler=FLOW)["number"] in ("same", "update")

    assert written(sandbox) == []


@pytest.mark.parametrize("kinds", [["number"], ["originals"], ["originals", "number"]], ids="+".join)
def test_a_forced_replacement_keeps_the_original(
    sandbox: RunningSandbox, prod: RouteStack, kinds: list[Kind]
) -> None:
    """`up --replace` never asks diff; what destroy puts back is still the first routing."""
    before = standing(sandbox)
    prod.up(**ROUTE)

    prod.up(**ROUTE, replace=kinds)

    assert "FW" + "e" * 32 in sandbox.number(WEBHOOK)["sms_url"]
    prod.destroy()
    assert standing(sandbox) == before


@pytest.mark.parametrize("key", ["number", "short_code"])
def test_drift_shows_in_preview_is_refreshed_and_repaired(
    sandbox: RunningSandbox, prod: RouteStack, twilio_only: Spawn, key: str
) -> None:
    """Somebody else's handler is told in words by preview and refresh, and replaced by up."""
    declared: Props = {key: WEBHOOK if key == "number" else CODE, "handler": FLOW}
    before = standing(sandbox)
    prod.up(**declared)
    new = "https://new.example/sms?key=url-canary"
    if key == "number":
        sandbox.outside_number(WEBHOOK, sms_url=new, sms_fallback_url="")
    else:
        change_short_code(sandbox, sms_url=new, sms_fallback_url="")
    prod.provider = twilio_only()

    checked = prod.checked("number", prod.number_props(prod.state["originals"].outs["originals"], **declared))
    drift = [
        f"texts are answered by Webhook https://new.example/sms?key=***, not by Studio Flow FW{'e' * 32}"
    ]
    assert checked["drift"] == drift
    prod.refresh()
    assert prod.outs["answeredBy"] == "Webhook https://new.example/sms?key=***"
    assert "canary" not in json.dumps({**prod.outs, "original": None, "handler": None})
    assert prod.up(**declared)["number"] == "update"
    prod.refresh()
    assert prod.up(**declared) == SAME

    prod.destroy()
    assert standing(sandbox) == before


def test_a_number_that_was_released_is_gone(
    sandbox: RunningSandbox, prod: RouteStack, twilio_only: Spawn
) -> None:
    """Destroy fails with the ways out; told that it was released, it succeeds and says so, once."""
    prod.up(**ROUTE)
    sandbox.outside_release(WEBHOOK)
    prod.provider = twilio_only()

    line = line_of(prod.destroy)
    prod.provider = twilio_only(VAPI_SMS_RELEASED=WEBHOOK)
    prod.destroy()

    assert "so it is still recorded. Its original: texts: Webhook" in line
    told = f"vapi-sms: {WEBHOOK} is on no account any more, as you say (VAPI_SMS_RELEASED): nothing to put back there."
    assert prod.provider.stderr().count(told) == 1


def test_refresh_keeps_a_number_that_is_not_there(
    sandbox: RunningSandbox, prod: RouteStack, twilio_only: Spawn
) -> None:
    """Not here is not gone: it stays in the state, and is told."""
    prod.up(**ROUTE)
    sandbox.outside_release(WEBHOOK)
    prod.provider = twilio_only()

    prod.refresh()

    assert list(prod.state) == ["originals", "number"]
    assert any(f"{WEBHOOK} (PN" in line and "it may have moved" in line for line in prod.provider.stderr())


def test_somebody_elses_handler_stays_on_destroy(
    sandbox: RunningSandbox, prod: RouteStack, twilio_only: Spawn
) -> None:
    """It is left alone, told once, and no word is lost on calls."""
    prod.up(**ROUTE)
    sandbox.outside_number(WEBHOOK, sms_url="https://new.example/sms", voice_url="https://new.example/voice")
    prod.provider = twilio_only()

    prod.destroy()

    assert sandbox.number(WEBHOOK)["sms_url"] == "https://new.example/sms"
    (told,) = [same_for_all(line) for line in prod.provider.stderr() if "stay answered" in line]
    assert told == (
        f"vapi-sms: texts to {WEBHOOK} stay answered by Webhook https://new.example/sms, which is not ours; the "
        "recorded original was Webhook http://127.0.0.1:9/sms?tenant=***#rc=1 (fallback Webhook "
        "http://127.0.0.1:9/fallback)."
    )


def test_regulatory_sids_are_declared_and_changed(
    sandbox: RunningSandbox, prod: RouteStack, twilio_only: Spawn
) -> None:
    """What Twilio asks for is named by its refusal, goes with the write, and stays on the number."""
    found = seed()
    (number,) = [n for n in found["twilio"]["accounts"][0]["numbers"] if n.get("phone_number") == REGULATED]
    number |= {"requires": {"address_sid": ADDRESS}, "address_sid": ""}
    sandbox.reset(found)
    regulated: Props = {"number": REGULATED, "handler": FLOW}

    line = line_of(lambda: prod.up(**regulated))
    assert "ask for an address: complete it in Twilio's Console" in line
    assert "name it with address_sid=" in line
    prod.up(**regulated, address_sid=ADDRESS)
    assert sandbox.number(REGULATED)["address_sid"] == ADDRESS
    prod.provider = twilio_only()
    assert prod.up(**regulated, address_sid=ADDRESS) == SAME
    sandbox.outside_number(REGULATED, address_sid="AD" + "9" * 32)
    prod.provider = twilio_only()
    assert prod.up(**regulated, address_sid=ADDRESS)["number"] == "update"
    assert sandbox.number(REGULATED)["address_sid"] == ADDRESS

    prod.destroy()

    assert sandbox.number(REGULATED)["sms_url"] in ("", None)
    assert sandbox.number(REGULATED)["address_sid"] == ADDRESS


def test_an_unknown_handler_is_no_error(prod: RouteStack) -> None:
    """At preview another resource's SID is not there yet: who answers is told by `up`."""
    sibling = prod.sibling_props(**ROUTE) | {"routes": {WEBHOOK: UNKNOWN}}
    checked = prod.checked("originals", sibling)
    assert checked["originals"] == {WEBHOOK: UNKNOWN}
    props = prod.number_props(UNKNOWN, **ROUTE) | {"handler": {**engine_value_of(FLOW), "url": UNKNOWN}}

    inputs = prod.checked("number", props)

    assert inputs["twilioSid"].startswith("PN")
    assert "answeredBy" not in inputs
    nothing = prod.checked("number", {**props, "number": UNKNOWN})
    assert "twilioSid" not in nothing


def _diffs() -> list[tuple[Props, Props, Diffed]]:
    olds: Props = {
        "number": WEBHOOK,
        "twilioSid": "PN1",
        "handler": {"url": "https://a.example"},
        "original": {
            "PN1": {
                "sid": "PN1",
                "number": WEBHOOK,
                "accountSid": AC,
                "messaging": {},
                "voice": {},
                "textsOnly": True,
            }
        },
        "answeredBy": "Webhook https://a.example, as before",
        "owner": "o/p/s/prod",
    }
    return [
        (olds, olds, Diffed(changes=False)),
        (olds, {**olds, "owner": "o/p/s/other"}, Diffed(changes=False)),
        (olds, {**olds, "handler": {"url": "https://b.example"}}, Diffed(changes=None)),
        (olds, {**olds, "addressSid": ADDRESS}, Diffed(changes=None)),
        (olds, {**olds, "answeredBy": "Webhook https://b.example"}, Diffed(changes=None)),
        (olds, {**olds, "drift": ["texts"]}, Diffed(changes=None)),
        (olds, {**olds, "original": UNKNOWN}, Diffed(changes=None)),
        (olds, {**olds, "shortCode": CODE}, Diffed(changes=None)),
        (olds, {**olds, "number": BRITISH}, Diffed(None, ("number",), delete_before_replace=True)),
    ]


@pytest.mark.parametrize(("olds", "news", "expected"), _diffs())
def test_diff(shared: Provider, olds: Props, news: Props, expected: Diffed) -> None:
    """Offline: what was applied against what is declared."""
    assert route_life(shared).diff("PN1", olds, news) == expected


def test_the_class_registers_what_the_tests_engine_does() -> None:
    """The small engine of these tests writes props by hand: they are those of the class."""
    declared: dict[str, Any] = {"number": "+14155550100", "handler": FLOW, "address_sid": ADDRESS}
    found = run(
        "    TwilioSmsRoute('prod', number='+14155550100', handler=Handler.studio_flow('FW' + 'e' * 32),\n"
        f"                   address_sid='{ADDRESS}')\n"
    )

    stack = RouteStack(None, "prod")  # type: ignore[arg-type] # only its props are asked for
    sibling = stack.sibling_props(**declared)
    assert clear(found["prod-original"]) == _kept(sibling | {"isUp": True})
    assert clear(found["prod"]) == _kept(
        stack.number_props(sibling["originals"], **declared) | {"isUp": True}
    )
    for props, secret in ((found["prod-original"], "routes"), (found["prod"], "handler")):
        assert props[secret]["4dabf18193072939515e22adb298388d"] == "1b47061264138c4ac30d75fd1eb44270"


def test_a_handler_may_be_known_later() -> None:
    """A flow of another resource, a URL from the configuration, or a whole handler as an Output."""
    found = run(
        "    sid = pulumi.Output.from_input('FW' + 'e' * 32)\n"
        "    TwilioSmsRoute('a', number='+14155550100', handler=Handler.studio_flow(sid))\n"
        "    TwilioSmsRoute('b', short_code='894546', handler=sid.apply(Handler.studio_flow))\n"
        "    TwilioSmsRoute('c', number=sid.apply(lambda _: '+14155550101'),\n"
        "                   handler=Handler.webhook(pulumi.Output.secret('https://a.example'), fallback=sid))\n"
    )

    url = clear(found["a"])["handler"]["url"]
    assert url == FLOW.url
    assert clear(found["b"])["handler"] == clear(found["a"])["handler"] == engine_value_of(FLOW)
    assert clear(found["b-original"])["routes"] == {"894546": engine_value_of(FLOW)}
    assert clear(found["c-original"])["routes"]["+14155550101"]["fallbackUrl"] == "FW" + "e" * 32
