"""An entry of Twilio's lists that cannot be read: left out by its name, and refused where a decision rests on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from vapi_sms.core.errors import Refusal, UnexpectedResponse
from vapi_sms.core.readings import Registrations
from vapi_sms.core.values import Service
from vapi_sms.live.calling.entries import Unread
from vapi_sms.live.calling.many import Nobody
from vapi_sms.live.engine import EngineGuard
from vapi_sms.live.settings import Settings
from vapi_sms.live.survey import survey, with_addresses
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.service.reading import find_service
from vapi_sms.sandbox import RunningSandbox

from tests.resources.evidence import asked
from tests.sandbox.world import (
    AC,
    APP,
    APPLICATION,
    BIN,
    CODE,
    DEFERRED,
    DEFERRING,
    HIDDEN,
    IN_SUB,
    MG,
    ORG,
    SHORT,
    SILENT,
    STUDIO,
    SUB,
    SUPPORT,
    WEBHOOK,
    seed,
)

Value = TypeVar("Value")
NO_URL: dict[str, Any] = {"sms_url": 7}
NAMELESS: dict[str, Any] = {"sid": None, "phone_number": None}
SIX = [WEBHOOK, STUDIO, BIN, SILENT, APPLICATION, DEFERRED]


def the(found: Value | None) -> Value:
    """Return what is there."""
    assert found is not None
    return found


@pytest.fixture
def vendors(settings: Settings) -> Iterator[Vendors]:
    """Return both vendors, where nobody waits."""
    reached = Vendors(replace(settings, patience=0), EngineGuard(None, None))
    yield reached
    reached.twilio.close()
    reached.vapi.close()


def bend(sandbox: RunningSandbox, shows: dict[str, dict[str, Any]], path: str = "*") -> None:
    """Let records, by SID, show other values than they have, as long as the test runs."""
    sandbox.fault(vendor="twilio", method="GET", path=path, shows=shows, count=None)


def sid_of(sandbox: RunningSandbox, number: str) -> str:
    """Give a number's SID."""
    return str(sandbox.number(number)["sid"])


def test_one_number_keeps_no_other_from_us(sandbox: RunningSandbox, vendors: Vendors) -> None:
    """It is left out of the list, and named."""
    sid = sid_of(sandbox, WEBHOOK)
    bend(sandbox, {sid: NO_URL})

    listed = vendors.twilio.list_numbers()

    assert listed.unread == (Unread(sid, WEBHOOK),)
    assert STUDIO in {number.number for number in listed.read}
    assert list(vendors.twilio.unread) == [f"number {sid}"]


@pytest.mark.parametrize("by_sid", [False, True])
def test_a_declared_number_that_cannot_be_read_is_refused_and_not_gone(
    sandbox: RunningSandbox, vendors: Vendors, *, by_sid: bool
) -> None:
    """Among many, by its number or by its SID; the others are read, and it is asked for by itself each time."""
    sid = sid_of(sandbox, WEBHOOK)
    bend(sandbox, {sid: NO_URL})

    assert all(found.twilio for found in vendors.observer.observe(SIX[1:]).values())
    for _ in range(2):
        with pytest.raises(UnexpectedResponse, match=r"lacks what Twilio promises.*sms_url"):
            vendors.observer.observe([*SIX[1:], sid if by_sid else WEBHOOK])
    assert sum("IncomingPhoneNumbers.json" in line for line in asked(sandbox)) <= 4


def test_a_number_that_only_its_list_spoils_is_read_by_itself(
    sandbox: RunningSandbox, vendors: Vendors
) -> None:
    """By its SID, and before its first write too."""
    sid = sid_of(sandbox, WEBHOOK)
    bend(sandbox, {sid: NO_URL}, "*IncomingPhoneNumbers.json")

    found = vendors.observer.observe([*SIX[1:], sid])[sid]

    assert the(found.twilio).number == WEBHOOK
    again, _ = vendors.observer.observe_again(found, not_before=float("inf"), others=1000)
    assert the(again.twilio).number == WEBHOOK


@pytest.mark.parametrize("key", ["+12125550999", "PN" + "0" * 32])
def test_one_without_a_name_makes_none_gone_unasked(
    sandbox: RunningSandbox, vendors: Vendors, key: str
) -> None:
    """Whoever is not in the list may be it, so is asked for by itself; what Twilio then does not know is gone."""
    bend(sandbox, {sid_of(sandbox, SILENT): NAMELESS}, "*IncomingPhoneNumbers.json")
    found = vendors.observer.observe([WEBHOOK, STUDIO])
    sandbox.clear_journal()

    absent = [vendors.observer.observe([key])[key].twilio for _ in range(2)]

    assert absent == [None, None]
    assert all(each.twilio for each in found.values())
    assert len([line for line in asked(sandbox) if "twilio" in line]) == 1


def test_vapis_record_of_a_number_that_cannot_be_read_is_no_stray(
    sandbox: RunningSandbox, vendors: Vendors
) -> None:
    """It is not told as one of a number that the account does not have."""
    sandbox.outside_vapi(
        "create", org=ORG, set={"number": WEBHOOK, "twilioAccountSid": AC, "assistantId": SUPPORT}
    )
    bend(sandbox, {sid_of(sandbox, WEBHOOK): NO_URL})

    found = vendors.observer.observe_all()

    assert WEBHOOK not in {each.vapi.number for each in found if each.vapi}
    assert WEBHOOK not in {each.twilio.number for each in found if each.twilio}


def test_a_short_code_that_cannot_be_read_is_refused_and_not_gone(
    sandbox: RunningSandbox, vendors: Vendors
) -> None:
    """By its digits or its SID; one of another name is not there."""
    bend(sandbox, {SHORT: NO_URL})

    for key in (CODE, SHORT):
        with pytest.raises(UnexpectedResponse, match=f"Looking for short code {key}.*{SHORT}: sms_url"):
            vendors.observer.observe_texts([key])
    assert vendors.observer.observe_texts(["12345"])["12345"].twilio is None
    assert vendors.twilio.list_short_codes().read == []


def test_an_app_is_there_whatever_else_it_shows(sandbox: RunningSandbox, vendors: Vendors) -> None:
    """What is asked is whether Twilio would take it."""
    bend(sandbox, {APP: NO_URL})

    assert vendors.applications([APP]) == {APP}


def test_an_app_in_a_list_with_one_that_shows_no_sid_is_asked_for_by_itself(
    sandbox: RunningSandbox, vendors: Vendors
) -> None:
    """Not readable is not gone, and gone is gone."""
    bend(sandbox, {APP: {"sid": None}}, "*Applications.json")
    company = seed()
    company["twilio"]["accounts"][0]["applications"].append({"sid": "AP" + "e" * 32})
    sandbox.reset(company)
    bend(sandbox, {APP: {"sid": None}}, "*Applications.json")
    gone = "AP" + "0" * 32

    assert vendors.applications([APP, gone]) == {APP, "AP" + "e" * 32}
    assert vendors.twilio.has_application(gone) is False


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
