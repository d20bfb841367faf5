"""Observing with few requests: one number is looked up, many come by list pages, and readings have an age."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from vapi_sms.core.values import TwilioNumber
from vapi_sms.live.observe import Observer
from vapi_sms.live.twilio.client import TwilioClient
from vapi_sms.live.twilio.services import TwilioServices
from vapi_sms.live.vapi.client import VapiClient
from vapi_sms.sandbox import RunningSandbox

from tests.live.evidence import the
from tests.resources.evidence import asked
from tests.sandbox.world import (
    AC,
    BIN,
    DEFERRED,
    FUNCTION,
    HIDDEN,
    MG,
    ORG,
    ORG2,
    OTHER,
    SILENT,
    STUDIO,
    SUPPORT,
    VAPI_SMS,
    WEBHOOK,
    seed,
)

NUMBERS = f"GET twilio /2010-04-01/Accounts/{AC}/IncomingPhoneNumbers.json"
RECORDS = "GET vapi /v2/phone-number"


@pytest.fixture
def observer(twilio: TwilioClient, vapi: VapiClient) -> Observer:
    """Return an observer that has read nothing."""
    return Observer(twilio, vapi, TwilioServices(twilio), AC)


def one(number: str) -> str:
    """Give the request that reads a number by its SID."""
    return f"GET twilio /2010-04-01/Accounts/{AC}/IncomingPhoneNumbers/{number}.json"


def imported(sandbox: RunningSandbox, number: str, account: str = AC, org: str = ORG) -> str:
    """Let Vapi know a number; give its id."""
    fields = {"number": number, "twilioAccountSid": account, "assistantId": SUPPORT if org == ORG else None}
    set_ = {name: value for name, value in fields.items() if value is not None}
    return str(sandbox.outside_vapi("create", org=org, set=set_)["id"])


def test_one_number_is_one_request_to_each(sandbox: RunningSandbox, observer: Observer) -> None:
    """Looked up by its E.164 form, with Vapi's first page beside it; again costs nothing."""
    first = observer.observe([WEBHOOK])
    again = observer.observe([WEBHOOK])

    assert the(first[WEBHOOK].twilio).number == WEBHOOK
    assert first == again
    assert asked(sandbox) == [NUMBERS, RECORDS]
    assert sandbox.journal()[0]["parameters"]["PhoneNumber"] == WEBHOOK


def test_a_number_is_known_by_both_its_names(sandbox: RunningSandbox, observer: Observer) -> None:
    """Read by SID it is known by number, and the other way round."""
    sid = sandbox.number(WEBHOOK)["sid"]

    by_sid = observer.observe([sid])[sid]
    by_number = observer.observe([WEBHOOK])[WEBHOOK]

    assert by_sid == by_number
    assert asked(sandbox) == [one(sid), RECORDS]


def test_many_numbers_are_one_list(sandbox: RunningSandbox, observer: Observer) -> None:
    """However many: one page of 1,000 at each vendor."""
    found = observer.observe([WEBHOOK, STUDIO, BIN, SILENT])

    assert [the(each.twilio).number for each in found.values()] == [WEBHOOK, STUDIO, BIN, SILENT]
    assert asked(sandbox) == [NUMBERS, RECORDS]
    assert sandbox.journal()[0]["parameters"] == {"PageSize": "1000"}


def test_the_second_single_number_brings_the_list(sandbox: RunningSandbox, observer: Observer) -> None:
    """Resources are checked one by one: after the first look-up a list serves all the others."""
    for number in (WEBHOOK, STUDIO, BIN, SILENT):
        observer.observe([number])

    assert asked(sandbox) == [NUMBERS, RECORDS, NUMBERS]
    assert ["PhoneNumber" in entry["parameters"] for entry in sandbox.journal()] == [True, False, False]


@pytest.mark.parametrize("key", ["+12125550999", "PN" + "0" * 32])
def test_a_number_that_is_not_there_is_asked_for_once(
    sandbox: RunningSandbox, observer: Observer, key: str
) -> None:
    """Absence is a reading too."""
    assert observer.observe([key])[key].twilio is None
    assert observer.observe([key])[key].twilio is None

    assert len([line for line in asked(sandbox) if "twilio" in line]) == 1


def test_partly_known_numbers_are_read_as_many(sandbox: RunningSandbox, observer: Observer) -> None:
    """What is known already is not asked for again by itself."""
    observer.observe([WEBHOOK])
    sandbox.clear_journal()

    observer.observe([WEBHOOK, STUDIO, BIN])

    assert asked(sandbox) == [NUMBERS]


def test_an_old_reading_is_read_again(sandbox: RunningSandbox, observer: Observer) -> None:
    """Who must not act on an old reading gets a new one of both vendors, and others keep what there is."""
    observer.observe([WEBHOOK])
    sandbox.outside_number(WEBHOOK, sms_url="https://new.example/sms")
    sandbox.clear_journal()

    old = observer.observe([WEBHOOK])[WEBHOOK]
    new = observer.observe([WEBHOOK], not_before=time.monotonic())[WEBHOOK]

    assert the(old.twilio).messaging.url != "https://new.example/sms"
    assert the(new.twilio).messaging.url == "https://new.example/sms"
    assert asked(sandbox) == [NUMBERS, RECORDS]


def test_many_old_readings_are_one_list(sandbox: RunningSandbox, observer: Observer) -> None:
    """Freshness is bought in bulk."""
    numbers = [WEBHOOK, STUDIO, BIN]
    observer.observe(numbers)
    sandbox.clear_journal()

    observer.observe(numbers, not_before=time.monotonic())

    assert asked(sandbox) == [NUMBERS, RECORDS]


def test_who_comes_one_by_one_is_served_by_lists_where_more_come(
    sandbox: RunningSandbox, observer: Observer
) -> None:
    """One that is to be read again is looked up; where a second one comes, a list serves whoever comes after it."""
    numbers = [WEBHOOK, STUDIO, BIN, FUNCTION]
    found = observer.observe(numbers)
    limit = time.monotonic()
    asked_for = []
    for number in numbers:
        sandbox.clear_journal()
        again, read_at = observer.observe_again(found[number], not_before=limit, others=0)
        asked_for.append(asked(sandbox))
        assert again.twilio == found[number].twilio
        assert read_at >= limit

    sid = the(found[WEBHOOK].twilio).sid
    assert asked_for == [[f"{NUMBERS.removesuffix('.json')}/{sid}.json"], [NUMBERS], [], []]


def test_a_reading_that_is_young_enough_serves(sandbox: RunningSandbox, observer: Observer) -> None:
    """A limit in the past of the reading costs nothing."""
    limit = time.monotonic()
    observer.observe([WEBHOOK, STUDIO])
    sandbox.clear_journal()

    observer.observe([WEBHOOK, STUDIO], not_before=limit)

    assert asked(sandbox) == []


def test_an_old_absence_is_looked_at_again(sandbox: RunningSandbox, observer: Observer) -> None:
    """A number that was not there may have been bought since."""
    account: dict[str, Any] = seed()["twilio"]["accounts"][0]
    bought = "+12125550999"
    assert observer.observe([bought])[bought].twilio is None
    changed = seed()
    changed["twilio"]["accounts"][0]["numbers"] = [*account["numbers"], {"phone_number": bought}]
    sandbox.reset(changed)

    assert observer.observe([bought])[bought].twilio is None
    assert the(observer.observe([bought], not_before=time.monotonic())[bought].twilio).number == bought


def test_what_we_wrote_ourselves_is_known(
    sandbox: RunningSandbox, observer: Observer, twilio: TwilioClient
) -> None:
    """A vendor's answer to our write is the newest reading: it costs no other, however young it must be."""
    number = the(observer.observe([WEBHOOK])[WEBHOOK].twilio)
    limit = time.monotonic()
    observer.learn_number(twilio.update_routing(number, messaging=_vapis(number)))
    sandbox.clear_journal()

    found = observer.observe([WEBHOOK], not_before=limit)[WEBHOOK]

    assert the(found.twilio).messaging.url == VAPI_SMS
    assert [line for line in asked(sandbox) if "twilio" in line] == []


def test_a_record_is_found_by_its_number(sandbox: RunningSandbox, observer: Observer) -> None:
    """Imports and deletions of ours are learned from the answers."""
    identifier = imported(sandbox, WEBHOOK)
    found = observer.observe([WEBHOOK])[WEBHOOK].vapi
    assert found is not None
    assert found.id == identifier

    observer.forget_record(found.id)
    assert observer.observe([WEBHOOK])[WEBHOOK].vapi is None
    observer.learn_record(found)
    assert observer.observe([WEBHOOK])[WEBHOOK].vapi == found
    assert asked(sandbox) == [NUMBERS, RECORDS]


def test_a_record_of_another_account_is_not_ours(sandbox: RunningSandbox, observer: Observer) -> None:
    """The same number may have been in another account, and Vapi remembers."""
    imported(sandbox, WEBHOOK, account=OTHER)
    imported(sandbox, STUDIO, org=ORG2)

    found = observer.observe([WEBHOOK, STUDIO])

    assert [each.vapi for each in found.values()] == [None, None]


def test_a_record_is_found_where_twilio_shows_no_number(sandbox: RunningSandbox, observer: Observer) -> None:
    """A number that was released may still be in Vapi."""
    identifier = imported(sandbox, WEBHOOK)
    sandbox.outside_release(WEBHOOK)

    found = observer.observe([WEBHOOK])[WEBHOOK]

    assert found.twilio is None
    assert found.vapi is not None
    assert found.vapi.id == identifier


class TestThousands:
    """An org and an account with more numbers than a page holds."""

    @pytest.fixture
    def sandbox(self, sandbox: RunningSandbox) -> Iterator[RunningSandbox]:
        """Return the sandbox with 2,500 numbers on both sides."""
        large = seed()
        numbers = [f"+1212{5550000 + n}" for n in range(2500)]
        account, org = large["twilio"]["accounts"][0], large["vapi"]["orgs"][0]
        account["numbers"] = [
            *account["numbers"],
            {"range": {"from": numbers[0], "count": len(numbers)}, "sms_url": "https://old.example/{number}"},
        ]
        org["phone_numbers"] = [
            {"id": f"0b000000-0000-4000-8000-{n:012}", "number": number, "twilio_account_sid": AC}
            for n, number in enumerate(numbers)
        ]
        sandbox.reset(large)
        sandbox.clear_journal()
        yield sandbox
        sandbox.reset(seed())

    def test_all_of_them_are_three_pages_each(self, sandbox: RunningSandbox, observer: Observer) -> None:
        """Every number is found once, on both sides."""
        numbers = [f"+1212{5550000 + n}" for n in range(2500)]

        found = observer.observe(numbers)

        assert [the(each.twilio).number for each in found.values()] == numbers
        assert [each.vapi and each.vapi.number for each in found.values()] == numbers
        assert asked(sandbox) == [NUMBERS] * 3 + [RECORDS] * 3

    def test_one_beyond_the_first_page_is_searched(self, sandbox: RunningSandbox, observer: Observer) -> None:
        """The oldest number is on the last page: one search finds it, instead of all pages."""
        oldest = "+12125550000"

        found = observer.observe([oldest])[oldest]

        assert found.vapi is not None
        assert found.vapi.number == oldest
        assert asked(sandbox) == [NUMBERS, RECORDS, RECORDS]
        assert sandbox.journal()[-1]["parameters"]["search"] == oldest

    def test_a_second_one_beyond_it_brings_all_pages_once(
        self, sandbox: RunningSandbox, observer: Observer
    ) -> None:
        """After that, everything is known, and absence too."""
        for n in (0, 1, 2, 3):
            observer.observe([f"+1212{5550000 + n}"])
        observer.observe([WEBHOOK])

        assert asked(sandbox) == [
            NUMBERS,  # the first, by its number
            RECORDS,
            RECORDS,  # searched
            *[NUMBERS] * 3,
            *[RECORDS] * 2,  # the other pages
        ]

    def test_ages_go_for_all_pages(self, sandbox: RunningSandbox, observer: Observer) -> None:
        """Fresh readings of many are all pages again, once."""
        numbers = [f"+1212{5550000 + n}" for n in range(2500)]
        observer.observe(numbers)
        sandbox.clear_journal()

        observer.observe(numbers, not_before=time.monotonic())

        assert asked(sandbox) == [NUMBERS] * 3 + [RECORDS] * 3


@pytest.mark.parametrize("when", ["2020", "2030"])
def test_a_number_that_a_list_shows_twice_is_the_one_that_changed_last(
    sandbox: RunningSandbox, observer: Observer, when: str
) -> None:
    """It was released and bought again while pages were read: whichever comes first, the other one is gone."""
    sid, other = sandbox.number(WEBHOOK)["sid"], sandbox.number(BIN)["sid"]
    shown = {"phone_number": WEBHOOK, "date_updated": f"Wed, 01 Jan {when} 00:00:00 +0000"}
    sandbox.fault(vendor="twilio", method="GET", shows={other: shown})

    found = observer.observe([WEBHOOK, STUDIO])[WEBHOOK]

    assert the(found.twilio).sid == (sid if when == "2020" else other)


def test_services_are_listed_once(sandbox: RunningSandbox, observer: Observer) -> None:
    """One list of services, and one of the numbers of each that hides them: 1 + S, for all numbers of the run."""
    found = observer.observe([WEBHOOK, HIDDEN, DEFERRED])
    sandbox.clear_journal()

    with_services = {number: observer.with_services(each) for number, each in found.items()}

    hidden = with_services[HIDDEN].hidden_by
    assert hidden is not None
    assert (hidden.sid, hidden.name) == (MG, "Service")
    assert [with_services[number].hidden_by for number in (WEBHOOK, DEFERRED)] == [None, None]
    assert asked(sandbox) == [
        "GET twilio /v1/Services",
        f"GET twilio /v1/Services/{MG}/PhoneNumbers",
    ]


def test_a_number_that_is_not_there_needs_no_services(sandbox: RunningSandbox, observer: Observer) -> None:
    """Nothing hides what does not exist."""
    absent = observer.observe(["+12125550999"])["+12125550999"]
    sandbox.clear_journal()

    assert observer.with_services(absent) == absent
    assert asked(sandbox) == []


def _vapis(number: TwilioNumber) -> Any:
    return type(number.messaging)(VAPI_SMS, "POST", "", "POST")
