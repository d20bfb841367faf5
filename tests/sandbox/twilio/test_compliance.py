"""Short codes, and who may reply to US carriers: through Twilio's own client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.sandbox import world
from tests.sandbox.world import AC, MG, seed, twilio

if TYPE_CHECKING:
    from twilio.rest import Client
    from vapi_sms.sandbox import RunningSandbox

    from tests.sandbox.old_app import OldApp

SHORT, CODE = "SC" + "a" * 32, "55555"
BRAND, CAMPAIGN, VERIFICATION = "BN" + "a" * 32, "QE" + "a" * 32, "HH" + "a" * 32


@pytest.fixture
def ready(sandbox: RunningSandbox, app: OldApp) -> Client:
    """Return a client of an account with a short code, a brand, a campaign and a verification."""
    data = seed(app.url)
    account: dict[str, Any] = data["twilio"]["accounts"][0]
    account["short_codes"] = [{"sid": SHORT, "short_code": CODE, "sms_url": f"{app.url}/code"}]
    account["brands"] = [{"sid": BRAND, "status": "IN_REVIEW"}]
    account["messaging_services"][0]["campaign"] = {"sid": CAMPAIGN, "brand": BRAND, "mock": True}
    account["tollfree_verifications"] = [{"sid": VERIFICATION, "number": world.SILENT, "status": "IN_REVIEW"}]
    sandbox.reset(data)
    return twilio(sandbox)


def test_a_short_code_is_listed_changed_and_texted(
    sandbox: RunningSandbox, ready: Client, app: OldApp
) -> None:
    """It has a URL and a fallback, and answers texts."""
    (code,) = ready.short_codes.list(short_code=CODE)
    before = sandbox.text(world.SENDER, CODE, "Hi")

    ready.short_codes(code.sid).update(sms_url=f"{app.url}/other", sms_method="GET")

    assert ready.short_codes(SHORT).fetch().sms_method == "GET"
    after = sandbox.text(world.SENDER, CODE, "Hi")
    assert [a["answered_by"] for a in (before, after)] == [
        f"Webhook {app.url}/code",
        f"Webhook {app.url}/other",
    ]


def test_a_short_code_has_the_rules_of_a_number(ready: Client) -> None:
    """A fallback needs a URL; a code that is not there is 20404."""
    with pytest.raises(TwilioRestException) as caught:
        ready.short_codes(SHORT).update(sms_url="", sms_fallback_url="https://example.com")
    assert caught.value.code == 21406
    with pytest.raises(TwilioRestException) as caught:
        ready.short_codes("SC" + "f" * 32).fetch()
    assert caught.value.code == 20404


def test_a_services_campaign_and_its_brand_are_read(ready: Client) -> None:
    """One campaign a service, or none."""
    (campaign,) = ready.messaging.v1.services(MG).us_app_to_person.list()
    brand = ready.messaging.v1.brand_registrations(campaign.brand_registration_sid).fetch()

    assert (campaign.campaign_status, campaign.mock, brand.status) == ("VERIFIED", True, "IN_REVIEW")
    assert ready.messaging.v1.services(MG).fetch().us_app_to_person_registered is True
    assert ready.messaging.v1.services(world.DEFERRING).us_app_to_person.list() == []
    assert [b.sid for b in ready.messaging.v1.brand_registrations.list()] == [BRAND]


def test_a_tollfree_verification_is_found_by_number(sandbox: RunningSandbox, ready: Client) -> None:
    """By the PN SID."""
    sids = [sandbox.number(number)["sid"] for number in (world.SILENT, world.WEBHOOK)]
    verifications = ready.messaging.v1.tollfree_verifications

    found = [verifications.list(tollfree_phone_number_sid=sid) for sid in sids]

    assert [[v.status for v in of_one] for of_one in found] == [["IN_REVIEW"], []]


def test_the_account_of_all_this_is_the_tests_own(ready: Client) -> None:
    """Nothing leaks into another account."""
    assert {code.account_sid for code in ready.short_codes.list()} == {AC}
