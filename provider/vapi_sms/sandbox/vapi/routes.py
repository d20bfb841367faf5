"""Vapi's API over HTTP: phone numbers, and the assistants and squads that answer them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from vapi_sms.sandbox.errors import VapiError
from vapi_sms.sandbox.requests import present_of, query_of, world_of
from vapi_sms.sandbox.vapi import effects
from vapi_sms.sandbox.vapi.models import shown
from vapi_sms.sandbox.vapi.paging import DATES, PAGING, limit_of, newest, page_of, refuse_unknown
from vapi_sms.sandbox.vapi.rules import checked_import, checked_patch

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from vapi_sms.sandbox.twilio.number import Record
    from vapi_sms.sandbox.vapi.models import Org

_SEARCH_LIMIT = 100


def org_of(request: Request) -> Org:
    """Return the organisation whose key the request carries."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    org = present_of(request).vapi.authenticate(key if scheme.lower() == "bearer" else "")
    return world_of(request).vapi.orgs[org.id]


def record_of(request: Request, kind: str) -> tuple[Org, Record]:
    """Return the record that the path names, and whose it is, or Vapi's 404."""
    org, found = org_of(request), request.path_params["id"]
    record = org.collection(kind).get(found)
    if record is None:
        # The vendor's own text is not known.
        raise VapiError(404, f"Couldn't find {kind.replace('_', ' ')} {found}.")
    return org, record


async def body_of(request: Request) -> object:
    """Return the JSON that the request carries."""
    try:
        return json.loads(await request.body())
    except ValueError as error:
        raise VapiError(400, "sandbox: the body is not JSON") from error


async def import_number(request: Request) -> JSONResponse:
    """Import a Twilio number; its webhooks are overwritten on the way."""
    world, org = world_of(request), org_of(request)
    fields = checked_import(await body_of(request), org)
    world.vapi.refuse_a_held_number(org, fields, beside_others=world.behaviour.import_beside_others)
    effects.refuse_unless_on_twilio(world.twilio, fields)
    record = world.vapi.add(org, {**fields, "status": "active"})
    world.vapi_writes(record, effects.on_import(world.behaviour, fields))
    return answer_of(request, "phone_number", record, status=201)


async def update_number(request: Request) -> JSONResponse:
    """Change what the body names; null takes a value away."""
    world, body = world_of(request), await body_of(request)
    org, record = record_of(request, "phone_number")
    fields = checked_patch(body, org, record, nulls_clear=world.behaviour.nulls_clear)
    if fields.keys() & {"twilioAuthToken", "twilioApiKey", "twilioApiSecret"}:
        given = {**record, **{n: v for n, v in fields.items() if n.startswith("twilio")}}
        effects.refuse_unless_on_twilio(world.twilio, given)
    changed = world.vapi.change(org.phone_numbers, record, fields)
    world.vapi_writes(changed, effects.on_patch(world.behaviour, changed))
    return answer_of(request, "phone_number", changed)


async def delete_number(request: Request) -> JSONResponse:
    """Forget a number and answer what it was; Twilio keeps it."""
    world = world_of(request)
    org, record = record_of(request, "phone_number")
    world.vapi.remove(org, record)
    world.vapi_writes(record, effects.on_delete(world.behaviour))
    return answer_of(request, "phone_number", record)


async def list_pages(request: Request) -> JSONResponse:
    """Answer one page of the phone numbers, newest first, with the count of all."""
    org, query = org_of(request), query_of(request)
    refuse_unknown(query, ("search", *PAGING))
    search = query.get("search", "").lower()
    if len(search) > _SEARCH_LIMIT:
        raise VapiError(400, [f"search must be shorter than or equal to {_SEARCH_LIMIT} characters"])
    found = [
        r
        for r in newest(org.phone_numbers.values(), query)
        if search in (r.get("number") or "") + (r.get("name") or "").lower()
    ]
    page = page_of(request, query, found)
    return JSONResponse({**page, "results": [shown_in(request, "phone_number", r) for r in page["results"]]})


def shown_in(request: Request, kind: str, record: Record) -> Record:
    """Return a record as Vapi shows it, with nulls or without."""
    return shown(kind, record, nulls=world_of(request).behaviour.shows_nulls)


def answer_of(request: Request, kind: str, record: Record, *, status: int = 200) -> JSONResponse:
    """Answer a record as Vapi shows it."""
    return JSONResponse(shown_in(request, kind, record), status_code=status)


def _lister(kind: str) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def list_all(request: Request) -> JSONResponse:
        org, query = org_of(request), query_of(request)
        refuse_unknown(query, ("limit", *DATES))
        found = newest(org.collection(kind).values(), query)[: limit_of(request, query)]
        return JSONResponse([shown_in(request, kind, record) for record in found])

    return list_all


def _fetcher(kind: str) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def fetch(request: Request) -> JSONResponse:
        return answer_of(request, kind, record_of(request, kind)[1])

    return fetch


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
