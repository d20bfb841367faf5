"""Pages of Vapi's lists, believed for what they say of themselves: not every server says, or holds, the same.

A list is read until a page says that it was the last, or until all that is counted was seen. What says neither ends
with a page that is not full. A list that is not whole would make numbers look free: that is never passed over.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from vapi_sms.core.values import VapiRecord
from vapi_sms.live.vapi.readings import PageReading, listed, read_as, unexpected

PAGE_SIZE = 1000  # the most that Vapi documents; a server may hold less
USUAL_PAGE = 100  # what a page holds by itself; none is known that holds less
ASKED = "GET /v2/phone-number"


@dataclass(frozen=True, slots=True)
class Page:
    """One page: the records that can be read, the numbers of those that cannot, by id, and what it says of the list.

    `shown` are all its entries, by id where they have one; `is_last` is None where only a count can tell.
    """

    number: int
    records: list[VapiRecord]
    unread: dict[str, str | None]
    shown: tuple[str, ...]
    total: int | None = None
    is_last: bool | None = None

    @classmethod
    def of(cls, body: object, number: int) -> Page:
        """Read a page; another shape is UnexpectedResponse."""
        found = read_as(PageReading, body, ASKED)
        said = found.metadata
        records, unread = listed(found.results)
        is_last: bool | None = None
        if said.has_next is not None:
            is_last = not said.has_next
        elif said.pages is not None:
            is_last = number >= said.pages
        elif said.total is None:
            full = min(said.per_page or USUAL_PAGE, PAGE_SIZE)
            is_last = not said.cursor and len(found.results) < full
        return cls(number, records, unread, _names(found.results, number), said.total, is_last)


@dataclass(slots=True)
class Listing:
    """A list on its way: which page comes next, and whether there is one."""

    next_page: int = 1
    is_whole: bool = False
    changed: bool = False
    """Records came or went between two pages, and moved others from page to page: one may have been missed."""
    _total: int | None = None
    _seen: set[str] = field(default_factory=set)

    def take(self, page: Page) -> None:
        """Take the next page; raises UnexpectedResponse where the list is not whole and does not go on."""
        self.changed = self.changed or (page.number > 1 and page.total != self._total)
        before, self._total = len(self._seen), page.total
        self._seen.update(page.shown)
        self.next_page = page.number + 1
        is_new = len(self._seen) > before
        counted = page.total is None or len(self._seen) >= page.total
        self.is_whole = counted if page.is_last is None else page.is_last
        if self.is_whole and (counted or self.changed):
            return
        if not self.is_whole and is_new:
            return
        if self.changed or (counted and not page.shown):
            self.is_whole = True
            return
        raise unexpected(
            ASKED,
            f"the answer shows fewer phone numbers than it counts: {len(self._seen)}"
            if not counted
            else "the answer shows pages without end",
        )


def _names(entries: list[object], page: int) -> tuple[str, ...]:
    """Give the ids of a page's entries, or where they stand."""
    ids = (entry.get("id") if isinstance(entry, dict) else None for entry in entries)
    return tuple(id_ if isinstance(id_, str) else f"{nth} of {page}" for nth, id_ in enumerate(ids))
