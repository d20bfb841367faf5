"""Twilio's messages over HTTP: the account's list, one of them, and sending one."""

from __future__ import annotations

import re
from datetime import UTC, date
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from vapi_sms.sandbox.errors import TwilioError, not_found
from vapi_sms.sandbox.paths import sid
from vapi_sms.sandbox.requests import form_of, paged, query_of, world_of
from vapi_sms.sandbox.texts.sending import send
from vapi_sms.sandbox.twilio.paging import refuse_unknown
from vapi_sms.sandbox.twilio.routes import caller_of
from vapi_sms.sandbox.twilio.traffic.messages import visible

if TYPE_CHECKING:
    from starlette.requests import Request

    from vapi_sms.sandbox.twilio.account import Account
    from vapi_sms.sandbox.twilio.traffic.messages import Message

_DATES = ("DateSent", "DateSent<", "DateSent>")
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(T\d\d:\d\d:\d\d(\.\d+)?Z?)?")


def _account(request: Request) -> Account:
    return world_of(request).twilio.reach(caller_of(request), request.path_params["account"])


async def list_messages(request: Request) -> JSONResponse:
    """Answer one page of the messages, from or to a number and of some days if the query says so."""
    account, query = _account(request), query_of(request)
    refuse_unknown(query, ("From", "To", *_DATES), "the list of Messages")
    sender, to = query.get("From"), query.get("To")
    days = {name: _day(name, query[name]) for name in _DATES if name in query}
    now = world_of(request).twilio.clock.shown()
    records = [
        message.shown(now)
        for message in visible(list(account.messages.values()), now)
        if sender in (None, message.record["from"])
        and to in (None, message.record["to"])
        and _is_of(message, days)
    ]
    page = paged(request, records, is_growing=True)
    return JSONResponse(page.as_2010(request.url.path, "messages"))


async def fetch_message(request: Request) -> JSONResponse:
    """Answer one message."""
    found = _account(request).messages.get(request.path_params["sid"])
    now = world_of(request).twilio.clock.shown()
    if found is None or found.at > now:
        raise not_found(request.url.path)
    return JSONResponse(found.shown(now))


async def create_message(request: Request) -> JSONResponse:
    """Send a text from a number of the account; what comes of it shows later."""
    account, form = _account(request), await form_of(request)
    return JSONResponse((await send(world_of(request), account, form)).queued(), status_code=201)


def _day(name: str, text: str) -> date:
    # The filter is by day, in GMT: of a moment nothing but its day counts.
    found = _DATE.fullmatch(text)
    try:
        return date.fromisoformat(found.group(1) if found else "")
    except ValueError as error:
        raise TwilioError(400, 20001, f"Invalid parameter: {name}") from error


def _is_of(message: Message, days: dict[str, date]) -> bool:
    day = message.at.astimezone(UTC).date()
    return (
        days.get("DateSent", day) == day
        and day <= days.get("DateSent<", day)
        and day >= days.get("DateSent>", day)
    )


_MESSAGES = f"/2010-04-01/Accounts/{sid('AC', 'account')}/Messages"
ROUTES = [
    Route(f"{_MESSAGES}.json", list_messages, methods=["GET"]),
    Route(f"{_MESSAGES}.json", create_message, methods=["POST"]),
    Route(f"{_MESSAGES}/{sid('SM')}.json", fetch_message, methods=["GET"]),
    Route(f"{_MESSAGES}/{sid('MM')}.json", fetch_message, methods=["GET"]),
]
