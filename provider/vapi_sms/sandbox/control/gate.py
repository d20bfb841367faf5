"""The gate of every vendor request: journal, latency, rate limit, faults; then the app, then the answer."""

from __future__ import annotations

import asyncio
import itertools
import json
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from vapi_sms.sandbox.control import telling
from vapi_sms.sandbox.control.clock import http_date
from vapi_sms.sandbox.control.faults import Fault
from vapi_sms.sandbox.control.journal import Entry, parameters_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from vapi_sms.sandbox.connections import Connections
    from vapi_sms.sandbox.world import World

CONTROL = "/_sandbox"
_PAGE = "/"
_TWILIOS = ("/2010-04-01/", "/v1/", "/v2/ControlPlane/")
_DOWN = {"error": 503, "timeout": 504}


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, raw, for tests that hold both against the vendors' specifications."""

    vendor: str
    method: str
    path: str
    query: str
    request_body: bytes
    status: int
    answer_body: bytes


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class _DroppedError(Exception):
    """The connection shall be reset; what was sent of the answer until then."""

    def __init__(self, partial: _Answer | None = None) -> None:
        super().__init__()
        self.partial = partial


class Gate:
    """An ASGI layer around the vendors' routes; the control surface and the page go past it."""

    def __init__(
        self,
        app: ASGIApp,
        world: World,
        connections: Connections,
        on_exchange: Callable[[Exchange], None] | None,
    ) -> None:
        self._app, self._world, self._connections, self._on_exchange = app, world, connections, on_exchange

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, with all that befalls it."""
        if scope["type"] != "http" or _is_no_vendors(scope):
            await self._app(scope, receive, send)
            return
        body = await _read(receive)
        request_id = f"RQ{uuid.uuid4().hex}"
        entry = self._enter(scope, body, request_id)
        fault: Fault | None = None
        try:
            limited = await self._waited_or_limited(scope, entry.vendor)
            if limited is None:
                fault = self._strike(scope, body, entry)
            answer = limited or await self._answer(scope, body, entry, fault)
            answer = replace(answer, headers={**self._own_headers(entry), **answer.headers})
            if fault is not None and fault.drips:
                await _drip(receive, send, answer, fault)
            else:
                await _send(send, answer)
            entry.status = answer.status
        except _DroppedError as dropped:
            await self._drop(scope, receive, send, dropped)
        finally:
            entry.done = True
            self._tell(entry)

    def _own_headers(self, entry: Entry) -> dict[str, str]:
        """Return what a vendor says with every answer: the time by its own clock, and Twilio the request's id."""
        clock = self._world.twilio.clock if entry.vendor == "twilio" else self._world.vapi.clock
        own = {"twilio-request-id": entry.request_id} if entry.vendor == "twilio" else {}
        return {"date": http_date(clock.shown()), **own}

    def _tell(self, entry: Entry) -> None:
        if entry.method != "GET":
            self._world.tell(telling.write_line(entry, self._world.number_at(entry.path)))

    def _enter(self, scope: Scope, body: bytes, request_id: str) -> Entry:
        vendor = "twilio" if scope["path"].startswith(_TWILIOS) else "vapi"
        parameters = parameters_of(
            scope["query_string"], body, _header(scope, b"content-type").decode("latin-1")
        )
        return self._world.journal.open(vendor, scope["method"], scope["path"], parameters, request_id)

    async def _waited_or_limited(self, scope: Scope, vendor: str) -> _Answer | None:
        behaviour = self._world.behaviour
        delay = getattr(behaviour.latency_ms, vendor)
        if delay:
            await asyncio.sleep(delay / 1000)
        down = behaviour.at(None).vapi_down
        if vendor == "vapi" and down != "no":
            return _Answer(*Fault(status=_DOWN[down]).answer(vendor))
        rate: float | None = getattr(behaviour.limits, vendor)
        if rate is None:
            return None
        if self._world.limits.take(vendor, _header(scope, b"authorization"), rate):
            return None
        headers = {"retry-after": "1"} if behaviour.limits.retry_after else {}
        return _Answer(*Fault(status=429, headers=headers).answer(vendor))

    def _strike(self, scope: Scope, body: bytes, entry: Entry) -> Fault | None:
        raw = f"{scope['query_string'].decode('latin-1')}\n{body.decode('utf-8', 'replace')}"
        fault = self._world.faults.strike(entry.vendor, entry.method, entry.path, raw)
        entry.fault = None if fault is None else fault.spoken()
        return fault

    async def _answer(self, scope: Scope, body: bytes, entry: Entry, fault: Fault | None) -> _Answer:
        if fault is None:
            return await self._perform(scope, body, entry)
        asked = self._world.twilio
        await asyncio.sleep(fault.delay_ms / 1000)
        await self._hold(entry, fault, "before")
        # A reset in between made the world anew: what was asked of the old one must not happen in this one.
        if fault.drop == "before" or self._world.twilio is not asked:
            raise _DroppedError
        answer = await self._perform(scope, body, entry) if fault.takes_effect else None
        if answer is None or fault.replaces:
            answer = _Answer(*fault.answer(entry.vendor))
        elif fault.answers_for is not None:
            answer = self._of_another(answer, fault.answers_for)
        elif fault.shows is not None:
            answer = _shown(answer, fault.shows)
        await asyncio.sleep(fault.delay_answer_ms / 1000)
        await self._hold(entry, fault, "after")
        if fault.drop == "after":
            raise _DroppedError
        if fault.drop == "during":
            raise _DroppedError(answer)
        headers = answer.headers | {name.lower(): value for name, value in fault.headers.items()}
        return replace(answer, headers=headers, body=answer.body[: fault.truncate])

    def _of_another(self, answer: _Answer, name: str) -> _Answer:
        """Return an answer about one record with the record of another one."""
        asked, other = json.loads(answer.body), self._world.record(name)
        if other is None or not isinstance(asked, dict) or not {"sid", "id"} & asked.keys():
            return answer
        return replace(answer, body=json.dumps(other).encode())

    async def _hold(self, entry: Entry, fault: Fault, where: str) -> None:
        if fault.hold == where and await self._world.holds.wait(entry, where) == "drop":
            raise _DroppedError

    async def _perform(self, scope: Scope, body: bytes, entry: Entry) -> _Answer:
        """Run the app with the body that was read, and keep its answer."""
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        await self._app(
            {**scope, "sandbox.entry": entry, "sandbox.seen": self._seen(scope, entry)}, receive, send
        )
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in sent[0]["headers"]
        }
        answer = _Answer(sent[0]["status"], headers, b"".join(part.get("body", b"") for part in sent[1:]))
        if self._on_exchange is not None:
            query = scope["query_string"].decode("latin-1")
            self._on_exchange(
                Exchange(entry.vendor, entry.method, entry.path, query, body, answer.status, answer.body)
            )
        return answer

    def _seen(self, scope: Scope, entry: Entry) -> World:
        """Return the sandbox as it is, or as a lagging replica or a cache shows it to a reading."""
        behaviour = self._world.behaviour
        lag: float = getattr(behaviour.reads_lag_ms, entry.vendor)
        if b"no-cache" not in _header(scope, b"cache-control").lower():
            lag = max(lag, getattr(behaviour.cached_reads_ms, entry.vendor))
        if entry.method != "GET" or not lag:
            return self._world
        return self._world.seen(entry.vendor, lag)

    async def _drop(self, scope: Scope, receive: Receive, send: Send, dropped: _DroppedError) -> None:
        if dropped.partial is not None:
            whole = dropped.partial
            head = {**whole.headers, "content-length": str(len(whole.body))}
            await send({"type": "http.response.start", "status": whole.status, "headers": _raw(head)})
            half = whole.body[: len(whole.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            await asyncio.sleep(0.05)  # A reset throws away what the kernel has not sent yet.
        self._connections.reset(scope)
        while (await receive())["type"] != "http.disconnect":
            pass


def _is_no_vendors(scope: Scope) -> bool:
    """Tell whether a request is for the control surface, or looks at the page, whose path no vendor has."""
    looks_at_page = scope["path"] == _PAGE and scope["method"] in ("GET", "HEAD")
    return looks_at_page or scope["path"].split("/")[1:2] == [CONTROL.lstrip("/")]


def _shown(answer: _Answer, values: dict[str, dict[str, Any]]) -> _Answer:
    """Return an answer in which some records show other values than they have."""

    def changed(found: Any) -> Any:  # noqa: ANN401 any JSON
        if isinstance(found, list):
            return [changed(each) for each in found]
        if not isinstance(found, dict):
            return found
        name = found.get("sid", found.get("id"))
        return {key: changed(each) for key, each in found.items()} | values.get(str(name), {})

    return replace(answer, body=json.dumps(changed(json.loads(answer.body))).encode())


async def _read(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


async def _send(send: Send, answer: _Answer) -> None:
    headers = {**answer.headers, "content-length": str(len(answer.body))}
    await send({"type": "http.response.start", "status": answer.status, "headers": _raw(headers)})
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})


async def _drip(receive: Receive, send: Send, answer: _Answer, fault: Fault) -> None:
    """Send an answer byte by byte, or what never ends, until the client has it or is gone."""
    length = {} if fault.endless_drip else {"content-length": str(len(answer.body))}
    headers = {name: value for name, value in answer.headers.items() if name != "content-length"} | length
    drops = itertools.repeat(b" ") if fault.endless_drip else (bytes([byte]) for byte in answer.body)
    pause = (fault.endless_drip or fault.slow_drip or 0) / 1000
    # The request was read whole: all that is still to come is its end.
    gone = asyncio.ensure_future(receive())
    await send({"type": "http.response.start", "status": answer.status, "headers": _raw(headers)})
    for drop in drops:
        await send({"type": "http.response.body", "body": drop, "more_body": True})
        await asyncio.wait({gone}, timeout=pause)
        if gone.done():
            return
    gone.cancel()
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


def _header(scope: Scope, name: bytes) -> bytes:
    return next((bytes(value) for key, value in scope["headers"] if key == name), b"")
