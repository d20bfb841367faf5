"""Routes at the vendors: short codes, regulatory SIDs, and a Vapi that is neither read nor written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from vapi_sms.core.errors import ApplyFailed, NotAsPlanned, VendorRefused
from vapi_sms.core.planning.goals import routed_goal
from vapi_sms.core.planning.plan import Plan, plan
from vapi_sms.core.routings.handlers import Handler
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.values import Regulatory, Routed
from vapi_sms.live.engine import EngineGuard
from vapi_sms.live.settings import Settings
from vapi_sms.live.twilio.client import TwilioClient
from vapi_sms.live.vendors import Vendors
from vapi_sms.sandbox import RunningSandbox

from tests.live.evidence import line, switched, the, trouble
from tests.resources.evidence import asked, same_for_all, standing, written
from tests.sandbox.world import (
    AC,
    ADDRESS,
    BUNDLE,
    CODE,
    IDENTITY,
    REGULATED,
    SHORT,
    STUDIO,
    WEBHOOK,
    seed,
)

NEW = Handler.webhook(
    "https://new.example.com/sms?key=url-canary", fallback="https://new.example.com/fallback"
)
DEMO = Handler.demo()
CODES = f"GET twilio /2010-04-01/Accounts/{AC}/SMS/ShortCodes.json"
THE_CODE = f"/2010-04-01/Accounts/{AC}/SMS/ShortCodes/{SHORT}.json"
ALL_SIDS = Regulatory(IDENTITY, ADDRESS, BUNDLE)


@pytest.fixture
def vendors(settings: Settings) -> Iterator[Vendors]:
    """Return both vendors without a key of Vapi's: whatever were asked there would be refused."""
    made = Vendors(replace(settings, vapi_api_key="", patience=0.0, settle=0.01), EngineGuard(None, None))
    yield made
    made.twilio.close()
    made.vapi.close()


def route(vendors: Vendors, key: str, handler: Routing, regulatory: Regulatory | None = None) -> Plan:
    """Plan that a handler answers texts to a number."""
    found = vendors.observer.observe_texts([key])[key]
    return plan(found, routed_goal(Routed(handler, regulatory or Regulatory())))


def writes(sandbox: RunningSandbox) -> list[dict[str, str]]:
    """Give what each POST to Twilio named."""
    return [entry["parameters"] for entry in sandbox.journal() if entry["method"] == "POST"]


def test_short_codes_are_read_and_written(sandbox: RunningSandbox, twilio: TwilioClient) -> None:
    """By list and by SID; a write names all four fields that Twilio keeps of a short code, and no other."""
    (listed,) = twilio.list_short_codes().read

    answered = twilio.update_routing(listed, messaging=NEW)

    assert (listed.sid, listed.number, listed.account_sid) == (SHORT, CODE, AC)
    assert listed.is_short_code
    assert answered.messaging == NEW
    assert twilio.fetch_number(SHORT) == answered
    assert twilio.fetch_number("SC" + "f" * 32) is None
    assert writes(sandbox)[0].keys() == {"SmsUrl", "SmsMethod", "SmsFallbackUrl", "SmsFallbackMethod"}


def test_short_codes_of_another_shape_are_trouble(sandbox: RunningSandbox, twilio: TwilioClient) -> None:
    """A list that is none is not an account without short codes."""
    sandbox.fault(vendor="twilio", method="GET", body={"codes": []}, count=None)
    told = line(trouble(twilio.list_short_codes))
    assert told.startswith(
        f"Listing the short codes of account {AC}: the answer does not have Twilio's shape"
    )

    sandbox.clear_faults()
    sandbox.fault(vendor="twilio", method="GET", body={"sid": SHORT}, count=None)
    told = line(trouble(lambda: twilio.fetch_number(SHORT)))
    assert "the answer lacks what Twilio promises: account_sid, short_code" in told


def test_texts_are_read_at_twilio_only(sandbox: RunningSandbox, vendors: Vendors) -> None:
    """Numbers as always, short codes by one list, by digits or SID, again for nothing; Vapi is not asked."""
    found = vendors.observer.observe_texts([WEBHOOK, CODE, SHORT, "12345"])

    assert the(found[WEBHOOK].twilio).number == WEBHOOK
    assert the(found[CODE].twilio).sid == the(found[SHORT].twilio).sid == SHORT
    assert found["12345"].twilio is None
    assert vendors.observer.observe_texts([SHORT])[SHORT] == found[SHORT]
    assert asked(sandbox) == [f"GET twilio /2010-04-01/Accounts/{AC}/IncomingPhoneNumbers.json", CODES]


def test_an_old_reading_of_a_short_code_is_read_again(sandbox: RunningSandbox, vendors: Vendors) -> None:
    """What was changed in the meantime shows, to who must not act on an old reading."""
    observer = vendors.observer
    observer.observe_texts([CODE])
    vendors.twilio.update_routing(the(observer.observe_texts([CODE])[CODE].twilio), messaging=NEW)

    assert the(observer.observe_texts([CODE])[CODE].twilio).messaging != NEW
    assert the(observer.observe_texts([CODE], not_before=vendors.fresh() + 60)[CODE].twilio).messaging == NEW
    assert asked(sandbox).count(CODES) == 2


@pytest.mark.parametrize("key", [WEBHOOK, STUDIO, CODE])
def test_a_route_is_one_write_and_back_another(sandbox: RunningSandbox, vendors: Vendors, key: str) -> None:
    """Texts go to the handler and back with one POST each; then nothing is left to do, and all is as before."""
    before = standing(sandbox)
    found = the(vendors.observer.observe_texts([key])[key].twilio).messaging

    for handler in (NEW, found):
        applied = switched(route(vendors, key, handler), vendors)
        assert the(applied.twilio).messaging.same_as(handler)
        assert route(vendors, key, handler).is_empty

    assert standing(sandbox) == before
    assert [entry.split()[:2] for entry in written(sandbox)] == [["POST", "twilio"]] * 2


@pytest.mark.parametrize("key", [WEBHOOK, CODE])
def test_a_route_that_fails_halfway_is_undone_without_vapi(
    sandbox: RunningSandbox, vendors: Vendors, key: str
) -> None:
    """An answer that was lost after the effect: the old handler is put back, and Vapi is not even read."""
    before = standing(sandbox)
    sandbox.fault(vendor="twilio", method="POST", drop="after")

    with pytest.raises(ApplyFailed, match="is back as it was before"):
        switched(route(vendors, key, NEW), vendors)

    assert standing(sandbox) == before
    assert [entry for entry in asked(sandbox) if "vapi" in entry.split()] == []


def test_what_could_not_be_undone_of_a_route_is_texts_only(sandbox: RunningSandbox, vendors: Vendors) -> None:
    """The line names the fields of texts, with their values from before."""
    planned = route(vendors, CODE, NEW)
    sandbox.fault(vendor="twilio", method="POST", drop="after")
    sandbox.fault(vendor="twilio", method="POST", status=503, count=None)

    with pytest.raises(ApplyFailed) as caught:
        switched(planned, vendors)

    assert len(caught.value.unrestored) == 2
    assert all(text.startswith("texts: ") for text in caught.value.unrestored)
    assert "canary" not in str(caught.value)


def without_sids(sandbox: RunningSandbox) -> None:
    """Let the regulated number have none of the SIDs that its rules ask for."""
    found = seed()
    (number,) = [n for n in found["twilio"]["accounts"][0]["numbers"] if n.get("phone_number") == REGULATED]
    number |= {"address_sid": "", "identity_sid": "", "bundle_sid": ""}
    sandbox.reset(found)


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        (
            Regulatory(),
            "ask for an address: complete it in Twilio's Console (Phone Numbers, Regulatory Compliance), ",
        ),
        (
            Regulatory(),
            "name it with address_sid= where a TwilioSmsRoute declares the number, then run the same",
        ),
        (Regulatory(address_sid="AD" + "f" * 32), "ask for an address in the number's own area: complete it"),
        (Regulatory(address_sid=ADDRESS), "ask for an identity that Twilio verified: complete it"),
        (Regulatory(address_sid=ADDRESS), "name it with identity_sid= where"),
        (Regulatory(IDENTITY, ADDRESS), "ask for a regulatory bundle that Twilio approved: complete it"),
        (Regulatory(IDENTITY, ADDRESS), "name it with bundle_sid= where"),
    ],
)
def test_what_regulations_ask_for_is_named(
    sandbox: RunningSandbox, vendors: Vendors, declared: Regulatory, told: str
) -> None:
    """Each of Twilio's refusals says what is missing and which input takes it; the number stays as it was."""
    without_sids(sandbox)
    before = standing(sandbox)

    with pytest.raises(ApplyFailed) as caught:
        switched(route(vendors, REGULATED, NEW, declared), vendors)

    assert isinstance(caught.value.cause, VendorRefused)
    assert told in same_for_all(str(caught.value))
    assert str(caught.value).endswith("Nothing was changed.")
    assert standing(sandbox) == before


def test_declared_sids_go_first_and_stay(sandbox: RunningSandbox, vendors: Vendors) -> None:
    """They travel with the first write; the number has them from then on, and writes without them pass."""
    without_sids(sandbox)

    switched(route(vendors, REGULATED, NEW, ALL_SIDS), vendors)
    assert [(w["AddressSid"], w["IdentitySid"], w["BundleSid"]) for w in writes(sandbox)] == [
        (ADDRESS, IDENTITY, BUNDLE)
    ]
    assert route(vendors, REGULATED, NEW, ALL_SIDS).is_empty
    assert sandbox.number(REGULATED)["bundle_sid"] == BUNDLE

    switched(route(vendors, REGULATED, DEMO), vendors)

    assert ["BundleSid" in write for write in writes(sandbox)] == [True, False, True]
    assert sandbox.number(REGULATED)["sms_url"] == DEMO.url


def test_declared_sids_are_completed_by_the_numbers_own(sandbox: RunningSandbox, vendors: Vendors) -> None:
    """What is declared wins over what the number has; what is not declared is added once Twilio asks."""
    switched(route(vendors, REGULATED, NEW, Regulatory(address_sid=ADDRESS)), vendors)

    first, second = writes(sandbox)
    assert first["AddressSid"] == ADDRESS
    assert "BundleSid" not in first
    assert second == first | {"IdentitySid": IDENTITY, "BundleSid": BUNDLE}


def test_sids_that_twilio_does_not_take_over_are_told(sandbox: RunningSandbox, vendors: Vendors) -> None:
    """An answer without the declared SID is not as planned, however often it is written."""
    planned = route(vendors, WEBHOOK, NEW, Regulatory(address_sid=ADDRESS))
    routed = {"sms_url": NEW.url, "sms_fallback_url": NEW.fallback_url, "address_sid": None}
    sandbox.fault(vendor="twilio", method="POST", body={**sandbox.number(WEBHOOK), **routed}, count=None)

    with pytest.raises(ApplyFailed) as caught:
        switched(planned, vendors)

    assert isinstance(caught.value.cause, NotAsPlanned)
    assert f"found address_sid is empty, not {ADDRESS}" in str(caught.value)
    assert len(writes(sandbox)) > 1
