"""The sandbox's time: real, but never the same millisecond twice, so that lists sort and page by date.

It can be moved on, so that nobody has to wait; and each vendor reads it by a clock of its own, which may be wrong.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SEEDED_FROM = datetime(2024, 1, 1, tzinfo=UTC)
_TICK = timedelta(milliseconds=1)


class Clock:
    """Hands out strictly increasing instants; seeded records get instants of long ago."""

    def __init__(self) -> None:
        self._last = SEEDED_FROM
        self._ahead = timedelta()

    def seeded(self) -> datetime:
        """Return the next instant of the past, for a record that is there from the start."""
        self._last += _TICK
        return self._last

    def now(self) -> datetime:
        """Return the present, moved on by a millisecond if it was handed out before."""
        self._last = max(self._real(), self._last + _TICK)
        return self._last

    def shown(self) -> datetime:
        """Return the present as it is read: nobody else's instants move on by that."""
        return max(self._real(), self._last)

    def advance(self, time: timedelta) -> None:
        """Move on, as if so much time had passed."""
        self._ahead += time

    def of_vendor(self, skew_ms: Callable[[], float]) -> Clock:
        """Return this clock as a vendor reads it, whose own is that much ahead."""
        return _VendorClock(self, skew_ms)

    def _real(self) -> datetime:
        return datetime.now(UTC) + self._ahead


class _VendorClock(Clock):
    """The same ticks, shown ahead or behind."""

    def __init__(self, true: Clock, skew_ms: Callable[[], float]) -> None:
        super().__init__()
        self._true, self._skew_ms = true, skew_ms

    def seeded(self) -> datetime:
        return self._true.seeded()

    def now(self) -> datetime:
        return self._true.now() + self._skew()

    def shown(self) -> datetime:
        return self._true.shown() + self._skew()

    def advance(self, time: timedelta) -> None:
        self._true.advance(time)

    def _skew(self) -> timedelta:
        return timedelta(milliseconds=self._skew_ms())


def later(instant: datetime, milliseconds: float) -> datetime:
    """Return the instant that much later."""
    return instant + timedelta(milliseconds=milliseconds)


def rfc2822(instant: datetime) -> str:
    """Write an instant as Twilio's 2010 API does: `Thu, 30 Jul 2015 23:19:04 +0000`."""
    return format_datetime(instant)


def http_date(instant: datetime) -> str:
    """Write an instant as a Date header has it: `Thu, 30 Jul 2015 23:19:04 GMT`."""
    return format_datetime(instant, usegmt=True)


def iso_seconds(instant: datetime) -> str:
    """Write an instant as Twilio's newer APIs do: `2015-07-30T20:12:31Z`."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_millis(instant: datetime) -> str:
    """Write an instant as Vapi does: `2015-07-30T20:12:31.007Z`."""
    return f"{instant:%Y-%m-%dT%H:%M:%S}.{instant.microsecond // 1000:03d}Z"
