"""What Vapi keeps of what was said: a session for each customer of a number, a chat for each exchange. No HTTP."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from vapi_sms.sandbox.control.clock import iso_millis, later
from vapi_sms.sandbox.errors import VapiError

if TYPE_CHECKING:
    from datetime import datetime

    from vapi_sms.sandbox.twilio.number import Record
    from vapi_sms.sandbox.vapi.models import Org
    from vapi_sms.sandbox.vapi.seed import SessionSeed

_COST = 0.005
_EXPIRATION_SECONDS = 86_400
_MOST_MESSAGES = 200
"""How many messages a session holds here: the latest."""
NO_CARD = VapiError(402, "sandbox: a payment method is required before chats are answered")
"""The vendor's own text is not known."""


@dataclass(frozen=True, slots=True)
class Answerer:
    """Who answers: an assistant or a squad, with its id and its name."""

    kind: str
    id: str
    name: str

    @property
    def fields(self) -> dict[str, str]:
        """Return what a session or a chat says of it."""
        return {f"{self.kind}Id": self.id}

    def says(self, text: str) -> str:
        """Return what it answers: it is a name that repeats a text."""
        return f"This is {self.name} (an AI assistant). You wrote: {text}"


def answerer_of(org: Org, record: Record) -> Answerer | None:
    """Return who answers what has this record; None where nobody is attached, or one that was deleted."""
    for kind in ("assistant", "squad"):
        found = org.collection(kind).get(record.get(f"{kind}Id") or "")
        if found is not None:
            return Answerer(kind, found["id"], found.get("name") or found["id"])
    return None


@dataclass(frozen=True, slots=True)
class Said:
    """One exchange: what was put in, what came out, who answered, and when."""

    input: str | list[Any]
    output: str | None
    answerer: dict[str, str]
    """Who answered, as the record names it."""
    at: datetime
    name: str | None = None
    session: Record | None = None
    is_retained: bool = True
    """Whether what was said is kept."""


def chatted(org: Org, said: Said) -> Record:
    """Keep an exchange, in its session if it has one; return the chat whole, also where its words are not kept."""
    words = {
        "input": said.input,
        "output": [] if said.output is None else [{"role": "assistant", "content": said.output}],
        "messages": _inputs(said),
    }
    date, session = iso_millis(said.at), {} if said.session is None else {"sessionId": said.session["id"]}
    record = {
        "id": str(uuid.uuid4()),
        "orgId": org.id,
        **said.answerer,
        **({} if said.name is None else {"name": said.name}),
        **session,
        "createdAt": date,
        "updatedAt": date,
        "costs": [{"type": "chat", "cost": _COST}],
        "cost": _COST,
    }
    org.chats[record["id"]] = {**record, **words} if said.is_retained else record
    if said.session is not None:
        _continue(org, said.session, [*words["messages"], *words["output"]] if said.is_retained else [], date)
    return {**record, **words}


def session_of(org: Org, number: Record, customer: str, answerer: dict[str, str], at: datetime) -> Record:
    """Return the session that a customer has with a number and who answers there; a new one after a day."""
    name = f"{number['id']} {customer} {' '.join(answerer.values())}"
    found = org.sessions.get(org.under_way.get(name, ""))
    if found is not None:
        if iso_millis(at - timedelta(seconds=_EXPIRATION_SECONDS)) < found["createdAt"]:
            return found
        org.sessions[found["id"]] = {**found, "status": "completed"}
    made = _session(org, str(uuid.uuid4()), number["id"], customer, answerer, at)
    org.under_way[name] = made["id"]
    return made


def seeded(org: Org, seed: SessionSeed, now: datetime) -> None:
    """Keep the session that the seed describes, and its chats."""
    given = {"assistantId": seed.assistant_id, "squadId": seed.squad_id}
    answerer = {name: value for name, value in given.items() if value is not None}
    at = later(now, -1000 * seed.seconds_ago)
    session = _session(org, seed.id or str(uuid.uuid4()), seed.phone_number_id, seed.customer, answerer, at)
    for number in range(seed.chats):
        said = Said("Hi", "Hello", answerer, later(at, number), session=org.sessions[session["id"]])
        chatted(org, said)


def _session(  # noqa: PLR0913, PLR0917 - what a session is made of
    org: Org, name: str, number_id: str, customer: str, answerer: dict[str, str], at: datetime
) -> Record:
    date = iso_millis(at)
    made = org.sessions[name] = {
        "id": name,
        "orgId": org.id,
        **answerer,
        "status": "active",
        "expirationSeconds": _EXPIRATION_SECONDS,
        "customer": {"number": customer},
        "phoneNumberId": number_id,
        "messages": [],
        "costs": [],
        "cost": 0,
        "createdAt": date,
        "updatedAt": date,
    }
    return made


def _continue(org: Org, session: Record, messages: list[Record], date: str) -> None:
    cost = round(session["cost"] + _COST, 6)
    org.sessions[session["id"]] = {
        **session,
        "messages": [*session["messages"], *messages][-_MOST_MESSAGES:],
        "costs": [{"type": "session", "cost": cost}],
        "cost": cost,
        "updatedAt": date,
    }


def _inputs(said: Said) -> list[Record]:
    if isinstance(said.input, list):
        return list(said.input)
    seconds = said.at.timestamp() * 1000
    spoken = {"role": "user", "message": said.input, "time": seconds, "endTime": seconds}
    return [{**spoken, "secondsFromStart": 0}]
