"""Twilio's lists of messages and alerts: who asks for what gets it, page by page, also while more comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException

from tests.sandbox import world
from tests.sandbox.world import AC, SENDER, TOKEN, seed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twilio.rest import Client
    from vapi_sms.sandbox import RunningSandbox

    from tests.sandbox.old_app import OldApp

DAY = 86_400
MESSAGES = f"/2010-04-01/Accounts/{AC}/Messages.json"


@pytest.fixture
def days(sandbox: RunningSandbox, app: OldApp) -> list[str]:
    """Seed a message and an alert for today and each of the four days before; return these days, newest first."""
    data: dict[str, Any] = seed(app.url)
    account = data["twilio"]["accounts"][0]
    account["messages"] = [
        {"from": SENDER, "to": world.WEBHOOK, "body": str(n), "seconds_ago": n * DAY} for n in range(5)
    ]
    account["alerts"] = [
        {"error_code": 11200 + n, "log_level": "error" if n else "warning", "seconds_ago": n * DAY}
        for n in range(5)
    ]
    sandbox.reset(data)
    today = datetime.now(UTC).date()
    return [str(today - timedelta(days=n)) for n in range(5)]


@pytest.fixture
def raw(sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    """Return a plain client with Twilio's credentials."""
    with httpx.Client(base_url=sandbox.url, auth=(AC, TOKEN), trust_env=False) as client:
        yield client


def bodies(raw: httpx.Client, **query: str | int) -> list[str]:
    """Return the bodies of the messages that a query finds, page by page."""
    page = raw.get(MESSAGES, params=query).json()
    found = [message["body"] for message in page["messages"]]
    while page["next_page_uri"]:
        page = raw.get(page["next_page_uri"]).json()
        found += [message["body"] for message in page["messages"]]
    return found


def test_messages_are_newest_first_and_paged(days: list[str], raw: httpx.Client) -> None:
    """The next page's URI carries the filters on."""
    assert bodies(raw, PageSize=2) == bodies(raw) == ["0", "1", "2", "3", "4"]
    assert bodies(raw, PageSize=1, **{"DateSent>": days[2]}) == ["0", "1", "2"]


def test_the_filter_is_by_day(days: list[str], raw: httpx.Client) -> None:
    """On and after, on and before, and that day; of a moment only its day counts."""
    assert bodies(raw, **{"DateSent>": days[1]}) == ["0", "1"]
    assert bodies(raw, **{"DateSent<": days[3]}) == ["3", "4"]
    assert bodies(raw, DateSent=days[2]) == ["2"]
    assert bodies(raw, **{"DateSent>": f"{days[1]}T23:59:59Z"}) == ["0", "1"]


def test_twilios_own_client_asks_so(days: list[str], client: Client) -> None:
    """With moments, and with the numbers."""
    since = datetime.fromisoformat(days[1]).replace(tzinfo=UTC)

    found = client.messages.list(to=world.WEBHOOK, date_sent_after=since, page_size=1)

    assert [message.body for message in found] == ["0", "1"]
    assert client.messages.list(from_=world.WEBHOOK) == []


def test_a_list_that_grows_meanwhile_loses_nothing(
    days: list[str], sandbox: RunningSandbox, raw: httpx.Client
) -> None:
    """The next page goes on after the last one's end, wherever that is by now; so does the one before."""
    first = raw.get(MESSAGES, params={"PageSize": 2, "To": world.WEBHOOK}).json()
    sandbox.text(SENDER, world.WEBHOOK, "new")

    second = raw.get(first["next_page_uri"]).json()
    third = raw.get(second["next_page_uri"]).json()

    assert [m["body"] for m in second["messages"]] == ["2", "3"]
    assert [m["body"] for m in third["messages"]] == ["4"]
    assert (second["page"], third["page"], third["next_page_uri"]) == (1, 2, None)
    assert len(days) == 5


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"DateSent": "yesterday"}, 20001),
        ({"DateSent>": "2026-13-01"}, 20001),
        ({"PageSize": "1001"}, 20001),
        ({"PageToken": "PAnone"}, 21481),
        ({"Status": "sent"}, 90002),
    ],
)
def test_a_wrong_query_of_messages_is_refused(raw: httpx.Client, query: dict[str, str], code: int) -> None:
    """In Twilio's words, or by the sandbox where Twilio has no such parameter."""
    answer = raw.get(MESSAGES, params=query)

    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_message_that_is_not_there_is_20404(client: Client) -> None:
    """An alert, too."""
    for missing in (client.messages("SM" + "f" * 32), client.monitor.v1.alerts("NO" + "f" * 32)):
        with pytest.raises(TwilioRestException) as caught:
            missing.fetch()
        assert (caught.value.status, caught.value.code) == (404, 20404)


def test_alerts_are_newest_first_and_paged(days: list[str], client: Client, raw: httpx.Client) -> None:
    """By absolute URLs at the sandbox's own host."""
    found = client.monitor.v1.alerts.list(page_size=2)

    assert [alert.error_code for alert in found] == ["11200", "11201", "11202", "11203", "11204"]
    page = raw.get("/v1/Alerts", params={"PageSize": 2}).json()
    assert page["meta"]["next_page_url"].startswith(f"{raw.base_url}/v1/Alerts?")
    assert "request_variables" not in page["alerts"][0]
    assert len(days) == 5


def test_alerts_are_asked_for_by_level_and_moment(days: list[str], client: Client, raw: httpx.Client) -> None:
    """A day is its beginning."""
    alerts = client.monitor.v1.alerts
    now = datetime.now(UTC)

    recent = alerts.list(log_level="error", start_date=now - timedelta(days=2, hours=1), end_date=now)

    assert [alert.error_code for alert in recent] == ["11201", "11202"]
    by_day = raw.get("/v1/Alerts", params={"StartDate": days[1], "EndDate": days[0]}).json()["alerts"]
    assert [alert["error_code"] for alert in by_day][-1:] == ["11201"]
    assert [alert.error_code for alert in alerts.list(log_level="warning")] == ["11200"]


def test_alerts_are_gone_after_thirty_days(days: list[str], sandbox: RunningSandbox, client: Client) -> None:
    """Messages are not."""
    sandbox.advance((30 - len(days) + 2) * DAY + 60)

    assert [alert.error_code for alert in client.monitor.v1.alerts.list()] == ["11200", "11201", "11202"]
    assert len(client.messages.list()) == len(days)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"LogLevel": "loud"}, 20001),
        ({"StartDate": "yesterday"}, 20001),
        ({"EndDate": "2026-02-30T00:00:00Z"}, 20001),
        ({"To": SENDER}, 90002),
    ],
)
def test_a_wrong_query_of_alerts_is_refused(raw: httpx.Client, query: dict[str, str], code: int) -> None:
    """There is no filter by number."""
    answer = raw.get("/v1/Alerts", params=query)

    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_services_and_alerts_have_one_address(client: Client) -> None:
    """The messaging API's paths are not the monitor's."""
    assert client.messaging.v1.services.list()
    assert client.monitor.v1.alerts.list() == []


def test_readings_of_messages_lag_as_all_others_do(sandbox: RunningSandbox, client: Client) -> None:
    """Until their time has come."""
    sandbox.behaviour(reads_lag_ms={"twilio": 60_000})
    sandbox.text(SENDER, world.WEBHOOK, "Hi")
    before = client.messages.list()

    sandbox.settle()

    assert (before, len(client.messages.list())) == ([], 2)
