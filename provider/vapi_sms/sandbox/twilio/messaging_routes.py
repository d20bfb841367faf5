"""Twilio's messaging API over HTTP: Messaging Services and their pools.

Its paths name no account: the caller's credentials do, and a parent's do not reach a subaccount here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from vapi_sms.sandbox.errors import forbidden, not_found
from vapi_sms.sandbox.paths import sid
from vapi_sms.sandbox.requests import form_of, paged, query_of, world_of
from vapi_sms.sandbox.texts.nanp import country_of
from vapi_sms.sandbox.twilio.paging import refuse_unknown
from vapi_sms.sandbox.twilio.routes import caller_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from vapi_sms.sandbox.twilio.account import Service
    from vapi_sms.sandbox.twilio.number import Number, Record

_PARTS = {
    "phone_numbers": "PhoneNumbers",
    "short_codes": "ShortCodes",
    "alpha_senders": "AlphaSenders",
    "messages": "Messages",
    "us_app_to_person": "Compliance/Usa2p",
    "us_app_to_person_usecases": "Compliance/Usa2p/Usecases",
    "channel_senders": "ChannelSenders",
    "destination_alpha_senders": "DestinationAlphaSenders",
}


def _service(request: Request) -> Service:
    service = caller_of(request).services.get(request.path_params["service"])
    if service is None:
        raise not_found(request.url.path)
    return service


def _shown(request: Request, service: Service) -> Record:
    url = f"{_host(request)}/v1/Services/{service.sid}"
    links = {name: f"{url}/{part}" for name, part in _PARTS.items()}
    return {**service.record, "url": url, "links": links}


def _member(request: Request, service: Service, number: Number) -> Record:
    joined = service.pool[number.sid]
    return {
        "sid": number.sid,
        "account_sid": number.record["account_sid"],
        "service_sid": service.sid,
        "date_created": joined,
        "date_updated": joined,
        "phone_number": number.phone_number,
        "country_code": country_of(number.phone_number),
        "capabilities": [
            name.upper() if name != "voice" else "Voice"
            for name in ("voice", "sms", "mms")
            if number.can(name)
        ],
        "url": f"{_host(request)}/v1/Services/{service.sid}/PhoneNumbers/{number.sid}",
    }


async def list_services(request: Request) -> JSONResponse:
    """Answer one page of the account's services."""
    account, query = caller_of(request), query_of(request)
    refuse_unknown(query, (), "the list of Services")
    records = [_shown(request, service) for service in account.services.values()]
    return JSONResponse(paged(request, records).as_v1(_here(request), "services"))


async def fetch_service(request: Request) -> JSONResponse:
    """Answer one service."""
    return JSONResponse(_shown(request, _service(request)))


async def update_service(request: Request) -> JSONResponse:
    """Change what the form names and answer the whole service."""
    form, services = await form_of(request), caller_of(request).services
    service = _service(request).posted(form, world_of(request).twilio.clock.now())
    services[service.sid] = service
    return JSONResponse(_shown(request, service))


async def list_pool(request: Request) -> JSONResponse:
    """Answer one page of a service's numbers."""
    service, query = _service(request), query_of(request)
    refuse_unknown(query, (), "the list of a Service's PhoneNumbers")
    numbers = caller_of(request).numbers
    records = [_member(request, service, numbers[sid]) for sid in service.pool if sid in numbers]
    return JSONResponse(paged(request, records).as_v1(_here(request), "phone_numbers"))


async def fetch_member(request: Request) -> JSONResponse:
    """Answer one number of a service's pool, or 20404 when it is not in it."""
    service, number = _service(request), caller_of(request).numbers.get(request.path_params["sid"])
    if number is None or number.sid not in service.pool:
        raise not_found(request.url.path)
    return JSONResponse(_member(request, service, number))


async def change_pool(request: Request) -> JSONResponse:
    """Refuse: which numbers a service has is not ours to change."""
    caller_of(request)
    raise forbidden("services and their pools are not ours to make, change members of, or delete")


def _host(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _here(request: Request) -> str:
    return f"{_host(request)}{request.url.path}"


_POOL = f"/v1/Services/{sid('MG', 'service')}/PhoneNumbers"
ROUTES = [
    Route("/v1/Services", list_services, methods=["GET"]),
    Route("/v1/Services", change_pool, methods=["POST"]),
    Route(f"/v1/Services/{sid('MG', 'service')}", fetch_service, methods=["GET"]),
    Route(f"/v1/Services/{sid('MG', 'service')}", update_service, methods=["POST"]),
    Route(f"/v1/Services/{sid('MG', 'service')}", change_pool, methods=["DELETE"]),
    Route(_POOL, list_pool, methods=["GET"]),
    Route(_POOL, change_pool, methods=["POST"]),
    Route(f"{_POOL}/{sid('PN')}", fetch_member, methods=["GET"]),
    Route(f"{_POOL}/{sid('PN')}", change_pool, methods=["DELETE"]),
]
