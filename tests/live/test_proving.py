"""Evidence that texts are answered, read in lists from both vendors; nothing is written."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from vapi_sms.core.proof.evidence import ALERTS, MESSAGES, SESSIONS, Evidence, Subject
from vapi_sms.core.proof.verdict import Fate, Outcome, Verdict, judge
from vapi_sms.core.values import VapiSettings
from vapi_sms.live.calling.many import Nobody
from vapi_sms.live.engine import EngineGuard
from vapi_sms.live.proving import read_evidence, subjects_of
from vapi_sms.live.vendors import Vendors

from tests.resources.evidence import asked
from tests.sandbox.world import DEFERRED, ORG, SALES, SENDER, STUDIO, SUPPORT, VAPI_SMS, WEBHOOK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vapi_sms.live.settings import Settings
    from vapi_sms.sandbox import RunningSandbox

AGO = 300.0  # seconds by which the vendors' clocks are behind, so that every deadline has passed
SECOND = "+12125550124"


@pytest.fixture
def vendors(settings: Settings) -> Iterator[Vendors]:
    """Return both vendors."""
    found = Vendors(settings, EngineGuard(None, None))
    yield found
    found.twilio.close()
    found.vapi.close()


@pytest.fixture
def earlier(sandbox: RunningSandbox) -> RunningSandbox:
    """Return vendors to whom all that happens now happened some minutes ago, with one number that Vapi answers."""
    sandbox.behaviour(clock_skew_ms={"twilio": -AGO * 1000, "vapi": -AGO * 1000})
    return sandbox


@pytest.fixture
def at_vapi(earlier: RunningSandbox, vendors: Vendors) -> RunningSandbox:
    """Return the same, with a number that Vapi answers."""
    vendors.vapi.import_number(WEBHOOK, VapiSettings(SUPPORT))
    earlier.clear_journal()
    return earlier


def evidence(vendors: Vendors, *keys: str) -> tuple[list[Subject], Evidence]:
    """Read the last hour of numbers."""
    now = int(time.time())
    subjects, _ = subjects_of(vendors, keys, {}, Nobody())
    return subjects, read_evidence(vendors, subjects, now - 3600, now, Nobody())


def verdict(vendors: Vendors, key: str) -> Verdict:
    """Judge one number by the last hour."""
    subjects, found = evidence(vendors, key)
    return judge(subjects, found)[0]


def test_a_text_that_vapi_answers_is_answered(at_vapi: RunningSandbox, vendors: Vendors) -> None:
    """Twilio has the text and the reply, Vapi the session; the sandbox's journal has readings alone."""
    at_vapi.text(SENDER, WEBHOOK)

    found = verdict(vendors, WEBHOOK)

    assert (found.outcome, found.count(Fate.ANSWERED)) == (Outcome.ANSWERED, 1)
    assert {entry["method"] for entry in at_vapi.journal()} == {"GET"}


def test_a_text_that_a_flow_answers_needs_no_session(earlier: RunningSandbox, vendors: Vendors) -> None:
    """Vapi is not asked where it is to answer nothing."""
    earlier.text(SENDER, STUDIO)

    found = verdict(vendors, STUDIO)

    assert found.outcome is Outcome.ANSWERED
    assert not [entry for entry in earlier.journal() if entry["path"] == "/session"]


@pytest.mark.parametrize(
    ("switches", "fate", "why"),
    [
        ({"replies_lost": True}, Fate.UNANSWERED, "nothing was sent within 120 s"),
        (
            {"reply_error": 30034},
            Fate.UNDELIVERED,
            "is undelivered, 30034: the number is in no registered 10DLC campaign",
        ),
        ({"no_card": True}, Fate.UNANSWERED, "11200: the handler could not be reached, or answered an error"),
        ({"vapi_down": "timeout"}, Fate.UNANSWERED, "11205: no connection to the handler"),
        ({"assistant_silent": True}, Fate.UNANSWERED, "nothing was sent within 120 s"),
    ],
    ids=["lost", "blocked", "no card", "down", "silent"],
)
def test_a_text_that_is_not_answered_says_why(
    at_vapi: RunningSandbox, vendors: Vendors, switches: dict[str, Any], fate: Fate, why: str
) -> None:
    """Both vendors still hold what was declared: only the texts tell."""
    at_vapi.behaviour(**switches)
    at_vapi.text(SENDER, WEBHOOK)
    at_vapi.behaviour(vapi_down="no")

    found = verdict(vendors, WEBHOOK)

    assert (found.outcome, found.followed[0].fate) == (Outcome.FAILED, fate)
    assert found.followed[0].why.endswith(why)


def test_a_customer_who_opted_out_is_no_failure(at_vapi: RunningSandbox, vendors: Vendors) -> None:
    """Twilio sends nothing to who wrote STOP."""
    at_vapi.behaviour(reply_error=21610)
    at_vapi.text(SENDER, WEBHOOK)

    assert verdict(vendors, WEBHOOK).followed[0].fate is Fate.CUSTOMERS


def test_somebody_else_who_answers_is_told_from_vapi(at_vapi: RunningSandbox, vendors: Vendors) -> None:
    """The number's session is of another assistant by now."""
    at_vapi.text(SENDER, WEBHOOK)
    (record,) = at_vapi.vapi_numbers()
    at_vapi.outside_vapi("edit", org=ORG, id=record["id"], set={"assistantId": SALES})

    found = verdict(vendors, WEBHOOK)

    assert found.followed[0].fate is Fate.BY_OTHERS


def test_the_pools_of_services_are_known(earlier: RunningSandbox, vendors: Vendors) -> None:
    """Any number of the service may reply, so the account's list is read."""
    subjects, _ = evidence(vendors, DEFERRED)

    assert subjects[0].pool == frozenset({DEFERRED})
    assert len([path for path in asked(earlier) if path.endswith("/Messages.json")]) == 2


def test_a_number_of_another_account_is_missing(vendors: Vendors) -> None:
    """It is named, and the others are read."""
    subjects, missing = subjects_of(vendors, ["+14155559999", WEBHOOK], {}, Nobody())

    assert ([subject.number for subject in subjects], missing) == ([WEBHOOK], ["+14155559999"])


def test_all_that_vapi_answers_are_found(at_vapi: RunningSandbox, vendors: Vendors) -> None:
    """Where no number is named; what others answer is theirs."""
    assert at_vapi.number(WEBHOOK)["sms_url"] == VAPI_SMS

    subjects, _ = subjects_of(vendors, [], {}, Nobody())

    assert [(subject.number, subject.by_vapi, subject.assistant_id) for subject in subjects] == [
        (WEBHOOK, True, SUPPORT)
    ]


@pytest.mark.parametrize(
    ("path", "vendor", "kind"),
    [
        ("/Messages.json", "twilio", MESSAGES),
        ("/v1/Alerts", "twilio", ALERTS),
        ("/session", "vapi", SESSIONS),
    ],
)
def test_what_a_key_may_not_read_is_named(
    at_vapi: RunningSandbox, vendors: Vendors, path: str, vendor: str, kind: str
) -> None:
    """Keys that may route numbers need not be allowed to read these."""
    at_vapi.text(SENDER, WEBHOOK)
    at_vapi.fault(vendor=vendor, path=f"*{path}*", status=403, count=None, method="GET")

    _, found = evidence(vendors, WEBHOOK)

    assert list(found.unread) == [kind]
    assert found.unread[kind].startswith(f"this key may not read {kind}: ")


def test_an_entry_that_makes_no_sense_is_told(at_vapi: RunningSandbox, vendors: Vendors) -> None:
    """One could have been a text that nobody answered."""
    body = {"messages": [{"sid": "SM1"}], "next_page_uri": None}
    at_vapi.fault(vendor="twilio", path="*/Messages.json*", body=body, status=200, count=None, method="GET")

    _, found = evidence(vendors, WEBHOOK)

    assert found.unread == {MESSAGES: "2 of them are not as Twilio promises"}


def test_many_numbers_cost_lists(earlier: RunningSandbox, vendors: Vendors) -> None:
    """A thousand numbers are one list of numbers, one of messages, one of alerts and one of sessions."""
    numbers = [f"+1415556{nth:04}" for nth in range(1000)]
    subjects = [Subject(number) for number in numbers]
    earlier.text(SENDER, WEBHOOK)
    earlier.clear_journal()
    now = int(time.time())

    found = read_evidence(vendors, subjects, now - 3600, now, Nobody())

    assert len(judge(subjects, found)) == len(numbers)
    assert [path.rpartition("/")[2] for path in asked(earlier) if path.startswith("GET")] == [
        "Messages.json",
        "Alerts",
        "session",
    ]
