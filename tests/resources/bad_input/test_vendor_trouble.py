"""A vendor that does not answer as it should: one line of what was asked, what came and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import env_of
from tests.resources.one_line import (
    refused,
)
from tests.resources.provider import Props, Provider
from tests.resources.stack import Stack
from tests.sandbox.world import (
    AC,
    WEBHOOK,
)

LISTING = f"Listing the numbers of account {AC}"


TWILIO_TROUBLE: list[tuple[str, Props, str]] = [
    (
        "429",
        {"status": 429},
        (
            "too many requests at once: Too Many Requests (Twilio 20429, request RQ...). Wait, then run the "
            "same command "
            "again."
        ),
    ),
    (
        "500",
        {"status": 500},
        (
            "Twilio failed: Internal Server Error (Twilio 20500, request RQ...). See status.twilio.com, "
            "then run the same "
            "command again."
        ),
    ),
    (
        "403",
        {"status": 403},
        (
            "Forbidden (Twilio 20003, request RQ...). The key may not do this: it needs to read and update "
            "phone numbers, "
            "and to read TwiML Apps and Messaging Services."
        ),
    ),
    (
        "a page",
        {"body": "<html>Hello</html>"},
        (
            "the answer is not a JSON object (request RQ...). Check TWILIO_BASE_URL (config: twilio:baseUrl): is this "
            "Twilio?"
        ),
    ),
    (
        "a page that is not found",
        {"body": "<html>No</html>", "status": 404},
        (
            "no reason is given (Twilio HTTP 404, request RQ...). Check TWILIO_BASE_URL (config: "
            "twilio:baseUrl): Twilio "
            "itself gives a code."
        ),
    ),
    (
        "cut short",
        {"truncate": 40},
        (
            "the answer is not a JSON object (request RQ...). Check TWILIO_BASE_URL (config: twilio:baseUrl): is this "
            "Twilio?"
        ),
    ),
    (
        "hung up",
        {"drop": "before"},
        (
            "127.0.0.1:PORT closed the connection without a whole answer. Check the network and "
            "TWILIO_BASE_URL (config: "
            "twilio:baseUrl), then run the same command again."
        ),
    ),
    (
        "silent",
        {"delay_ms": 2600},
        (
            "127.0.0.1:PORT did not answer within 2 s. Check the network and TWILIO_BASE_URL (config: "
            "twilio:baseUrl), "
            "then run the same command again."
        ),
    ),
]


VAPI_TROUBLE: list[tuple[str, Props, str]] = [
    (
        "429",
        {"status": 429},
        (
            "Listing the phone numbers of the Vapi org: too many requests at once: Too Many Requests (Vapi HTTP 429). "
            "Wait, then run the same command again."
        ),
    ),
    (
        "503",
        {"status": 503},
        (
            "Listing the phone numbers of the Vapi org: Vapi failed: Service Unavailable (Vapi HTTP 503). See "
            "status.vapi.ai, then run the same command again."
        ),
    ),
    (
        "a page",
        {"body": "<html>Hello</html>"},
        (
            "Listing the phone numbers of the Vapi org: the answer is not JSON (Vapi HTTP 200). Check VAPI_BASE_URL "
            "(config: vapi:baseUrl): is this Vapi?"
        ),
    ),
    (
        "a page that is not found",
        {"body": "<html>No</html>", "status": 404},
        (
            "Listing the phone numbers of the Vapi org: no reason is given (Vapi HTTP 404). Check "
            "VAPI_BASE_URL (config: "
            "vapi:baseUrl): is this Vapi?"
        ),
    ),
    (
        "another shape",
        {"body": {"numbers": []}},
        (
            "GET /v2/phone-number: the answer lacks what Vapi promises: results, metadata. Check "
            "VAPI_BASE_URL (config: "
            "vapi:baseUrl): is this Vapi?"
        ),
    ),
    (
        "fields missing",
        {
            "body": {
                "results": [{"provider": "twilio", "twilioAuthToken": "x-canary"}],
                "metadata": {"totalItems": 1},
            }
        },
        (
            "GET /assistant: the answer lacks what Vapi promises: id. Check "
            "VAPI_BASE_URL (config: vapi:baseUrl): is this Vapi?"
        ),
    ),
    (
        "hung up",
        {"drop": "before"},
        (
            "Listing the phone numbers of the Vapi org: 127.0.0.1:PORT closed the connection without a whole answer. "
            "Check the network and VAPI_BASE_URL (config: vapi:baseUrl), then run the same command again."
        ),
    ),
    (
        "silent",
        {"delay_ms": 2600},
        (
            "Listing the phone numbers of the Vapi org: 127.0.0.1:PORT did not answer within 2 s. Check "
            "the network and "
            "VAPI_BASE_URL (config: vapi:baseUrl), then run the same command again."
        ),
    ),
]


# It may be the number that is declared: that one is looked up by itself.
FIELDS_MISSING = (
    {"body": {"incoming_phone_numbers": [{"sid": "PN1", "auth_token": "x-canary"}]}},
    (
        f"Looking for {WEBHOOK} in account {AC}: the answer lacks what Twilio promises of PN1: account_sid, "
        "phone_number, capabilities. Check TWILIO_BASE_URL (config: twilio:baseUrl): is this Twilio?"
    ),
)
Troubled = Callable[[str, Props], Provider]


@pytest.fixture(scope="module")
def troubled(calm: RunningSandbox) -> Iterator[Troubled]:
    """Start one process for each vendor, and one for each outage, since a process remembers that a vendor is down."""
    started: dict[str, Provider] = {}

    def start(vendor: str, fault: Props) -> Provider:
        is_outage = fault.get("status", 0) >= 429 or bool(fault.keys() & {"drop", "delay_ms"})
        key = f"{vendor} {fault if is_outage else ''}"
        if key not in started:
            env = {**env_of(calm), "VAPI_SMS_PATIENCE_SECONDS": "0", "VAPI_SMS_TIMEOUT_SECONDS": "2"}
            # Nothing is read ahead, which the next test could be given: that this changes no line is held elsewhere.
            env["VAPI_SMS_CONCURRENCY"] = "1"
            started[key] = Provider(env)
            # The first number is looked up by itself, and so all others are lists.
            calm.fault(vendor=vendor, status=403, count=None)
            refused(Stack(started[key]), number=WEBHOOK, assistant="Support")
            calm.clear_faults()
        return started[key]

    yield start

    for provider in started.values():
        provider.stop()


@pytest.mark.parametrize(
    ("vendor", "fault", "line"),
    [("twilio", fault, f"{LISTING}: {line}") for _, fault, line in TWILIO_TROUBLE]
    + [("vapi", fault, line) for _, fault, line in VAPI_TROUBLE]
    + [("twilio", *FIELDS_MISSING)],
    ids=[f"Twilio {each[0]}" for each in TWILIO_TROUBLE]
    + [f"Vapi {each[0]}" for each in VAPI_TROUBLE]
    + ["Twilio fields missing"],
)
def test_trouble_that_does_not_end_is_one_line_at_preview(
    quiet: RunningSandbox, troubled: Troubled, vendor: str, fault: Props, line: str
) -> None:
    """Whatever a vendor does instead of answering: what we asked, what came, what to do."""
    provider = troubled(vendor, fault)
    quiet.fault(vendor=vendor, count=None, **fault)

    assert refused(Stack(provider), number=WEBHOOK, assistant="Support") == line


def test_a_list_under_another_name_is_not_an_empty_account(quiet: RunningSandbox) -> None:
    """An answer that lacks its list says nothing about the numbers, least of all that they are gone."""
    quiet.fault(vendor="twilio", count=None, body={"numbers": []})

    with Provider(env_of(quiet)) as provider:
        line = refused(Stack(provider), number=WEBHOOK, assistant="Support")

    assert line == (
        f"Looking for {WEBHOOK} in account {AC}: the answer does not have Twilio's shape (request RQ...). Check "
        "TWILIO_BASE_URL (config: twilio:baseUrl): is this Twilio?"
    )
