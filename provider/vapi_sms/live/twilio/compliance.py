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
from vapi_sms.live.calling.entries import Listed, Unread
from vapi_sms.live.calling.many import Watch, side_by_side
from vapi_sms.live.settings import MESSAGING
from vapi_sms.live.twilio.client import TwilioClient
from vapi_sms.live.twilio.readings import BrandReading, CampaignReading, VerificationReading
from vapi_sms.live.twilio.session import PAGE_SIZE

_PAGES = {"PageSize": PAGE_SIZE}


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
        found = _verifications(twilio, watch)
    except VendorTrouble as trouble:
        return {number.sid: _unread(trouble) for number in numbers}
    states: dict[str, list[str]] = defaultdict(list)
    for each in found.read:
        states[each.tollfree_phone_number_sid].append(each.status)
    return {
        number.sid: _strange(each for each in found.unread if not each.name or each.name == number.sid)
        or Registrations(verifications=tuple(states[number.sid]))
        for number in numbers
    }


def _of_services(twilio: TwilioClient, services: list[str], watch: Watch) -> dict[str, Registrations]:
    try:
        campaigns = dict(
            zip(
                services,
                side_by_side(lambda sid: _campaigns(twilio, sid), services, watch, "campaigns"),
                strict=True,
            )
        )
        brands = _brands(twilio, watch) if any(each.read for each in campaigns.values()) else Listed([])
    except VendorTrouble as trouble:
        return {sid: _unread(trouble) for sid in services}
    by_sid = {brand.sid: brand for brand in brands.read}
    return {
        sid: _strange((*listed.unread, *_brands_unread(listed.read, brands)))
        or Registrations(campaigns=tuple(_campaign(each, by_sid) for each in listed.read))
        for sid, listed in campaigns.items()
    }


def _brands_unread(campaigns: list[CampaignReading], brands: Listed[BrandReading]) -> list[Unread]:
    """Give what cannot be read and is a brand of these campaigns, or may be."""
    known = {brand.sid for brand in brands.read}
    named = {each.brand_registration_sid for each in campaigns} - known
    return [each for each in brands.unread if any(each.may_have(sid) for sid in named)]


def _strange(unread: Iterable[Unread]) -> Registrations | None:
    strange = ", ".join(each.id for each in unread)
    return Registrations(unread=f"Twilio's answer makes no sense of {strange}") if strange else None


def _campaign(found: CampaignReading, brands: Mapping[str, BrandReading]) -> Campaign:
    brand = brands.get(found.brand_registration_sid)
    return Campaign(
        found.campaign_status,
        brand.status if brand else "",
        bool(found.mock or (brand and brand.mock)),
    )


def _campaigns(twilio: TwilioClient, service_sid: str) -> Listed[CampaignReading]:
    what = f"Listing the campaigns of Messaging Service {service_sid}"
    url = f"{MESSAGING}/v1/Services/{service_sid}/Compliance/Usa2p"
    return twilio.read_entries(
        "campaign", CampaignReading, twilio.ask_pages(what, url, "compliance", _PAGES), "campaign_id"
    )


def _brands(twilio: TwilioClient, watch: Watch) -> Listed[BrandReading]:
    what = "Listing the account's brands"
    watch.expect(1)
    found = twilio.ask_pages(what, f"{MESSAGING}/v1/a2p/BrandRegistrations", "data", _PAGES)
    watch.done("brands")
    return twilio.read_entries("brand", BrandReading, found)


def _verifications(twilio: TwilioClient, watch: Watch) -> Listed[VerificationReading]:
    what = "Listing the account's toll-free verifications"
    watch.expect(1)
    found = twilio.ask_pages(what, f"{MESSAGING}/v1/Tollfree/Verifications", "verifications", _PAGES)
    watch.done("toll-free verifications")
    return twilio.read_entries(
        "toll-free verification", VerificationReading, found, "tollfree_phone_number_sid"
    )


def _unread(trouble: VendorTrouble) -> Registrations:
    return Registrations(unread=trouble.in_brief)
