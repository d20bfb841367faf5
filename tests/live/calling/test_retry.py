"""When a request is sent again, and for how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from vapi_sms.core.errors import EngineGone
from vapi_sms.live.calling.calls import AttemptError, Outcome, Patience, retry_after

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.live.conftest import Hourglass

NOW = datetime(2025, 1, 1, 12, 0, 0, tzinfo=UTC)


def failing(times: int, outcome: Outcome, after: float | None = None) -> Callable[[], str]:
    """Return an attempt that fails that many times, then answers."""
    left = iter(range(times))

    def attempt() -> str:
        for _ in left:
            raise AttemptError(outcome, "why", retry_after=after)
        return "answer"

    return attempt


@pytest.mark.parametrize(
    ("outcome", "reading", "importing"),
    [
        (Outcome.BUSY, True, True),
        (Outcome.UNSENT, True, True),
        (Outcome.FAILED, True, False),
        (Outcome.LOST, True, False),
        (Outcome.FINAL, False, False),
    ],
)
def test_only_what_cannot_be_done_twice_is_sent_twice(
    outcome: Outcome, *, reading: bool, importing: bool
) -> None:
    """What may have taken effect is repeated only where twice is as good as once."""
    assert outcome.may_repeat(idempotent=True) is reading
    assert outcome.may_repeat(idempotent=False) is importing


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (429, Outcome.BUSY),
        (500, Outcome.FAILED),
        (503, Outcome.FAILED),
        (408, Outcome.FAILED),
        (400, Outcome.FINAL),
        (404, Outcome.FINAL),
        (302, Outcome.FINAL),
    ],
)
def test_a_status_tells_the_outcome(status: int, outcome: Outcome) -> None:
    """429 was not done, 5xx may have been, the rest is final."""
    assert Outcome.of_status(status) is outcome


def test_pauses_grow_until_the_answer_comes(hourglass: Hourglass) -> None:
    """Each pause is twice the one before, and the answer ends them."""
    assert hourglass.patience().spend(failing(6, Outcome.FAILED), idempotent=True) == "answer"

    assert hourglass.slept == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0]


def test_half_of_a_pause_is_chance(hourglass: Hourglass) -> None:
    """Workers that failed together do not come back together."""
    patience = Patience(60, clock=lambda: hourglass.now, sleep=hourglass.sleep, chance=lambda: 0.0)
    patience.spend(failing(2, Outcome.FAILED), idempotent=True)

    assert hourglass.slept == [0.125, 0.25]


def test_patience_ends(hourglass: Hourglass) -> None:
    """All pauses of a call together are no longer than its patience."""
    with pytest.raises(AttemptError):
        hourglass.patience(10).spend(failing(100, Outcome.FAILED), idempotent=True)

    assert 5 < hourglass.now <= 10


def test_an_address_where_nobody_is_gets_less_patience(hourglass: Hourglass) -> None:
    """A wrong base URL is told after a quarter of the patience."""
    with pytest.raises(AttemptError):
        hourglass.patience(60).spend(failing(100, Outcome.UNSENT), idempotent=True)

    assert 5 < hourglass.now <= 15


@pytest.mark.parametrize(("asked", "slept"), [(3.0, 3.0), (0.0, 0.25), (900.0, 30.0)])
def test_the_vendors_wish_is_honoured(hourglass: Hourglass, asked: float, slept: float) -> None:
    """Retry-After sets the shortest pause, up to half a minute."""
    hourglass.patience().spend(failing(1, Outcome.FAILED, asked), idempotent=True)

    assert hourglass.slept == [slept]


@pytest.mark.parametrize(("asked", "slept"), [(3.0, 3.0), (0.0, 0.0), (900.0, 30.0)])
def test_who_is_turned_away_waits_for_a_turn(hourglass: Hourglass, asked: float, slept: float) -> None:
    """After 429 the vendor's pause is kept, and then there are turns, shared by all who use the limiter."""
    patience = hourglass.patience()
    patience.spend(failing(1, Outcome.BUSY, asked), idempotent=False)
    assert slept < hourglass.now < slept + 0.1

    now = hourglass.now
    for _ in range(10):
        patience.spend(failing(0, Outcome.BUSY), idempotent=False)
    assert hourglass.now > now + 0.1


def test_patience_with_a_vendor_that_takes_nothing_ends(hourglass: Hourglass) -> None:
    """Turned away for as long as the patience lasts, without anybody being served, a request fails."""
    with pytest.raises(AttemptError):
        hourglass.patience(10).spend(failing(100, Outcome.BUSY), idempotent=True)

    assert 8 < hourglass.now <= 12


def test_a_long_limited_run_does_not_fail(hourglass: Hourglass) -> None:
    """Who is turned away again and again goes on as long as the vendor takes the requests of others."""
    patience = hourglass.patience(10)
    refusals = iter(range(30))

    def attempt() -> str:
        hourglass.now += 1
        patience.limiter.granted(hourglass.now, hourglass.now)
        for _ in refusals:
            raise AttemptError(Outcome.BUSY, "why", 429)
        return "answer"

    assert patience.spend(attempt, idempotent=False) == "answer"
    assert hourglass.now > 30


def test_even_then_patience_ends(hourglass: Hourglass) -> None:
    """A request that alone is never served fails after ten times the patience."""
    patience = hourglass.patience(10)

    def attempt() -> str:
        hourglass.now += 1
        patience.limiter.granted(hourglass.now, hourglass.now)
        raise AttemptError(Outcome.BUSY, "why", 429)

    with pytest.raises(AttemptError):
        patience.spend(attempt, idempotent=False)

    assert 100 < hourglass.now <= 103


def test_waiting_for_the_first_turn_costs_no_patience(hourglass: Hourglass) -> None:
    """However long the queue is, all of the patience is left when the first attempt fails."""
    patience = hourglass.patience(10)
    patience.limiter.refused(0, 0, retry_after=30)
    attempts = failing(3, Outcome.FAILED)

    assert patience.spend(attempts, idempotent=True) == "answer"
    assert hourglass.now > 30


def test_a_turn_from_before_the_vendors_pause_holds_no_more(hourglass: Hourglass) -> None:
    """Who wakes up while the vendor wants nobody to ask goes on waiting."""
    patience = hourglass.patience()
    patience.limiter.refused(0, 0, retry_after=0)
    slept_once = iter([True])

    def sleep(seconds: float) -> None:
        hourglass.sleep(seconds)
        if next(slept_once, False):
            patience.limiter.refused(hourglass.now, hourglass.now, retry_after=5)

    replace(patience, sleep=sleep).spend(failing(0, Outcome.BUSY), idempotent=False)

    assert hourglass.now > 5


def test_a_final_answer_is_not_asked_for_again(hourglass: Hourglass) -> None:
    """A refusal is raised at once."""
    with pytest.raises(AttemptError):
        hourglass.patience().spend(failing(1, Outcome.FINAL), idempotent=True)

    assert hourglass.slept == []


def test_stop_is_asked_before_every_attempt(hourglass: Hourglass) -> None:
    """When the engine goes while we wait, nothing more is sent."""
    attempts = 0

    def stop() -> None:
        if attempts == 2:
            raise EngineGone

    def attempt() -> str:
        nonlocal attempts
        attempts += 1
        raise AttemptError(Outcome.BUSY, "why")

    with pytest.raises(EngineGone):
        Patience(60, stop, sleep=hourglass.sleep).spend(attempt, idempotent=True)

    assert attempts == 2


def test_stop_is_asked_after_every_wait_too(hourglass: Hourglass) -> None:
    """Nothing is sent for an engine that went while a request waited for its turn."""
    patience = hourglass.patience()
    patience.limiter.refused(0, 0, retry_after=5)

    def stop() -> None:
        if hourglass.now > 0:
            raise EngineGone

    with pytest.raises(EngineGone):
        replace(patience, stop=stop).spend(lambda: pytest.fail("sent"), idempotent=True)

    assert hourglass.now >= 5


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("2", 2.0),
        ("Wed, 01 Jan 2025 12:00:07 GMT", 7.0),
        ("Wed, 01 Jan 2025 12:00:07 -0000", 7.0),
        ("Wed, 01 Jan 2025 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-1", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    """A header that cannot be read is as if it were not there."""
    assert retry_after(header, NOW) == seconds


def test_trouble_that_lasts_is_told(hourglass: Hourglass) -> None:
    """After two seconds, with what is left of the patience; that it is turned away is nobody's trouble."""
    told: list[tuple[str, float]] = []
    patience = hourglass.patience(seconds=60.0)
    patience = replace(patience, waits=lambda why, left: told.append((why, round(left))))

    assert patience.spend(failing(3, Outcome.FAILED), idempotent=True) == "answer"
    assert told == []
    assert patience.spend(failing(6, Outcome.LOST), idempotent=True) == "answer"
    assert told[0][0] == "why"
    assert 40 < told[-1][1] < told[0][1] < 59
    before = len(told)
    assert patience.spend(failing(6, Outcome.BUSY, after=5.0), idempotent=True) == "answer"
    assert len(told) == before
