"""A message as Twilio keeps it: one for each text that came, one for each that left. Knows no HTTP."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vapi_sms.sandbox.control.clock import later, rfc2822
from vapi_sms.sandbox.texts.message import segments

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from vapi_sms.sandbox.twilio.account import Account
    from vapi_sms.sandbox.twilio.number import Record
    from vapi_sms.sandbox.twilio.traffic.seed import Direction, MessageSeed, Status

_MEANINGS = {
    21266: "'To' and 'From' number cannot be the same",
    21610: "Attempt to send to unsubscribed recipient",
    30003: "Unreachable destination handset",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Carrier violation",
    30008: "Unknown error",
    30024: "Numeric Sender ID Not Provisioned on Carrier",
    30032: "Toll-Free Number Has Not Been Verified",
    30034: "Message from an Unregistered Number",
}
_UNSENT = {"date_sent": None, "error_code": None, "error_message": None}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a message in the end."""

    status: Status
    error_code: int | None = None


RECEIVED, DELIVERED = Outcome("received"), Outcome("delivered")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a message says, from whom to whom, and what becomes of it."""

    direction: Direction
    sender: str
    to: str
    body: str
    outcome: Outcome
    media: int = 0
    service_sid: str | None = None
    is_retained: bool = True
    """Whether what it says is kept."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it is in the end, when it came to be, and when that end was reached."""

    record: Record
    at: datetime
    ends: datetime
    said: str
    """What it says, also where Twilio keeps nothing of that."""

    @property
    def sid(self) -> str:
        """Return the SM or MM SID."""
        return str(self.record["sid"])

    @property
    def is_delivered(self) -> bool:
        """Tell whether it arrives."""
        return bool(self.record["status"] == DELIVERED.status)

    def shown(self, now: datetime) -> Record:
        """Return it as Twilio shows it now: what is still under way is queued."""
        if now >= self.ends:
            return self.record
        return {**self.record, **_UNSENT, "status": "queued", "date_updated": self.record["date_created"]}

    def queued(self) -> Record:
        """Return it as Twilio answers who sends it; through a service it has no sender yet."""
        pending = {**self.record, **_UNSENT, "status": "queued", "date_updated": self.record["date_created"]}
        if self.record["messaging_service_sid"] is None:
            return pending
        return {**pending, "from": None, "num_segments": "0", "status": "accepted"}


def keep(account: Account, draft: Draft, at: datetime, *, under_way_ms: float = 0, sid: str = "") -> Message:
    """Keep a message that comes to be at an instant, and reaches its end some time later."""
    ends = later(at, under_way_ms)
    made = Message(_record(account.sid, draft, at, ends, sid), at, ends, draft.body)
    account.messages[made.sid] = made
    return made


def seeded(account: Account, seed: MessageSeed, now: datetime) -> None:
    """Keep the message that the seed describes."""
    outcome = Outcome(seed.status, seed.error_code)
    service = seed.messaging_service_sid
    draft = Draft(seed.direction, seed.sender, seed.to, seed.body, outcome, service_sid=service)
    keep(account, draft, later(now, -1000 * seed.seconds_ago), sid=seed.sid or "")


def visible(messages: Iterable[Message], now: datetime) -> list[Message]:
    """Return the messages that there are by now, oldest first."""
    return sorted((each for each in messages if each.at <= now), key=lambda each: each.at)


def _record(account_sid: str, draft: Draft, at: datetime, ends: datetime, sid: str) -> Record:
    sid = sid or ("MM" if draft.media else "SM") + uuid.uuid4().hex
    path = f"/2010-04-01/Accounts/{account_sid}/Messages/{sid}"
    code = draft.outcome.error_code
    return {
        "sid": sid,
        "account_sid": account_sid,
        "api_version": "2010-04-01",
        "from": draft.sender,
        "to": draft.to,
        "body": draft.body if draft.is_retained else "",
        "direction": draft.direction,
        "status": draft.outcome.status,
        "error_code": code,
        "error_message": None if code is None else _MEANINGS.get(code, "Unknown error"),
        "messaging_service_sid": draft.service_sid,
        "num_media": str(draft.media),
        "num_segments": str(segments(draft.body)),
        "price": None,
        "price_unit": "USD",
        "date_created": rfc2822(at),
        "date_sent": rfc2822(at),
        "date_updated": rfc2822(ends),
        "subresource_uris": {"media": f"{path}/Media.json"},
        "uri": f"{path}.json",
    }
