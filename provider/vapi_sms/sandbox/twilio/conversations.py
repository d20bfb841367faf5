"""Twilio's Conversations API over HTTP, to read: the addresses that may start a conversation with every text.

Its paths name no account: the caller's credentials do, and a parent's do not reach a subaccount here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from vapi_sms.sandbox.control.clock import iso_seconds
from vapi_sms.sandbox.errors import forbidden, not_found
from vapi_sms.sandbox.requests import paged, query_of
from vapi_sms.sandbox.twilio.paging import refuse_unknown
from vapi_sms.sandbox.twilio.routes import caller_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from starlette.requests import Request

    from vapi_sms.sandbox.twilio.number import Record
    from vapi_sms.sandbox.twilio.seed import AddressSeed


def address(seed: AddressSeed, account_sid: str, at: datetime) -> Record:
    """Return the address that the seed describes; of its autocreation only what is given is there, as at Twilio."""
    date = iso_seconds(at)
    return {
        **seed.model_dump(exclude={"auto_creation"}),
        "auto_creation": seed.auto_creation.model_dump(exclude_none=True),
        "account_sid": account_sid,
        "date_created": date,
        "date_updated": date,
    }


def started_by_text(addresses: Iterable[Record], to: str) -> Record | None:
    """Return the address that starts a conversation with a text to this number, if there is one."""
    return next((each for each in addresses if _starts(each) and each["address"] == to), None)


def _starts(record: Record) -> bool:
    return record["type"] == "sms" and bool(record["auto_creation"]["enabled"])


_PATH = "/v1/Configuration/Addresses"
_LARGEST = 50  # the most that this API lists on a page; the other ones list 1,000


def _shown(request: Request, record: Record) -> Record:
    return {**record, "url": f"{_here(request)}/{record['sid']}"}


def _here(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}{_PATH}"


async def list_addresses(request: Request) -> JSONResponse:
    """Answer one page of the account's addresses, of one type if the query names it."""
    account, query = caller_of(request), query_of(request)
    refuse_unknown(query, ("Type",), "the list of Addresses")
    kind = query.get("Type")
    found = [
        _shown(request, record)
        for record in account.conversation_addresses.values()
        if kind in (None, record["type"])
    ]
    page = paged(request, found, largest=_LARGEST)
    return JSONResponse(page.as_v1(_here(request), "address_configurations"))


async def fetch_address(request: Request) -> JSONResponse:
    """Answer one address, by its SID or by what it is the address of."""
    name = request.path_params["name"]
    for record in caller_of(request).conversation_addresses.values():
        if name in (record["sid"], record["address"]):
            return JSONResponse(_shown(request, record))
    raise not_found(request.url.path)


async def change_addresses(request: Request) -> JSONResponse:
    """Refuse: who takes part in conversations is not ours to change."""
    caller_of(request)
    raise forbidden("addresses of Conversations are not ours to make, change or delete")


ROUTES = [
    Route(_PATH, list_addresses, methods=["GET"]),
    Route(_PATH, change_addresses, methods=["POST"]),
    Route(f"{_PATH}/{{name}}", fetch_address, methods=["GET"]),
    Route(f"{_PATH}/{{name}}", change_addresses, methods=["POST", "DELETE"]),
]
