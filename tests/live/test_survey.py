"""Surveying an account: everything that doctor judges, read in lists, and nothing written."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from vapi_sms.core.doctor.answering import Step, answering
from vapi_sms.core.errors import VendorUnavailable
from vapi_sms.core.readings import Address, Campaign, Capture, Declared, Reading, Registrations
from vapi_sms.live.calling.many import Nobody
from vapi_sms.live.engine import EngineGuard
from vapi_sms.live.survey import Survey, survey, with_addresses, with_captures
from vapi_sms.live.vendors import Vendors

from tests.resources.evidence import asked
from tests.sandbox.world import (
    AC,
    APP,
    APPLICATION,
    DEFERRED,
    HIDDEN,
    MG,
    ORG,
    SILENT,
    SQUAD,
    STUDIO,
    SUPPORT,
    WEBHOOK,
    seed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vapi_sms.live.settings import Settings
    from vapi_sms.sandbox import RunningSandbox

TOLL_FREE, VERIFIED = "+18005550100", "+18335550100"
MOCK, UNKNOWN_BRAND = "MG" + "d" * 32, "MG" + "e" * 32
BRAND, FAILED_BRAND = "BN" + "a" * 32, "BN" + "b" * 32


class Counting:
    """Watches what is read."""

    def __init__(self) -> None:
        self.expected = 0
        self.read: Counter[str] = Counter()

    def expect(self, readings: int) -> None:
        """Count what is to come."""
        self.expected += readings

    def done(self, what: str) -> None:
        """Count what is done."""
        self.read[what] += 1


@pytest.fixture
def vendors(settings: Settings) -> Iterator[Vendors]:
    """Return both vendors, as the command line reaches them, and nobody waits."""
    reached = Vendors(replace(settings, patience=0), EngineGuard(None, None))
    yield reached
    reached.twilio.close()
    reached.vapi.close()


def of(found: Survey, number: str) -> Reading:
    """Return the reading of a number."""
    (reading,) = [each for each in found.readings if each.number == number]
    return reading


def account(**changes: Any) -> dict[str, Any]:
    """Return the usual seed with another account."""
    usual = seed()
    usual["twilio"]["accounts"][0] |= changes
    return usual


def known_to_vapi(number: str, **fields: Any) -> dict[str, Any]:
    """Return what Vapi holds of a number."""
    id_ = f"0b000000-0000-4000-8000-00{number[-10:]}"
    return {"id": id_, "number": number, "twilio_account_sid": AC, "twilio_auth_token": "t", **fields}


def registered() -> dict[str, Any]:
    """Return an account whose services are registered in all ways there are."""
    campaigns = {
        MG: {"sid": "QE" + "a" * 32, "brand": BRAND},
        MOCK: {"sid": "QE" + "b" * 32, "brand": BRAND, "mock": True},
        UNKNOWN_BRAND: {"sid": "QE" + "c" * 32, "brand": "BN" + "f" * 32, "status": "IN_PROGRESS"},
    }
    pools = {MG: WEBHOOK, MOCK: STUDIO, UNKNOWN_BRAND: SILENT}
    return account(
        numbers=[{"phone_number": number} for number in (WEBHOOK, STUDIO, SILENT, TOLL_FREE, VERIFIED)],
        messaging_services=[
            {"sid": sid, "numbers": [pools[sid]], "campaign": campaign} for sid, campaign in campaigns.items()
        ],
        applications=[],
        brands=[{"sid": BRAND}, {"sid": FAILED_BRAND, "status": "FAILED"}],
        tollfree_verifications=[
            {"sid": "HH" + "a" * 32, "number": VERIFIED},
            {"sid": "HH" + "b" * 32, "number": VERIFIED, "status": "TWILIO_REJECTED"},
        ],
    )


def test_whole_account_is_read_with_every_level(sandbox: RunningSandbox, vendors: Vendors) -> None:
    """Each number with its service, its TwiML App and Vapi's record; nothing is written."""
    usual = seed()
    usual["vapi"]["orgs"][0]["phone_numbers"] = [
        known_to_vapi(WEBHOOK, assistant_id=SUPPORT),
        known_to_vapi(STUDIO, squad_id=SQUAD),
        known_to_vapi("+14155559999", name="Given back"),
    ]
    sandbox.reset(usual)

    found = survey(vendors, (), Nobody())

    steps = {reading.number: answering(reading, found.names).step for reading in found.readings}
    assert (found.account_sid, found.org_id) == (AC, ORG)
    assert list(steps) == sorted(steps)
    assert steps[WEBHOOK] is Step.URL
    assert steps[HIDDEN] is Step.SERVICE
    assert steps[SILENT] is Step.NOTHING
    assert steps[APPLICATION] is Step.APPLICATION
    assert steps["+14155559999"] is Step.NO_NUMBER
    assert str(of(found, DEFERRED).service) == f"Messaging Service Service (MG{'b' * 32})"
    through = of(found, APPLICATION).app
    assert through is not None
    assert (through.sid, through.name) == (APP, "App")
    assert found.names == {SUPPORT: "Support", SQUAD: "Everybody"} | _sales()
    assert {entry["method"] for entry in sandbox.journal()} == {"GET"}


def _sales() -> dict[str, str]:
    return {"a5000000-0000-4000-8000-000000000002": "Sales"}


def test_registrations_are_read_as_twilio_shows_them(sandbox: RunningSandbox, vendors: Vendors) -> None:
    """A campaign with its brand's state, whether either is a mock, and every verification of a toll-free number."""
    sandbox.reset(registered())

    found = survey(vendors, (), Nobody())

    registrations = {reading.number: reading.registrations for reading in found.readings}
    assert registrations == {
        WEBHOOK: Registrations(campaigns=(Campaign("VERIFIED", "APPROVED"),)),
        STUDIO: Registrations(campaigns=(Campaign("VERIFIED", "APPROVED", is_mock=True),)),
        SILENT: Registrations(campaigns=(Campaign("IN_PROGRESS", ""),)),
        TOLL_FREE: Registrations(),
        VERIFIED: Registrations(verifications=("TWILIO_REJECTED", "TWILIO_APPROVED")),
    }


@pytest.mark.parametrize(
    ("path", "unread"),
    [
        ("/v1/a2p/BrandRegistrations", {WEBHOOK, STUDIO, SILENT}),
        (f"/v1/Services/{MG}/Compliance/Usa2p", {WEBHOOK, STUDIO, SILENT}),
        ("/v1/Tollfree/Verifications", {TOLL_FREE, VERIFIED}),
    ],
)
def test_what_a_key_may_not_read_is_said_and_no_failure(
    sandbox: RunningSandbox, vendors: Vendors, path: str, unread: set[str]
) -> None:
    """A restricted key routes numbers and may see no registrations: those are unknown, with Twilio's reason."""
    sandbox.reset(registered())
    sandbox.fault(vendor="twilio", method="GET", path=path, status=403, count=None)

    found = survey(vendors, (), Nobody())

    told = {each.number: each.registrations.unread for each in found.readings if each.registrations.unread}
    assert told.keys() == unread
    assert all("Twilio" in reason for reason in told.values())


def test_addresses_of_conversations_are_added_where_they_are_asked_for(
    sandbox: RunningSandbox, vendors: Vendors
) -> None:
    """One list, by number; a survey alone, which is all that export needs, does without."""
    address = Address(f"IG{'a' * 32}", "default")
    company = seed()
    company["twilio"]["accounts"][0]["conversation_addresses"] = [{"sid": address.sid, "address": WEBHOOK}]
    sandbox.reset(company)
    alone = survey(vendors, (WEBHOOK, STUDIO), Nobody())
    assert not [line for line in asked(sandbox) if "Addresses" in line]

    found = with_addresses(alone, vendors, Nobody())

    assert [line for line in asked(sandbox) if "Addresses" in line] == [
        "GET twilio /v1/Configuration/Addresses"
    ]
    assert [of(found, number).address for number in (WEBHOOK, STUDIO)] == [address, None]
    assert found.addresses_unread == ""


def test_who_captures_is_read_where_it_is_asked_for(sandbox: RunningSandbox, vendors: Vendors) -> None:
    """One list, by number; a rule for somebody else's texts is none."""
    company = account(
        orchestrator_configurations=[{"id": "conv_1", "display_name": "Agents", "sms": [{"to": WEBHOOK}]}]
    )
    sandbox.reset(company)

    found = with_captures(survey(vendors, (WEBHOOK, STUDIO), Nobody()), vendors, Nobody())

    assert [of(found, number).capture for number in (WEBHOOK, STUDIO)] == [Capture("conv_1", "Agents"), None]
    assert found.captures_unread == ""


def test_an_account_costs_lists_and_not_numbers(sandbox: RunningSandbox, vendors: Vendors) -> None:
    """2,500 numbers in 40 services: three pages, the services, two lists for each, Vapi's pages and its assistants."""
    large = account(
        numbers=[
            {"range": {"from": "+14157000000", "count": 2500}, "sms_url": "https://a.example.com/{number}"}
        ],
        messaging_services=[
            {
                "sid": f"MG{n:032}",
                "use_inbound_webhook_on_number": True,
                "numbers": [f"+{14157000000 + 40 * n + at}" for at in range(40)],
            }
            for n in range(40)
        ],
        applications=[],
    )
    large["vapi"]["orgs"][0]["phone_numbers"] = [
        known_to_vapi(f"+{14157000000 + n}", assistant_id=SUPPORT) for n in range(1100)
    ]
    sandbox.reset(large)
    watch = Counting()

    found = survey(vendors, (), watch)

    requests = Counter(line.partition("?")[0] for line in asked(sandbox))
    assert len(found.readings) == 2500
    assert sum(reading.service is not None for reading in found.readings) == 1600
    assert sum(reading.observed.vapi is not None for reading in found.readings) == 1100
    assert sum(requests.values()) == 3 + 1 + 40 + 40 + 2 + 1
    assert watch.read == {
        "numbers": 1,
        "Messaging Services": 1,
        "pools": 40,
        "campaigns": 40,
        "assistants": 1,
    }
    assert watch.expected == watch.read.total()


def test_a_named_number_is_looked_up_by_itself(sandbox: RunningSandbox, vendors: Vendors) -> None:
    """Its services are the account's all the same: Twilio tells no number's service."""
    found = survey(vendors, [WEBHOOK], Nobody())

    assert [reading.number for reading in found.readings] == [WEBHOOK]
    assert Counter(line.split()[1] for line in asked(sandbox)) == {"twilio": 4, "vapi": 2}


def test_what_nobody_has_is_read_as_such(vendors: Vendors) -> None:
    """Asked for by number or by SID, each under the name that was asked for."""
    found = survey(vendors, ["+12025550143", "PN" + "9" * 32], Nobody())

    assert [(reading.key, reading.observed.twilio) for reading in found.readings] == [
        ("+12025550143", None),
        ("PN" + "9" * 32, None),
    ]


def test_what_a_stack_says_comes_along(vendors: Vendors) -> None:
    """By number or by SID, also of a number that the account does not have."""
    said = {
        key: Declared(key, "Vapi assistant Support", by_vapi=True)
        for key in (WEBHOOK, "PN" + "9" * 32, "+12025550143")
    }

    found = survey(vendors, list(said), Nobody(), said)

    assert {each.key: each.declared for each in found.readings} == said


def test_trouble_ends_a_survey_at_once(sandbox: RunningSandbox, vendors: Vendors) -> None:
    """Without the pools nobody can say who answers: no guess is made, and what has not begun is not asked."""
    services = [{"sid": f"MG{n:032}"} for n in range(100)]
    sandbox.reset(account(messaging_services=services))
    sandbox.fault(
        vendor="twilio", method="GET", path=f"/v1/Services/MG{99:032}/PhoneNumbers", status=500, count=None
    )

    with pytest.raises(VendorUnavailable, match="Listing the numbers of Messaging Service"):
        survey(vendors, (), Nobody())

    assert len(sandbox.journal()) < 100
