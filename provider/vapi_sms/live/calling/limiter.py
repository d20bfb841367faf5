"""How fast a vendor lets itself be asked, and whether it is worth asking: found out from its answers, shared by all.

Neither vendor says how many requests it takes, a second or at a time. So nobody waits for a turn until one is turned
away (429). From then on requests take turns, evenly spaced, at a rate that is cut whenever more are turned away; in
between it comes back to where that happened, stays there for a while, and then probes beyond: the cubic curve of TCP,
for the same reason. And as TCP does, a few are sent side by side at first, and more as long as that speaks for itself.

A shared reading that failed although all patience was spent on it fails at once for a while: else each of a hundred
resources would wait as long as the first one did, to be told the same. And one that will be needed can be begun before:
readings that need nothing of each other then take as long as the slowest of them.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from vapi_sms.core.errors import VendorUnavailable

STAYS = 30.0  # seconds from a failure until a vendor is asked again
Found = TypeVar("Found")


class Outages:
    """What just failed, and what was begun ahead, by the name of the reading; safe to use from many threads."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._failed: dict[str, tuple[VendorUnavailable, float]] = {}
        self._begun: dict[str, Future[tuple[float, Any]]] = {}
        self._lock = threading.Lock()

    def begin(self, what: str, read: Callable[[], object]) -> None:
        """Read in a thread of its own, for whoever asks next, who is told of its trouble too.

        What was begun before will do, unless it failed and nobody was told.
        """
        with self._lock:
            before = self._begun.get(what)
            if before is not None and not (before.done() and before.exception()):
                return
            begun = self._begun[what] = Future()
        threading.Thread(target=self._fulfil, args=(begun, what, read), name=what, daemon=True).start()

    def ask(self, what: str, read: Callable[[], Found]) -> Found:
        """Give what `read` gives, or gave since it was begun.

        Raises VendorUnavailable without asking where it just did.
        """
        return self.ask_at(what, read)[1]

    def ask_at(
        self, what: str, read: Callable[[], Found], not_before: float = float("-inf")
    ) -> tuple[float, Found]:
        """Give it with the moment before it was read; what was begun earlier than `not_before` is read again."""
        with self._lock:
            begun = self._begun.pop(what, None)
        if begun is not None and (found := begun.result())[0] >= not_before:
            return found
        return self._now(), self._read(what, read)

    def _fulfil(self, begun: Future[tuple[float, Any]], what: str, read: Callable[[], object]) -> None:
        try:
            begun.set_result((self._now(), self._read(what, read)))
        except BaseException as trouble:  # noqa: BLE001 it is raised again where it is asked for
            begun.set_exception(trouble)

    def _read(self, what: str, read: Callable[[], Found]) -> Found:
        with self._lock:
            trouble, since = self._failed.get(what, (None, 0.0))
        if trouble is not None and self._now() - since < STAYS:
            raise replace(trouble)
        try:
            return read()
        except VendorUnavailable as unavailable:
            with self._lock:
                self._failed[what] = unavailable, self._now()
            raise


# What a cut leaves: a rate to start from, and the one that it is back at some time later.
_FAR_OFF = (0.5, 0.8)  # of the rate that was used, which says nothing of the right one
_NEARER = (0.7, 0.8)  # of the rate that was used, after some time in which it did
_MEASURED = (0.95, 1.1)  # of the rate at which the vendor took requests since the last cut
_BACK = 15.0  # seconds until then; after twice that it is as much above
_ENOUGH = 3  # requests turned away that make a cut, where the vendor does not ask for a pause
_PAUSES = 10  # a pause that the vendor asks for should come once in so many of its length
_SLOWEST = 0.5  # requests a second; slower would look like standing still
_GUESS = 100.0  # requests a second, where too few were answered to say how fast we were
_TELLING = 8  # answers that are enough to say so
_LAST = 1.0  # seconds: what was before says nothing of how fast we are


@dataclass(frozen=True, slots=True)
class _Cut:
    """A cut of the rate: from when on `low` is used, and the rate to which it comes back in `back` seconds."""

    made_at: float
    used_from: float
    low: float
    high: float
    back: float

    def rate(self, moment: float) -> float:
        """Give the requests a second at a moment."""
        since = max(0.0, moment - self.used_from) / self.back - 1
        return self.high + (self.high - self.low) * since**3


FIRST = 8
"""Requests under way at a time, where nothing is known of a vendor."""
MOST = 32
"""And at most, where nobody says how many: at 0.15 s an answer, what one Python process has time to send."""
_SLOWER = 2.0  # times the fastest answer ever


class Width:
    """How many requests one vendor is sent side by side, as its answers tell; moments are seconds of any one clock.

    They are judged by rounds, of as many answers as are allowed under way. After a round that needed all of its width
    there may be half as many more, up to `most` (twice as many would find a limit as soon, and be turned away by it
    twice as often); once anything spoke against that, one more. Where requests have to wait for their turns it is not
    the width that holds them back. A request that is turned away
    halves it, down to one. A round of which even the fastest answer took twice as long as the fastest ever, to requests
    of the same method, halves it down to what it was at first: slow answers alone are no reason to go below that.
    """

    def __init__(self, most: int = MOST) -> None:
        self.now = self._first = min(FIRST, most)
        self._most = most
        self._fastest: dict[str, float] = {}
        self._leaps = True
        self._narrowed_at = float("-inf")
        self._begin_round()

    def used(self, under_way: int) -> None:
        """Take note of how many are under way."""
        self._was_needed |= under_way >= self.now

    def paced(self) -> None:
        """Take note of a request that has to wait for its turn."""
        self._was_paced = True

    @property
    def numbers(self) -> int:
        """How many numbers to have under way: once anything spoke against more, no more than keep it busy.

        Who has to wait with a number that was read already finds the reading too old, and reads it again.
        """
        return self._most if self._leaps else 2 * self.now

    def answered(self, method: str, sent_at: float, now: float) -> None:
        """Take note of an answer that is a success."""
        if sent_at < self._narrowed_at:
            return  # it was sent among more
        seconds = now - sent_at
        fastest = self._fastest[method] = min(seconds, self._fastest.get(method, seconds))
        self._answers += 1
        self._is_slower &= seconds > _SLOWER * fastest
        if self._answers < self.now:
            return
        if self._is_slower and self.now > self._first:
            self._narrow(max(self._first, self.now // 2), now)
        elif self._was_needed and not self._was_paced and not self._is_slower:
            self.now = min(self._most, self.now * 3 // 2 if self._leaps else self.now + 1)
        self._begin_round()

    def refused(self, sent_at: float, now: float) -> None:
        """Take note of a request that was turned away; of those that were sent together, one narrows."""
        if sent_at >= self._narrowed_at:
            self._narrow(max(1, self.now // 2), now)

    def _narrow(self, width: int, now: float) -> None:
        self.now, self._narrowed_at, self._leaps = width, now, False
        self._begin_round()

    def _begin_round(self) -> None:
        self._answers, self._is_slower = 0, True
        self._was_needed = self._was_paced = False


class Places:
    """Places of what is under way, as many as there is `room` for; first come, first served, from many threads."""

    def __init__(self, room: Callable[[], int], taken: Callable[[int], None] = lambda _: None) -> None:
        self._room, self._taken = room, taken
        self._under_way = 0
        self._waiting: deque[threading.Lock] = deque()
        self._lock = threading.Lock()

    def enter(self) -> bool:
        """Take a place; tell whether that meant waiting until another one left."""
        with self._lock:
            if self._under_way < self._room() and not self._waiting:
                self._take()
                return False
            place = threading.Lock()
            place.acquire()
            self._waiting.append(place)
        # Whoever leaves hands the place over: who comes later must not be faster.
        place.acquire()
        return True

    def leave(self) -> None:
        """Give a place back, and as many to those who wait as there is room for by now."""
        with self._lock:
            self._under_way -= 1
            while self._waiting and self._under_way < self._room():
                self._take()
                self._waiting.popleft().release()

    def _take(self) -> None:
        self._under_way += 1
        self._taken(self._under_way)


class Limiter:
    """The turns of one vendor's requests, and the places of those under way; safe to use from many threads.

    Moments are seconds of any one clock.
    """

    def __init__(self, most: int = MOST) -> None:
        self.width = Width(most)
        self.places = Places(lambda: self.width.now, self.width.used)
        self.busy_since = float("-inf")  # when the vendor first turned a request away since it took one
        self.opens_at = float("-inf")  # the vendor asked not to be asked before
        self._recent: deque[float] = deque(maxlen=64)  # when requests were granted, while nothing is cut
        self._cut: _Cut | None = None
        self._granted_at = float("-inf")
        self._granted = self._refused = 0  # of those who took their turn since the cut
        self._next = float("-inf")  # the first turn that is nobody's yet
        self._lock = threading.Lock()

    def turn(self, now: float) -> float:
        """Give the moment at which to ask: first come, first served; a turn that nobody took is not made up for."""
        if self._cut is None:
            return now
        with self._lock:
            moment = max(now, self._next)
            if moment > now:
                self.width.paced()
            self._next = moment + 1 / self._cut.rate(moment)
            return moment

    def holds(self, taken_at: float, now: float) -> bool:
        """Tell whether a turn taken at a moment still counts; not if the rate was cut since, or a pause asked for."""
        return self._cut is None or (taken_at >= self._cut.made_at and now >= self.opens_at)

    def answered(self, method: str, taken_at: float, sent_at: float, now: float) -> None:
        """Take note that a request was answered with success."""
        with self._lock:
            self.width.answered(method, sent_at, now)
        self.granted(taken_at, now)

    def granted(self, taken_at: float, now: float) -> None:
        """Take note that a request was not turned away."""
        self._granted_at = now
        if self._cut is None:
            self._recent.append(now)
        elif taken_at >= self._cut.made_at:
            with self._lock:
                self._granted += 1

    def refused(self, taken_at: float, now: float, retry_after: float) -> None:
        """Take note that a request was turned away, and for how many seconds the vendor wants nobody to ask."""
        with self._lock:
            self.width.refused(taken_at, now)
            self.opens_at = max(self.opens_at, now + retry_after)
            if self.busy_since <= self._granted_at:
                self.busy_since = now
            if self._cut is None:
                self._cut_to(self._rate_so_far(now), _FAR_OFF, now)
            elif taken_at >= self._cut.made_at:
                # Who took a turn before the last cut took it at the rate before it.
                self._refused += 1
                if retry_after or self._refused >= _ENOUGH:
                    self._cut_again(self._cut, now, retry_after)
            self._next = max(self._next, self.opens_at)

    def _cut_again(self, last: _Cut, now: float, retry_after: float) -> None:
        elapsed, rate = now - last.used_from, last.rate(now)
        if retry_after and elapsed < _PAUSES * retry_after:
            # In the last pause the vendor may have saved up for us: what it took since says little.
            self._cut_to(rate, _FAR_OFF if elapsed < _LAST else _NEARER, now)
        elif (taken := (self._granted + 1) / max(elapsed, 1 / rate)) < rate / 2:
            self._cut_to(rate, _FAR_OFF, now)
        else:
            self._cut_to(min(rate, taken), _MEASURED, now)

    def _cut_to(self, rate: float, left: tuple[float, float], now: float) -> None:
        low = max(_SLOWEST, rate * left[0])
        high = max(low / _MEASURED[0], rate * left[1])
        back = max(_BACK, _PAUSES * (self.opens_at - now))
        self._cut = _Cut(now, self.opens_at, low, high, back)
        self._next = max(self._next, self.opens_at + 1 / low)
        self._granted = self._refused = 0

    def _rate_so_far(self, now: float) -> float:
        recent = [moment for moment in self._recent.copy() if now - _LAST <= moment < now]
        return len(recent) / (now - recent[0]) if len(recent) >= _TELLING else _GUESS
