"""The org's phone numbers as this process has seen them, of every provider and every Twilio account.

What Vapi answered to our own writes holds against a list from before them: a record that we were given an id of is
there until Vapi has answered its DELETE, whatever a list shows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Protocol

from vapi_sms.core.values import VapiRecord
from vapi_sms.live.calling.limiter import Outages
from vapi_sms.live.vapi.pages import Listing, Page

ANY_AGE = float("-inf")
_LISTINGS = 3  # how often a list that changes while it is read is read


class VapiReads(Protocol):
    """What is needed of Vapi."""

    def list_page(self, page: int) -> Page:
        """Read a page of the org's numbers."""

    def search_number(self, number: str) -> list[VapiRecord]:
        """Read the records of one number."""


class SeenRecords:
    """What is known of records by number; whoever shares it between threads locks."""

    def __init__(self, vapi: VapiReads, outages: Outages, now: Callable[[], float]) -> None:
        self._vapi, self._outages, self._now = vapi, outages, now
        self._by_number: dict[str, dict[str, VapiRecord]] = {}
        self._numbers_of: dict[
            str, set[str]
        ] = {}  # by record: one forgotten is not looked for at every number
        self._answered: dict[str, VapiRecord] = {}
        self.forgotten: set[str] = set()
        self._listing = Listing()
        self._read_at = ANY_AGE
        self._is_complete = False
        self._single_look_ups = 0

    def begin(self, numbers: Collection[str], not_before: float) -> None:
        """Begin what `read` will need: the first page, and the others where more than one number is not on it."""
        if self._is_older(not_before):
            self._outages.begin("records", lambda: self._pages_for(numbers))

    def read(self, numbers: Collection[str], not_before: float) -> None:
        """Read the records of numbers, no earlier than `not_before` (monotonic seconds)."""
        if self._is_older(not_before):
            self._read_first_page(not_before)
        unseen = set() if self._is_complete else {each for each in numbers if each not in self._by_number}
        if len(unseen) == 1 and self._single_look_ups < 1:
            self._single_look_ups += 1
            self._outages.ask("records", lambda: self.look_up(unseen.pop()))
        elif unseen:
            self._outages.ask("records", self._read_other_pages)

    def read_all(self) -> None:
        """Read every record of the org."""
        self._read_first_page(self._now())
        if not self._is_complete:
            self._read_other_pages()

    def look_up(self, number: str) -> None:
        """Read the records of one number by themselves."""
        found = self._vapi.search_number(number)
        known = self._by_number.pop(number, {})
        self._take(found)
        self._take(self._answered[id_] for id_ in known if id_ in self._answered)

    def of(self, number: str) -> list[VapiRecord]:
        """Give the records of a number, as far as they were read."""
        return list(self._by_number.get(number, {}).values())

    def numbers(self) -> list[str]:
        """Give every number that a record was seen of."""
        return [number for number, records in self._by_number.items() if records]

    def learn(self, record: VapiRecord) -> None:
        """Take Vapi's answer to our own write as the newest reading of its record."""
        self.forgotten.discard(record.id)
        self._answered[record.id] = record
        self._take([record])

    def forget(self, record_id: str) -> None:
        """Take it that a record is gone."""
        self.forgotten.add(record_id)
        self._answered.pop(record_id, None)
        for number in self._numbers_of.pop(record_id, ()):
            self._by_number.get(number, {}).pop(record_id, None)

    def _is_older(self, not_before: float) -> bool:
        return self._read_at == ANY_AGE or self._read_at < not_before

    def _first_page(self) -> Page:
        return self._vapi.list_page(1)

    def _pages_for(self, numbers: Collection[str]) -> list[Page]:
        """Read the first page, and those after it as long as they are needed, without taking note of them."""
        pages, listing = [self._first_page()], Listing()
        listing.take(pages[0])
        unseen = set(numbers) - {record.number for record in pages[0].records}
        while len(unseen) > 1 and not listing.is_whole:
            pages.append(self._vapi.list_page(listing.next_page))
            listing.take(pages[-1])
        return pages

    def _read_first_page(self, not_before: float) -> None:
        read_at, pages = self._outages.ask_at("records", lambda: [self._first_page()], not_before)
        records = self._begun(pages[0])
        self._by_number, self._numbers_of = {}, {}
        self._take(records)
        for page in pages[1:]:
            self._listing.take(page)
            self._take(page.records)
        self._read_at, self._is_complete = read_at, self._listing.is_whole and not self._listing.changed
        self._take(self._answered.values())

    def _read_other_pages(self) -> None:
        for _ in range(_LISTINGS):
            while not self._listing.is_whole:
                page = self._vapi.list_page(self._listing.next_page)
                self._listing.take(page)
                self._take(page.records)
            if not self._listing.changed:
                break
            self._take(self._begun(self._first_page()))
        self._is_complete = True

    def _begun(self, page: Page) -> list[VapiRecord]:
        """Begin the list anew with its first page, and give the records on it."""
        listing = Listing()
        listing.take(page)
        self._listing = listing
        return page.records

    def _take(self, records: Iterable[VapiRecord]) -> None:
        for record in records:
            if record.id in self.forgotten or not record.number:
                continue
            answered = self._answered.get(record.id, record)
            newer = answered if record.updated < answered.updated else record
            self._by_number.setdefault(record.number, {})[record.id] = newer
            self._numbers_of.setdefault(record.id, set()).add(record.number)
