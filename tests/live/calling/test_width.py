"""How many requests a vendor is sent side by side: decided on moments that are handed in, kept among real threads."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from vapi_sms.core.errors import EngineGone
from vapi_sms.live.calling.calls import AttemptError, Outcome, Patience
from vapi_sms.live.calling.limiter import FIRST, MOST, Limiter, Width

from tests.live.conftest import Hourglass
from tests.waiting import until

USUAL = 0.1


class Vendor:
    """Answers rounds of a width, as many requests as it lets be under way, each in so many seconds."""

    def __init__(self, width: Width) -> None:
        self.width, self.now = width, 0.0

    def answer(self, *seconds: float, method: str = "POST", needed: bool = True) -> int:
        """Let a round be answered, in one time or in turns of some; give the width after it."""
        sent_at, answers = self.now, self.width.now
        self.width.used(answers if needed else answers - 1)
        for n in range(answers):
            self.width.answered(method, sent_at, sent_at + seconds[n % len(seconds)])
        self.now = sent_at + max(seconds)
        return self.width.now

    def refuse(self, times: int) -> int:
        """Let as many of one round be turned away; give the width after it."""
        sent_at = self.now
        self.now += USUAL
        for _ in range(times):
            self.width.refused(sent_at, self.now)
        return self.width.now


def test_it_grows_by_half_until_there_is_a_reason_not_to() -> None:
    """Eight at first, then half as many more a round, up to the most."""
    vendor = Vendor(Width())

    assert FIRST == vendor.width.now == 8
    assert [vendor.answer(USUAL) for _ in range(5)] == [12, 18, 27, 32, MOST]


@pytest.mark.parametrize(
    ("most", "widths"), [(1, [1, 1, 1]), (3, [3, 3, 3]), (16, [12, 16, 16]), (64, [12, 18, 27])]
)
def test_it_is_never_more_than_somebody_says(most: int, widths: list[int]) -> None:
    """Also at first, where that is fewer than eight."""
    vendor = Vendor(Width(most))

    assert vendor.width.now == min(FIRST, most)
    assert [vendor.answer(USUAL) for _ in range(3)] == widths


def test_what_was_not_needed_is_not_widened() -> None:
    """Seven of eight at a time say nothing of sixteen."""
    vendor = Vendor(Width())

    assert [vendor.answer(USUAL, needed=False) for _ in range(3)] == [8, 8, 8]


def test_who_is_turned_away_halves_it_and_then_it_grows_by_one() -> None:
    """As many as were sent together count once."""
    vendor = Vendor(Width())
    vendor.answer(USUAL)

    assert vendor.refuse(times=12) == 6
    assert [vendor.answer(USUAL) for _ in range(3)] == [7, 8, 9]


def test_requests_that_take_turns_do_not_widen_it() -> None:
    """It is their pace that holds them back: more of them would only wait."""
    vendor = Vendor(Width())
    vendor.width.paced()

    assert vendor.answer(USUAL) == 8
    assert vendor.answer(USUAL) == 12


def test_fewer_numbers_are_begun_at_a_vendor_that_turns_requests_away() -> None:
    """Those that keep it busy, and as many at the other vendor; before that, as many as somebody says."""
    vendor = Vendor(Width(20))
    assert vendor.width.numbers == 20

    vendor.refuse(times=1)
    vendor.refuse(times=1)

    assert vendor.width.now == 2
    assert vendor.width.numbers == 4


def test_it_is_never_less_than_one() -> None:
    """A vendor that turns everybody away is asked by one at a time, and by two as soon as it answers one."""
    vendor = Vendor(Width())

    assert [vendor.refuse(times=1) for _ in range(6)] == [4, 2, 1, 1, 1, 1]
    assert vendor.answer(USUAL) == 2


def test_slower_answers_take_back_what_was_added() -> None:
    """Once even the fastest of a round takes more than twice as long; and no more than that is taken back."""
    vendor = Vendor(Width())
    for _ in range(4):
        vendor.answer(USUAL)

    assert vendor.answer(2.1 * USUAL) == 16
    assert [vendor.answer(9 * USUAL) for _ in range(3)] == [8, 8, 8]
    assert vendor.answer(USUAL) == 9


def test_some_slow_answers_are_none_of_its_business() -> None:
    """As long as one of a round is as fast as ever, the vendor is."""
    vendor = Vendor(Width())
    vendor.answer(USUAL)

    assert vendor.answer(9 * USUAL, 9 * USUAL, 9 * USUAL, 1.9 * USUAL) == 18


def test_writing_is_not_slow_because_reading_is_fast() -> None:
    """Each method's answers are compared with its own."""
    vendor = Vendor(Width())
    vendor.answer(USUAL, method="GET")

    assert vendor.answer(9 * USUAL, method="POST") == 18


def test_what_was_sent_before_it_narrowed_says_nothing_of_the_width_since() -> None:
    """Neither that there may be more, nor that there should be fewer."""
    width = Width()
    width.used(8)
    width.refused(0.0, 1.0)

    for _ in range(8):
        width.answered("POST", 0.5, 1.5)
    width.refused(0.5, 1.5)

    assert width.now == 4


def test_a_429_narrows_and_other_failures_do_not(hourglass: Hourglass) -> None:
    """Whoever turned a request away said something about how many there are; a server that fails did not."""
    patience = hourglass.patience()
    for outcome, width in ((Outcome.FAILED, 8), (Outcome.LOST, 8), (Outcome.UNSENT, 8), (Outcome.BUSY, 4)):
        failures = iter([AttemptError(outcome, "why", 429 if outcome is Outcome.BUSY else None)])

        def attempt(left: object = failures) -> None:
            for failure in left:  # type: ignore[attr-defined] # an iterator
                raise failure

        patience.spend(attempt, idempotent=True)
        assert patience.limiter.width.now == width, outcome


@pytest.mark.parametrize("most", [1, 3])
def test_no_more_are_under_way_than_its_width(most: int) -> None:
    """Of twenty threads as many as are allowed meet in their requests, and nobody else is there."""
    patience, lock, meeting = Patience(60, limiter=Limiter(most)), threading.Lock(), threading.Barrier(most)
    under_way: list[int] = [0]
    seen: list[int] = []

    def attempt() -> None:
        with lock:
            under_way[0] += 1
            seen.append(under_way[0])
        meeting.wait(60)
        with lock:
            under_way[0] -= 1

    with ThreadPoolExecutor(20) as threads:
        for sent in [threads.submit(patience.spend, attempt, idempotent=True) for _ in range(20 * most)]:
            sent.result()

    assert len(seen) == 20 * most
    assert max(seen) == most


def test_who_waits_for_a_place_is_let_in_first_come_first_served() -> None:
    """A place that is given back is the longest waiter's, not of who comes just then."""
    limiter, came = Limiter(1).places, list[int]()
    assert limiter.enter() is False

    def wait(n: int) -> None:
        assert limiter.enter() is True
        came.append(n)
        limiter.leave()

    threads = []
    for n in range(5):
        threads.append(threading.Thread(target=wait, args=(n,)))
        threads[-1].start()
        until(lambda: len(limiter._waiting) == len(threads))
    limiter.leave()
    for thread in threads:
        thread.join(60)

    assert came == [0, 1, 2, 3, 4]
    assert limiter.enter() is False


def test_a_place_is_given_back_however_a_request_ends() -> None:
    """Also where the engine is gone before it is sent, or what it stands on is too old, or we have a bug."""
    ends = [EngineGone("gone"), None, None]

    def stop() -> None:
        if (end := ends.pop(0)) is not None:
            raise end

    def break_down() -> None:
        raise ZeroDivisionError

    patience = Patience(60, stop, limiter=Limiter(1))
    with pytest.raises(EngineGone):
        patience.spend(break_down, idempotent=True)
    with pytest.raises(ZeroDivisionError):
        patience.spend(break_down, idempotent=True)

    assert patience.spend(lambda: "answer", idempotent=True) == "answer"
