"""Services, subaccounts and registrations that cannot be read: named, and refused where a decision rests on them."""

from __future__ import annotations

from typing import Any

import pytest
from vapi_sms.core.errors import Refusal, UnexpectedResponse
from vapi_sms.core.readings import Registrations
from vapi_sms.core.values import Service
from vapi_sms.live.calling.many import Nobody
from vapi_sms.live.survey import survey, with_addresses
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.service.reading import find_service
from vapi_sms.sandbox import RunningSandbox

from tests.live.twilio.strange import NO_URL, SIX, bend, sid_of, the
from tests.sandbox.world import (
    AC,
    APP,
    APPLICATION,
    DEFERRED,
    DEFERRING,
    HIDDEN,
    IN_SUB,
    MG,
    SILENT,
    STUDIO,
    SUB,
    WEBHOOK,
    seed,
)


@pytest.mark.parametrize("values", [{"use_inbound_webhook_on_number": "maybe"}, {"inbound_request_url": 7}])
def test_only_the_numbers_of_a_service_that_cannot_be_read_may_be_hidden(
    sandbox: RunningSandbox, vendors: Vendors, values: dict[str, Any]
) -> None:
    """One that defers, if it could be read, and those of no service."""
    bend(sandbox, {DEFERRING: values})
    found = {
        number: vendors.observer.with_services(each)
        for number, each in vendors.observer.observe([WEBHOOK, HIDDEN, DEFERRED]).items()
    }

    why = f"Twilio's answer cannot be read of Messaging Service {DEFERRING}, which it is in"
    assert found[DEFERRED].hidden_by == Service(DEFERRING, "Service", unread=why)
    assert the(found[HIDDEN].hidden_by).sid == MG
    assert found[WEBHOOK].hidden_by is None
    with pytest.raises(UnexpectedResponse, match=f"Reading Messaging Service {DEFERRING}"):
        vendors.services.find(DEFERRING)
    assert vendors.services.find("MG" + "0" * 32) is None
    assert the(vendors.services.find(MG)).sid == MG


def test_a_service_is_found_by_name_only_where_none_that_cannot_be_read_may_bear_it(
    sandbox: RunningSandbox, vendors: Vendors
) -> None:
    """Nor is the one itself taken for one that is not there; another one's SID says enough."""
    bend(sandbox, {DEFERRING: {"use_inbound_webhook_on_number": 7}})

    assert find_service(MG, vendors).sid == MG
    for text in ("Service", DEFERRING):
        with pytest.raises(Refusal, match=f"cannot be read of {DEFERRING}: write the SID of another one"):
            find_service(text, vendors)


def test_a_service_that_does_not_show_whose_it_is_may_hold_any_number(
    sandbox: RunningSandbox, vendors: Vendors
) -> None:
    """Its pool cannot be asked for, so nobody can say of any number that it answers by itself."""
    bend(sandbox, {DEFERRING: {"sid": None}})

    with pytest.raises(UnexpectedResponse, match=r"Listing the Messaging Services.*sid"):
        vendors.services.all()


def test_a_number_that_cannot_be_read_in_a_pool_is_doubtful_alone(
    sandbox: RunningSandbox, vendors: Vendors
) -> None:
    """It shows its number and not its SID; the pool as a whole is not known."""
    bend(sandbox, {sid_of(sandbox, HIDDEN): {"sid": 7}}, "*/PhoneNumbers")
    found = vendors.observer.observe([WEBHOOK, HIDDEN])

    why = f"Twilio's answer cannot be read of a number in Messaging Service {MG}, which may be this one"
    assert the(vendors.observer.with_services(found[HIDDEN]).hidden_by).unread == why
    assert vendors.observer.with_services(found[WEBHOOK]).hidden_by is None
    with pytest.raises(UnexpectedResponse, match=f"Listing the numbers of Messaging Service {MG}"):
        vendors.services.pool(MG)


def test_a_subaccount_that_cannot_be_read_is_named_where_a_number_is_nowhere(
    sandbox: RunningSandbox, vendors: Vendors
) -> None:
    """Nobody looked there: that is said beside where was looked."""
    bend(sandbox, {SUB: {"status": 7}}, "*Accounts.json")

    assert vendors.elsewhere.find([sid_of(sandbox, IN_SUB)]) == {}
    assert vendors.elsewhere.looked() == (
        f"these credentials see no other account (Twilio's answer cannot be read of {SUB}: nobody looked there)"
    )


def test_our_own_account_is_no_subaccount_that_cannot_be_read(
    sandbox: RunningSandbox, vendors: Vendors
) -> None:
    """Its own entry makes no sense, and the subaccount is looked through."""
    bend(sandbox, {AC: {"status": 7}}, "*Accounts.json")

    assert vendors.elsewhere.find([sid_of(sandbox, IN_SUB)]).keys() == {sid_of(sandbox, IN_SUB)}
    assert vendors.elsewhere.looked() == "nor on its subaccount"


def test_a_moved_number_that_its_new_account_spoils_is_not_nowhere(
    sandbox: RunningSandbox, vendors: Vendors
) -> None:
    """In the list of many; by itself it is read."""
    sid = sid_of(sandbox, IN_SUB)
    bend(sandbox, {sid: NO_URL}, "*IncomingPhoneNumbers.json")
    others = [f"PN{n:032}" for n in range(6)]

    assert vendors.elsewhere.find([sid, *others]).keys() == {sid}


def test_a_survey_leaves_out_what_it_cannot_tell_and_names_it(
    sandbox: RunningSandbox, vendors: Vendors
) -> None:
    """Whose service, pool entry or TwiML App cannot be read: nobody says who answers, nor that all is well."""
    webhook = sid_of(sandbox, WEBHOOK)
    bend(
        sandbox,
        {webhook: NO_URL, DEFERRING: {"use_inbound_webhook_on_number": 7}, APP: NO_URL},
        "^(?!.*/PhoneNumbers$)",
    )
    bend(sandbox, {sid_of(sandbox, HIDDEN): {"sid": 7}}, "*/PhoneNumbers")

    found = survey(vendors, (), Nobody())

    unknown = "who answers its texts is not known: Twilio's answer cannot be read of"
    assert found.left_out == {
        DEFERRED: f"{unknown} its Messaging Service {DEFERRING}",
        HIDDEN: f"{unknown} one number of Messaging Service {MG}, which may be it",
        APPLICATION: f"{unknown} TwiML App {APP}",
    }
    assert not {WEBHOOK, *found.left_out} & {reading.number for reading in found.readings}
    assert set(found.unread) == {
        f"number {webhook}",
        f"Messaging Service {DEFERRING}",
        f"TwiML App {APP}",
        f"in the pool of Messaging Service {MG}, one without an id",
    }


def test_a_survey_of_named_numbers_names_the_one_that_cannot_be_read(
    sandbox: RunningSandbox, vendors: Vendors
) -> None:
    """The others are told; asked for alone, it is the trouble."""
    bend(sandbox, {sid_of(sandbox, WEBHOOK): NO_URL})

    found = survey(vendors, [WEBHOOK, STUDIO, SILENT], Nobody())

    assert [reading.number for reading in found.readings] == [STUDIO, SILENT]
    assert "lacks what Twilio promises" in found.left_out[WEBHOOK]
    assert found.unread == ()
    with pytest.raises(UnexpectedResponse):
        survey(vendors, [WEBHOOK], Nobody())


def test_a_list_that_is_none_at_all_is_no_entry_of_it(sandbox: RunningSandbox, vendors: Vendors) -> None:
    """Nobody looks up number after number where the list itself is no good."""
    sandbox.fault(vendor="twilio", method="GET", path="*.json", status=200, body=[], count=None)

    with pytest.raises(UnexpectedResponse):
        survey(vendors, SIX, Nobody())
    assert len(sandbox.journal()) == 1


TOLL_FREE, OTHER_TOLL_FREE = "+18005550100", "+18335550100"
BRAND, CAMPAIGN, VERIFICATION = "BN" + "a" * 32, "QE" + "a" * 32, "HH" + "a" * 32
TOLL_FREE_SID = "PN" + "7" * 32


@pytest.mark.parametrize(
    ("bent", "unread"),
    [
        ({CAMPAIGN: {"campaign_status": 7}}, {HIDDEN: f"Twilio's answer makes no sense of {CAMPAIGN}"}),
        ({BRAND: {"status": 7}}, {HIDDEN: f"Twilio's answer makes no sense of {BRAND}"}),
        ({VERIFICATION: {"status": 7}}, {TOLL_FREE: f"Twilio's answer makes no sense of {VERIFICATION}"}),
    ],
)
def test_what_carriers_know_is_unknown_only_of_whom_it_concerns(
    sandbox: RunningSandbox, vendors: Vendors, bent: dict[str, dict[str, Any]], unread: dict[str, str]
) -> None:
    """A campaign, a brand, or a verification: never 'not registered', where it is not readable."""
    company = seed()
    account = company["twilio"]["accounts"][0]
    account["brands"] = [{"sid": BRAND}]
    account["messaging_services"][0]["campaign"] = {"sid": CAMPAIGN, "brand": BRAND}
    account["numbers"] += [
        {"phone_number": TOLL_FREE, "sid": TOLL_FREE_SID},
        {"phone_number": OTHER_TOLL_FREE},
    ]
    account["tollfree_verifications"] = [{"sid": VERIFICATION, "number": TOLL_FREE}]
    sandbox.reset(company)
    bend(sandbox, bent)

    found = {reading.number: reading.registrations for reading in survey(vendors, (), Nobody()).readings}

    assert {number: each.unread for number, each in found.items() if each.unread} == unread
    assert found[OTHER_TOLL_FREE] == Registrations()


def test_an_address_that_cannot_be_read_is_told_beside_those_that_can(
    sandbox: RunningSandbox, vendors: Vendors
) -> None:
    """What starts a conversation beside a number is known of the others."""
    company, strange = seed(), "IG" + "b" * 32
    company["twilio"]["accounts"][0]["conversation_addresses"] = [
        {"sid": "IG" + "a" * 32, "address": WEBHOOK},
        {"sid": strange, "address": STUDIO},
    ]
    sandbox.reset(company)
    bend(sandbox, {strange: {"type": None}})

    found = with_addresses(survey(vendors, (WEBHOOK, STUDIO), Nobody()), vendors, Nobody())

    assert [reading.address is None for reading in found.readings] == [False, True]
    assert found.addresses_unread == f"Twilio's answer makes no sense of {strange}"
