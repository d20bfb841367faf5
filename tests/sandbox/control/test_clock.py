"""The sandbox's clock: real, moved on where nobody wants to wait, and read by each vendor as its own is set."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import httpx
import pytest
from vapi_sms.sandbox.control.clock import SEEDED_FROM, Clock

from tests.sandbox import world
from tests.sandbox.world import SENDER, seed

if TYPE_CHECKING:
    from twilio.rest import Client
    from vapi_sms.sandbox import RunningSandbox


def test_a_vendors_clock_is_ahead_and_ticks_with_the_true_one() -> None:
    """No instant comes twice, whoever asks."""
    true = Clock()
    vendors = true.of_vendor(lambda: 60_000)

    first, second, third = true.now(), vendors.now(), true.now()

    assert first < second - timedelta(minutes=1) < third
    assert vendors.seeded() > SEEDED_FROM
    vendors.advance(timedelta(hours=1))
    assert true.shown() - third >= timedelta(minutes=59)


def test_reading_the_clock_does_not_move_it() -> None:
    """What is shown is not used up."""
    clock = Clock()
    clock.advance(timedelta(minutes=-1))
    seeded = clock.now()

    assert clock.shown() >= seeded


def test_the_clock_is_moved_on(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """What is read and written from then on is that much later; a reset takes it back."""
    before = parsedate_to_datetime(http.get("/assistant").headers["date"])

    answer = httpx.post(f"{sandbox.url}/_sandbox/clock", json={"advance_ms": 3_600_000}).json()

    after = parsedate_to_datetime(http.get("/assistant").headers["date"])
    assert timedelta(minutes=59) < after - before < timedelta(minutes=61)
    assert answer["now"].startswith(after.strftime("%Y-%m-%dT%H:"))
    sandbox.reset(seed())
    again = parsedate_to_datetime(http.get("/assistant").headers["date"])
    assert again - before < timedelta(minutes=1)


def test_it_does_not_go_back(sandbox: RunningSandbox) -> None:
    """Refused, as everything that makes no sense."""
    with pytest.raises(ValueError, match="advance_ms has to be at least 0"):
        sandbox.advance(-1)


def test_a_seeds_skew_counts_for_what_it_seeds(sandbox: RunningSandbox, client: Client) -> None:
    """Before it takes the place of the one before."""
    data = seed()
    data["behaviour"] = {"clock_skew_ms": {"twilio": 86_400_000}}
    data["twilio"]["accounts"][0]["messages"] = [{"from": SENDER, "to": world.WEBHOOK, "seconds_ago": 0}]
    sandbox.reset(data)

    (message,) = client.messages.list()

    date = httpx.get(f"{sandbox.url}/v1/Services").headers["date"]
    assert abs(message.date_sent - parsedate_to_datetime(date)) < timedelta(seconds=5)
