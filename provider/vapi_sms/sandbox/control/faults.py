"""What shall go wrong, for which requests: the faults, and the requests that are held."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from vapi_sms.sandbox.behaviour import MOST_MS, Strict
from vapi_sms.sandbox.errors import TwilioError, VapiError

if TYPE_CHECKING:
    from vapi_sms.sandbox.control.journal import Entry

_TWILIO_CODES = {400: 20001, 401: 20003, 403: 20003, 404: 20404, 429: 20429}


class Fault(Strict):
    """One thing that goes wrong for the requests it matches. All fields that are given must match."""

    vendor: Literal["twilio", "vapi"] | None = None
    method: str | None = None
    path: str | None = Field(default=None, description="a glob (`*` crosses slashes), or a regex after `^`")
    containing: str | None = Field(default=None, description="text that the raw query or body must contain")
    skip: int = Field(default=0, ge=0, description="let that many matching requests pass first")
    count: int | None = Field(default=1, ge=1, description="hit that many, then be gone; null is for ever")
    status: int | None = Field(default=None, description="answer this instead; no effect, unless `effect`")
    headers: dict[str, str] = Field(default_factory=dict)
    body: Any = Field(default=None, description="text as it is, or JSON; left out: the vendor's own error")
    effect: bool = Field(default=False, description="the request has its effect, only its answer is replaced")
    delay_ms: int = Field(default=0, ge=0, le=MOST_MS, description="wait before the effect")
    delay_answer_ms: int = Field(
        default=0, ge=0, le=MOST_MS, description="wait between the effect and its answer"
    )
    drop: Literal["before", "after", "during"] | None = Field(
        default=None,
        description="reset the connection: before the effect, after it, or half-way through the answer",
    )
    hold: Literal["before", "after"] | None = Field(
        default=None, description="wait for a release: before the effect, or after it"
    )
    truncate: int | None = Field(
        default=None, ge=0, description="answer only that many bytes, as if they were all"
    )
    answers_for: str | None = Field(
        default=None,
        description="after the effect, answer with the record of that Twilio number (PN SID) or Vapi phone "
        "number (id) instead of the one that was asked for; lists are answered as they are",
    )
    shows: dict[str, dict[str, Any]] | None = Field(
        default=None,
        description="after the effect, the records of these SIDs or ids, in lists too, show these values in place of "
        "their own",
    )
    slow_drip: int | None = Field(
        default=None, ge=1, le=MOST_MS, description="milliseconds between the bytes of the answer"
    )
    endless_drip: int | None = Field(
        default=None,
        ge=1,
        le=MOST_MS,
        description="after the effect, answer a space every so many milliseconds, and never anything else",
    )

    @property
    def replaces(self) -> bool:
        """Tell whether the vendor's own answer is not used."""
        return self.status is not None or self.body is not None

    @property
    def takes_effect(self) -> bool:
        """Tell whether the vendor does what it was asked."""
        return not self.replaces or self.effect or self.drop == "after" or self.hold == "after"

    @property
    def drips(self) -> bool:
        """Tell whether the answer comes byte by byte."""
        return self.slow_drip is not None or self.endless_drip is not None

    def matches(self, vendor: str, method: str, path: str, raw: str) -> bool:
        """Tell whether this fault is meant for that request."""
        return (
            self.vendor in (None, vendor)
            and (self.method is None or self.method.upper() == method)
            and (self.path is None or _path_matches(self.path, path))
            and (self.containing is None or self.containing in raw)
        )

    def answer(self, vendor: str) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body that take the place of the vendor's."""
        status = self.status or HTTPStatus.OK
        body = self.body if self.body is not None else _usual_body(vendor, status)
        raw = body if isinstance(body, str) else json.dumps(body)
        kind = "text/html" if raw.lstrip().startswith("<") else "application/json"
        given = {name.lower(): value for name, value in self.headers.items()}
        return status, {"content-type": kind, **given}, raw.encode()

    def spoken(self) -> str:
        """Return the fault in few words, for the journal."""
        matching = {"vendor", "method", "path", "containing", "skip", "count", "headers", "body"}
        set_ = self.model_dump(exclude=matching, exclude_defaults=True)
        return ", ".join(f"{name} {value}" for name, value in set_.items()) or "another body"


def _path_matches(pattern: str, path: str) -> bool:
    return re.search(pattern, path) is not None if pattern.startswith("^") else fnmatchcase(path, pattern)


def _usual_body(vendor: str, status: int) -> dict[str, Any]:
    phrase = HTTPStatus(status).phrase
    if vendor == "vapi":
        return VapiError(status, phrase).body()
    return TwilioError(status, _TWILIO_CODES.get(status, 20000 + status), phrase).body()


@dataclass(slots=True)
class _Armed:
    n: int
    fault: Fault
    to_skip: int
    hits: int = 0


class Faults:
    """The faults in force, oldest first; the first that matches is the one that strikes."""

    def __init__(self) -> None:
        self._armed: list[_Armed] = []
        self._last = 0

    def arm(self, fault: Fault) -> int:
        """Put a fault in force and return its number."""
        self._last += 1
        self._armed.append(_Armed(self._last, fault, fault.skip))
        return self._last

    def strike(self, vendor: str, method: str, path: str, raw: str) -> Fault | None:
        """Return the fault that hits this request, and count it; skipped ones are counted down."""
        for armed in self._armed:
            if not armed.fault.matches(vendor, method, path, raw):
                continue
            if armed.to_skip > 0:
                armed.to_skip -= 1
                continue
            armed.hits += 1
            if armed.hits == armed.fault.count:
                self._armed.remove(armed)
            return armed.fault
        return None

    def listed(self) -> list[dict[str, Any]]:
        """Return the faults that are still in force."""
        return [
            {"n": a.n, "hits": a.hits, "to_skip": a.to_skip, **a.fault.model_dump(exclude_defaults=True)}
            for a in self._armed
        ]

    def clear(self, n: int | None = None) -> None:
        """Take one fault back, or all of them."""
        self._armed = [] if n is None else [armed for armed in self._armed if armed.n != n]


@dataclass(slots=True)
class _Held:
    entry: Entry
    where: str
    waiting: asyncio.Future[str] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Holds:
    """Requests that wait until somebody lets them go."""

    def __init__(self) -> None:
        self._held: list[_Held] = []

    async def wait(self, entry: Entry, where: str) -> str:
        """Hold a request; return how it goes on: `go` or `drop`."""
        held = _Held(entry, where)
        self._held.append(held)
        try:
            return await held.waiting
        finally:
            self._held.remove(held)

    def listed(self) -> list[dict[str, Any]]:
        """Return what is held, and where."""
        return [
            {
                "n": h.entry.n,
                "vendor": h.entry.vendor,
                "method": h.entry.method,
                "path": h.entry.path,
                "where": h.where,
            }
            for h in self._held
        ]

    def release(self, then: Literal["go", "drop"], n: int | None = None) -> int:
        """Let one request go on, or all; `drop` resets its connection without what was still to come."""
        going = [held for held in self._held if n in (None, held.entry.n) and not held.waiting.done()]
        for held in going:
            held.waiting.set_result(then)
        return len(going)
