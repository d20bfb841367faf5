"""What every route asks of a request: the sandbox behind it, and its form or query as plain pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qsl

from vapi_sms.sandbox.errors import CONTRADICTION, SandboxRefusal
from vapi_sms.sandbox.twilio.paging import LARGEST, Page, page_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from vapi_sms.sandbox.twilio.number import Record
    from vapi_sms.sandbox.world import World


def world_of(request: Request) -> World:
    """Return the sandbox as the request sees it: a reading may lag."""
    return cast("World", request.scope.get("sandbox.seen", request.app.state.world))


def present_of(request: Request) -> World:
    """Return the sandbox as it is now, which is what decides who may log in."""
    return cast("World", request.app.state.world)


def query_of(request: Request) -> dict[str, str]:
    """Return the query's parameters; empty ones count, doubled ones are refused."""
    return _pairs(request.url.query)


async def form_of(request: Request) -> dict[str, str]:
    """Return the form's parameters; empty ones count (they clear a field), doubled ones are refused."""
    try:
        return _pairs((await request.body()).decode())
    except UnicodeDecodeError as error:
        raise SandboxRefusal(CONTRADICTION, "the form is not UTF-8") from error


def paged(
    request: Request, records: Iterable[Record], *, largest: int = LARGEST, is_growing: bool = False
) -> Page:
    """Return the page of Twilio's that the query asks for, in Twilio's order, as large as Twilio makes it."""
    behaviour = world_of(request).behaviour
    found = list(records)[:: -1 if behaviour.newest_first else 1]
    cap = behaviour.page_cap.twilio
    return page_of(found, query_of(request), largest=largest, cap=cap, is_growing=is_growing)


def _pairs(text: str) -> dict[str, str]:
    pairs = parse_qsl(text, keep_blank_values=True)
    found = dict(pairs)
    if len(found) < len(pairs):
        raise SandboxRefusal(CONTRADICTION, "a parameter was sent twice")
    return found
