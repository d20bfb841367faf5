"""Readiness: whether replies from a number reach US carriers, as far as Twilio shows it.

No field of Twilio's tells that of one number. What is shown of its campaign, or of its toll-free verification, makes
replies likely or unlikely; nothing here is a promise, and nothing here is a failure: texts come in without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vapi_sms.core.numbers import country_of, is_toll_free
from vapi_sms.core.readings import Campaign, Registrations
from vapi_sms.core.services.pool import MessagingService


class Prospect(StrEnum):
    """How it looks; these words are part of doctor's JSON."""

    PROBABLY_FINE = "probably fine"
    WARNING = "warning"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Readiness:
    """How it looks for replies, why, and what to do where something can be done."""

    prospect: Prospect
    says: str
    do: str = ""


_REGISTER = "Register a 10DLC brand and campaign (Console: Messaging > Regulatory Compliance)"
_JOIN = f"{_REGISTER}, and put the number into its Messaging Service, set to defer to the sender's webhook"
_VERIFY = "Verify it (Console: Phone Numbers > Regulatory Compliance > Toll-Free Verification)"


def readiness(
    number: str, service: MessagingService | None, registrations: Registrations, *, can_sms: bool
) -> Readiness:
    """Tell how it looks for replies from a number to US carriers."""
    if not can_sms:
        return Readiness(Prospect.WARNING, "it cannot send texts: Twilio shows no SMS capability")
    if registrations.unread:
        return Readiness(Prospect.UNKNOWN, f"not read: {registrations.unread}")
    if is_toll_free(number):
        return _toll_free(registrations.verifications)
    if country_of(number) != "US":
        return Readiness(Prospect.UNKNOWN, "not a US number: other rules apply, which are not read here")
    if service is None:
        return Readiness(
            Prospect.WARNING,
            "in no Messaging Service, so in no 10DLC campaign: carriers block replies",
            _JOIN,
        )
    return _local(service, registrations.campaigns)


def _toll_free(verifications: tuple[str, ...]) -> Readiness:
    if "TWILIO_APPROVED" in verifications:
        says = "toll-free and verified; Vapi documents 10DLC numbers and does not mention toll-free ones"
        return Readiness(Prospect.PROBABLY_FINE, says)
    state = f"its verification is {', '.join(verifications)}" if verifications else "it is not verified"
    return Readiness(
        Prospect.WARNING, f"toll-free, and {state}: replies to the US and Canada are blocked", _VERIFY
    )


def _local(service: MessagingService, campaigns: tuple[Campaign, ...]) -> Readiness:
    faults = [_fault(campaign) for campaign in campaigns]
    if not faults:
        return Readiness(
            Prospect.WARNING, f"{service} has no 10DLC campaign: carriers block replies", _REGISTER
        )
    if not all(faults):
        says = f"{service} has a verified campaign of an approved brand; Twilio shows no state of the number itself"
        return Readiness(Prospect.PROBABLY_FINE, says)
    return Readiness(
        Prospect.WARNING,
        f"the 10DLC campaign of {service} {', '.join(faults)}: carriers may block replies",
        "See it in the Console: Messaging > Regulatory Compliance",
    )


def _fault(campaign: Campaign) -> str:
    """Say what is wrong with a campaign; nothing where all is well."""
    if campaign.is_mock:
        return "is a mock, for tests only"
    if campaign.status != "VERIFIED":
        return f"is {campaign.status or 'in no known state'}"
    if campaign.brand_status != "APPROVED":
        return f"is VERIFIED, but its brand is {campaign.brand_status or 'unknown to this account'}"
    return ""
