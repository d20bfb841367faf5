"""Addresses of Conversations: one reading a process, and never a failure."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from vapi_sms.core.readings import Address, Addresses
from vapi_sms.live.twilio.client import TwilioClient
from vapi_sms.live.twilio.conversations import Conversations

from tests.resources.evidence import asked, same_for_all
from tests.sandbox.twilio.test_conversations import FLEX, SHORT, SILENT, addresses
from tests.sandbox.world import AC, CODE, OTHER, VOICE_ONLY, WEBHOOK, seed

if TYPE_CHECKING:
    from vapi_sms.live.settings import Settings
    from vapi_sms.sandbox import RunningSandbox

    from tests.live.conftest import Hourglass

PATH = "/v1/Configuration/Addresses"
LIST = f"GET twilio {PATH}"


def fill(sandbox: RunningSandbox, found: list[dict[str, Any]]) -> None:
    """Give the account these addresses."""
    data = seed()
    data["twilio"]["accounts"][0]["conversation_addresses"] = found
    sandbox.reset(data)


def test_only_those_that_start_conversations_with_texts_are_known(
    sandbox: RunningSandbox, twilio: TwilioClient
) -> None:
    """By E.164 form, or a short code's digits; not another channel's, and none that is switched off."""
    fill(sandbox, addresses())

    assert Conversations(twilio).addresses() == Addresses(
        {
            WEBHOOK: Address(FLEX, "studio"),
            CODE: Address(SHORT, "default"),
            VOICE_ONLY: Address(SILENT, "default"),
        }
    )
    assert sandbox.journal()[0]["parameters"] == {"Type": "sms", "PageSize": "50"}


def test_they_are_read_once_a_process(sandbox: RunningSandbox, twilio: TwilioClient) -> None:
    """However often, and by however many threads, they are asked for."""
    fill(sandbox, addresses())
    conversations = Conversations(twilio)

    with ThreadPoolExecutor(8) as workers:
        found = list(workers.map(lambda _: conversations.addresses(), range(20)))

    assert all(each == found[0] for each in found)
    assert asked(sandbox) == [LIST]


def test_all_pages_are_read(sandbox: RunningSandbox, twilio: TwilioClient) -> None:
    """50 to a page, as Twilio gives them."""
    fill(sandbox, [{"sid": f"IG{n:032}", "address": f"+1415556{n:04}"} for n in range(120)])

    found = Conversations(twilio).addresses()

    assert len(found.by_number) == 120
    assert asked(sandbox) == [LIST] * 3


@pytest.mark.parametrize(
    ("fault", "unread"),
    [
        ({"status": 401}, "Unauthorized (Twilio 20003)"),
        ({"status": 403}, "Forbidden (Twilio 20003)"),
        ({"status": 404}, "Not Found (Twilio 20404)"),
        ({"status": 503}, "Twilio failed: Service Unavailable (Twilio 20503)"),
        ({"status": 200, "body": []}, "the answer is not a JSON object"),
        ({"status": 200, "body": {"services": []}}, "the answer does not have Twilio's shape"),
        ({"status": 200, "body": {"address_configurations": []}}, "the answer does not have Twilio's shape"),
        (
            {"status": 200, "body": {"address_configurations": [{"sid": FLEX}], "meta": {"next_page_url": None}}},
            "the answer lacks what Twilio promises: account_sid, type, address",
        ),
        (
            {"status": 200, "body": {"address_configurations": [], "meta": {"next_page_url": "http://127.0.0.1:9/"}}},
            "the next page is said to be at 127.0.0.1:9",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_no_failure(
    sandbox: RunningSandbox, twilio: TwilioClient, fault: dict[str, Any], unread: str
) -> None:
    """A key of few rights, an outage, another shape: nothing is known, the reason is, and nobody asks again."""
    sandbox.fault(vendor="twilio", path=PATH, count=None, **fault)
    conversations = Conversations(twilio)

    found = conversations.addresses()
    requests = twilio.requests

    assert (found.by_number, same_for_all(found.unread)) == ({}, unread)
    assert conversations.addresses() is found
    assert twilio.requests == requests


def test_an_outage_keeps_nobody_waiting_for_long(
    sandbox: RunningSandbox, settings: Settings, hourglass: Hourglass
) -> None:
    """Seconds, where a reading that something rests on is given a minute; one that passes is retried away."""
    twilio = TwilioClient(settings, hourglass.patience(60.0))
    fill(sandbox, addresses())
    sandbox.fault(vendor="twilio", path=PATH, status=503, count=2)

    assert Conversations(twilio).addresses().by_number
    sandbox.fault(vendor="twilio", path=PATH, status=503, count=None)
    hourglass.slept.clear()
    assert Conversations(twilio).addresses().unread

    assert 1.0 < sum(hourglass.slept) <= 5.0
    twilio.close()


def test_another_accounts_addresses_are_not_taken_for_ours(
    sandbox: RunningSandbox, settings: Settings, hourglass: Hourglass
) -> None:
    """A parent account's key shows the parent's, and says nothing of the subaccount's."""
    fill(sandbox, addresses())
    twilio = TwilioClient(replace(settings, account_sid=OTHER), hourglass.patience())

    found = Conversations(twilio).addresses()

    assert found == Addresses(unread=f"the key shows those of account {AC} only")
    twilio.close()


def test_an_address_without_autocreation_starts_nothing(
    sandbox: RunningSandbox, twilio: TwilioClient
) -> None:
    """Null and without its fields, as the SDK allows for."""
    bare = {"account_sid": AC, "type": "sms", "address": WEBHOOK}
    entries = [{"sid": FLEX, **bare, "auto_creation": None}, {"sid": SHORT, **bare, "auto_creation": {}}]
    body = {"address_configurations": entries, "meta": {"next_page_url": None}}
    sandbox.fault(vendor="twilio", path=PATH, status=200, body=body)

    assert Conversations(twilio).addresses() == Addresses()
