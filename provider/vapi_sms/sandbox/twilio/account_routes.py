"""Twilio's accounts over HTTP, to read: the caller's own and, for a parent, its subaccounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from vapi_sms.sandbox.errors import TwilioError, forbidden
from vapi_sms.sandbox.paths import sid
from vapi_sms.sandbox.requests import paged, present_of, query_of, world_of
from vapi_sms.sandbox.twilio.paging import refuse_unknown
from vapi_sms.sandbox.twilio.routes import caller_of, login_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from vapi_sms.sandbox.twilio.account import Account
    from vapi_sms.sandbox.twilio.number import Record


def _caller(request: Request) -> Account:
    caller, (user, _) = caller_of(request), login_of(request)
    if user != caller.sid and not present_of(request).behaviour.keys_reach_accounts:
        raise TwilioError(401, 20003, "Authenticate")
    return caller


def _shown(request: Request, sid: str) -> Record:
    twilio = world_of(request).twilio
    return {**twilio.account_records[sid], "auth_token": twilio.accounts[sid].auth_token}


async def list_accounts(request: Request) -> JSONResponse:
    """Answer one page of the accounts that the caller may see."""
    caller, query = _caller(request), query_of(request)
    refuse_unknown(query, ("FriendlyName", "Status"), "the list of Accounts")
    name, status = query.get("FriendlyName"), query.get("Status")
    every = world_of(request).twilio.accounts.values()
    seen = [_shown(request, each.sid) for each in every if caller.sid in (each.sid, each.parent)]
    found = [r for r in seen if name in (None, r["friendly_name"]) and status in (None, r["status"])]
    return JSONResponse(paged(request, found).as_2010(request.url.path, "accounts"))


async def fetch_account(request: Request) -> JSONResponse:
    """Answer one account."""
    account = world_of(request).twilio.reach(_caller(request), request.path_params["account"])
    return JSONResponse(_shown(request, account.sid))


async def change_accounts(request: Request) -> JSONResponse:
    """Refuse: accounts are not ours to make, rename, suspend or close."""
    _caller(request)
    raise forbidden("accounts are not ours to make, rename, suspend or close")


ROUTES = [
    Route("/2010-04-01/Accounts.json", list_accounts, methods=["GET"]),
    Route("/2010-04-01/Accounts.json", change_accounts, methods=["POST"]),
    Route(f"/2010-04-01/Accounts/{sid('AC', 'account')}.json", fetch_account, methods=["GET"]),
    Route(f"/2010-04-01/Accounts/{sid('AC', 'account')}.json", change_accounts, methods=["POST"]),
]
