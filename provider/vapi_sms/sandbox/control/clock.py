"""The sandbox's time: real, but never the same millisecond twice, so that lists sort and page by date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

SEEDED_FROM = datetime(2024, 1, 1, tzinfo=UTC)


class Clock:
    """Hands out strictly increasing instants; seeded records get instants of long ago."""

    def __init__(self) -> None:
        self._last = SEEDED_FROM

    def seeded(self) -> datetime:
        """Return the next instant of the past, for a record that is there from the start."""
        self._last += timedelta(milliseconds=1)
        return self._last

    def now(self) -> datetime:
        """Return the present, moved on by a millisecond if it was handed out before."""
        self._last = max(datetime.now(UTC), self._last + timedelta(milliseconds=1))
        return self._last


def rfc2822(instant: datetime) -> str:
    """Write an instant as Twilio's 2010 API does: `Thu, 30 Jul 2015 23:19:04 +0000`."""
    return format_datetime(instant)


def iso_seconds(instant: datetime) -> str:
    """Write an instant as Twilio's newer APIs do: `2015-07-30T20:12:31Z`."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_millis(instant: datetime) -> str:
    """Write an instant as Vapi does: `2015-07-30T20:12:31.007Z`."""
    return f"{instant:%Y-%m-%dT%H:%M:%S}.{instant.microsecond // 1000:03d}Z"
