"""Twilio's compliance states over HTTP, to read: brands, campaigns, toll-free verifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from vapi_sms.sandbox.errors import not_found
from vapi_sms.sandbox.paths import sid
from vapi_sms.sandbox.requests import paged, query_of
from vapi_sms.sandbox.twilio.paging import refuse_unknown
from vapi_sms.sandbox.twilio.routes import caller_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from vapi_sms.sandbox.twilio.number import Record


def _page(request: Request, records: Iterable[Record], key: str) -> JSONResponse:
    host = str(request.base_url).rstrip("/")
    return JSONResponse(paged(request, records).as_v1(f"{host}{request.url.path}", key))


async def list_brands(request: Request) -> JSONResponse:
    """Answer one page of the account's brands."""
    refuse_unknown(query_of(request), (), "the list of BrandRegistrations")
    return _page(request, caller_of(request).brands.values(), "data")


async def fetch_brand(request: Request) -> JSONResponse:
    """Answer one brand."""
    brand = caller_of(request).brands.get(request.path_params["sid"])
    if brand is None:
        raise not_found(request.url.path)
    return JSONResponse(brand)


async def list_campaigns(request: Request) -> JSONResponse:
    """Answer the campaign of a service, as a list of one or none."""
    account, service = caller_of(request), request.path_params["service"]
    refuse_unknown(query_of(request), (), "the list of Usa2p")
    if service not in account.services:
        raise not_found(request.url.path)
    found = [account.campaigns[service]] if service in account.campaigns else []
    return _page(request, found, "compliance")


async def list_tollfree(request: Request) -> JSONResponse:
    """Answer one page of toll-free verifications, of one number if the query names it."""
    query = query_of(request)
    refuse_unknown(query, ("TollfreePhoneNumberSid", "Status"), "the list of Verifications")
    sid, status = query.get("TollfreePhoneNumberSid"), query.get("Status")
    records = caller_of(request).tollfree.values()
    found = [
        r for r in records if sid in (None, r["tollfree_phone_number_sid"]) and status in (None, r["status"])
    ]
    return _page(request, found, "verifications")


ROUTES = [
    Route("/v1/a2p/BrandRegistrations", list_brands, methods=["GET"]),
    Route(f"/v1/a2p/BrandRegistrations/{sid('BN')}", fetch_brand, methods=["GET"]),
    Route(f"/v1/Services/{sid('MG', 'service')}/Compliance/Usa2p", list_campaigns, methods=["GET"]),
    Route("/v1/Tollfree/Verifications", list_tollfree, methods=["GET"]),
]
