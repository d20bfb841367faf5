"""What others do at Twilio: numbers that move to another account, that are released, and bought again."""

from __future__ import annotations

import re
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.sandbox import world
from tests.sandbox.world import (
    AC,
    MG,
    OTHER,
    SENDER,
    SUB,
    SUB_TOKEN,
    SUPPORT,
    TOKEN,
    VAPI_SMS,
    import_number,
    to_import,
    twilio,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from twilio.rest import Client
    from vapi_sms.sandbox import RunningSandbox

    from tests.sandbox.old_app import OldApp

NEW = "a5000000-0000-4000-8000-00000000000e"


def test_a_moved_number_keeps_its_sid_and_its_routing(sandbox: RunningSandbox, client: Client) -> None:
    """Only the account, the address of the record and the date change; the old account has it no more."""
    before = sandbox.number(world.WEBHOOK)

    sandbox.outside_move(world.WEBHOOK, SUB)

    after = sandbox.number(world.WEBHOOK)
    assert {name for name in after if after[name] != before[name]} == {"account_sid", "uri", "date_updated"}
    assert after["account_sid"] == SUB
    assert f"/Accounts/{SUB}/" in after["uri"]
    with pytest.raises(TwilioRestException) as caught:
        client.incoming_phone_numbers(before["sid"]).fetch()
    assert (caught.value.status, caught.value.code) == (404, 20404)
    assert client.incoming_phone_numbers.list(phone_number=world.WEBHOOK) == []
    by_parent = twilio(sandbox, AC, TOKEN, SUB)
    assert by_parent.incoming_phone_numbers(before["sid"]).fetch().account_sid == SUB


def test_a_moved_number_leaves_its_messaging_service(sandbox: RunningSandbox, app: OldApp) -> None:
    """Its own URL answers from then on, signed with the token of the account that has it now."""
    sandbox.outside_move(world.HIDDEN, SUB)

    answer = sandbox.text(SENDER, world.HIDDEN, "Hi")

    assert answer["answered_by"] == f"Webhook {app.url}/sms"
    assert app.visits[0].is_signed_with(SUB_TOKEN)
    assert sandbox.state()["twilio"]["accounts"][AC]["messaging_services"][MG]["numbers"] == []


def test_a_number_can_move_to_a_parent_and_to_a_stranger_and_back(sandbox: RunningSandbox) -> None:
    """There is no rule to it here."""
    for account in (AC, OTHER, SUB):
        sandbox.outside_move(world.IN_SUB, account)

        assert sandbox.number(world.IN_SUB)["account_sid"] == account


def test_vapi_cannot_write_to_a_number_that_moved(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """It asks the account that it was given. It still answers: its webhook knows the number."""
    record = import_number(http)
    sandbox.outside_move(world.WEBHOOK, SUB)
    sandbox.behaviour(delete="resets")
    answered_by = sandbox.text(SENDER, world.WEBHOOK)["answered_by"]

    http.delete(f"/phone-number/{record['id']}")

    assert answered_by == "Vapi assistant Support"
    assert sandbox.number(world.WEBHOOK)["sms_url"] == VAPI_SMS


def test_a_number_that_was_bought_again_has_another_sid(sandbox: RunningSandbox, client: Client) -> None:
    """And is as one that was just bought over the API: no demo URL, no voice application, an emergency status."""
    before = sandbox.number(world.WEBHOOK)
    sandbox.outside_release(world.WEBHOOK)

    sandbox.outside_buy(world.WEBHOOK, AC)

    after = client.incoming_phone_numbers.list(phone_number=world.WEBHOOK)[0]
    assert after.sid != before["sid"]
    assert (after.sms_url, after.voice_url, after.status_callback) == ("", None, "")
    assert (after.voice_application_sid, after.emergency_status) == (None, "Active")
    assert after.date_created.year > 2024
    with pytest.raises(TwilioRestException, match="was not found"):
        client.incoming_phone_numbers(before["sid"]).fetch()


def test_a_number_bought_in_the_console_has_twilios_demo(sandbox: RunningSandbox) -> None:
    """In whatever account, under whatever SID."""
    sandbox.outside_release(world.WEBHOOK)
    sid = "PN" + "7" * 32

    bought = sandbox.outside_buy(world.WEBHOOK, OTHER, where="console", sid=sid)

    assert (bought["sid"], bought["account_sid"]) == (sid, OTHER)
    assert sandbox.text(SENDER, world.WEBHOOK)["answered_by"] == "Twilio's demo"


@pytest.mark.parametrize(
    ("thing", "edit"),
    [
        ("number", {"number": world.SILENT, "account": "AC" + "9" * 32}),
        ("number", {"number": world.SILENT, "set": {"account_sid": SUB}}),
        ("number", {"number": world.SILENT, "set": {"sid": "PN"}}),
        ("purchase", {"number": world.SILENT, "account": AC}),
        ("purchase", {"number": "+14155559999", "account": "AC" + "9" * 32}),
        ("account", {"sid": "AC" + "9" * 32}),
        ("account", {"sid": SUB, "status": "asleep"}),
    ],
)
def test_an_edit_that_makes_no_sense_is_refused(
    sandbox: RunningSandbox, thing: str, edit: dict[str, Any]
) -> None:
    """And changes nothing."""
    before = sandbox.state()

    with pytest.raises(ValueError, match="sandbox: "):
        sandbox.outside(thing, **edit)

    assert sandbox.state() == before


@pytest.mark.parametrize(
    "change",
    [
        lambda sandbox: silent(sandbox).update(friendly_name="Other"),
        lambda sandbox: silent(sandbox).update(sms_url=""),
        lambda sandbox: sandbox.outside_number(world.SILENT, sms_method="GET"),
        lambda sandbox: sandbox.outside_move(world.SILENT, SUB),
    ],
    ids=["POST", "POST of nothing new", "edit", "move"],
)
def test_any_change_moves_the_date(
    sandbox: RunningSandbox, change: Callable[[RunningSandbox], object]
) -> None:
    """Twilio's date_updated, to the second; a POST that changes nothing moves it, too."""
    started = int(time.time())

    change(sandbox)

    assert parsedate_to_datetime(sandbox.number(world.SILENT)["date_updated"]).timestamp() >= started


def silent(sandbox: RunningSandbox) -> Any:
    """Return the number that nothing is set on, as Twilio's client has it."""
    return twilio(sandbox).incoming_phone_numbers.list(phone_number=world.SILENT)[0]


def test_vapis_writes_move_twilios_date(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """On import, and on a PATCH and a DELETE that write."""
    sandbox.behaviour(patch_rewrites_sms=True, delete="clears")
    dates = [sandbox.number(world.WEBHOOK)["date_updated"]]

    record = import_number(http)
    dates.append(sandbox.number(world.WEBHOOK)["date_updated"])
    for method, body in (("PATCH", {"name": "Desk"}), ("DELETE", None)):
        sandbox.advance(2)  # Twilio's dates have no fractions.
        http.request(method, f"/phone-number/{record['id']}", json=body)
        dates.append(sandbox.number(world.WEBHOOK)["date_updated"])

    assert len(set(dates)) == 4


@pytest.mark.parametrize("kind", ["phone_number", "assistant"])
def test_vapis_dates_move(sandbox: RunningSandbox, http: httpx.Client, kind: str) -> None:
    """`updatedAt` of a phone number with a PATCH and an outside edit, of an assistant with the latter."""
    record = import_number(http) if kind == "phone_number" else http.get(f"/assistant/{SUPPORT}").json()
    dates = [record["updatedAt"]]

    if kind == "phone_number":
        dates.append(http.patch(f"/phone-number/{record['id']}", json={}).json()["updatedAt"])
    edited = sandbox.outside_vapi("edit", org=world.ORG, kind=kind, id=record["id"], set={"name": "Renamed"})
    dates.append(edited["updatedAt"])

    assert dates == sorted(set(dates))
    assert edited["createdAt"] == record["createdAt"]


def test_what_others_make_at_vapi_is_of_today(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """Not of the seed's time: the newest is first in a list."""
    sandbox.outside_vapi("create", kind="assistant", org=world.ORG, id=NEW, set={"name": "New"})
    sandbox.outside_vapi("create", org=world.ORG, set=to_import(world.STUDIO))

    assert http.get("/assistant").json()[0]["id"] == NEW
    assert not http.get("/phone-number").json()[0]["createdAt"].startswith("2024-01-01")


def test_a_service_is_made_and_takes_numbers(sandbox: RunningSandbox, client: Client) -> None:
    """As in the Console: it answers from then on for numbers of any other service, too; Twilio lists it."""
    sid, url = "MG" + "e" * 32, "https://campaigns.example.com/inbound"
    pool = [world.STUDIO, world.DEFERRED]

    made = sandbox.outside("service", sid=sid, account=AC, numbers=pool, set={"inbound_request_url": url})

    assert (made["sid"], made["account_sid"]) == (sid, AC)
    assert sorted(n.phone_number for n in client.messaging.v1.services(sid).phone_numbers.list()) == pool
    assert {sandbox.text(SENDER, number)["answered_by"] for number in pool} == {f"Webhook {url}"}


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        ({"sid": "MG" + "e" * 32}, "no service MGee"),
        ({"sid": "MG" + "e" * 32, "account": "AC" + "9" * 32}, "no account AC99"),
        ({"sid": MG, "numbers": [world.IN_SUB]}, f"no number {world.IN_SUB} in the service's account"),
        ({"sid": MG, "numbers": ["+14155550999"]}, "no number +14155550999 in the service's account"),
        ({"sid": "MG" + "e" * 32, "account": AC, "numbers": [world.IN_SUB]}, f"no number {world.IN_SUB}"),
        ({"sid": "MG1"}, "sid"),
    ],
    ids=str,
)
def test_a_service_that_cannot_be_is_refused(sandbox: RunningSandbox, edit: dict[str, Any], why: str) -> None:
    """And nothing is changed."""
    before = sandbox.routing_snapshot()

    with pytest.raises(ValueError, match=re.escape(why)):
        sandbox.outside("service", **edit)

    assert sandbox.routing_snapshot() == before
