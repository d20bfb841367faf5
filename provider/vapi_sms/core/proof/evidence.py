"""Evidence: texts that came in, what was sent to the same customers, what Twilio warned of, and Vapi's sessions; pure.

No body is here: nobody needs it to tell whether a text was answered. Customers are told apart by their numbers, and
shown by the last two digits. Moments are whole seconds since 1970 in UTC, as each vendor's clock has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

MESSAGES, ALERTS, SESSIONS = "messages", "alerts", "sessions"


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who texts, by E.164 form or whatever else a channel has; shown as ...34."""

    number: str = field(repr=False)

    def __str__(self) -> str:
        return f"...{''.join(filter(str.isdigit, self.number))[-2:]}"


@dataclass(frozen=True, slots=True)
class Text:
    """A text that came in at one of the account's numbers."""

    sid: str
    number: str
    customer: Customer
    at: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What was sent to a customer: `status` in Twilio's words, `code` of its error, 0 without one."""

    sid: str
    sender: str
    customer: Customer
    at: int
    status: str = "delivered"
    code: int = 0


@dataclass(frozen=True, slots=True)
class Alert:
    """An error that Twilio logged about a message: its code, such as 11200."""

    message_sid: str
    code: int
    at: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """A conversation at Vapi: of which of its phone numbers, with whom, and who answers; `cost` is in US dollars."""

    record_id: str
    customer: Customer
    updated: int
    assistant_id: str = ""
    squad_id: str = ""
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Subject:
    """A number to be proven: who else sends for its service, and which record, assistant or squad Vapi has for it.

    `by_vapi` says that Vapi is to answer it, so that whoever else does is not whom people expect. `since` is when the
    number, or its record, was last changed: whoever answered before may have been whom people expected then.
    """

    number: str
    by_vapi: bool = True
    record_id: str = ""
    assistant_id: str = ""
    squad_id: str = ""
    pool: frozenset[str] = frozenset()
    since: int = 0

    def sends(self, sender: str) -> bool:
        """Tell whether a reply may come from a sender: the number itself, or any of its service."""
        return sender == self.number or sender in self.pool


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was read from `since` to `until`; `unread` says, by kind, why something is not known."""

    since: int
    until: int
    texts: tuple[Text, ...] = ()
    replies: tuple[Reply, ...] = ()
    alerts: tuple[Alert, ...] = ()
    sessions: tuple[Session, ...] = ()
    unread: Mapping[str, str] = field(default_factory=dict)


def by_customer(found: Iterable[Reply]) -> dict[Customer, list[Reply]]:
    """Give the replies to each customer, the earliest first."""
    replies: dict[Customer, list[Reply]] = {}
    for reply in sorted(found, key=lambda reply: reply.at):
        replies.setdefault(reply.customer, []).append(reply)
    return replies
