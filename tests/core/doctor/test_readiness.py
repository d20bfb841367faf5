"""Whether replies reach US carriers: honest words for what Twilio shows, and for what it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from vapi_sms.core.doctor.readiness import Prospect, readiness
from vapi_sms.core.readings import Campaign, Registrations
from vapi_sms.core.routings.routing import POST, Routing
from vapi_sms.core.services.pool import Inbound, MessagingService

from tests.core.samples import AC, NUMBER, SERVICE

INBOUND = Routing(SERVICE.inbound_url, POST)


def messaging_service(handler: Routing, *, defers: bool) -> MessagingService:
    """Return the service that the number is in."""
    return MessagingService(SERVICE.sid, SERVICE.name, AC, Inbound(defers, handler))


IN_SERVICE = messaging_service(INBOUND, defers=True)
SERVED = f"Messaging Service Campaigns ({SERVICE.sid})"
GOOD = Campaign("VERIFIED", "APPROVED")
TOLL_FREE, CANADIAN = "+18005550100", "+14165550100"


def in_campaigns(*campaigns: Campaign) -> Registrations:
    """Return what is known of a service with these campaigns."""
    return Registrations(campaigns=campaigns)


def verified(*states: str) -> Registrations:
    """Return what is known of a toll-free number with these verifications."""
    return Registrations(verifications=states)


@pytest.mark.parametrize(
    ("number", "service", "registrations", "prospect", "says"),
    [
        (NUMBER, None, Registrations(), Prospect.WARNING, "in no Messaging Service, so in no 10DLC campaign"),
        (NUMBER, IN_SERVICE, Registrations(), Prospect.WARNING, f"{SERVED} has no 10DLC campaign"),
        (
            NUMBER,
            IN_SERVICE,
            in_campaigns(GOOD),
            Prospect.PROBABLY_FINE,
            f"{SERVED} has a verified campaign of an approved brand; Twilio shows no state of the number itself",
        ),
        (
            NUMBER,
            IN_SERVICE,
            in_campaigns(replace(GOOD, status="FAILED"), GOOD),
            Prospect.PROBABLY_FINE,
            f"{SERVED} has a verified campaign",
        ),
        (
            NUMBER,
            IN_SERVICE,
            in_campaigns(Campaign("IN_PROGRESS", "APPROVED")),
            Prospect.WARNING,
            f"the 10DLC campaign of {SERVED} is IN_PROGRESS: carriers may block replies",
        ),
        (
            NUMBER,
            IN_SERVICE,
            in_campaigns(Campaign("", "APPROVED")),
            Prospect.WARNING,
            f"the 10DLC campaign of {SERVED} is in no known state",
        ),
        (
            NUMBER,
            IN_SERVICE,
            in_campaigns(replace(GOOD, is_mock=True)),
            Prospect.WARNING,
            f"the 10DLC campaign of {SERVED} is a mock, for tests only",
        ),
        (
            NUMBER,
            IN_SERVICE,
            in_campaigns(Campaign("VERIFIED", "FAILED")),
            Prospect.WARNING,
            f"the 10DLC campaign of {SERVED} is VERIFIED, but its brand is FAILED",
        ),
        (
            NUMBER,
            IN_SERVICE,
            in_campaigns(Campaign("VERIFIED", "")),
            Prospect.WARNING,
            f"the 10DLC campaign of {SERVED} is VERIFIED, but its brand is unknown to this account",
        ),
        (TOLL_FREE, None, Registrations(), Prospect.WARNING, "toll-free, and it is not verified: replies to"),
        (
            TOLL_FREE,
            IN_SERVICE,
            verified("TWILIO_REJECTED", "IN_REVIEW"),
            Prospect.WARNING,
            "toll-free, and its verification is TWILIO_REJECTED, IN_REVIEW",
        ),
        (
            TOLL_FREE,
            None,
            verified("TWILIO_REJECTED", "TWILIO_APPROVED"),
            Prospect.PROBABLY_FINE,
            "toll-free and verified; Vapi documents 10DLC numbers and does not mention toll-free ones",
        ),
        (CANADIAN, IN_SERVICE, in_campaigns(GOOD), Prospect.UNKNOWN, "not a US number"),
        (NUMBER, IN_SERVICE, Registrations(unread="HTTP 403"), Prospect.UNKNOWN, "not read: HTTP 403"),
    ],
)
def test_prospect_is_told_with_its_reason(
    number: str, service: MessagingService | None, registrations: Registrations, prospect: Prospect, says: str
) -> None:
    """A verified campaign of an approved brand is probably fine; anything else is a warning."""
    found = readiness(number, service, registrations, can_sms=True)

    assert found.prospect is prospect
    assert found.says.startswith(says)
    assert bool(found.do) is (prospect is Prospect.WARNING)


def test_a_number_without_sms_replies_to_nobody() -> None:
    """Whatever it is registered for."""
    found = readiness(NUMBER, IN_SERVICE, in_campaigns(GOOD), can_sms=False)

    assert (found.prospect, found.says) == (
        Prospect.WARNING,
        "it cannot send texts: Twilio shows no SMS capability",
    )
