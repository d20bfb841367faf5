"""What is kept of a text: a message in, a message out at Twilio; a session and a chat at Vapi."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from vapi_sms.sandbox.kept import Recent

from tests.sandbox import world
from tests.sandbox.old_app import Reply
from tests.sandbox.world import (
    AC,
    MG,
    SALES,
    SENDER,
    SQUAD,
    SUB,
    SUB_TOKEN,
    SUPPORT,
    import_number,
    seed,
    to_import,
    twilio,
)

if TYPE_CHECKING:
    import httpx
    from twilio.rest import Client
    from vapi_sms.sandbox import RunningSandbox

    from tests.sandbox.old_app import OldApp


def told(client: Client, number: str = world.WEBHOOK) -> list[tuple[str, str, str, int | None]]:
    """Return what the account's messages say of a number, oldest first."""
    found = [*client.messages.list(to=number), *client.messages.list(from_=number)]
    ordered = sorted(found, key=lambda message: (message.date_created, message.direction))
    return [(m.direction, m.status, m.body, m.error_code) for m in ordered]


def sessions(http: httpx.Client, **query: str) -> list[dict[str, Any]]:
    """Return Vapi's sessions."""
    found: list[dict[str, Any]] = http.get("/session", params=query).json()["results"]
    return found


def chats(http: httpx.Client, **query: str) -> list[dict[str, Any]]:
    """Return Vapi's chats."""
    found: list[dict[str, Any]] = http.get("/chat", params=query).json()["results"]
    return found


def test_a_text_and_its_reply_are_messages(sandbox: RunningSandbox, client: Client) -> None:
    """One in, one out, between the same two numbers; the webhook was told the first one's SID."""
    answer = sandbox.text(SENDER, world.WEBHOOK, "Open?")

    (came,) = client.messages.list(to=world.WEBHOOK)
    (left,) = client.messages.list(from_=world.WEBHOOK)
    assert (came.direction, came.status, came.from_, came.body) == ("inbound", "received", SENDER, "Open?")
    assert (left.direction, left.status, left.to) == ("outbound-reply", "delivered", SENDER)
    assert left.body == answer["reply"]
    assert came.error_code is left.error_code is came.messaging_service_sid is None
    assert answer["messages"] == [
        {"direction": "inbound", "status": "received", "error_code": None},
        {"direction": "outbound-reply", "status": "delivered", "error_code": None},
    ]
    assert came.sid.startswith("SM")
    assert abs(came.date_sent - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_webhook_is_told_the_messages_sid(sandbox: RunningSandbox, client: Client, app: OldApp) -> None:
    """So that a program can find the message of a text."""
    sandbox.text(SENDER, world.WEBHOOK, "Hi", ["https://example.com/cat.png"])

    (message,) = client.messages.list(to=world.WEBHOOK)
    assert app.visits[0].parameters["MessageSid"] == message.sid
    assert message.sid.startswith("MM")
    assert message.num_media == "1"
    assert client.messages(message.sid).fetch().sid == message.sid


def test_who_says_nothing_leaves_one_message(sandbox: RunningSandbox, client: Client, app: OldApp) -> None:
    """Empty TwiML, and a number that asks nobody."""
    app.replies["/sms"] = Reply(text="<Response/>")

    sandbox.text(SENDER, world.WEBHOOK, "Hi")
    sandbox.text(SENDER, world.SILENT, "Hi")

    assert [m[0] for m in told(client)] == ["inbound"]
    assert [m[0] for m in told(client, world.SILENT)] == ["inbound"]


def test_the_messaging_service_is_named(sandbox: RunningSandbox, client: Client) -> None:
    """In the text that came through it, and in the reply."""
    sandbox.text(SENDER, world.HIDDEN, "Hi")

    found = client.messages.list()

    assert {message.messaging_service_sid for message in found} == {MG}


def test_a_service_that_drops_texts_leaves_no_message(
    sandbox: RunningSandbox, client: Client, app: OldApp
) -> None:
    """Dropped is not logged; who cannot take texts at all has none, either."""
    company: dict[str, Any] = seed(app.url)
    company["twilio"]["accounts"][0]["messaging_services"][0]["inbound_request_url"] = None
    sandbox.reset(company)

    for number in (world.HIDDEN, world.VOICE_ONLY, "+14155559999"):
        assert sandbox.text(SENDER, number, "Hi")["messages"] == []

    assert client.messages.list() == []


def test_a_subaccounts_messages_are_its_own(sandbox: RunningSandbox, client: Client) -> None:
    """Its parent reaches them by the path."""
    sandbox.text(SENDER, world.IN_SUB, "Hi")

    assert client.messages.list() == []
    assert [m.account_sid for m in twilio(sandbox, SUB, SUB_TOKEN, SUB).messages.list()] == [SUB]
    assert [m.account_sid for m in twilio(sandbox, account=SUB).messages.list()] == [SUB]


def test_vapi_keeps_a_session_and_a_chat(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """One session for a customer and a number, however many texts; a chat for each."""
    record = import_number(http)

    sandbox.text(SENDER, world.WEBHOOK, "one")
    sandbox.text(SENDER, world.WEBHOOK, "two")
    sandbox.text("+12125550199", world.WEBHOOK, "another")

    ours = sessions(http, customerNumberAny=f"{SENDER},+12125550111", phoneNumberId=record["id"])
    (session,) = ours
    assert (session["assistantId"], session["customer"]) == (SUPPORT, {"number": SENDER})
    assert session["cost"] == pytest.approx(0.01)
    assert session["updatedAt"] > session["createdAt"]
    second, first = chats(http, sessionId=session["id"])
    assert (first["input"], second["input"], second["assistantId"]) == ("one", "two", SUPPORT)
    said = "This is Support (an AI assistant). You wrote: two"
    assert second["output"] == [{"role": "assistant", "content": said}]
    assert len(sessions(http)) == 2
    assert http.get(f"/session/{session['id']}").json() == session


def test_after_a_day_a_session_is_another_one(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """The one before is completed."""
    import_number(http)
    sandbox.text(SENDER, world.WEBHOOK, "one")

    sandbox.advance(86_500)
    sandbox.text(SENDER, world.WEBHOOK, "two")

    assert [session["status"] for session in sessions(http)] == ["active", "completed"]


def test_another_assistant_has_a_session_of_its_own(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """A proof asks which assistant answered."""
    record = import_number(http)
    sandbox.text(SENDER, world.WEBHOOK, "one")

    http.patch(f"/phone-number/{record['id']}", json={"assistantId": SALES})
    sandbox.text(SENDER, world.WEBHOOK, "two")
    http.patch(f"/phone-number/{record['id']}", json={"assistantId": None, "squadId": SQUAD})
    sandbox.text(SENDER, world.WEBHOOK, "three")

    found = sessions(http)
    assert [each.get("assistantId") for each in found] == [None, SALES, SUPPORT]
    assert (found[0]["squadId"], len(chats(http, squadId=SQUAD))) == (SQUAD, 1)
    assert len(chats(http, assistantIdAny=f"{SUPPORT},{SALES}")) == 2


def test_who_is_not_answered_at_vapi_has_no_session(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """Texts off, nobody attached, and a number that goes elsewhere."""
    http.post("/phone-number", json=to_import(assistantId=None))

    sandbox.text(SENDER, world.WEBHOOK, "Hi")
    sandbox.text(SENDER, world.BIN, "Hi")

    assert sessions(http) == chats(http) == []


def test_a_reply_to_another_number_of_ours_arrives_there(
    sandbox: RunningSandbox, client: Client, app: OldApp
) -> None:
    """As a text like any other, which its handler answers: two that answer each other stop after a while."""
    sandbox.text(world.SILENT, world.WEBHOOK, "Hi")
    assert [m[0] for m in told(client, world.SILENT)] == ["inbound", "inbound", "outbound-reply"]

    sandbox.behaviour(answered_beside=True)  # so that each text has two answers
    sandbox.text(world.BIN, world.WEBHOOK, "Hi")

    assert 20 < len(client.messages.list(to=world.BIN)) < 60
    assert len(app.visits) < 25


def test_what_is_kept_is_bounded() -> None:
    """Of more the oldest is forgotten."""
    kept: Recent[int] = Recent()
    kept.most = 3

    for number in range(5):
        kept[str(number)] = number

    assert list(kept) == ["2", "3", "4"]


def test_a_reset_forgets_all_of_it(
    sandbox: RunningSandbox, client: Client, http: httpx.Client, app: OldApp
) -> None:
    """Messages, alerts, sessions and chats."""
    import_number(http)
    sandbox.text(SENDER, world.WEBHOOK, "Hi")

    sandbox.reset(seed(app.url))

    assert client.messages.list() == client.monitor.v1.alerts.list() == []
    assert sessions(http) == chats(http) == []


def test_seeds_may_hold_what_was_before(
    sandbox: RunningSandbox, client: Client, http: httpx.Client, app: OldApp
) -> None:
    """Messages, alerts, and sessions with chats, all some time ago."""
    company: dict[str, Any] = seed(app.url)
    account, org = company["twilio"]["accounts"][0], company["vapi"]["orgs"][0]
    account["messages"] = [
        {"from": SENDER, "to": world.WEBHOOK, "body": "old", "seconds_ago": 90_000},
        {
            "sid": "SM" + "1" * 32,
            "from": world.WEBHOOK,
            "to": SENDER,
            "direction": "outbound-reply",
            "status": "undelivered",
            "error_code": 30034,
            "messaging_service_sid": MG,
        },
    ]
    account["alerts"] = [{"resource_sid": "SM" + "1" * 32, "request_variables": f"To=%2B{world.WEBHOOK[1:]}"}]
    org["sessions"] = [
        {"id": "5e", "phone_number_id": "p", "customer": SENDER, "assistant_id": SUPPORT, "chats": 2},
        {"phone_number_id": "p", "customer": SENDER, "squad_id": SQUAD, "chats": 0},
    ]
    sandbox.reset(company)

    (left,) = client.messages.list(from_=world.WEBHOOK)
    (came,) = client.messages.list(to=world.WEBHOOK)

    assert (left.sid, left.status, left.error_code) == ("SM" + "1" * 32, "undelivered", 30034)
    assert left.date_sent - came.date_sent > timedelta(days=1)
    (alert,) = client.monitor.v1.alerts.list()
    assert (alert.error_code, alert.resource_sid, alert.account_sid) == ("11200", left.sid, AC)
    assert len(sessions(http)) == 2
    assert [chat["sessionId"] for chat in chats(http)] == ["5e", "5e"]
