"""Twilio's 2010 API over HTTP: numbers and TwiML Apps. Rules are in the models."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from vapi_sms.sandbox.errors import TwilioError, forbidden, not_found
from vapi_sms.sandbox.paths import sid
from vapi_sms.sandbox.requests import form_of, paged, present_of, query_of, world_of
from vapi_sms.sandbox.twilio.paging import refuse_unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from vapi_sms.sandbox.twilio.account import Account
    from vapi_sms.sandbox.twilio.number import Number, Record

NUMBER_FILTERS = ("PhoneNumber", "FriendlyName", "Beta", "Origin")


def login_of(request: Request) -> tuple[str, str]:
    """Return user and password of the request, or refuse it."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        user, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        user = colon = password = ""
    if scheme.lower() != "basic" or not colon:
        raise TwilioError(401, 20003, "Authenticate")
    return user, password


def caller_of(request: Request) -> Account:
    """Return the account whose credentials the request carries."""
    present = present_of(request)
    account = present.twilio.authenticate(*login_of(request))
    present.twilio.refuse_inactive(account, present.behaviour.inactive_account)
    return world_of(request).twilio.accounts[account.sid]


def _account(request: Request) -> Account:
    return world_of(request).twilio.reach(caller_of(request), request.path_params["account"])


def _number(request: Request) -> Number:
    number = _account(request).numbers.get(request.path_params["sid"])
    if number is None:
        raise not_found(request.url.path)
    return number


async def list_numbers(request: Request) -> JSONResponse:
    """Answer one page of the account's numbers."""
    account, query = _account(request), query_of(request)
    refuse_unknown(query, NUMBER_FILTERS, "the list of IncomingPhoneNumbers")
    wanted = _filter(query)
    records = [number.record for number in account.numbers.values() if wanted(number.record)]
    return JSONResponse(paged(request, records).as_2010(request.url.path, "incoming_phone_numbers"))


async def fetch_number(request: Request) -> JSONResponse:
    """Answer one number."""
    return JSONResponse(_number(request).record)


async def update_number(request: Request) -> JSONResponse:
    """Change what the form names and answer the whole number."""
    form, world = await form_of(request), world_of(request)
    number, account = _number(request), _account(request)
    changed = number.posted(form, set(account.applications), world.twilio.clock.now())
    return JSONResponse(world.twilio.keep(changed).record)


async def release_number(request: Request) -> Response:
    """Refuse: nothing here may ever give a number back, unless a switch plays it for another client."""
    number, world = _number(request), world_of(request)
    if not world.behaviour.plays_release:
        raise forbidden("a DELETE of an IncomingPhoneNumber releases it for ever")
    world.twilio.release(number)
    return Response(status_code=204)


async def buy_number(request: Request) -> JSONResponse:
    """Refuse: nothing here may ever buy a number."""
    _account(request)
    raise forbidden("a POST to IncomingPhoneNumbers buys a number")


async def list_applications(request: Request) -> JSONResponse:
    """Answer one page of the account's TwiML Apps."""
    account, query = _account(request), query_of(request)
    refuse_unknown(query, ("FriendlyName",), "the list of Applications")
    name = query.get("FriendlyName")
    records = [app for app in account.applications.values() if name in (None, app["friendly_name"])]
    return JSONResponse(paged(request, records).as_2010(request.url.path, "applications"))


async def fetch_application(request: Request) -> JSONResponse:
    """Answer one TwiML App."""
    application = _account(request).applications.get(request.path_params["sid"])
    if application is None:
        raise not_found(request.url.path)
    return JSONResponse(application)


async def change_application(request: Request) -> JSONResponse:
    """Refuse: an edit moves every number that points at the app."""
    _account(request)
    raise forbidden("an edit of a TwiML App moves every number that points at it")


async def list_short_codes(request: Request) -> JSONResponse:
    """Answer one page of the account's short codes."""
    account, query = _account(request), query_of(request)
    refuse_unknown(query, ("FriendlyName", "ShortCode"), "the list of ShortCodes")
    name, part = query.get("FriendlyName"), query.get("ShortCode", "")
    found = [code.record for code in account.short_codes.values()]
    found = [r for r in found if name in (None, r["friendly_name"]) and part in r["short_code"]]
    return JSONResponse(paged(request, found).as_2010(request.url.path, "short_codes"))


async def short_code(request: Request) -> JSONResponse:
    """Answer one short code, changed before that by a POST."""
    form, codes = await form_of(request), _account(request).short_codes
    code = codes.get(request.path_params["sid"])
    if code is None:
        raise not_found(request.url.path)
    if request.method == "POST":
        code = codes[code.sid] = code.posted(form, world_of(request).twilio.clock.now())
    return JSONResponse(code.record)


def _filter(query: dict[str, str]) -> Callable[[Record], bool]:
    # A partial match, as at Twilio: +1415 finds every number that has these digits anywhere.
    digits = re.sub(r"[^0-9*]", "", query.get("PhoneNumber", ""))
    pattern = re.compile(digits.replace("*", "[0-9]"))
    name, origin, beta = query.get("FriendlyName"), query.get("Origin"), query.get("Beta", "true")

    def wanted(record: Record) -> bool:
        return (
            (not digits or pattern.search(record["phone_number"]) is not None)
            and name in (None, record["friendly_name"])
            and origin in (None, record["origin"])
            and (beta.lower() == "true" or not record["beta"])
        )

    return wanted


_ACCOUNT = f"/2010-04-01/Accounts/{sid('AC', 'account')}"
ROUTES = [
    Route(f"{_ACCOUNT}/IncomingPhoneNumbers.json", list_numbers, methods=["GET"]),
    Route(f"{_ACCOUNT}/IncomingPhoneNumbers.json", buy_number, methods=["POST"]),
    Route(f"{_ACCOUNT}/IncomingPhoneNumbers/{sid('PN')}.json", fetch_number, methods=["GET"]),
    Route(f"{_ACCOUNT}/IncomingPhoneNumbers/{sid('PN')}.json", update_number, methods=["POST"]),
    Route(f"{_ACCOUNT}/IncomingPhoneNumbers/{sid('PN')}.json", release_number, methods=["DELETE"]),
    Route(f"{_ACCOUNT}/SMS/ShortCodes.json", list_short_codes, methods=["GET"]),
    Route(f"{_ACCOUNT}/SMS/ShortCodes/{sid('SC')}.json", short_code, methods=["GET", "POST"]),
    Route(f"{_ACCOUNT}/Applications.json", list_applications, methods=["GET"]),
    Route(f"{_ACCOUNT}/Applications.json", change_application, methods=["POST"]),
    Route(f"{_ACCOUNT}/Applications/{sid('AP')}.json", fetch_application, methods=["GET"]),
    Route(f"{_ACCOUNT}/Applications/{sid('AP')}.json", change_application, methods=["POST", "DELETE"]),
]
