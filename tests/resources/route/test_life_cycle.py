"""TwilioSmsRoute at the provider's boundary: any handler answers texts, and Vapi is never asked."""

from __future__ import annotations

import json

import pytest
from vapi_sms import Handler, Routing
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import same_for_all, standing, written
from tests.resources.provider import Props
from tests.resources.routes import (
    CREATED,
    FLOW,
    MINE,
    OTHER_FLOW,
    ROUTE,
    SAME,
    UPDATED,
    RouteStack,
    line_of,
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
