"""Twilio is slow, out of order, or cannot be reached."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from vapi_sms.core.errors import AnswerLost, VendorTrouble, VendorUnavailable
from vapi_sms.core.routings.routing import Routing
from vapi_sms.live.calling.calls import Patience
from vapi_sms.live.twilio.client import TwilioClient

from tests.live.evidence import line, the, trouble
from tests.sandbox.world import AC, WEBHOOK

if TYPE_CHECKING:
    from vapi_sms.live.settings import Settings
    from vapi_sms.sandbox import RunningSandbox

    from tests.live.conftest import Hourglass


@pytest.mark.parametrize("fault", [{"status": 429}, {"status": 503}, {"drop": "before"}, {"drop": "after"}])
def test_passing_trouble_passes(sandbox: RunningSandbox, twilio: TwilioClient, fault: dict[str, Any]) -> None:
    """Readings and writes are repeated: each is as good twice as once."""
    sandbox.fault(vendor="twilio", count=2, **fault)
    number = the(twilio.find_number(WEBHOOK))
    sandbox.fault(vendor="twilio", count=2, **fault)

    answered = twilio.update_routing(number, messaging=Routing("https://example.com/a"))

    assert answered.messaging.url == "https://example.com/a"
    assert twilio.requests == 6


ENDLESS: list[tuple[dict[str, Any], type[VendorTrouble], type[VendorTrouble], str]] = [
    (
        {"status": 429},
        VendorUnavailable,
        VendorUnavailable,
        "too many requests at once: {said} (Twilio 20429, request RQ...). Wait, then run the same command again.",
    ),
    (
        {"status": 503, "body": "<html>"},
        VendorUnavailable,
        AnswerLost,
        (
            "Twilio failed: no reason is given (Twilio HTTP 503, request RQ...). See status.twilio.com, then run the "
            "same command again."
        ),
    ),
    (
        {"drop": "after"},
        VendorUnavailable,
        AnswerLost,
        (
            "{host} closed the connection without a whole answer. Check the network and TWILIO_BASE_URL (config: "
            "twilio:baseUrl), then run the same command again."
        ),
    ),
]


@pytest.mark.parametrize(("fault", "reading", "writing", "text"), ENDLESS)
def test_trouble_without_end_is_told(
    sandbox: RunningSandbox,
    twilio: TwilioClient,
    fault: dict[str, Any],
    reading: type[VendorTrouble],
    writing: type[VendorTrouble],
    text: str,
) -> None:
    """After all retries the error says whether a write may have been done."""
    number = the(twilio.find_number(WEBHOOK))
    sandbox.fault(vendor="twilio", count=None, **fault)

    read, written = trouble(twilio.list_numbers), trouble(lambda: twilio.prove_write(number))

    assert (type(read), type(written)) == (reading, writing)
    said = read.why.partition(": ")[2]
    expected = text.format(host=sandbox.url.removeprefix("http://"), said=said)
    assert line(read) == f"Listing the numbers of account {AC}: {expected}"


def test_a_slow_answer_is_lost(sandbox: RunningSandbox, settings: Settings) -> None:
    """No request waits longer than the timeout."""
    client = TwilioClient(replace(settings, timeout=0.1), Patience(0))
    sandbox.fault(vendor="twilio", delay_ms=400)

    assert trouble(client.list_numbers).why.endswith("did not answer within 0.1 s")
    client.close()


def test_nobody_at_the_address_names_the_host(settings: Settings, hourglass: Hourglass) -> None:
    """A refused connection names the address that was tried."""
    client = TwilioClient(replace(settings, twilio_base_url="http://127.0.0.1:9"), hourglass.patience())

    error = trouble(client.list_numbers)

    assert type(error) is VendorUnavailable
    assert line(error) == (
        f"Listing the numbers of account {AC}: no connection to 127.0.0.1:9. Check the network and TWILIO_BASE_URL "
        "(config: twilio:baseUrl), then run the same command again."
    )
    client.close()


def test_a_name_without_an_address_is_told(settings: Settings, hourglass: Hourglass) -> None:
    """An unknown host is told apart from one that refuses."""
    client = TwilioClient(replace(settings, twilio_base_url="http://no-such.invalid"), hourglass.patience())

    assert trouble(client.list_numbers).why == "no address is known for no-such.invalid"
    client.close()
