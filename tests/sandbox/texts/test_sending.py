"""Texts that a program of the account sends: Twilio's refusals, and what becomes of those that it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException

from tests.sandbox import world
from tests.sandbox.world import AC, MG, SENDER, SHORT, TOKEN, import_number, seed

if TYPE_CHECKING:
    from twilio.rest import Client
    from vapi_sms.sandbox import RunningSandbox

    from tests.sandbox.old_app import OldApp

BRAND, CAMPAIGN, VERIFICATION = "BN" + "a" * 32, "QE" + "a" * 32, "HH" + "a" * 32


def test_what_is_sent_is_queued_first_and_delivered_then(client: Client) -> None:
    """To a customer outside, nothing answers."""
    sent = client.messages.create(to=SENDER, from_=world.SILENT, body="Hello")
    later = client.messages(sent.sid).fetch()

    assert (sent.status, sent.direction, sent.date_sent) == ("queued", "outbound-api", None)
    assert (later.status, later.body, later.from_) == ("delivered", "Hello", world.SILENT)
    assert later.date_sent is not None


def test_it_stays_queued_for_as_long_as_delivery_takes(sandbox: RunningSandbox, client: Client) -> None:
    """By the sandbox's clock."""
    sandbox.behaviour(delivery_ms=60_000)
    sid = client.messages.create(to=SENDER, from_=world.SILENT, body="Hello").sid
    before = client.messages(sid).fetch().status

    sandbox.advance(61)

    assert (before, client.messages(sid).fetch().status) == ("queued", "delivered")


def test_a_text_to_another_number_of_ours_is_answered(client: Client, http: httpx.Client) -> None:
    """The whole way: it arrives, the assistant answers, and the answer arrives at the sender."""
    import_number(http)

    client.messages.create(to=world.WEBHOOK, from_=world.SILENT, body="Are you there?")

    (reply,) = client.messages.list(from_=world.WEBHOOK, to=world.SILENT)[1:]
    assert (reply.direction, reply.status) == ("outbound-reply", "delivered")
    assert reply.body == "This is Support (an AI assistant). You wrote: Are you there?"
    assert {m.direction for m in client.messages.list(to=world.WEBHOOK)} == {"inbound", "outbound-api"}


def test_a_service_finds_a_sender(client: Client) -> None:
    """It has none at first, and is accepted rather than queued."""
    sent = client.messages.create(to=SENDER, messaging_service_sid=MG, body="Hello")
    later = client.messages(sent.sid).fetch()

    assert (sent.status, sent.from_, sent.num_segments) == ("accepted", None, "0")
    assert (later.status, later.from_, later.messaging_service_sid) == ("delivered", world.HIDDEN, MG)


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"to": world.SILENT}, 21266),
        ({"from_": "+12125550199"}, 21606),
        ({"from_": world.VOICE_ONLY}, 21606),
        ({"from_": world.IN_OTHER}, 21606),
        ({"from_": "Acme"}, 21212),
        ({"from_": ""}, 21603),
        ({"from_": "", "messaging_service_sid": "MG" + "f" * 32}, 21701),
        ({"from_": "", "messaging_service_sid": MG, "to": world.HIDDEN}, 21703),
        ({"to": "12125550123"}, 21211),
        ({"to": ""}, 21604),
        ({"body": ""}, 21602),
        ({"body": "x" * 1601}, 21617),
        ({"status_callback": "https://example.com"}, 90002),
    ],
)
def test_twilio_refuses_it(client: Client, form: dict[str, str], code: int) -> None:
    """In its words and codes; nothing is kept of it."""
    with pytest.raises(TwilioRestException) as caught:
        client.messages.create(**{"to": SENDER, "from_": world.SILENT, "body": "Hello", **form})

    assert (caught.value.status, caught.value.code) == (400, code)
    assert client.messages.list() == []


def test_who_opted_out_gets_nothing_more(sandbox: RunningSandbox, client: Client) -> None:
    """STOP ends it, and fails replies, too; START begins it again."""
    sandbox.text(SENDER, world.WEBHOOK, "STOP")
    with pytest.raises(TwilioRestException) as caught:
        client.messages.create(to=SENDER, from_=world.WEBHOOK, body="Hello")
    (reply,) = client.messages.list(from_=world.WEBHOOK)

    sandbox.text(SENDER, world.WEBHOOK, "start")

    assert caught.value.code == 21610
    assert (reply.status, reply.error_code) == ("failed", 21610)
    (alert,) = client.monitor.v1.alerts.list()
    assert (alert.error_code, alert.resource_sid) == ("21610", reply.sid)
    assert client.messages.create(to=SENDER, from_=world.WEBHOOK, body="Hello").status == "queued"


def test_an_opt_out_counts_for_the_whole_service(sandbox: RunningSandbox, client: Client) -> None:
    """Whichever of its numbers sends."""
    sandbox.text(SENDER, world.HIDDEN, "STOP")

    with pytest.raises(TwilioRestException) as caught:
        client.messages.create(to=SENDER, messaging_service_sid=MG, body="Hello")

    assert caught.value.code == 21610


@pytest.mark.parametrize(
    ("campaign", "code"),
    [
        ({"status": "VERIFIED"}, None),
        ({"status": "IN_PROGRESS"}, 30034),
        ({"status": "FAILED"}, 30034),
        ({"status": "VERIFIED", "mock": True}, 30034),
    ],
)
def test_carriers_block_who_is_not_registered(
    sandbox: RunningSandbox, client: Client, app: OldApp, campaign: dict[str, Any], code: int | None
) -> None:
    """Twilio takes the text; that it was not delivered shows later, in replies as well. Abroad nobody asks."""
    company: dict[str, Any] = seed(app.url)
    account = company["twilio"]["accounts"][0]
    account["messaging_services"][0]["campaign"] = {"sid": CAMPAIGN, "brand": BRAND, **campaign}
    sandbox.reset(company)

    sent = client.messages.create(to=SENDER, from_=world.HIDDEN, body="Hello")
    abroad = client.messages.create(to="+447700900123", from_=world.HIDDEN, body="Hello")
    sandbox.text(SENDER, world.HIDDEN, "Hi")

    found = client.messages.list(from_=world.HIDDEN, to=SENDER)
    status = "delivered" if code is None else "undelivered"
    assert [(m.status, m.error_code) for m in found] == [(status, code)] * 2
    assert sent.error_code is None
    assert client.messages(abroad.sid).fetch().status == "delivered"


@pytest.mark.parametrize(("status", "code"), [("TWILIO_APPROVED", None), ("IN_REVIEW", 30032)])
def test_a_tollfree_number_wants_its_verification(
    sandbox: RunningSandbox, client: Client, app: OldApp, status: str, code: int | None
) -> None:
    """One that waits for it is blocked."""
    company: dict[str, Any] = seed(app.url)
    verification = {"sid": VERIFICATION, "number": world.WEBHOOK, "status": status}
    company["twilio"]["accounts"][0]["tollfree_verifications"] = [verification]
    sandbox.reset(company)

    sandbox.text(SENDER, world.WEBHOOK, "Hi")

    assert client.messages.list(from_=world.WEBHOOK)[0].error_code == code


def test_what_is_blocked_arrives_nowhere(sandbox: RunningSandbox, client: Client, app: OldApp) -> None:
    """Neither at another number of ours."""
    company: dict[str, Any] = seed(app.url)
    account = company["twilio"]["accounts"][0]
    campaign = {"sid": CAMPAIGN, "brand": BRAND, "status": "FAILED"}
    account["messaging_services"][0]["campaign"] = campaign
    sandbox.reset(company)

    client.messages.create(to=world.WEBHOOK, from_=world.HIDDEN, body="Hello")

    assert app.visits == []
    assert [m.direction for m in client.messages.list()] == ["outbound-api"]


def test_a_short_code_sends_and_a_picture_arrives(client: Client, app: OldApp) -> None:
    """What comes with a text comes along."""
    sent = client.messages.create(
        to=world.WEBHOOK, from_=world.CODE, media_url=["https://example.com/cat.png"]
    )

    assert sent.sid.startswith("MM")
    assert app.visits[0].parameters["MediaUrl0"] == "https://example.com/cat.png"
    assert SHORT not in str(app.visits[0].parameters)


def test_twice_the_same_picture_parameter_is_refused(sandbox: RunningSandbox) -> None:
    """The sandbox plays one a text."""
    form = {"To": SENDER, "From": world.SILENT, "MediaUrl": ["https://a.example", "https://b.example"]}
    path = f"{sandbox.url}/2010-04-01/Accounts/{AC}/Messages.json"

    answer = httpx.post(path, data=form, auth=(AC, TOKEN))

    assert answer.json()["code"] == 90004
