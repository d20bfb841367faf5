"""A number that cannot be read in Twilio's lists: left out by its name, refused where a decision rests on it."""

from __future__ import annotations

import pytest
from vapi_sms.core.errors import UnexpectedResponse
from vapi_sms.live.calling.entries import Unread
from vapi_sms.live.vendors import Vendors
from vapi_sms.sandbox import RunningSandbox

from tests.live.twilio.strange import NAMELESS, NO_URL, SIX, bend, sid_of, the
from tests.resources.evidence import asked
from tests.sandbox.world import (
    AC,
    APP,
    CODE,
    ORG,
    SHORT,
    SILENT,
    STUDIO,
    SUPPORT,
    WEBHOOK,
    seed,
)


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

    assert vendors.applications([APP]).keys() == {APP}


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

    assert vendors.applications([APP, gone]).keys() == {APP, "AP" + "e" * 32}
    assert vendors.twilio.fetch_application(gone) is None
