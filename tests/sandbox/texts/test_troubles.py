"""What may befall a text and its reply, a switch each: and where Twilio and Vapi show it."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import httpx
import pytest

from tests.sandbox import world
from tests.sandbox.old_app import Reply
from tests.sandbox.world import AC, SENDER, SUPPORT, TOKEN, VAPI_SMS, import_number

if TYPE_CHECKING:
    from twilio.rest import Client
    from vapi_sms.sandbox import RunningSandbox

    from tests.sandbox.old_app import OldApp

MESSAGES = f"/2010-04-01/Accounts/{AC}/Messages.json"


@pytest.fixture
def imported(sandbox: RunningSandbox, http: httpx.Client) -> RunningSandbox:
    """Return a sandbox whose webhook's number Vapi answers; its old fallback is still there."""
    import_number(http)
    return sandbox


def codes(client: Client) -> list[str]:
    """Return the alerts' codes, oldest first."""
    return [alert.error_code for alert in reversed(client.monitor.v1.alerts.list())]


def counted(http: httpx.Client, path: str) -> int:
    """Return how many sessions or chats there are."""
    return int(http.get(path).json()["metadata"]["totalItems"])


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(status=500, text="broken"), "11200"),
        (Reply(status=404, text="nowhere"), "11200"),
        (Reply(text="no XML"), "12100"),
        (Reply(text="{}", kind="application/json"), "12300"),
    ],
)
def test_a_webhook_that_fails_is_an_alert(
    sandbox: RunningSandbox, client: Client, app: OldApp, reply: Reply, code: str
) -> None:
    """Of the message, with what was asked and answered; the fallback's failure is another one."""
    app.replies["/sms"] = app.replies["/fallback"] = reply

    sandbox.text(SENDER, world.WEBHOOK, "Hi")

    (message,) = client.messages.list()
    second, first = client.monitor.v1.alerts.list(log_level="error")
    assert (first.error_code, first.resource_sid, first.account_sid) == (code, message.sid, AC)
    assert (first.log_level, first.request_method) == ("error", "POST")
    assert first.request_url.startswith(f"{app.url}/sms")
    assert second.request_url == f"{app.url}/fallback"
    whole = client.monitor.v1.alerts(first.sid).fetch()
    told = parse_qs(whole.request_variables)
    assert (told["To"], told["MessageSid"]) == ([world.WEBHOOK], [message.sid])
    assert whole.response_body == reply.text


def test_a_connection_that_is_refused_is_11205(sandbox: RunningSandbox, client: Client) -> None:
    """Nobody listens there."""
    sandbox.outside_number(world.SILENT, sms_url="http://127.0.0.1:9/sms")

    sandbox.text(SENDER, world.SILENT, "Hi")

    assert codes(client) == ["11205"]


def test_without_a_card_vapi_answers_nothing(
    imported: RunningSandbox, client: Client, http: httpx.Client, app: OldApp
) -> None:
    """402 for a chat; for a text 11200, and the fallback is asked."""
    imported.behaviour(no_card=True)

    chat = http.post("/chat", json={"assistantId": SUPPORT, "input": "Hi"})
    answer = imported.text(SENDER, world.WEBHOOK, "Hi")

    assert (chat.status_code, chat.json()["error"]) == (402, "Payment Required")
    assert answer["answered_by"] == f"Webhook {app.url}/fallback"
    assert "error 11200: Vapi answers HTTP 402" in answer["trace"]
    (alert,) = client.monitor.v1.alerts.list()
    assert (alert.error_code, alert.request_url) == ("11200", VAPI_SMS)
    assert '"statusCode": 402' in client.monitor.v1.alerts(alert.sid).fetch().response_body
    assert counted(http, "/session") == counted(http, "/chat") == 0


@pytest.mark.parametrize(("down", "code", "status"), [("error", "11200", 503), ("timeout", "11205", 504)])
def test_while_vapi_is_down_the_fallback_answers(
    imported: RunningSandbox,
    client: Client,
    http: httpx.Client,
    app: OldApp,
    down: str,
    code: str,
    status: int,
) -> None:
    """Its API answers nothing either; nobody waits for real."""
    imported.behaviour(vapi_down=down)

    answer = imported.text(SENDER, world.WEBHOOK, "Hi")

    assert answer["answered_by"] == f"Webhook {app.url}/fallback"
    assert app.visits[-1].parameters["ErrorCode"] == code
    assert codes(client) == [code]
    assert http.get("/assistant").status_code == http.post("/chat", json={}).status_code == status
    assert client.messages.list(from_=world.WEBHOOK)[0].status == "delivered"


def test_without_a_fallback_nobody_answers(imported: RunningSandbox, client: Client) -> None:
    """One message in, none out, one alert."""
    imported.behaviour(vapi_down="error")
    imported.outside_number(world.WEBHOOK, sms_fallback_url="")

    assert imported.text(SENDER, world.WEBHOOK, "Hi")["answered_by"] == "nobody"

    assert [message.direction for message in client.messages.list()] == ["inbound"]
    assert codes(client) == ["11200"]


def test_a_silent_assistant_is_no_error(
    imported: RunningSandbox, client: Client, http: httpx.Client, app: OldApp
) -> None:
    """A session and a chat without output, no reply, no alert, and no fallback."""
    imported.behaviour(assistant_silent=True)

    answer = imported.text(SENDER, world.WEBHOOK, "Hi")

    assert (answer["answered_by"], answer["reply"]) == ("Vapi assistant Support", None)
    assert [message.direction for message in client.messages.list()] == ["inbound"]
    assert (codes(client), app.visits) == ([], [])
    (chat,) = http.get("/chat").json()["results"]
    assert chat["output"] == []
    assert http.post("/chat", json={"assistantId": SUPPORT, "input": "Hi"}).json()["output"] == []


def test_a_slow_reply_comes_when_its_time_has_come(
    imported: RunningSandbox, client: Client, http: httpx.Client
) -> None:
    """By the sandbox's clock; so does the chat."""
    imported.behaviour(reply_after_ms=9_000)
    imported.text(SENDER, world.WEBHOOK, "Hi")
    before = [message.direction for message in client.messages.list()]
    chats = counted(http, "/chat")

    imported.advance(10)

    left, came = client.messages.list()
    assert (before, chats, counted(http, "/chat")) == (["inbound"], 0, 1)
    assert (left.direction, codes(client)) == ("outbound-reply", [])
    assert timedelta(seconds=8) < left.date_created - came.date_created < timedelta(seconds=11)


def test_of_a_reply_that_is_too_slow_there_are_two(
    imported: RunningSandbox, client: Client, app: OldApp
) -> None:
    """Twilio gives up and asks the fallback; what Vapi says later leaves all the same."""
    imported.behaviour(reply_after_ms=20_000)

    answer = imported.text(SENDER, world.WEBHOOK, "Hi")
    imported.advance(21)

    assert (answer["answered_by"], answer["reply"]) == (f"Webhook {app.url}/fallback", "The old app here")
    assert codes(client) == ["11205"]
    late, reply, _ = client.messages.list()
    assert (late.direction, reply.direction) == ("outbound-api", "outbound-reply")
    assert late.body.startswith("This is Support")


def test_replies_can_be_lost(imported: RunningSandbox, client: Client, http: httpx.Client) -> None:
    """Vapi has a chat, and no message leaves Twilio."""
    imported.behaviour(replies_lost=True)

    answer = imported.text(SENDER, world.WEBHOOK, "Hi")

    assert answer["reply"] is not None
    assert [message.direction for message in client.messages.list()] == ["inbound"]
    assert (counted(http, "/chat"), codes(client)) == (1, [])


def test_texts_can_be_lost(imported: RunningSandbox, client: Client, http: httpx.Client) -> None:
    """All APIs answer, and nothing of the text is anywhere."""
    imported.behaviour(texts_lost=True)

    answer = imported.text(SENDER, world.WEBHOOK, "Hi")

    assert (answer["answered_by"], answer["messages"]) == ("nobody", [])
    assert client.messages.list() == []
    assert counted(http, "/session") == 0


@pytest.mark.parametrize("code", [30034, 30007, 30003])
def test_replies_can_be_blocked(imported: RunningSandbox, client: Client, code: int) -> None:
    """That shows in the reply's message alone."""
    imported.behaviour(reply_error=code)

    answer = imported.text(SENDER, world.WEBHOOK, "Hi")

    (reply,) = client.messages.list(from_=world.WEBHOOK)
    assert (reply.status, reply.error_code) == ("undelivered", code)
    assert reply.error_message
    assert answer["trace"][-1] == f"the reply is undelivered: error {code}"
    assert codes(client) == []


def test_somebody_else_may_answer_beside(
    imported: RunningSandbox, client: Client, http: httpx.Client
) -> None:
    """Two messages to the customer, one chat at Vapi."""
    imported.behaviour(answered_beside=True)

    imported.text(SENDER, world.WEBHOOK, "Hi")

    found = client.messages.list(from_=world.WEBHOOK, to=SENDER)
    assert [message.direction for message in found] == ["outbound-api", "outbound-reply"]
    assert counted(http, "/chat") == 1


def test_troubles_may_befall_some_numbers_alone(
    imported: RunningSandbox, client: Client, http: httpx.Client
) -> None:
    """The others are answered, and so is Vapi's API."""
    import_number(http, world.BIN)
    imported.behaviour(troubled_numbers=[world.WEBHOOK], vapi_down="error", no_card=True, reply_error=30007)

    answers = imported.texts(SENDER, (world.WEBHOOK, world.BIN), "Hi")

    assert answers[world.BIN]["answered_by"] == "Vapi assistant Support"
    assert answers[world.WEBHOOK]["handler"] == "webhook"
    assert http.post("/chat", json={"assistantId": SUPPORT, "input": "Hi"}).status_code == 201
    sent = {number: client.messages.list(from_=number)[0].error_code for number in answers}
    assert sent == {world.WEBHOOK: 30007, world.BIN: None}
    imported.behaviour(troubled_numbers=None)
    assert http.get("/assistant").status_code == 503


def test_what_was_said_may_be_kept_nowhere(
    imported: RunningSandbox, client: Client, http: httpx.Client, app: OldApp
) -> None:
    """Who texted whom is known all the same, and who answers hears every word."""
    imported.behaviour(zero_retention={"twilio": True, "vapi": True})

    imported.text(SENDER, world.WEBHOOK, "x" * 200)
    imported.text(SENDER, world.HIDDEN, "Hi")
    chat = http.post("/chat", json={"assistantId": SUPPORT, "input": "Hi"}).json()

    assert {message.body for message in client.messages.list()} == {""}
    assert client.messages.list(to=world.WEBHOOK)[0].num_segments == "2"
    assert app.visits[0].parameters["Body"] == "Hi"
    (session,) = http.get("/session").json()["results"]
    assert session["messages"] == []
    assert chat["output"]
    for kept in http.get("/chat").json()["results"]:
        assert kept["input"] is kept["output"] is kept["messages"] is None


def test_each_vendor_has_a_clock_of_its_own(
    imported: RunningSandbox, client: Client, http: httpx.Client
) -> None:
    """In dates, and in the header that says the time."""
    imported.behaviour(clock_skew_ms={"twilio": 120_000, "vapi": -60_000})

    imported.text(SENDER, world.WEBHOOK, "Hi")

    ours = httpx.get(f"{imported.url}{MESSAGES}", auth=(AC, TOKEN))
    theirs = http.get("/session")
    (session,) = theirs.json()["results"]
    times = [parsedate_to_datetime(answer.headers["date"]) for answer in (ours, theirs)]
    assert timedelta(seconds=175) < times[0] - times[1] < timedelta(seconds=185)
    assert "T" in session["createdAt"]
    message = client.messages.list(to=world.WEBHOOK)[0]
    assert abs(message.date_created - times[0]) < timedelta(seconds=5)


def test_alerts_may_come_late(imported: RunningSandbox, client: Client) -> None:
    """By the sandbox's clock; when it happened is told as it was."""
    imported.behaviour(alerts_late_ms=300_000, vapi_down="error")
    imported.text(SENDER, world.WEBHOOK, "Hi")
    before = codes(client)

    imported.advance(301)

    (alert,) = client.monitor.v1.alerts.list()
    assert before == []
    assert alert.date_created - alert.date_generated == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("vendor", "path", "status"),
    [
        ("twilio", "*/Messages*", 403),
        ("twilio", "*/Messages*", 401),
        ("twilio", "/v1/Alerts*", 403),
        ("vapi", "/session*", 403),
        ("vapi", "/chat*", 403),
    ],
)
def test_a_key_may_not_read_by_a_fault(
    imported: RunningSandbox, http: httpx.Client, vendor: str, path: str, status: int
) -> None:
    """Each vendor's own words; the rest is answered as ever."""
    imported.fault(vendor=vendor, path=path, status=status, count=None)
    with httpx.Client(base_url=imported.url, auth=(AC, TOKEN)) as ours:
        answers: list[Any] = [ours.get(MESSAGES), ours.get("/v1/Alerts"), http.get("/session")]
        answers += [http.get("/chat"), http.get("/assistant"), ours.get("/v1/Services")]

    (refused,) = [answer for answer in answers if answer.is_error]
    expected = {"code": 20003} if vendor == "twilio" else {"statusCode": 403, "error": "Forbidden"}
    assert refused.status_code == status
    assert refused.json().items() >= expected.items()
