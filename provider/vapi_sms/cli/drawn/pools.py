"""Pools: of a Messaging Service that changes, which numbers it answers, or defers to, now and after `up`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vapi_sms.cli.review.services import ServiceChange
from vapi_sms.core.chains.links import Link
from vapi_sms.core.chains.told import served
from vapi_sms.core.services.answers import OWN_WEBHOOK


@dataclass(frozen=True, slots=True)
class Membership:
    """The service that a number is in, as it is now and as it will be."""

    now: Link
    after: Link


def members(services: Iterable[ServiceChange]) -> Mapping[str, Membership]:
    """Give the membership of each number that a service's change names."""
    found: dict[str, Membership] = {}
    for service in services:
        defers = service.decides.startswith(OWN_WEBHOOK)
        membership = Membership(served(service.name, defers=not defers), served(service.name, defers=defers))
        below = False
        for text in service.answers:
            if below and text.startswith("  "):
                found |= dict.fromkeys(text.strip().split(", "), membership)
            else:
                # As core/services/answers writes it: who answers some numbers now and then, and below it which.
                below = text.endswith(":") and ", then " in text
    return found
