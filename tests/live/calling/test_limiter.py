"""How fast a vendor is asked: the limiter among eight workers and a vendor that counts, all by one made-up clock."""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from vapi_sms.live.calling.limiter import Limiter

WORKERS = 8
LATENCY = 0.01


@dataclass
class Vendor:
    """Takes `rate` requests a second; what was not asked for is saved up, as far as `saved` requests.

    Who asks for more is told to ask again after `retry_after` seconds.
    """

    rate: float
    saved: float
    retry_after: float = 0.0
    left: float = field(init=False)
    at: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self.left = self.saved

    def takes(self, now: float) -> bool:
        """Count a request, and tell whether it was one too many."""
        self.left = min(self.saved, self.left + (now - self.at) * self.rate)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


@dataclass
class Traffic:
    """What went over the wire: the moments at which requests were asked, and those of them that were turned away."""

    asked: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    served: Counter[int] = field(default_factory=Counter)

    def granted(self, since: float, until: float) -> float:
        """Give the requests a second that the vendor took in a span of time."""
        asked = sum(since <= moment < until for moment in self.asked)
        return (asked - sum(since <= moment < until for moment in self.refused)) / (until - since)


def work(limiter: Limiter, vendor: Vendor, *, seconds: float, start: float = 0.0) -> Traffic:
    """Let eight workers ask for so many seconds, each as soon as it may and its last answer has come."""
    traffic, order = Traffic(), itertools.count()
    # moment, order, worker, when it took its turn; the worker waits until that moment.
    waiting: list[tuple[float, int, int, float]] = []

    def take_turn(worker: int, now: float) -> None:
        heapq.heappush(waiting, (limiter.turn(now), next(order), worker, now))

    for worker in range(WORKERS):
        take_turn(worker, start)
    answers: list[tuple[float, int, int, float, bool]] = []
    while True:
        if answers and (not waiting or answers[0] <= waiting[0]):
            now, _, worker, taken_at, is_granted = heapq.heappop(answers)
            if is_granted:
                limiter.granted(taken_at, now)
                traffic.served[worker] += 1
            else:
                limiter.refused(taken_at, now, vendor.retry_after)
            take_turn(worker, now)
            continue
        now, _, worker, taken_at = heapq.heappop(waiting)
        if now >= start + seconds:
            return traffic
        if now > taken_at and not limiter.holds(taken_at, now):
            take_turn(worker, now)
            continue
        is_granted = vendor.takes(now)
        traffic.asked.append(now)
        if not is_granted:
            traffic.refused.append(now)
        heapq.heappush(answers, (now + LATENCY, next(order), worker, taken_at, is_granted))


def test_nobody_waits_before_anybody_was_turned_away() -> None:
    """A vendor that takes all is asked as fast as eight workers can."""
    traffic = work(Limiter(), Vendor(10_000, 10_000), seconds=10)

    assert traffic.granted(0, 10) == pytest.approx(WORKERS / LATENCY, rel=0.01)


@pytest.mark.parametrize("retry_after", [0.0, 1.0])
@pytest.mark.parametrize("rate", [5.0, 10.0, 20.0, 50.0, 100.0, 300.0])
def test_the_vendors_rate_is_found_and_kept(rate: float, retry_after: float) -> None:
    """More than nine tenths of what it takes is used from the first second on, and few are turned away."""
    traffic = work(Limiter(), Vendor(rate, saved=rate, retry_after=retry_after), seconds=120)

    assert traffic.granted(0, 20) > 0.85 * rate
    assert traffic.granted(20, 120) > 0.92 * rate
    assert len(traffic.refused) < 0.08 * len(traffic.asked)


@pytest.mark.parametrize("retry_after", [0.0, 1.0])
@pytest.mark.parametrize("rate", [10.0, 50.0])
def test_a_vendor_that_saves_nothing_up_is_served_too(rate: float, retry_after: float) -> None:
    """Where every pause that the vendor asks for is lost, most of its rate is used all the same."""
    traffic = work(Limiter(), Vendor(rate, saved=1, retry_after=retry_after), seconds=120)

    assert traffic.granted(30, 120) > 0.75 * rate


def test_no_herd_comes_back_after_a_pause() -> None:
    """Whoever waited for the vendor's pause to end asks in turn, never two at once."""
    traffic = work(Limiter(), Vendor(20, saved=20, retry_after=3.0), seconds=60)

    opened = [n for n, (before, after) in enumerate(pairwise(traffic.asked), 1) if after - before > 2.5]
    assert len(opened) > 2
    for n in opened:
        gaps = [after - before for before, after in pairwise(traffic.asked[n : n + WORKERS])]
        assert min(gaps) > 0.9 * max(gaps)


def test_the_pause_is_everybodys() -> None:
    """From the first answer that asks for a pause on, nobody asks until it is over."""
    traffic = work(Limiter(), Vendor(20, saved=20, retry_after=5.0), seconds=20)

    told_at = traffic.refused[0] + LATENCY
    assert not [moment for moment in traffic.asked if told_at < moment < told_at + 5]


def test_turns_that_nobody_took_are_not_made_up_for() -> None:
    """After an idle minute requests are as evenly spaced as before."""
    limiter = Limiter()
    work(limiter, Vendor(10, saved=10), seconds=20)

    traffic = work(limiter, Vendor(1000, saved=1000), seconds=1, start=80)

    gaps = [after - before for before, after in pairwise(traffic.asked)]
    assert max(gaps) < 2 * min(gaps)


def test_all_workers_are_served_alike() -> None:
    """First come, first served: nobody starves while others are served."""
    traffic = work(Limiter(), Vendor(20, saved=20), seconds=60)

    assert max(traffic.served.values()) - min(traffic.served.values()) <= 0.1 * 150


def test_more_is_tried_when_the_vendor_takes_more() -> None:
    """A rate that was cut comes back, and goes far beyond what it was."""
    limiter = Limiter()
    work(limiter, Vendor(10, saved=10), seconds=30)

    traffic = work(limiter, Vendor(200, saved=200), seconds=90, start=30)

    assert traffic.granted(110, 120) > 100


def test_less_is_asked_when_the_vendor_takes_less() -> None:
    """A vendor that slows down is followed within seconds."""
    limiter = Limiter()
    work(limiter, Vendor(100, saved=100), seconds=30)

    traffic = work(limiter, Vendor(10, saved=10), seconds=60, start=30)

    assert traffic.granted(40, 90) > 9
    assert sum(moment > 40 for moment in traffic.refused) < 0.1 * sum(moment > 40 for moment in traffic.asked)


def test_a_vendor_that_takes_nothing_is_hardly_asked() -> None:
    """Eight workers together ask as seldom as one who waits patiently."""
    traffic = work(Limiter(), Vendor(0, saved=0), seconds=120)

    assert sum(moment > 60 for moment in traffic.asked) <= 60


def test_it_is_known_since_when_nobody_was_served() -> None:
    """A grant ends what was busy; the next refusal begins it anew."""
    limiter = Limiter()
    limiter.refused(1, 1, 0)
    limiter.refused(2, 2, 0)
    assert limiter.busy_since == 1

    limiter.granted(3, 3)
    limiter.refused(4, 4, 0)

    assert limiter.busy_since == 4
