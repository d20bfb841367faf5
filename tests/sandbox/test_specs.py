"""The checker that holds requests and answers against the vendors' specifications."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from vapi_sms.sandbox import Exchange, RunningSandbox

from tests.sandbox import world
from tests.sandbox.world import AC, to_import
from tests.specs import Checker, are_there

if TYPE_CHECKING:
    from twilio.rest import Client

ROOT = Path(__file__).parents[2]
NUMBERS = f"/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers"


@pytest.mark.skipif(not are_there(), reason="the vendors' specifications are not on this machine")
def test_the_checker_sees_what_is_wrong() -> None:
    """A check that never complains proves nothing."""
    checker = Checker()
    path = f"{NUMBERS}/PN{'a' * 32}.json"

    checker(Exchange("twilio", "POST", path, "", b"SmsURL=x&SmsMethod=PUT", 200, b'{"sid": 1, "extra": 2}'))
    checker(Exchange("vapi", "POST", "/phone-number", "", b'{"provider": "twilio", "fancy": 1}', 201, b"{}"))
    checker(Exchange("vapi", "GET", "/v2/phone-number", "pages=1", b"", 200, b'{"results": 5}'))
    checker(Exchange("twilio", "GET", "/v1/Nothing", "", b"", 200, b"{}"))

    found = "\n".join(checker.complaints)
    for expected in (
        "the form has SmsURL",
        "SmsMethod is not one of GET, POST",
        "the answer.sid is not of type string",
        "the answer has extra, which is not declared",
        "the answer lacks sms_url",
        "the body has fancy, which is not declared",
        "the body lacks twilioAccountSid",
        "the query has pages",
        "the answer.results is not of type array",
        "the answer lacks metadata",
        "GET /v1/Nothing: no specification has it",
    ):
        assert expected in found


@pytest.mark.skipif(not are_there(), reason="the vendors' specifications are not on this machine")
def test_the_sandboxs_answers_are_really_checked(
    sandbox: RunningSandbox, checker: Checker, client: Client, http: httpx.Client
) -> None:
    """Lists, numbers, services and imports are all in the specifications."""
    before = checker.checked

    client.incoming_phone_numbers.list()
    client.messaging.v1.services(world.MG).phone_numbers.list()
    http.post("/phone-number", json=to_import())
    http.get("/v2/phone-number")

    assert checker.checked - before == 4
    assert sandbox.vapi_numbers()
