"""Messaging Services and their pools: read once for all that runs in this process, and as fresh as asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from vapi_sms.core.planning.knowledge import is_before
from vapi_sms.core.services.pool import MessagingService
from vapi_sms.core.values import Service, TwilioNumber
from vapi_sms.live.calling.entries import Listed, Unread
from vapi_sms.live.calling.limiter import Outages
from vapi_sms.live.twilio.readings import lacks, may_be

ANY_AGE = float("-inf")


class ServiceReads(Protocol):
    """What is needed of Twilio."""

    def list_services(self) -> Listed[MessagingService]:
        """Read every Messaging Service of the account."""

    def list_pool(self, service_sid: str) -> Listed[str]:
        """Give the SIDs of the numbers in a service."""


@dataclass(slots=True)
class _Readings:
    """The services by SID, and the pools by their service's SID, each with the moment of its reading."""

    services: dict[str, MessagingService] = field(default_factory=dict)
    unread: tuple[Unread, ...] = ()
    listed_at: float = ANY_AGE
    pools: dict[str, tuple[Listed[str], float]] = field(default_factory=dict)


@dataclass(slots=True)
class _Hiding:
    """The numbers, by SID, that a service hides, those of one that may, and what of a hiding pool nobody could read."""

    known: dict[str, Service]
    doubtful: list[tuple[Unread, Service]]
    since: float

    def by(self, number: TwilioNumber) -> Service | None:
        for unread, service in self.doubtful:
            if may_be(unread, number.sid) and may_be(unread, number.number):
                return self.known.get(number.sid, service)
        return self.known.get(number.sid)


class TwilioServices:
    """One account's Messaging Services; safe to use from many threads."""

    def __init__(self, twilio: ServiceReads, now: Callable[[], float] = time.monotonic) -> None:
        self._twilio, self._now = twilio, now
        self._read = _Readings()
        self._outages = Outages(now)
        # Asked for each of thousands of numbers: worked out once, and again when what it stands on is read anew.
        self._hiding: _Hiding | None = None
        self._lock = threading.RLock()

    def begin(self) -> None:
        """Begin to list the services, unless that was done before."""
        with self._lock:
            if self._read.listed_at == ANY_AGE:
                self._outages.begin("services", self._twilio.list_services)

    def all(self, *, not_before: float = ANY_AGE) -> dict[str, MessagingService]:
        """Give all services by SID, read no earlier than `not_before` (monotonic seconds)."""
        with self._lock:
            if self._read.listed_at == ANY_AGE or self._read.listed_at < not_before:
                read_at, listed = self._outages.ask_at("services", self._twilio.list_services, not_before)
                known = self._read.services
                self._read.services = {each.sid: _newer(each, known.get(each.sid)) for each in listed.read}
                self._read.unread = listed.unread
                self._read.listed_at = read_at
            return dict(self._read.services)

    def unread(self) -> tuple[Unread, ...]:
        """Give the services that the last list showed and nobody could read."""
        with self._lock:
            return self._read.unread

    def find(self, sid: str, *, not_before: float = ANY_AGE) -> MessagingService | None:
        """Give a service by its SID, None where there is none; raises UnexpectedResponse where it cannot be read."""
        with self._lock:
            found = self.all(not_before=not_before).get(sid)
            strange = next((each for each in self._read.unread if each.may_have(sid)), None)
        if found is None and strange is not None:
            raise lacks(f"Reading Messaging Service {sid}", strange)
        return found

    def pool(self, sid: str, *, not_before: float = ANY_AGE) -> tuple[str, ...]:
        """Give the SIDs of a service's numbers; raises UnexpectedResponse where one of them cannot be read."""
        listed = self._pool(sid, not_before)
        for strange in listed.unread:
            raise lacks(f"Listing the numbers of Messaging Service {sid}", strange)
        return tuple(listed.read)

    def hides(self, number: TwilioNumber, *, not_before: float = ANY_AGE) -> Service | None:
        """Give the service that keeps texts from a number's own routing, or may, as far as that can be read."""
        with self._lock:
            if self._hiding is None or self._hiding.since < not_before:
                self._hiding = self._read_hiding(not_before)
            return self._hiding.by(number)

    def _pool(self, sid: str, not_before: float) -> Listed[str]:
        with self._lock:
            known = self._read.pools.get(sid)
            if known is None or known[1] < not_before:
                read_at = self._now()
                listed = self._outages.ask(sid, lambda: self._twilio.list_pool(sid))
                known = self._read.pools[sid] = listed, read_at
            return known[0]

    def _read_hiding(self, not_before: float) -> _Hiding:
        services = self.all(not_before=not_before).values()
        hiding = [
            Service(service.sid, service.name, service.inbound_url)
            for service in services
            if not service.defers
        ] + [
            Service(
                each.id,
                each.name or each.id,
                unread=f"Twilio's answer cannot be read of Messaging Service {each.id}, which it is in",
            )
            for each in self._read.unread
        ]
        pools = [(service, self._pool(service.sid, not_before)) for service in hiding]
        doubtful = [
            (
                each,
                replace(
                    service,
                    unread=f"Twilio's answer cannot be read of a number in Messaging Service {service.sid}, which may "
                    "be this one",
                ),
            )
            for service, pool in pools
            for each in pool.unread
        ]
        ages = (self._read.pools[service.sid][1] for service in hiding)
        return _Hiding(
            {number: service for service, pool in pools for number in pool.read},
            doubtful,
            min((self._read.listed_at, *ages)),
        )

    def learn(self, service: MessagingService) -> None:
        """Take Twilio's answer to our own write as the newest reading of a service."""
        with self._lock:
            self._read.services[service.sid] = service
            self._hiding = None


def _newer(found: MessagingService, known: MessagingService | None) -> MessagingService:
    """Give the newer of two readings; of the same second, the one that came last."""
    return known if known is not None and is_before(found, known.updated) else found
