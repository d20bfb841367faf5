"""Observing: one reading of many numbers on both sides, shared by all that runs in this process.

One number is looked up by itself, many by list pages; what we write ourselves is learned from the vendor's answer.
A reading has an age: who must not act on an old one says how old it may be.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from vapi_sms.core.numbers import is_short_code
from vapi_sms.core.values import Observed, Service, TwilioNumber, VapiRecord
from vapi_sms.live.outages import Outages
from vapi_sms.live.short_codes import ShortCodeReads, ShortCodes

ANY_AGE = float("-inf")
VAPI_PAGE = 1000  # the most numbers that Vapi lists on a page
_LISTINGS = 3  # how often a list that changes while it is read is read


class TwilioReads(ShortCodeReads, Protocol):
    """What observing needs of Twilio."""

    def fetch_number(self, sid: str) -> TwilioNumber | None:
        """Read one number by its SID."""

    def find_number(self, number: str) -> TwilioNumber | None:
        """Read one number by its E.164 form."""

    def list_numbers(self) -> list[TwilioNumber]:
        """Read every number of the account."""


class ServiceReads(Protocol):
    """What observing needs of Twilio's Messaging Services."""

    def hiding(self, *, not_before: float) -> Mapping[str, Service]:
        """Tell which numbers, by SID, are in a Messaging Service that does not defer to them."""


class VapiReads(Protocol):
    """What observing needs of Vapi."""

    def list_page(self, page: int) -> tuple[list[VapiRecord], int]:
        """Read a page of the org's numbers, and how many there are in all."""

    def search_number(self, number: str) -> list[VapiRecord]:
        """Read the records of one number."""


@dataclass(slots=True)
class _Twilio:
    """What is known of the account's numbers, and since when."""

    by_sid: dict[str, tuple[TwilioNumber, float]]
    by_number: dict[str, str]
    absent: dict[str, float]
    listed_at: float = ANY_AGE
    single_look_ups: int = 0


@dataclass(slots=True)
class _Vapi:
    """What is known of the org's numbers on this account, since when, and whether that is all of them."""

    by_number: dict[str, VapiRecord]
    total: int = 0
    read_at: float = ANY_AGE
    is_complete: bool = False
    single_look_ups: int = 0


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
        self._twilio, self._vapi, self._account_sid, self._now = twilio, vapi, account_sid, now
        self._numbers = _Twilio({}, {}, {})
        self._short_codes = ShortCodes(twilio, now)
        self._records = _Vapi({})
        self._services = services
        self._outages = Outages(now)
        self._lock = threading.RLock()

    def observe(self, keys: Iterable[str], *, not_before: float = ANY_AGE) -> dict[str, Observed]:
        """Read numbers, each by E.164 form or PN SID, no earlier than `not_before` (monotonic seconds)."""
        wanted = list(keys)
        with self._lock:
            found = self._twilio_numbers(wanted, not_before)
            present = [number.number for number in found.values() if number]
            records = self._vapi_records(
                [*present, *(key for key in wanted if key.startswith("+"))], not_before
            )
            return {key: self._observed(found[key], key, records) for key in wanted}

    def observe_texts(self, keys: Iterable[str], *, not_before: float = ANY_AGE) -> dict[str, Observed]:
        """Read numbers and short codes as far as texts go: at Twilio only, so that no Vapi org is needed."""
        wanted = list(keys)
        codes = [key for key in wanted if is_short_code(key)]
        with self._lock:
            found = self._twilio_numbers([key for key in wanted if key not in codes], not_before)
            found |= {key: self._short_codes.find(key, not_before=not_before) for key in codes}
            return {key: Observed(found[key]) for key in wanted}

    def observe_all(self) -> list[Observed]:
        """Read every number of the account, then Vapi's records of numbers that the account no longer has."""
        with self._lock:
            self._list()
            self._read_first_page()
            if not self._records.is_complete:
                self._read_other_pages()
            records = dict(self._records.by_number)
            numbers = [number for number, _ in self._numbers.by_sid.values()]
            found = [Observed(number, records.pop(number.number, None)) for number in numbers]
            return [*found, *(Observed(None, record) for record in records.values())]

    def with_services(self, observed: Observed, *, not_before: float = ANY_AGE) -> Observed:
        """Add to a reading the Messaging Service that hides the number's webhook, if there is one."""
        if observed.twilio is None:
            return observed
        hiding = self._services.hiding(not_before=not_before)
        return Observed(observed.twilio, observed.vapi, hiding.get(observed.twilio.sid))

    def learn_number(self, number: TwilioNumber) -> None:
        """Take a vendor's answer to our own write as the newest reading of a number."""
        with self._lock:
            if number.is_short_code:
                self._short_codes.learn(number)
            else:
                self._remember(number, self._now())

    def learn_record(self, record: VapiRecord) -> None:
        """Take Vapi's answer to our own write as the newest reading of its record."""
        with self._lock:
            self._records.by_number[record.number] = record

    def forget_record(self, record: VapiRecord) -> None:
        """Take it that Vapi has no such record any more."""
        with self._lock:
            self._records.by_number.pop(record.number, None)

    def _observed(self, number: TwilioNumber | None, key: str, records: dict[str, VapiRecord]) -> Observed:
        return Observed(number, records.get(number.number if number else key))

    def _twilio_numbers(self, keys: list[str], not_before: float) -> dict[str, TwilioNumber | None]:
        missing = {key for key in keys if not self._is_known(key, not_before)}
        # The second number that nobody has read yet says that there are more to come: then a list is cheaper.
        if len(missing) == 1 and self._numbers.single_look_ups < 1:
            self._outages.ask("numbers", lambda: self._look_up(missing.pop()))
        elif missing:
            self._outages.ask("numbers", self._list)
        return {key: self._known(key) for key in keys}

    def _look_up(self, key: str) -> None:
        self._numbers.single_look_ups += 1
        read_at = self._now()
        number = self._twilio.find_number(key) if key.startswith("+") else self._twilio.fetch_number(key)
        if number is None:
            self._forget(key)
            self._numbers.absent[key] = read_at
        else:
            self._remember(number, read_at)

    def _list(self) -> None:
        read_at = self._now()
        numbers = self._twilio.list_numbers()
        self._numbers = _Twilio({}, {}, {}, read_at, self._numbers.single_look_ups)
        for number in numbers:
            self._remember(number, read_at)

    def _forget(self, key: str) -> None:
        sid = self._numbers.by_number.get(key, key)
        gone = self._numbers.by_sid.pop(sid, None)
        if gone is not None:
            self._numbers.by_number.pop(gone[0].number, None)

    def _remember(self, number: TwilioNumber, read_at: float) -> None:
        if self._numbers.by_number.get(number.number, number.sid) != number.sid:
            self._forget(number.number)  # the number was bought again, under another SID
        self._numbers.by_sid[number.sid] = (number, read_at)
        self._numbers.by_number[number.number] = number.sid
        self._numbers.absent.pop(number.sid, None)
        self._numbers.absent.pop(number.number, None)

    def _is_known(self, key: str, not_before: float) -> bool:
        cache = self._numbers
        known = cache.by_sid.get(cache.by_number.get(key, key))
        if known is not None:
            return known[1] >= not_before
        absent_at = max(cache.listed_at, cache.absent.get(key, ANY_AGE))
        return absent_at > ANY_AGE and absent_at >= not_before

    def _known(self, key: str) -> TwilioNumber | None:
        known = self._numbers.by_sid.get(self._numbers.by_number.get(key, key))
        return known[0] if known else None

    def _vapi_records(self, numbers: list[str], not_before: float) -> dict[str, VapiRecord]:
        if self._records.read_at == ANY_AGE or self._records.read_at < not_before:
            self._outages.ask("records", self._read_first_page)
        cache = self._records
        unseen = (
            set() if cache.is_complete else {number for number in numbers if number not in cache.by_number}
        )
        if len(unseen) == 1 and cache.single_look_ups < 1:
            cache.single_look_ups += 1
            self._take(self._outages.ask("records", lambda: self._vapi.search_number(unseen.pop())))
        elif unseen:
            self._outages.ask("records", self._read_other_pages)
        return cache.by_number

    def _read_first_page(self) -> None:
        read_at = self._now()
        page, total = self._vapi.list_page(1)
        self._records = _Vapi({}, total, read_at, total <= VAPI_PAGE, self._records.single_look_ups)
        self._take(page)

    def _read_other_pages(self) -> None:
        cache = self._records
        for _ in range(_LISTINGS):
            total = cache.total
            for page in range(2, -(-total // VAPI_PAGE) + 1):
                records, cache.total = self._vapi.list_page(page)
                self._take(records)
            if cache.total == total:
                break
            # A record that came or went meanwhile moved others from page to page: one may have been missed.
            self._take(self._vapi.list_page(1)[0])
        cache.is_complete = True

    def _take(self, records: list[VapiRecord]) -> None:
        for record in records:
            if record.account_sid == self._account_sid:
                self._records.by_number[record.number] = record
