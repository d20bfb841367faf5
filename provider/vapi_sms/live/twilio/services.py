"""Messaging Services and their pools: read once for all that runs in this process, and as fresh as asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from vapi_sms.core.planning.knowledge import is_before
from vapi_sms.core.services.pool import MessagingService
from vapi_sms.core.values import Service
from vapi_sms.live.calling.limiter import Outages

ANY_AGE = float("-inf")


class ServiceReads(Protocol):
    """What is needed of Twilio."""

    def list_services(self) -> list[MessagingService]:
        """Read every Messaging Service of the account."""

    def list_pool(self, service_sid: str) -> list[str]:
        """Give the SIDs of the numbers in a service."""


@dataclass(slots=True)
class _Readings:
    """The services by SID, the pools by their service's SID, each with the moment of its reading."""

    services: dict[str, MessagingService] = field(default_factory=dict)
    listed_at: float = ANY_AGE
    pools: dict[str, tuple[tuple[str, ...], float]] = field(default_factory=dict)


class TwilioServices:
    """One account's Messaging Services; safe to use from many threads."""

    def __init__(self, twilio: ServiceReads, now: Callable[[], float] = time.monotonic) -> None:
        self._twilio, self._now = twilio, now
        self._read = _Readings()
        self._outages = Outages(now)
        # Asked for each of thousands of numbers: worked out once, and again when what it stands on is read anew.
        self._hiding: dict[str, Service] | None = None
        self._hiding_since = ANY_AGE
        self._lock = threading.RLock()

    def all(self, *, not_before: float = ANY_AGE) -> dict[str, MessagingService]:
        """Give all services by SID, read no earlier than `not_before` (monotonic seconds)."""
        with self._lock:
            if self._read.listed_at == ANY_AGE or self._read.listed_at < not_before:
                read_at = self._now()
                listed = self._outages.ask("services", self._twilio.list_services)
                known = self._read.services
                self._read.services = {each.sid: _newer(each, known.get(each.sid)) for each in listed}
                self._read.listed_at = read_at
            return dict(self._read.services)

    def pool(self, sid: str, *, not_before: float = ANY_AGE) -> tuple[str, ...]:
        """Give the SIDs of a service's numbers."""
        with self._lock:
            known = self._read.pools.get(sid)
            if known is None or known[1] < not_before:
                read_at = self._now()
                listed = self._outages.ask(sid, lambda: self._twilio.list_pool(sid))
                known = self._read.pools[sid] = tuple(listed), read_at
            return known[0]

    def hiding(self, *, not_before: float = ANY_AGE) -> Mapping[str, Service]:
        """Tell which numbers, by SID, are in a service that keeps texts from their own routing."""
        with self._lock:
            if self._hiding is None or self._hiding_since < not_before:
                hiding = [each for each in self.all(not_before=not_before).values() if not each.defers]
                self._hiding = {
                    number: Service(service.sid, service.name, service.inbound_url)
                    for service in hiding
                    for number in self.pool(service.sid, not_before=not_before)
                }
                ages = (self._read.pools[service.sid][1] for service in hiding)
                self._hiding_since = min((self._read.listed_at, *ages))
            return self._hiding

    def learn(self, service: MessagingService) -> None:
        """Take Twilio's answer to our own write as the newest reading of a service."""
        with self._lock:
            self._read.services[service.sid] = service
            self._hiding = None


def _newer(found: MessagingService, known: MessagingService | None) -> MessagingService:
    """Give the newer of two readings; of the same second, the one that came last."""
    return known if known is not None and is_before(found, known.updated) else found
