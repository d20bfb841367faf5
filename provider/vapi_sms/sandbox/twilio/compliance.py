"""Who may reply to US carriers, over HTTP, to read: 10DLC brands and campaigns, and toll-free verifications.

Only the states matter to a client; everything else that the records have is null here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from vapi_sms.sandbox.errors import not_found
from vapi_sms.sandbox.paths import sid
from vapi_sms.sandbox.requests import paged, query_of
from vapi_sms.sandbox.twilio.paging import refuse_unknown
from vapi_sms.sandbox.twilio.routes import caller_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from vapi_sms.sandbox.twilio.number import Record
    from vapi_sms.sandbox.twilio.seed import BrandSeed, CampaignSeed, TollfreeSeed


_BRAND = """customer_profile_bundle_sid a2p_profile_bundle_sid brand_type tcr_id failure_reason errors brand_score
    brand_feedback identity_status russell_3000 government_entity tax_exempt_status skip_automatic_sec_vet"""
_CAMPAIGN = """description message_samples us_app_to_person_usecase has_embedded_links has_embedded_phone
    subscriber_opt_in age_gated direct_lending campaign_id is_externally_registered rate_limits message_flow
    opt_in_message opt_out_message help_message opt_in_keywords opt_out_keywords help_keywords errors"""
_TOLLFREE = """customer_profile_sid trust_product_sid regulated_item_sid business_name business_street_address
    business_street_address2 business_city business_state_province_region business_postal_code
    business_country business_website business_contact_first_name business_contact_last_name
    business_contact_email business_contact_phone notification_email use_case_categories use_case_summary
    production_message_sample opt_in_image_urls opt_in_type message_volume additional_information
    rejection_reason error_code edit_expiration edit_allowed business_registration_number
    business_registration_authority business_registration_country business_type
    business_registration_phone_number doing_business_as opt_in_confirmation_message help_message_sample
    privacy_policy_url terms_and_conditions_url age_gated_content opt_in_keywords rejection_reasons
    resource_links external_reference_id vetting_id vetting_provider vetting_id_expiration"""


def brand(seed: BrandSeed, account_sid: str, date: str) -> Record:
    """Return a brand registration."""
    return {**_nulls(_BRAND), **seed.model_dump(), **_common(account_sid, date), "links": {}}


def campaign(seed: CampaignSeed, account_sid: str, service_sid: str, date: str) -> Record:
    """Return the campaign of a Messaging Service."""
    return {
        **_nulls(_CAMPAIGN),
        **_common(account_sid, date),
        "sid": seed.sid,
        "messaging_service_sid": service_sid,
        "brand_registration_sid": seed.brand,
        "campaign_status": seed.status,
        "mock": seed.mock,
    }


def tollfree(seed: TollfreeSeed, account_sid: str, number_sid: str, date: str) -> Record:
    """Return the verification of a toll-free number."""
    return {
        **_nulls(_TOLLFREE),
        **_common(account_sid, date),
        "sid": seed.sid,
        "tollfree_phone_number_sid": number_sid,
        "tollfree_phone_number": seed.number,
        "status": seed.status,
    }


def _nulls(names: str) -> Record:
    return dict.fromkeys(names.split())


def _common(account_sid: str, date: str) -> Record:
    return {"account_sid": account_sid, "date_created": date, "date_updated": date, "url": None}


def _page(request: Request, records: Iterable[Record], key: str) -> JSONResponse:
    host = str(request.base_url).rstrip("/")
    return JSONResponse(paged(request, records).as_v1(f"{host}{request.url.path}", key))


async def list_brands(request: Request) -> JSONResponse:
    """Answer one page of the account's brands."""
    refuse_unknown(query_of(request), (), "the list of BrandRegistrations")
    return _page(request, caller_of(request).brands.values(), "data")


async def fetch_brand(request: Request) -> JSONResponse:
    """Answer one brand."""
    brand = caller_of(request).brands.get(request.path_params["sid"])
    if brand is None:
        raise not_found(request.url.path)
    return JSONResponse(brand)


async def list_campaigns(request: Request) -> JSONResponse:
    """Answer the campaign of a service, as a list of one or none."""
    account, service = caller_of(request), request.path_params["service"]
    refuse_unknown(query_of(request), (), "the list of Usa2p")
    if service not in account.services:
        raise not_found(request.url.path)
    found = [account.campaigns[service]] if service in account.campaigns else []
    return _page(request, found, "compliance")


async def list_tollfree(request: Request) -> JSONResponse:
    """Answer one page of toll-free verifications, of one number if the query names it."""
    query = query_of(request)
    refuse_unknown(query, ("TollfreePhoneNumberSid", "Status"), "the list of Verifications")
    sid, status = query.get("TollfreePhoneNumberSid"), query.get("Status")
    records = caller_of(request).tollfree.values()
    found = [
        r for r in records if sid in (None, r["tollfree_phone_number_sid"]) and status in (None, r["status"])
    ]
    return _page(request, found, "verifications")


ROUTES = [
    Route("/v1/a2p/BrandRegistrations", list_brands, methods=["GET"]),
    Route(f"/v1/a2p/BrandRegistrations/{sid('BN')}", fetch_brand, methods=["GET"]),
    Route(f"/v1/Services/{sid('MG', 'service')}/Compliance/Usa2p", list_campaigns, methods=["GET"]),
    Route("/v1/Tollfree/Verifications", list_tollfree, methods=["GET"]),
]
