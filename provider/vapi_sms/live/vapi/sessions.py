"""Sessions of one org: with which customer of which number an assistant talks, and what that costs.

What was said is never parsed; an org that keeps no messages shows the same sessions without them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BeforeValidator, Field

from vapi_sms.core.proof.evidence import Customer, Session
from vapi_sms.live.calling.entries import Needed, VendorReading, read_each
from vapi_sms.live.vapi.client import VapiClient
from vapi_sms.live.vapi.pages import PAGE_SIZE
from vapi_sms.live.vapi.readings import PageReading, Text, read_as

_ASKED = "GET /session"


def moment_of(value: object) -> int:
    """Give a moment of Vapi's in seconds since 1970; 0 where it is none."""
    try:
        return int(datetime.fromisoformat(str(value)).timestamp())
    except (ValueError, OverflowError):
        return 0


Moment = Annotated[int, BeforeValidator(moment_of)]
# Unset is none; what is no number cannot be added up.
Dollars = Annotated[float, BeforeValidator(lambda value: value if isinstance(value, int | float) else 0)]


class _Customer(VendorReading):
    number: Text = ""


class _Session(VendorReading):
    id: Needed
    record_id: Text = Field(default="", alias="phoneNumberId")
    assistant_id: Text = Field(default="", alias="assistantId")
    squad_id: Text = Field(default="", alias="squadId")
    customer: _Customer | None = None
    updated: Moment = Field(alias="updatedAt")
    cost: Dollars = 0.0

    def as_evidence(self) -> Session:
        """Give it as the verdict takes it."""
        customer = Customer(self.customer.number if self.customer else "")
        return Session(self.record_id, customer, self.updated, self.assistant_id, self.squad_id, self.cost)


def list_sessions(vapi: VapiClient, since: int, record_id: str = "") -> list[Session]:
    """Read the sessions that were used since a moment, of the whole org or of one of its phone numbers."""
    found: dict[str, Session] = {}
    page, whole = 0, False
    params: dict[str, str | int] = {"updatedAtGe": _iso(since), "limit": PAGE_SIZE}
    params |= {"phoneNumberId": record_id} if record_id else {}
    while not whole:
        page, before = page + 1, len(found)
        answer = read_as(
            PageReading,
            vapi.read("Listing the sessions of the Vapi org", "/session", params | {"page": page}),
            _ASKED,
        )
        # One that cannot be read is of no customer that we could tell from others.
        read = read_each(_Session, answer.results).read
        found |= {session.id: session.as_evidence() for session in read}
        said = answer.metadata
        whole = (
            not said.has_next
            if said.has_next is not None
            else len(found) == before or (said.total is not None and len(found) >= said.total)
        ) or not answer.results
    return list(found.values())


def has_sessions(vapi: VapiClient) -> bool:
    """Tell whether the org shows any session at all: one that is told to keep none shows none."""
    what, params = "Looking for any session of the Vapi org", {"limit": 1}
    return bool(read_as(PageReading, vapi.read(what, "/session", {**params}), _ASKED).results)


def _iso(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
