"""Vapi's API over HTTP: phone numbers, and the assistants and squads that answer them."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from vapi_sms.sandbox.control.clock import iso_millis
from vapi_sms.sandbox.errors import VapiError
from vapi_sms.sandbox.requests import present_of, query_of, world_of
from vapi_sms.sandbox.vapi import effects
from vapi_sms.sandbox.vapi.models import shown
from vapi_sms.sandbox.vapi.rules import checked_import, checked_patch

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from starlette.requests import Request

    from vapi_sms.sandbox.twilio.number import Record
    from vapi_sms.sandbox.vapi.models import Org

_LARGEST = 1000
_USUAL = 100
_SEARCH_LIMIT = 100
_DATES = tuple(f"{name}{how}" for name in ("createdAt", "updatedAt") for how in ("Gt", "Lt", "Ge", "Le"))


def _org(request: Request) -> Org:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    org = present_of(request).vapi.authenticate(key if scheme.lower() == "bearer" else "")
    return world_of(request).vapi.orgs[org.id]


def _record(request: Request, kind: str) -> tuple[Org, Record]:
    org, found = _org(request), request.path_params["id"]
    record = org.collection(kind).get(found)
    if record is None:
        # The vendor's own text is not known.
        raise VapiError(404, f"Couldn't find {kind.replace('_', ' ')} {found}.")
    return org, record


async def _body(request: Request) -> object:
    try:
        return json.loads(await request.body())
    except ValueError as error:
        raise VapiError(400, "sandbox: the body is not JSON") from error


async def import_number(request: Request) -> JSONResponse:
    """Import a Twilio number; its webhooks are overwritten on the way."""
    world, org = world_of(request), _org(request)
    fields = checked_import(await _body(request), org)
    world.vapi.refuse_a_held_number(org, fields, beside_others=world.behaviour.import_beside_others)
    effects.refuse_unless_on_twilio(world.twilio, fields)
    record = world.vapi.add(org, {**fields, "status": "active"})
    world.vapi_writes(record, effects.on_import(world.behaviour, fields))
    return _answer(request, "phone_number", record, status=201)


async def update_number(request: Request) -> JSONResponse:
    """Change what the body names; null takes a value away."""
    world, body = world_of(request), await _body(request)
    org, record = _record(request, "phone_number")
    fields = checked_patch(body, org, record, nulls_clear=world.behaviour.nulls_clear)
    if fields.keys() & {"twilioAuthToken", "twilioApiKey", "twilioApiSecret"}:
        given = {**record, **{n: v for n, v in fields.items() if n.startswith("twilio")}}
        effects.refuse_unless_on_twilio(world.twilio, given)
    changed = world.vapi.change(org.phone_numbers, record, fields)
    world.vapi_writes(changed, effects.on_patch(world.behaviour, changed))
    return _answer(request, "phone_number", changed)


async def delete_number(request: Request) -> JSONResponse:
    """Forget a number and answer what it was; Twilio keeps it."""
    world = world_of(request)
    org, record = _record(request, "phone_number")
    world.vapi.remove(org, record)
    world.vapi_writes(record, effects.on_delete(world.behaviour))
    return _answer(request, "phone_number", record)


async def list_pages(request: Request) -> JSONResponse:
    """Answer one page of the phone numbers, newest first, with the count of all."""
    org, query = _org(request), query_of(request)
    _refuse_unknown(query, ("search", "page", "limit", "sortOrder", "sortBy", *_DATES))
    search, limit, page = (
        query.get("search", "").lower(),
        _limit(request, query),
        _whole(query, "page", 1),
    )
    if len(search) > _SEARCH_LIMIT:
        raise VapiError(400, [f"search must be shorter than or equal to {_SEARCH_LIMIT} characters"])
    if page < 1:
        raise VapiError(400, ["page must not be less than 1"])
    found = [
        r
        for r in _newest(org.phone_numbers.values(), query)
        if search in (r.get("number") or "") + (r.get("name") or "").lower()
    ]
    if query.get("sortOrder") == "ASC":
        found.reverse()
    results = found[(page - 1) * limit : page * limit]
    metadata = _metadata(world_of(request).behaviour.page_metadata, len(found), page, limit, results)
    return JSONResponse(
        {"results": [_shown(request, "phone_number", r) for r in results], "metadata": metadata}
    )


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


def _shown(request: Request, kind: str, record: Record) -> Record:
    return shown(kind, record, nulls=world_of(request).behaviour.shows_nulls)


def _answer(request: Request, kind: str, record: Record, *, status: int = 200) -> JSONResponse:
    return JSONResponse(_shown(request, kind, record), status_code=status)


def _limit(request: Request, query: dict[str, str]) -> int:
    limit = _whole(query, "limit", _USUAL)
    return min(limit, world_of(request).behaviour.page_cap.vapi or limit)


def _lister(kind: str) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def list_all(request: Request) -> JSONResponse:
        org, query = _org(request), query_of(request)
        _refuse_unknown(query, ("limit", *_DATES))
        found = _newest(org.collection(kind).values(), query)[: _limit(request, query)]
        return JSONResponse([_shown(request, kind, record) for record in found])

    return list_all


def _fetcher(kind: str) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def fetch(request: Request) -> JSONResponse:
        return _answer(request, kind, _record(request, kind)[1])

    return fetch


def _refuse_unknown(query: dict[str, str], known: tuple[str, ...]) -> None:
    unknown = [f"property {name} should not exist" for name in query if name not in known]
    if unknown:
        raise VapiError(400, unknown)


def _newest(records: Iterable[Record], query: dict[str, str]) -> list[Record]:
    found = list(records)
    for name in _DATES:
        if name in query:
            found = _dated(found, name[:-2], name[-2:], _instant(name, query[name]))
    # The clock never repeats itself, so this order is total and pages by createdAtLt lose nothing.
    return sorted(found, key=lambda record: str(record["createdAt"]), reverse=True)


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


ROUTES = [
    Route("/phone-number", import_number, methods=["POST"]),
    Route("/phone-number", _lister("phone_number"), methods=["GET"]),
    Route("/v2/phone-number", list_pages, methods=["GET"]),
    Route("/phone-number/{id}", _fetcher("phone_number"), methods=["GET"]),
    Route("/phone-number/{id}", update_number, methods=["PATCH"]),
    Route("/phone-number/{id}", delete_number, methods=["DELETE"]),
    Route("/assistant", _lister("assistant"), methods=["GET"]),
    Route("/assistant/{id}", _fetcher("assistant"), methods=["GET"]),
    Route("/squad", _lister("squad"), methods=["GET"]),
    Route("/squad/{id}", _fetcher("squad"), methods=["GET"]),
]
