"""Vapi's sessions and chats over HTTP: who answered whom, and asking an assistant without any text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from vapi_sms.sandbox.control.clock import iso_millis
from vapi_sms.sandbox.errors import UNKNOWN_PARAMETER, SandboxRefusal, VapiError
from vapi_sms.sandbox.requests import query_of, world_of
from vapi_sms.sandbox.vapi.chats import NO_CARD, Said, answerer_of, chatted
from vapi_sms.sandbox.vapi.paging import PAGING, newest, page_of, refuse_unknown
from vapi_sms.sandbox.vapi.routes import answer_of, body_of, org_of, record_of, shown_in

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from starlette.requests import Request

    from vapi_sms.sandbox.twilio.number import Record
    from vapi_sms.sandbox.vapi.models import Org

_SAME = {
    "session": ("id", "name", "assistantId", "squadId", "phoneNumberId"),
    "chat": ("id", "assistantId", "squadId", "sessionId", "previousChatId"),
}
"""Filters that a record's own key has to be equal to."""
_ANY = {
    "session": {"idAny": "id", "assistantIdAny": "assistantId"},
    "chat": {"idAny": "id", "assistantIdAny": "assistantId"},
}
"""Filters of several values, of which the record's key has to be one."""
_CUSTOMERS = "customerNumberAny"
_PLAYED = ("assistantId", "squadId", "input", "name", "sessionId")
_NOT_PLAYED = ("assistant", "assistantOverrides", "squad", "stream", "previousChatId", "transport")
_TEXTS = ("assistantId", "squadId", "name", "sessionId")
_NAME_LIMIT = 40


def _lister(kind: str) -> Callable[[Request], Awaitable[JSONResponse]]:
    own = (*_SAME[kind], *_ANY[kind], *((_CUSTOMERS,) if kind == "session" else ()))

    async def list_page(request: Request) -> JSONResponse:
        org, query = org_of(request), query_of(request)
        refuse_unknown(query, (*own, *PAGING))
        now = iso_millis(world_of(request).vapi.clock.shown())
        records = [record for record in list(org.collection(kind).values()) if record["createdAt"] <= now]
        found = [record for record in records if _is_wanted(kind, record, query)]
        page = page_of(request, query, newest(found, query))
        return JSONResponse({**page, "results": [shown_in(request, kind, each) for each in page["results"]]})

    return list_page


def _is_wanted(kind: str, record: Record, query: dict[str, str]) -> bool:
    customer = record.get("customer", {}).get("number")
    return (
        all(record.get(name) == query[name] for name in _SAME[kind] if name in query)
        and all(
            record.get(key) in query[name].split(",") for name, key in _ANY[kind].items() if name in query
        )
        and (_CUSTOMERS not in query or customer in query[_CUSTOMERS].split(","))
    )


def _fetcher(kind: str) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def fetch(request: Request) -> JSONResponse:
        return answer_of(request, kind, record_of(request, kind)[1])

    return fetch


async def create_chat(request: Request) -> JSONResponse:
    """Ask an assistant or a squad and answer what it says; nothing of it goes to Twilio."""
    world, org = world_of(request), org_of(request)
    body = _checked(await body_of(request))
    session = _session(org, body)
    answerer = answerer_of(org, body if session is None else session)
    if answerer is None:
        # The vendor's own text is not known.
        raise VapiError(400, "assistantId or squadId does not exist in this org.")
    behaviour = world.behaviour.at(None)
    if behaviour.no_card:
        raise NO_CARD
    heard = body["input"] if isinstance(body["input"], str) else "(messages)"
    said = Said(
        body["input"],
        None if behaviour.assistant_silent else answerer.says(heard),
        answerer.fields,
        world.vapi.clock.now(),
        body.get("name"),
        session,
        not behaviour.zero_retention.vapi,
    )
    return answer_of(request, "chat", chatted(org, said), status=201)


async def delete_chat(request: Request) -> JSONResponse:
    """Forget a chat and answer what it was."""
    org, record = record_of(request, "chat")
    del org.chats[record["id"]]
    return answer_of(request, "chat", record)


def _checked(body: object) -> Record:
    """Return the body of a chat, or refuse it; what is null was left out."""
    if not isinstance(body, dict):
        raise VapiError(400, "sandbox: the body is not a JSON object")
    given = {name: value for name, value in body.items() if value is not None}
    complaints = list(_complaints(given))
    if complaints:
        raise VapiError(400, complaints)
    unplayed = [name for name in given if name in _NOT_PLAYED and given[name] is not False]
    if unplayed:
        raise SandboxRefusal(UNKNOWN_PARAMETER, f"chats with {', '.join(unplayed)} are not played")
    return given


def _complaints(given: Record) -> Iterator[str]:
    yield from (f"property {name} should not exist" for name in given if name not in (*_PLAYED, *_NOT_PLAYED))
    yield from (f"{name} must be a string" for name in _TEXTS if not isinstance(given.get(name, ""), str))
    if not isinstance(given.get("input"), str | list) or not given["input"]:
        yield "input should not be empty"
    if isinstance(given.get("name"), str) and len(given["name"]) > _NAME_LIMIT:
        yield f"name must be shorter than or equal to {_NAME_LIMIT} characters"
    # The vendor's own texts are not known.
    if "assistantId" in given and "squadId" in given:
        yield "only one of assistantId and squadId should be given"
    elif not given.keys() & {"assistantId", "squadId", "sessionId", *_NOT_PLAYED}:
        yield "one of assistantId, squadId, sessionId or previousChatId should not be empty"


def _session(org: Org, body: Record) -> Record | None:
    if "sessionId" not in body:
        return None
    found = org.sessions.get(body["sessionId"])
    if found is None:
        raise VapiError(400, f"sessionId {body['sessionId']} does not exist in this org.")
    return found


ROUTES = [
    Route("/session", _lister("session"), methods=["GET"]),
    Route("/session/{id}", _fetcher("session"), methods=["GET"]),
    Route("/chat", _lister("chat"), methods=["GET"]),
    Route("/chat", create_chat, methods=["POST"]),
    Route("/chat/{id}", _fetcher("chat"), methods=["GET"]),
    Route("/chat/{id}", delete_chat, methods=["DELETE"]),
]
