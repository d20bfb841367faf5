"""Observing: one reading of many numbers on both sides, shared by all that runs in this process.

One number is looked up by itself, many by list pages; what we write ourselves is learned from the vendor's answer, and
holds against any reading from before it. A reading has an age: who must not act on an old one says how old it may be.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Protocol

from vapi_sms.core.numbers import is_short_code
from vapi_sms.core.values import TWILIO, Observed, Service, TwilioNumber, VapiRecord
from vapi_sms.live.calling.limiter import Outages
from vapi_sms.live.twilio.seen_numbers import SeenNumbers, ShortCodes, TwilioReads
from vapi_sms.live.vapi.seen_records import SeenRecords, VapiReads

ANY_AGE = float("-inf")


class ServiceReads(Protocol):
    """What observing needs of Twilio's Messaging Services."""

    def hides(self, number: TwilioNumber, *, not_before: float) -> Service | None:
        """Give the Messaging Service that a number is in and that does not defer to it."""


class Observer:
    """Readings of both vendors for one account and org, cached with their age; safe to use from many threads."""

    def __init__(
        self,
        twilio: TwilioReads,
        vapi: VapiReads,
        services: ServiceReads,
        account_sid: str,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._twilio, self._account_sid, self._now = twilio, account_sid, now
        outages = Outages(now)
        self._numbers = SeenNumbers(twilio, outages, now)
        self._records = SeenRecords(vapi, outages, now)
        self._short_codes = ShortCodes(twilio, now)
        self._services = services
        self._lock = threading.RLock()

    def observe(self, keys: Iterable[str], *, not_before: float = ANY_AGE) -> dict[str, Observed]:
        """Read numbers, each by E.164 form or PN SID, no earlier than `not_before` (monotonic seconds)."""
        wanted = list(keys)
        with self._lock:
            found = self._numbers.read(wanted, not_before)
            present = [number.number for number in found.values() if number]
            self._records.read([*present, *(key for key in wanted if key.startswith("+"))], not_before)
            return {key: self._observed(found[key], key) for key in wanted}

    def begin(self, keys: Iterable[str], not_before: float) -> None:
        """Begin to read Vapi's side of numbers, which needs nothing of Twilio's, for who observes them next."""
        with self._lock:
            self._records.begin([key for key in keys if key.startswith("+")], not_before)

    def observe_texts(self, keys: Iterable[str], *, not_before: float = ANY_AGE) -> dict[str, Observed]:
        """Read numbers and short codes as far as texts go: at Twilio only, so that no Vapi org is needed."""
        wanted = list(keys)
        codes = [key for key in wanted if is_short_code(key)]
        with self._lock:
            found = self._numbers.read([key for key in wanted if key not in codes], not_before)
            found |= {key: self._short_codes.find(key, not_before=not_before) for key in codes}
            return {key: Observed(found[key]) for key in wanted}

    def observe_again(self, observed: Observed, *, not_before: float, others: int) -> tuple[Observed, float]:
        """Give a reading whose Twilio side is no older than `not_before`, and its moment; what is young costs nothing.

        `others` are numbers that will soon be asked for too: for many a list is cheaper than as many look-ups. Vapi's
        side, and the service, stay as they are in the reading before.
        """
        before = observed.twilio
        if before is None:
            return observed, self._now()
        if before.account_sid != self._account_sid:  # it moved, and only we look at it there
            return replace(
                observed, twilio=self._twilio.fetch_number(before.sid, before.account_sid)
            ), self._now()
        with self._lock:
            if before.is_short_code:
                number = self._short_codes.find(before.sid, not_before=not_before)
                return replace(observed, twilio=number), self._short_codes.read_at
            number = self._numbers.read_again(before.sid, not_before, others)
            return replace(observed, twilio=number), self._numbers.read_at(before.sid)

    def observe_all(self) -> list[Observed]:
        """Read every number of the account, then Vapi's records of numbers that the account no longer has."""
        with self._lock:
            numbers = self._numbers.read_all()
            self._records.read_all()
            there = {number.number for number in numbers}
            found = [self._observed(number, number.number) for number in numbers]
            # Not readable is not gone: what may be one of those says nothing of them.
            absent = [
                number
                for number in self._records.numbers()
                if number not in there and not self._numbers.is_unread(number)
            ]
            gone = [self._observed(None, number) for number in absent]
            return [*found, *(each for each in gone if each.vapi is not None)]

    @property
    def has_unread_numbers(self) -> bool:
        """The last list showed numbers that nobody could read."""
        with self._lock:
            return bool(self._numbers.unread)

    def with_services(self, observed: Observed, *, not_before: float = ANY_AGE) -> Observed:
        """Add to a reading the Messaging Service that hides the number's webhook, if there is one."""
        if observed.twilio is None:
            return observed
        service = self._services.hides(observed.twilio, not_before=not_before)
        return observed if service is observed.hidden_by else replace(observed, hidden_by=service)

    def learn_number(self, number: TwilioNumber) -> TwilioNumber:
        """Take a vendor's answer to our own write, or to a look-up, as what is known; give what is known then."""
        if number.account_sid != self._account_sid:
            return number
        with self._lock:
            if number.is_short_code:
                self._short_codes.learn(number)
                return number
            return self._numbers.learn(number)

    def learn_record(self, record: VapiRecord) -> None:
        """Take Vapi's answer to our own write as the newest reading of its record."""
        with self._lock:
            self._records.learn(record)

    def forget_record(self, record_id: str) -> None:
        """Take it that Vapi has no such record any more, whatever a list from before its DELETE shows."""
        with self._lock:
            self._records.forget(record_id)

    @property
    def forgotten(self) -> frozenset[str]:
        """The ids of Vapi's records whose DELETE was answered."""
        with self._lock:
            return frozenset(self._records.forgotten)

    def look_up_records(self, number: str) -> Observed:
        """Read past every cache what Vapi has of a number."""
        with self._lock:
            self._records.look_up(number)
            return self._observed(None, number)

    def _observed(self, number: TwilioNumber | None, key: str) -> Observed:
        records = self._records.of(number.number if number else key)
        here = [each for each in records if (each.provider, each.account_sid) == (TWILIO, self._account_sid)]
        own = here[0] if here else None
        return Observed(number, own, strangers=tuple(each for each in records if each is not own))
