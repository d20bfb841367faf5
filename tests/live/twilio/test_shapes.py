"""Answers that no Twilio gives: another shape, another place, pages without an end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from vapi_sms.core.errors import UnexpectedResponse
from vapi_sms.live.settings import MESSAGING
from vapi_sms.live.twilio.client import TwilioClient

from tests.live.evidence import NUMBERS, trouble

if TYPE_CHECKING:
    from vapi_sms.sandbox import RunningSandbox

SHAPES: list[tuple[object, str]] = [
    ("<html>hello</html>", "the answer is not a JSON object"),
    ([], "the answer is not a JSON object"),
    ({}, "the answer does not have Twilio's shape"),
    ({"message": "hello"}, "the answer does not have Twilio's shape"),
    (
        {"incoming_phone_numbers": [None]},
        "the answer lacks what Twilio promises of one without an id: (all)",
    ),
    (
        {"incoming_phone_numbers": [{"sms_url": "canary", "capabilities": {"voice": True}}]},
        "the answer lacks what Twilio promises of one without an id: sid, account_sid, phone_number",
    ),
]


@pytest.mark.parametrize(("body", "why"), SHAPES)
def test_an_answer_of_another_shape_is_told(
    sandbox: RunningSandbox, twilio: TwilioClient, body: object, why: str
) -> None:
    """What is not Twilio's JSON is named by its fields and never shown."""
    sandbox.fault(path=NUMBERS, status=200, body=body)

    error = trouble(twilio.list_numbers)

    assert isinstance(error, UnexpectedResponse)
    assert error.why == why
    assert error.advice == "Check TWILIO_BASE_URL (config: twilio:baseUrl): is this Twilio?"


def test_a_redirect_is_not_followed(sandbox: RunningSandbox, twilio: TwilioClient) -> None:
    """Credentials go to no other address than the one given."""
    sandbox.fault(path=NUMBERS, status=302, headers={"location": f"{sandbox.url}/elsewhere"}, body="{}")

    assert isinstance(trouble(twilio.list_numbers), UnexpectedResponse)
    assert len(sandbox.journal()) == 1


def test_a_next_page_elsewhere_is_not_asked_for(sandbox: RunningSandbox, twilio: TwilioClient) -> None:
    """Messaging links pages by whole URLs: one of another host does not get our credentials."""
    meta = {"key": "services", "next_page_url": "http://127.0.0.1:9/v1/Services?Page=1"}
    sandbox.fault(path="/v1/Services", status=200, body={"services": [], "meta": meta})

    error = trouble(twilio.list_services)

    assert isinstance(error, UnexpectedResponse)
    assert error.why == "the next page is said to be at 127.0.0.1:9"
    assert twilio.requests == 1


@pytest.mark.parametrize(
    ("path", "linking", "ask"),
    [
        (NUMBERS, lambda to: {"incoming_phone_numbers": [], "next_page_uri": to}, "list_numbers"),
        (
            "/v1/Services",
            lambda to: {"services": [], "meta": {"next_page_url": f"{MESSAGING}{to}"}},
            "list_services",
        ),
    ],
    ids=["numbers", "services"],
)
def test_pages_that_lead_in_a_circle_come_to_an_end(
    sandbox: RunningSandbox,
    twilio: TwilioClient,
    path: str,
    linking: Callable[[str], dict[str, object]],
    ask: str,
) -> None:
    """A list without an end would be read until the memory is full."""
    for page in (2, 3, 2):
        sandbox.fault(path=path, status=200, body=linking(f"{path}?Page={page}"))

    error = trouble(getattr(twilio, ask))

    assert isinstance(error, UnexpectedResponse)
    assert error.why == "the answer does not have Twilio's shape"
    assert twilio.requests == 3


def test_a_list_whose_pages_never_end_is_told(sandbox: RunningSandbox, twilio: TwilioClient) -> None:
    """A page that names itself as the next one would be read for ever."""
    page = {"incoming_phone_numbers": [], "next_page_uri": f"{NUMBERS[:-1]}.json?Page=1"}
    sandbox.fault(path=NUMBERS, body=page, count=None)

    assert trouble(twilio.list_numbers).why == "the page after this one is said to be this one again"
    assert len(sandbox.journal()) == 2


@pytest.mark.parametrize("charset", ["idna", "punycode"])
def test_an_answer_in_no_character_set_is_told(
    sandbox: RunningSandbox, twilio: TwilioClient, charset: str
) -> None:
    """What cannot be read as text is no JSON either."""
    sandbox.fault(path=NUMBERS, headers={"Content-Type": f"text/plain; charset={charset}"}, body="\u00fc")

    assert trouble(twilio.list_numbers).why == "the answer is not a JSON object"


def test_json_that_nobody_could_write_is_told(sandbox: RunningSandbox, twilio: TwilioClient) -> None:
    """Nested too deep, or a number of too many digits."""
    sandbox.fault(path=NUMBERS, body="[" * 5000)
    sandbox.fault(path=NUMBERS, body="9" * 10_000)

    assert trouble(twilio.list_numbers).why == "the answer is not a JSON object"
    assert trouble(twilio.list_numbers).why == "the answer is not a JSON object"
