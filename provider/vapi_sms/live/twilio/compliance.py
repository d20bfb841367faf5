"""What Twilio shows of registrations with US carriers: campaigns and brands (10DLC), toll-free verifications.

A key that may route numbers need not be allowed to read these: what cannot be read is told as such, and is no failure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from vapi_sms.core.errors import VendorTrouble
from vapi_sms.core.numbers import country_of, is_toll_free
from vapi_sms.core.readings import Campaign, Registrations
from vapi_sms.core.services.pool import MessagingService
from vapi_sms.core.values import TwilioNumber
from vapi_sms.live.calling.many import Watch, side_by_side
from vapi_sms.live.twilio.client import TwilioClient
from vapi_sms.live.twilio.readings import BrandReading, CampaignReading, VerificationReading, read_as
from vapi_sms.live.twilio.session import PAGE_SIZE


def read_registrations(
    twilio: TwilioClient,
    numbers: Iterable[TwilioNumber],
    services: Mapping[str, MessagingService],
    watch: Watch,
) -> dict[str, Registrations]:
    """Give what is known of each number, by its SID; one list a service, one of brands, one of verifications."""
    texting = [number for number in numbers if number.can_sms]
    toll_free = [number for number in texting if is_toll_free(number.number)]
    local = [
        number
        for number in texting
        if number.sid in services and country_of(number.number) == "US" and not is_toll_free(number.number)
    ]
    found = _of_toll_free(twilio, toll_free, watch)
    by_service = _of_services(twilio, sorted({services[number.sid].sid for number in local}), watch)
    return found | {number.sid: by_service[services[number.sid].sid] for number in local}


def _of_toll_free(
    twilio: TwilioClient, numbers: list[TwilioNumber], watch: Watch
) -> dict[str, Registrations]:
    if not numbers:
        return {}
    try:
        states = _verifications(twilio, watch)
    except VendorTrouble as trouble:
        return {number.sid: _unread(trouble) for number in numbers}
    return {number.sid: Registrations(verifications=tuple(states[number.sid])) for number in numbers}


def _of_services(twilio: TwilioClient, services: list[str], watch: Watch) -> dict[str, Registrations]:
    try:
        campaigns = dict(
            zip(
                services,
                side_by_side(lambda sid: _campaigns(twilio, sid), services, watch, "campaigns"),
                strict=True,
            )
        )
        brands = _brands(twilio, watch) if any(campaigns.values()) else {}
    except VendorTrouble as trouble:
        return {sid: _unread(trouble) for sid in services}
    return {
        sid: Registrations(campaigns=tuple(_campaign(each, brands) for each in readings))
        for sid, readings in campaigns.items()
    }


def _campaign(found: CampaignReading, brands: Mapping[str, BrandReading]) -> Campaign:
    brand = brands.get(found.brand_registration_sid)
    return Campaign(
        found.campaign_status,
        brand.status if brand else "",
        bool(found.mock or (brand and brand.mock)),
    )


def _campaigns(twilio: TwilioClient, service_sid: str) -> list[CampaignReading]:
    what = f"Listing the campaigns of Messaging Service {service_sid}"
    found = twilio.read_list(
        what, lambda sdk: sdk.messaging.v1.services(service_sid).us_app_to_person.list(page_size=PAGE_SIZE)
    )
    return [read_as(CampaignReading, each, what) for each in found]


def _brands(twilio: TwilioClient, watch: Watch) -> dict[str, BrandReading]:
    what = "Listing the account's brands"
    watch.expect(1)
    found = twilio.read_list(what, lambda sdk: sdk.messaging.v1.brand_registrations.list(page_size=PAGE_SIZE))
    watch.done("brands")
    return {brand.sid: brand for brand in (read_as(BrandReading, each, what) for each in found)}


def _verifications(twilio: TwilioClient, watch: Watch) -> dict[str, list[str]]:
    what = "Listing the account's toll-free verifications"
    watch.expect(1)
    found = twilio.read_list(
        what, lambda sdk: sdk.messaging.v1.tollfree_verifications.list(page_size=PAGE_SIZE)
    )
    watch.done("toll-free verifications")
    states: dict[str, list[str]] = defaultdict(list)
    for each in found:
        verification = read_as(VerificationReading, each, what)
        states[verification.tollfree_phone_number_sid].append(verification.status)
    return states


def _unread(trouble: VendorTrouble) -> Registrations:
    return Registrations(unread=f"{trouble.why} (Twilio {trouble.code})" if trouble.code else trouble.why)
