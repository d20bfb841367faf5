"""How Vapi's lists are asked for: newest first, between dates, by pages or cut at a limit."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from vapi_sms.sandbox.control.clock import iso_millis
from vapi_sms.sandbox.errors import VapiError
from vapi_sms.sandbox.requests import world_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from vapi_sms.sandbox.twilio.number import Record

_LARGEST = 1000
_USUAL = 100
DATES = tuple(f"{name}{how}" for name in ("createdAt", "updatedAt") for how in ("Gt", "Lt", "Ge", "Le"))
PAGING = ("page", "limit", "sortOrder", "sortBy", *DATES)


def refuse_unknown(query: dict[str, str], known: tuple[str, ...]) -> None:
    """Refuse query parameters that the list does not have."""
    unknown = [f"property {name} should not exist" for name in query if name not in known]
    if unknown:
        raise VapiError(400, unknown)


def newest(records: Iterable[Record], query: dict[str, str]) -> list[Record]:
    """Return the records between the query's dates, newest first."""
    found = list(records)
    for name in DATES:
        if name in query:
            found = _dated(found, name[:-2], name[-2:], _instant(name, query[name]))
    # The clock never repeats itself, so this order is total and pages by createdAtLt lose nothing.
    return sorted(found, key=lambda record: str(record["createdAt"]), reverse=True)


def limit_of(request: Request, query: dict[str, str]) -> int:
    """Return how many records an answer has at most."""
    limit = _whole(query, "limit", _USUAL)
    return min(limit, world_of(request).behaviour.page_cap.vapi or limit)


def page_of(request: Request, query: dict[str, str], records: list[Record]) -> Record:
    """Cut the page that the query asks for from records that are newest first; with the count of all."""
    limit, page = limit_of(request, query), _whole(query, "page", 1)
    if page < 1:
        raise VapiError(400, ["page must not be less than 1"])
    ordered = list(reversed(records)) if query.get("sortOrder") == "ASC" else records
    results = ordered[(page - 1) * limit : page * limit]
    kind = world_of(request).behaviour.page_metadata
    return {"results": results, "metadata": _metadata(kind, len(records), page, limit, results)}


def _metadata(kind: str, total: int, page: int, limit: int, results: list[Record]) -> Record:
    has_next = page * limit < total
    counts = {"itemsPerPage": limit, "totalItems": total, "currentPage": page}
    if kind == "counts":
        return counts
    # What a cursor is made of is not known, and no parameter takes one: the next page is asked for by its number.
    cursor = {"nextCursor": results[-1]["id"]} if has_next and results else {}
    pages = {"totalPages": math.ceil(total / limit) if limit else 0}
    everything = {**counts, **pages, "hasNextPage": has_next, **cursor}
    if kind == "all":
        return everything
    return {name: value for name, value in everything.items() if not name.startswith("total")}


def _dated(records: list[Record], field: str, how: str, instant: str) -> list[Record]:
    match how:
        case "Gt":
            return [record for record in records if record[field] > instant]
        case "Lt":
            return [record for record in records if record[field] < instant]
        case "Ge":
            return [record for record in records if record[field] >= instant]
        case _:
            return [record for record in records if record[field] <= instant]


def _instant(name: str, text: str) -> str:
    try:
        return iso_millis(datetime.fromisoformat(text).astimezone(UTC))
    except ValueError as error:
        raise VapiError(400, [f"{name} must be a valid ISO 8601 date string"]) from error


def _whole(query: dict[str, str], name: str, usual: int) -> int:
    text = query.get(name, str(usual))
    if not text.isdecimal() or int(text) > _LARGEST:
        raise VapiError(400, [f"{name} must not be greater than {_LARGEST}"])
    return int(text)
