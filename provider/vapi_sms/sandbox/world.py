"""Everything one sandbox holds: both vendors, their behaviour, what was asked, what shall go wrong."""

from __future__ import annotations

import copy
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from vapi_sms.sandbox.control.clock import Clock, later
from vapi_sms.sandbox.control.faults import Faults, Holds
from vapi_sms.sandbox.control.journal import Journal
from vapi_sms.sandbox.control.telling import landing_line
from vapi_sms.sandbox.cookies import Cookies
from vapi_sms.sandbox.limits import Limits
from vapi_sms.sandbox.texts.heard import HeardTexts
from vapi_sms.sandbox.twilio.models import Twilio
from vapi_sms.sandbox.vapi.effects import Landing
from vapi_sms.sandbox.vapi.models import Vapi, shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from vapi_sms.sandbox.behaviour import Skew
    from vapi_sms.sandbox.control.seed_models import Seed
    from vapi_sms.sandbox.twilio.number import Record


class World:
    """One sandbox; `reset` makes it as new."""

    def __init__(self, seed: Seed, tell: Callable[[str], None] = lambda _: None) -> None:
        self.tell = tell
        self.journal = Journal()
        self.faults = Faults()
        self.holds = Holds()
        self.limits = Limits()
        self.landing = Landing(
            lambda number, changes: self.tell(landing_line(number, changes)),
            lambda: self.clock.shown(),  # noqa: PLW0108 a reset brings another clock
        )
        self.cookies = Cookies()
        self.heard = HeardTexts()
        self._fill(seed)

    def reset(self, seed: Seed | None = None) -> None:
        """Go back to the seed, or to another one; forget journal, faults and writes under way."""
        # Seeds are checked by filling: nothing is forgotten when the new one is wrong.
        self._fill(seed or self.seed)
        self.landing.call_off()
        self.holds.release("drop")
        self.faults.clear()
        self.limits.clear()
        self.cookies.clear()
        self.heard.clear()
        self.journal.clear()

    def record(self, name: str) -> Record | None:
        """Find a Twilio number by SID, or a Vapi phone number by id, as its vendor shows it."""
        number = self.twilio.number(name)
        if number is not None:
            return number.record
        found = (org.phone_numbers[name] for org in self.vapi.orgs.values() if name in org.phone_numbers)
        record = next(found, None)
        return record and shown("phone_number", record, nulls=self.behaviour.shows_nulls)

    def number_at(self, path: str) -> str | None:
        """Return the number that a path is about, by the SID or id at its end."""
        record = self.record(path.rpartition("/")[2].partition(".")[0])
        found = {} if record is None else record
        return found.get("phone_number") or found.get("number")

    def seen(self, vendor: str, lag_ms: float) -> World:
        """Return the sandbox with what a vendor held that long ago."""
        instant, then = time.monotonic() - lag_ms / 1000, copy.copy(self)
        if vendor == "twilio":
            then.twilio = self.twilio.as_of(instant)
        else:
            then.vapi = self.vapi.as_of(instant)
        return then

    def settle(self) -> None:
        """Let what the vendors hold now count as what they always held: no reading shows anything older."""
        self.twilio.settle()
        self.vapi.settle()

    def advance(self, milliseconds: int) -> None:
        """Move the clock on, as if so much time had passed.

        What Vapi writes late lands when it is due, readings that lag catch up, and rate limits let requests pass again.
        """
        ends = later(self.clock.shown(), milliseconds)
        for due in self.landing.due_by(ends):
            self._pass(due)
            self.landing.catch_up(due)
        self._pass(ends)

    def _pass(self, until: datetime) -> None:
        passed = max(until - self.clock.shown(), timedelta())
        self.clock.advance(passed)
        self.limits.age(passed.total_seconds())
        for things in (*self.twilio.kept(), *self.vapi.kept()):
            things.age(passed.total_seconds())

    def vapi_writes(self, record: Record, changes: Callable[[Record], Record]) -> None:
        """Let Vapi write at Twilio, as late as it does here."""
        self.landing.write(self.twilio, record, changes, after_ms=self.behaviour.late_writes_ms)

    def _fill(self, seed: Seed) -> None:
        clock = Clock()

        def skew() -> Skew:
            # A seed fills these before it takes the place of the one before.
            is_in_place = getattr(self, "clock", None) is clock
            return (self.behaviour if is_in_place else seed.behaviour).clock_skew_ms

        twilio = Twilio(seed.twilio, clock.of_vendor(lambda: skew().twilio))
        vapi = Vapi(seed.vapi, clock.of_vendor(lambda: skew().vapi))
        self.seed, self.twilio, self.vapi, self.behaviour = seed, twilio, vapi, seed.behaviour
        self.clock = clock
