"""Readings: all that is known of one number before it is judged, from both vendors and from a stack's state.

Also which addresses of Twilio Conversations and Flex take texts beside whoever answers them: Twilio starts a
conversation with a text whatever the number's routing or Messaging Service says, so two may answer. So may who is told
of texts that Twilio's Conversation Orchestrator captures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from vapi_sms.core.inert import redacted_url
from vapi_sms.core.routings.handlers import Kind, classify
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.routings.vapi_urls import USUAL_TEXTS, answers_texts
from vapi_sms.core.services.pool import MessagingService
from vapi_sms.core.values import Observed


@dataclass(frozen=True, slots=True)
class Address:
    """An address that starts a conversation with each text; `kind` is who takes part: default, webhook or studio."""

    sid: str
    kind: str = ""

    def __str__(self) -> str:
        return f"Conversations address {self.sid}"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Those of an account, by E.164 form or a short code's digits; `unread` says why they are not known."""

    by_number: Mapping[str, Address] = field(default_factory=dict)
    unread: str = ""


TURN_OFF = "Delete the address, or turn its autocreation off, unless both are meant to answer"


def answers_beside(number: str, handler: Routing, addresses: Addresses) -> str:
    """Say that a conversation is started beside the handler that is about to answer; nothing where none is."""
    address = addresses.by_number.get(number)
    if address is None or classify(handler).kind is Kind.NOTHING:
        return ""
    return (
        f"{number} also has {address}: Twilio starts a conversation with each text besides, so two systems may answer. "
        f"{TURN_OFF}"
    )


@dataclass(frozen=True, slots=True)
class Capture:
    """A configuration of Conversation Orchestrator that captures a copy of texts."""

    id: str
    name: str = ""

    def __str__(self) -> str:
        named = f"{self.name} ({self.id})" if self.name else self.id
        return f"Conversation Orchestrator configuration {named}"


ANYBODY = "*"


@dataclass(frozen=True, slots=True)
class Captures:
    """The rules of an account, each with from whom and to whom, or a star; `unread` says why not all are known."""

    rules: tuple[tuple[str, str, Capture], ...] = ()
    unread: str = ""

    def of(self, number: str) -> Capture | None:
        """Give the first configuration that captures texts to a number; a rule for what it sends is none."""
        captures = (
            capture for sender, to, capture in self.rules if to in (ANYBODY, number) and sender != number
        )
        return next(captures, None)


@dataclass(frozen=True, slots=True)
class App:
    """A TwiML App and what it does with texts."""

    sid: str
    name: str
    messaging: Routing


@dataclass(frozen=True, slots=True)
class Campaign:
    """A 10DLC campaign and its brand, in Twilio's words for their states; a mock is a test and reaches nobody."""

    status: str
    brand_status: str
    is_mock: bool = False


@dataclass(frozen=True, slots=True)
class Registrations:
    """What US carriers are told of a number: its service's campaigns, or the states of a toll-free number.

    `unread` says why that is not known.
    """

    campaigns: tuple[Campaign, ...] = ()
    verifications: tuple[str, ...] = ()
    unread: str = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """What a stack's state says of a number: whose texts a Vapi assistant answers, or which routing it has.

    `texts` is who answers, as `handler_line` says it, where the state says that of a routing. `texts_url` is where at
    Vapi texts go, redacted, as its import wrote it. Of a TwilioSmsRoute nothing concerns Vapi.
    """

    resource: str
    answered_by: str
    by_vapi: bool
    assistant_id: str = ""
    squad_id: str = ""
    texts: str = ""
    is_route: bool = False
    texts_url: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One number, called by what people asked for: its E.164 form, or its SID where only that is known.

    `service` is the Messaging Service that it is in. `app` is the TwiML App that its texts go through; None where they
    go through none, or through one that is gone. `address` starts a conversation with each text, beside all that;
    `capture` hands on a copy of each.
    Where Vapi was not asked, that it shows no record says nothing.
    """

    key: str
    observed: Observed
    service: MessagingService | None = None
    app: App | None = None
    registrations: Registrations = field(default=Registrations())
    declared: Declared | None = None
    address: Address | None = None
    capture: Capture | None = None
    asked_vapi: bool = True

    @property
    def as_usual(self) -> Reading:
        """The same where texts go to Vapi by its usual URL, if the state says that Vapi has them at the one there."""
        live, said = self.observed.twilio, self.declared
        if live is None or said is None or not said.by_vapi or not said.texts_url:
            return self
        if redacted_url(live.messaging.url) != said.texts_url or answers_texts(live.messaging.url):
            return self
        usual = replace(live, messaging=replace(live.messaging, url=USUAL_TEXTS))
        return replace(
            self, observed=replace(self.observed, twilio=usual), declared=replace(said, texts_url="")
        )

    @property
    def number(self) -> str:
        """The number in E.164 form, as far as any side knows it."""
        known = self.observed.twilio or self.observed.vapi
        return known.number if known else self.key
