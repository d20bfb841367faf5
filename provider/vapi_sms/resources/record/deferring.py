"""Deferring: what this process knows of services that are about to defer, for the numbers that rely on it.

A number's webhook is hidden until its service defers. The service is checked before the numbers that take its
`service_sid`, so a number's check finds here whether it will have come true by the time the number is switched.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace

from vapi_sms.core.errors import NotFit
from vapi_sms.core.inert import line
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.services.pool import Kept, ServiceOriginal
from vapi_sms.core.values import Observed, Original, Source
from vapi_sms.resources.engine.notices import tell_once


@dataclass(frozen=True, slots=True)
class Deferring:
    """A service that will defer: what numbers have as their own routing by then, and what they had before."""

    service: str
    answer: Routing
    kept: Mapping[str, Kept]


_Awake = tuple[Observed, Original | None]

_lock = threading.Lock()
_planned: dict[str, Deferring] = {}


def will_defer(original: ServiceOriginal) -> None:
    """Note that a service will defer, or does."""
    with _lock:
        _planned[original.sid] = Deferring(str(original), original.inbound.answer, original.kept)


def will_not_defer(sid: str) -> None:
    """Note that a service answers by itself."""
    with _lock:
        _planned.pop(sid, None)


def as_deferred(observed: Observed, service_sid: str | None) -> Observed:
    """Give a reading as it will be once the service that a number relies on defers; else the reading itself.

    By then the number answers as its service did.
    """
    hidden_by = observed.hidden_by
    if observed.twilio is None or hidden_by is None or hidden_by.sid != service_sid or hidden_by.unread:
        return observed
    planned = _of(hidden_by.sid)
    if planned is None:
        return observed
    tell_once(
        line(
            f"vapi-sms: texts will be deferred by {planned.service} to its numbers' own webhooks, which it hides now; "
            "that is looked at again before a number is switched."
        )
    )
    return replace(observed, twilio=replace(observed.twilio, messaging=planned.answer), hidden_by=None)


def is_once_hidden(record: Original, service_sid: str) -> bool:
    """Tell whether a record was taken while a service hid the number: it holds the sleeping routing."""
    planned = _of(service_sid)
    kept = planned.kept.get(record.sid) if planned else None
    return kept is not None and record.source is Source.CAPTURED and record.messaging.same_as(kept.messaging)


def awake(subject: str, observed: Observed, record: Original | None, service_sid: str) -> _Awake:
    """Give a reading and a record with who answers in truth once the service defers, over a routing that sleeps.

    Raises NotFit where the service still hides the number.
    """
    observed = as_deferred(observed, service_sid)
    if observed.hidden_by is not None and observed.hidden_by.unread:
        raise NotFit(subject, f"who answers texts to {subject} is not known: {observed.hidden_by.unread}")
    if observed.hidden_by is not None:
        raise NotFit(
            subject,
            f"{subject} is still hidden by Messaging Service {observed.hidden_by.name} ({observed.hidden_by.sid}), so "
            "nobody knows yet what its webhook will be: declare a MessagingServiceInbound for it, give it as "
            "messaging_service=, and run without --target",
        )
    planned = _of(service_sid)
    if record is None or planned is None or observed.twilio is None:
        return observed, record
    if is_once_hidden(record, service_sid) and observed.twilio.messaging.same_as(planned.answer):
        return observed, replace(record, messaging=planned.answer)
    return observed, record


def _of(sid: str) -> Deferring | None:
    with _lock:
        return _planned.get(sid)
