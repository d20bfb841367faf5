"""When a request is sent again, and for how long: one policy for both vendors."""

from __future__ import annotations

import itertools
import random
import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from vapi_sms.live.calling.limiter import Limiter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Answer = TypeVar("Answer")


class ReadingTooOld(Exception):
    """What a write stands on grew too old while it waited for its turn; nothing was sent."""


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


_FIRST_PAUSE = 0.25
_LONGEST_PAUSE = 8.0
_LONGEST_RETRY_AFTER = 30.0
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


@dataclass(frozen=True, slots=True)
class Patience:
    """Send again with growing, random pauses, as the vendor asks if it does, for `seconds` in all.

    A request that was turned away because there are too many waits for its turn instead, and its patience lasts as long
    as the vendor takes those of others. `stop` is called before every attempt, the first included, and ends the call by
    raising. One vendor's `limiter` is shared by all who ask it.
    """

    seconds: float
    stop: Callable[[], None] = go_on
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    limiter: Limiter = field(default_factory=Limiter)

    def spend(self, attempt: Callable[[], Answer], *, idempotent: bool) -> Answer:
        """Give the first answer that is no AttemptError; else raise the last one."""
        turn = self._take_turn()
        started = self.clock()
        may_have_left = False
        for failures in itertools.count():
            valid = _valid_until.get()
            if not may_have_left and valid is not None and self.clock() > valid:
                raise ReadingTooOld
            try:
                answer = attempt()
            except AttemptError as failed:
                may_have_left = may_have_left or failed.outcome not in (Outcome.BUSY, Outcome.UNSENT)
                self._tell_limiter(failed, turn)
                pause, left = self._pause(failed, failures), self._left(failed, started)
                if pause > left or not failed.outcome.may_repeat(idempotent=idempotent):
                    raise
                if failed.outcome is not Outcome.BUSY:  # whose pause is the wait for the next turn
                    self.sleep(pause)
                turn = self._take_turn()
            else:
                self.limiter.granted(turn, self.clock())
                return answer
        raise AssertionError("unreachable")

    def _take_turn(self) -> float:
        """Wait until the vendor may be asked; give the moment at which that turn was taken."""
        self.stop()
        taken_at = self.clock()
        moment = self.limiter.turn(taken_at)
        while (now := self.clock()) < moment:
            self.sleep(moment - now)
            self.stop()
            now = self.clock()
            if not self.limiter.holds(taken_at, now):
                taken_at, moment = now, self.limiter.turn(now)
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
        return ends - self.clock()

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
