"""A call to a vendor: when a request is sent again, for how long an answer is waited for, and how a refusal is told.

One policy for both vendors. Time-outs count from byte to byte, and neither vendor's library knows a deadline for a
whole answer: one that drips would be waited for for ever. So one thread looks after all answers that this process waits
for, and shuts the socket of one that is late: whoever reads from it sees the connection end.
"""

from __future__ import annotations

import contextlib
import itertools
import math
import random
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from vapi_sms.core.inert import line, redacted_url
from vapi_sms.live.calling.limiter import Limiter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vapi_sms.live.settings import Settings

_URL = re.compile(r"https?://[^\s\"'`<>]+", re.IGNORECASE)
_LONGEST = 300
_LONGEST_MARK = 64
_HIDDEN = "***"

NO_REASON = "no reason is given"
"""In place of what a vendor did not say."""


def told(text: str, secrets: Iterable[str]) -> str:
    """Give `text` as one short line in which no secret and no URL's query value occurs."""
    # Secrets first: a URL that is cut or escaped otherwise might still hold one.
    for secret in secrets:
        if secret:
            text = text.replace(secret, _HIDDEN)
    found = line(" ".join(_URL.sub(lambda found: redacted_url(found[0]), text).split()).rstrip("."))
    return found if len(found) <= _LONGEST else f"{found[:_LONGEST]} [...]"


def reason(message: object, secrets: Iterable[str]) -> str:
    """Give a refusal's message in the same way, or say that there is none."""
    return (told(message, secrets) if isinstance(message, str) else "") or NO_REASON


def mark(found: object, secrets: Iterable[str]) -> str:
    """Give a vendor's code or a request's id as a few characters; nothing where it is neither text nor number."""
    return told(str(found), secrets)[:_LONGEST_MARK] if isinstance(found, str | int) else ""


TIMEOUTS = 3
"""A whole answer may take as long as so many time-outs: a long list on a slow line is no drip."""


@dataclass(eq=False, slots=True)
class Wait:
    """One request, until `ends` (monotonic seconds); `is_late` when its connection was shut because of that."""

    ends: float
    line: socket.socket | None = None
    is_late: bool = False

    def give_up(self) -> None:
        """Shut the connection, whichever thread reads from it."""
        self.is_late = True
        if self.line is not None:
            # Of a TLS socket too the plain one's: its own would change what the reader is just using.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self.line, socket.SHUT_RDWR)


class Deadlines:
    """Looks after the answers that all threads of a process wait for."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waits: set[Wait] = set()
        self._looks_at = -math.inf
        self._thread: threading.Thread | None = None

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[Wait]:
        """Give a wait, whose `line` the caller names as soon as it is known; at the block's end it is over."""
        wait = Wait(time.monotonic() + seconds)
        with self._changed:
            self._waits.add(wait)
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, name="deadlines", daemon=True)
                self._thread.start()
            elif wait.ends < self._looks_at:
                self._changed.notify()
        try:
            yield wait
        finally:
            with self._changed:
                self._waits.discard(wait)

    def _look(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                for wait in self._waits:
                    if wait.ends <= now and not wait.is_late:
                        wait.give_up()
                self._looks_at = min(
                    (wait.ends for wait in self._waits if not wait.is_late), default=math.inf
                )
                self._changed.wait(min(self._looks_at - now, threading.TIMEOUT_MAX))


DEADLINES = Deadlines()
"""Those of this process."""


Answer = TypeVar("Answer")


class ReadingTooOld(Exception):
    """What a write stands on grew too old while it waited for its turn, or is known to be; nothing is changed."""


_valid_until: ContextVar[float | None] = ContextVar("valid_until", default=None)


@contextmanager
def valid_until(moment: float | None) -> Iterator[None]:
    """Let requests of this block that have not left by a moment (monotonic seconds) raise ReadingTooOld instead.

    None takes that back for an inner block.
    """
    token = _valid_until.set(moment)
    try:
        yield
    finally:
        _valid_until.reset(token)


ends_at: ContextVar[float] = ContextVar("ends_at", default=math.inf)
"""When the time-out of a program is over (monotonic seconds): no number begins after it, and no request pauses."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let what this block begins end in so many seconds; what is put back takes the time that it needs."""
    token = ends_at.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        ends_at.reset(token)


_FIRST_PAUSE = 0.25
_LONGEST_PAUSE = 8.0
_LONGEST_RETRY_AFTER = 30.0
_SILENCE = 2.0  # seconds of trouble that people need not hear of
# Nobody at an address is more often a typing error than a passing trouble, and not worth a minute of waiting.
_UNSENT_SHARE = 0.25
# How many patiences a request may be turned away while the vendor takes others.
_BAD_LUCK = 10


class Outcome(Enum):
    """How an attempt failed, as far as it decides whether the same request may be sent again."""

    BUSY = "busy"  # 429: turned away before anything was done
    UNSENT = "unsent"  # no connection: the request never left
    FAILED = "failed"  # 5xx: the vendor may have done it, wholly or in part
    LOST = "lost"  # sent, and no answer came
    FINAL = "final"  # answered: the same request gets the same answer

    @classmethod
    def of_status(cls, status: int) -> Outcome:
        """Tell the outcome of an answer that is not a success."""
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            return cls.BUSY
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
            return cls.FAILED
        return cls.FINAL

    def may_repeat(self, *, idempotent: bool) -> bool:
        """Tell whether sending once more can help and cannot do a thing twice."""
        if self in (Outcome.BUSY, Outcome.UNSENT):
            return True
        return idempotent and self in (Outcome.FAILED, Outcome.LOST)


@dataclass(eq=False)
class AttemptError(Exception):
    """One attempt failed; `why` is fit for people's eyes, and so is `advice`, where it is known here already."""

    outcome: Outcome
    why: str
    status: int | None = None
    code: str = ""
    request_id: str = ""
    retry_after: float | None = None
    advice: str = ""


def go_on() -> None:
    """Stop nothing."""


Waits = Callable[[str, float], None]
"""Is told why a request is sent again, once that has lasted, and for how many seconds at most it will go on."""


def in_silence(why: str, left: float) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Send again with growing, random pauses, as the vendor asks if it does, for `seconds` in all.

    A request that was turned away because there are too many waits for its turn instead, and its patience lasts as long
    as the vendor takes those of others. `stop` is called before every attempt, the first included, and ends the call by
    raising. One vendor's `limiter` is shared by all who ask it, and so are its places for requests under way. `waits`
    is told what lasts.
    """

    seconds: float
    stop: Callable[[], None] = go_on
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    limiter: Limiter = field(default_factory=Limiter)
    waits: Waits = in_silence

    @classmethod
    def of(cls, settings: Settings, stop: Callable[[], None] = go_on, waits: Waits = in_silence) -> Patience:
        """Give the patience with one vendor."""
        return cls(settings.patience, stop, limiter=Limiter(settings.concurrency), waits=waits)

    def spend(self, attempt: Callable[[], Answer], *, idempotent: bool, method: str = "") -> Answer:
        """Give the first answer that is no AttemptError; else raise the last one.

        How long answers to the same `method` take is compared with each other.
        """
        turn = self._take_turn()
        started = self.clock()
        may_have_left = False
        for failures in itertools.count():
            sent_at, valid = self.clock(), _valid_until.get()
            try:
                try:
                    if not may_have_left and valid is not None and sent_at > valid:
                        raise ReadingTooOld
                    answer = attempt()
                finally:
                    self.limiter.places.leave()
            except AttemptError as failed:
                may_have_left = may_have_left or failed.outcome not in (Outcome.BUSY, Outcome.UNSENT)
                self._tell_limiter(failed, turn)
                pause, left = self._pause(failed, failures), self._left(failed, started)
                if pause > left or not failed.outcome.may_repeat(idempotent=idempotent):
                    raise
                # Whose pause is the wait for the next turn is no trouble that people hear of, however long it is.
                if failed.outcome is not Outcome.BUSY:
                    if self.clock() - started >= _SILENCE:
                        why = failed.why if failed.status is None else f"it answers {failed.status}"
                        self.waits(why, left)
                    self.sleep(pause)
                turn = self._take_turn()
            else:
                self.limiter.answered(method, turn, sent_at, self.clock())
                return answer
        raise AssertionError("unreachable")

    def _take_turn(self) -> float:
        """Wait until the vendor may be asked, with a place among the requests under way, which the caller gives back.

        Give the moment at which the turn was taken.
        """
        self.stop()
        waited = self.limiter.places.enter()
        try:
            if waited:
                self.stop()
            taken_at = self.clock()
            moment = self.limiter.turn(taken_at)
            while (now := self.clock()) < moment:
                self.sleep(moment - now)
                self.stop()
                now = self.clock()
                if not self.limiter.holds(taken_at, now):
                    taken_at, moment = now, self.limiter.turn(now)
        except BaseException:
            self.limiter.places.leave()
            raise
        return taken_at

    def _tell_limiter(self, failed: AttemptError, turn: float) -> None:
        if failed.outcome is Outcome.BUSY:
            self.limiter.refused(turn, self.clock(), min(failed.retry_after or 0.0, _LONGEST_RETRY_AFTER))
        elif failed.status is not None:
            self.limiter.granted(turn, self.clock())

    def _left(self, failed: AttemptError, started: float) -> float:
        """Give how many seconds of patience are left."""
        if failed.outcome is Outcome.BUSY:
            # While others are served, this one only has bad luck; but perhaps it is the one that is never served.
            ends = min(self.limiter.busy_since + self.seconds, started + _BAD_LUCK * self.seconds)
        else:
            ends = started + self.seconds * (_UNSENT_SHARE if failed.outcome is Outcome.UNSENT else 1)
        return min(ends, ends_at.get()) - self.clock()

    def _pause(self, failed: AttemptError, failures: int) -> float:
        if failed.outcome is Outcome.BUSY:
            return self.limiter.opens_at - self.clock()
        # Half of the pause is random, so that workers that failed together do not come back together.
        growing = min(_FIRST_PAUSE * 2.0 ** min(failures, 16), _LONGEST_PAUSE)
        asked = min(failed.retry_after or 0.0, _LONGEST_RETRY_AFTER)
        return max(asked, growing * (0.5 + self.chance() / 2))


def retry_after(header: str | None, now: datetime) -> float | None:
    """Read a Retry-After header, seconds or a date; what cannot be read is as if it were not there."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    # A date in "-0000" is UTC too, and comes without a zone.
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
