"""Twilio's two ways to page a list: relative URIs in the 2010 API, absolute URLs with a meta block in v1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from vapi_sms.sandbox.errors import TwilioError, unknown_parameter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vapi_sms.sandbox.twilio.number import Record

PAGING = ("PageSize", "Page", "PageToken")
_BAD = 400
LARGEST = 1000
_USUAL = 50


@dataclass(frozen=True, slots=True)
class Page:
    """One page of records, and the query strings of it and of its neighbours."""

    records: Sequence[Record]
    index: int
    size: int
    start: int
    here: str
    first: str
    following: str | None
    previous: str | None

    def as_2010(self, path: str, key: str) -> Record:
        """Return the envelope of the 2010 API."""
        return {
            "first_page_uri": f"{path}?{self.first}",
            "end": max(self.start, self.start + len(self.records) - 1),
            "start": self.start,
            "page": self.index,
            "page_size": self.size,
            "next_page_uri": _joined(path, self.following),
            "previous_page_uri": _joined(path, self.previous),
            "uri": f"{path}?{self.here}",
            key: list(self.records),
        }

    def as_v1(self, url: str, key: str) -> Record:
        """Return the envelope of the newer APIs, whose links are absolute."""
        meta = {
            "page": self.index,
            "page_size": self.size,
            "first_page_url": f"{url}?{self.first}",
            "previous_page_url": _joined(url, self.previous),
            "next_page_url": _joined(url, self.following),
            "url": f"{url}?{self.here}",
            "key": key,
        }
        return {"meta": meta, key: list(self.records)}


def refuse_unknown(query: Mapping[str, str], filters: tuple[str, ...], where: str) -> None:
    """Refuse query parameters that the list does not have."""
    for name in query:
        if name not in (*PAGING, *filters):
            raise unknown_parameter(name, where)


def page_of(
    records: Sequence[Record],
    query: Mapping[str, str],
    *,
    largest: int = LARGEST,
    cap: int | None = None,
    is_growing: bool = False,
) -> Page:
    """Cut the page that the query asks for; a token names the last record of the page before.

    More than the largest is refused, more than the cap is answered with so many. A list that grows meanwhile goes on
    after the token's record, wherever that is by now.
    """
    size = _whole(query, "PageSize", _USUAL, 1)
    if size > largest:
        raise TwilioError(_BAD, 20001, f"PageSize is more than {largest}")
    size = min(size, cap or size)
    start = _start(records, query, size, is_growing=is_growing)
    index = _whole(query, "Page", 0, 0) if is_growing else start // size
    kept = {name: value for name, value in query.items() if name not in PAGING}

    def link(at: int) -> str:
        token = {"PageToken": f"PA{records[at - 1]['sid']}"} if at > 0 else {}
        page = index + (at > start) - (at < start) if is_growing else at // size
        return urlencode({**kept, "PageSize": size, "Page": page, **token})

    return Page(
        records=records[start : start + size],
        index=index,
        size=size,
        start=start,
        here=link(start),
        first=link(0),
        following=link(start + size) if start + size < len(records) else None,
        previous=link(max(0, start - size)) if start > 0 else None,
    )


def _start(records: Sequence[Record], query: Mapping[str, str], size: int, *, is_growing: bool) -> int:
    page, token = _whole(query, "Page", 0, 0), query.get("PageToken")
    if token is None:
        if page:
            raise TwilioError(_BAD, 21481, "Page without PageToken: follow next_page_uri")
        return 0
    sids = [record["sid"] for record in records]
    if not token.startswith("PA") or token[2:] not in sids:
        raise TwilioError(_BAD, 21481, "Invalid PageToken")
    start = sids.index(token[2:]) + 1
    if start // size != page and not is_growing:
        raise TwilioError(_BAD, 21481, "PageToken does not belong to this Page")
    return start


def _whole(query: Mapping[str, str], name: str, usual: int, least: int) -> int:
    text = query.get(name, str(usual))
    if not text.isdecimal() or int(text) < least:
        raise TwilioError(_BAD, 20001, f"Invalid parameter: {name}")
    return int(text)


def _joined(path: str, query: str | None) -> str | None:
    return None if query is None else f"{path}?{query}"
