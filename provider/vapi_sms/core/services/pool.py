"""Messaging Services: what one does with texts to its pool, what was found, and who answers if it defers; pure.

A service either answers for all numbers of its pool, or defers to each number's own webhook. Deferring wakes up own
routings that nobody has looked at for long. So numbers get the service's handler as their own before the service
defers, and lose it only after the service answers again: at no moment does a text meet anybody new.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from vapi_sms.core.planning.goals import is_foreign
from vapi_sms.core.planning.knowledge import is_after, is_before
from vapi_sms.core.routings.handlers import is_vapis
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.values import Observed, TwilioNumber


@dataclass(frozen=True, slots=True)
class Inbound:
    """All that a Messaging Service says of texts to its numbers, kept, compared and written whole.

    `handler` is its own URL, method and fallback, which sleep while it `defers` to each number's own webhook. It has no
    TwiML App. Source: Twilio's Service, `use_inbound_webhook_on_number`, `inbound_*` and `fallback_*`.
    """

    defers: bool
    handler: Routing

    def same_as(self, other: Inbound) -> bool:
        """Equal for every purpose."""
        return self.defers == other.defers and self.handler.same_as(other.handler)

    @property
    def answer(self) -> Routing:
        """What a number needs as its own routing to answer as the service does; without a URL Twilio calls nobody."""
        return self.handler if self.handler.url else Routing()


@dataclass(frozen=True, slots=True)
class MessagingService:
    """One reading of a Messaging Service.

    `updated` and `is_answer` as of a number: when Twilio last changed it, and whether Twilio answered our own write so.
    """

    sid: str
    name: str
    account_sid: str
    inbound: Inbound
    updated: int = field(default=0, compare=False)
    is_answer: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        return f"Messaging Service {self.name} ({self.sid})"

    @property
    def defers(self) -> bool:
        """Each number's own webhook decides."""
        return self.inbound.defers

    @property
    def inbound_url(self) -> str:
        """What the service itself calls, where it does not defer."""
        return self.inbound.handler.url

    @property
    def fallback_url(self) -> str:
        """What it calls where that fails."""
        return self.inbound.handler.fallback_url


@dataclass(frozen=True, slots=True)
class PoolReading:
    """One reading of a service and of every number in its pool, on both sides.

    `others` are numbers that left the pool and are still recorded.
    """

    service: MessagingService
    numbers: tuple[Observed, ...]
    others: tuple[Observed, ...] = ()

    def textable(self) -> list[tuple[TwilioNumber, Observed]]:
        """Give the numbers that receive texts, in order; nobody ever answers the others."""
        found = [(each.twilio, each) for each in self.numbers if each.twilio and each.twilio.can_sms]
        return sorted(found, key=lambda pair: pair[0].number)


@dataclass(frozen=True, slots=True)
class Kept:
    """A number's own messaging routing as found, before the service's handler was written there.

    `written` is the number's `updated` after that, or 0.
    """

    sid: str
    number: str
    messaging: Routing
    written: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Wrote:
    """How we left a service: whether it `defers` since, with the handler that was found, and its `updated` then."""

    defers: bool
    at: int


@dataclass(frozen=True, slots=True)
class ServiceOriginal:
    """A service as found, and the own routings, by PN SID, of the numbers that get its handler.

    What a switch adds, `wrote` here and `written` of each number, is known only to who switched it.
    """

    sid: str
    name: str
    account_sid: str
    inbound: Inbound
    kept: Mapping[str, Kept]
    wrote: Wrote | None = field(default=None, compare=False)

    @property
    def as_found(self) -> MessagingService:
        """The service as it was."""
        return MessagingService(self.sid, self.name, self.account_sid, self.inbound)

    def __str__(self) -> str:
        return f"Messaging Service {self.name} ({self.sid})"


@dataclass(frozen=True, slots=True)
class ServiceWish:
    """What a program says of a service; `declared` are the numbers, by E.164 form or SID, of its own resources."""

    defers: bool = True
    keep_others: bool = False
    declared: frozenset[str] = frozenset()

    def declares(self, number: TwilioNumber) -> bool:
        """Tell whether a resource of this program says who answers a number."""
        return not self.declared.isdisjoint((number.number, number.sid))

    def keeps(self, number: TwilioNumber) -> bool:
        """Tell whether a number gets the service's handler: its resource takes it over from there, or nobody does."""
        return self.keep_others or self.declares(number)


def captured(reading: PoolReading, wish: ServiceWish, recorded: ServiceOriginal | None) -> ServiceOriginal:
    """Give the record of a service: the one there is, or a new one; and own routings while they still sleep.

    Once the service defers, own routings are what answers, and nothing is recorded of them any more. While it does not
    defer, nothing of ours is in force: a number that somebody routed elsewhere since is recorded anew.
    """
    service = reading.service
    original = recorded or ServiceOriginal(
        service.sid, service.name, service.account_sid, service.inbound, {}
    )
    if service.inbound.defers or not wish.defers:
        return original
    kept = dict(original.kept)
    for number, _ in reading.textable():
        before = kept.get(number.sid)
        found = Kept(number.sid, number.number, number.messaging)
        if before is None:
            if wish.keeps(number) and not number.messaging.same_as(original.inbound.answer):
                kept[number.sid] = found
        elif is_foreign(number.messaging, before.messaging, (original.inbound.answer,)):
            kept[number.sid] = found
    return replace(original, kept=kept)


def presumed(service: MessagingService, original: ServiceOriginal) -> MessagingService:
    """Give a service as we left it, where the reading is from before that: a replica that lags, or a cache."""
    wrote = original.wrote
    if wrote is None or not is_before(service, wrote.at):
        return service
    return replace(service, inbound=Inbound(wrote.defers, original.inbound.handler), updated=wrote.at)


def is_proof(service: MessagingService, original: ServiceOriginal) -> bool:
    """Tell whether a reading is newer than our own last write; one of the same second may be from before it."""
    return original.wrote is None or is_after(service, original.wrote.at)


def knowing(original: ServiceOriginal, before: ServiceOriginal | None) -> ServiceOriginal:
    """Add to a record what the state of who switched the service knows, and since when.

    A sibling that was renamed in the state, or taken out of it, by hand, is made anew, and captures the service as we
    left it: what was found at first counts.
    """
    if before is None or before.sid != original.sid:
        return original
    written = {sid: kept.written for sid, kept in before.kept.items()}
    found = {**before.kept, **original.kept}
    kept = {sid: replace(each, written=written.get(sid, 0)) for sid, each in found.items()}
    return replace(original, inbound=before.inbound, kept=kept, wrote=before.wrote)


def without_moments(original: ServiceOriginal) -> ServiceOriginal:
    """Give a record as it was captured, without what a switch added."""
    kept = {sid: replace(each, written=0) for sid, each in original.kept.items()}
    return replace(original, kept=kept, wrote=None)


def is_at_vapi(routing: Routing) -> bool:
    """Tell whether a routing hands texts to Vapi."""
    return is_vapis(routing)


def was_taken_over(number: TwilioNumber, wish: ServiceWish, original: ServiceOriginal) -> bool:
    """Tell whether a resource of this program has handed a recorded number to Vapi: that is as declared."""
    kept = original.kept.get(number.sid)
    if kept is None or is_at_vapi(kept.messaging) or not wish.declares(number):
        return False
    return is_at_vapi(number.messaging)
