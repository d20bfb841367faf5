"""Our client for Twilio when things go wrong: one line that says what, why and what to do, and never a secret."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from vapi_sms.core.errors import (
    AnswerLost,
    BadCredentials,
    UnexpectedResponse,
    VendorRefused,
    VendorTrouble,
    VendorUnavailable,
)
from vapi_sms.core.routings.handlers import Handler
from vapi_sms.core.routings.routing import Routing
from vapi_sms.live.calling.calls import Patience
from vapi_sms.live.settings import MESSAGING
from vapi_sms.live.twilio.client import TwilioClient

from tests.live.evidence import line, the, trouble
from tests.sandbox.world import AC, KEY, KEY_SECRET, SUB, WEBHOOK

if TYPE_CHECKING:
    from vapi_sms.live.settings import Settings
    from vapi_sms.sandbox import RunningSandbox

    from tests.live.conftest import Hourglass

NUMBERS = f"/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers*"


def test_wrong_credentials_name_the_variables(sandbox: RunningSandbox, settings: Settings) -> None:
    """A 401 says which variables to check, on single readings and on lists."""
    client = TwilioClient(replace(settings, twilio_secret="wrong-canary"))  # noqa: S106 - a canary

    for act in (lambda: client.fetch_number("PN" + "0" * 32), client.list_numbers, client.list_services):
        error = trouble(act)
        assert isinstance(error, BadCredentials)
        assert error.code == "20003"
    assert line(error) == (
        f"Listing the Messaging Services of account {AC}: Authenticate (Twilio 20003, request RQ...). Check "
        "TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN, or with TWILIO_API_KEY and TWILIO_API_SECRET (config: "
        "twilio:accountSid, twilio:authToken, twilio:apiKey, twilio:apiSecret): a wrong or revoked key, another "
        "account's, another region's, and an account that is suspended or closed all look like this."
    )
    assert len(sandbox.journal()) == 3
    client.close()


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (20003, "and an account that is suspended or closed all look like this."),
        (
            20005,
            (
                "Account not active (Twilio 20005, request RQ...). The Twilio account, or its parent, is suspended or "
                "closed: see Twilio's Console, then run the same command again."
            ),
        ),
    ],
)
def test_an_account_that_is_suspended_is_named(
    sandbox: RunningSandbox, twilio: TwilioClient, code: int, told: str
) -> None:
    """Twilio answers in one of two ways; one of them is that of wrong credentials, too."""
    sandbox.behaviour(inactive_account=code)
    sandbox.outside_account(AC, status="suspended")

    error = trouble(twilio.list_services)

    assert isinstance(error, BadCredentials)
    assert line(error).endswith(told)


def test_a_key_without_rights_says_what_it_needs(sandbox: RunningSandbox, twilio: TwilioClient) -> None:
    """A 403 names the rights."""
    sandbox.fault(vendor="twilio", status=403, path=NUMBERS)

    error = trouble(twilio.list_numbers)

    assert isinstance(error, BadCredentials)
    assert error.advice == (
        "The key may not do this: it needs to read and update phone numbers, and to read TwiML Apps and Messaging "
        "Services."
    )


def test_a_parents_key_does_not_pass_for_the_subaccounts(settings: Settings) -> None:
    """Services have no account in their path: a parent's key would show the parent's, and ours would look free."""
    client = TwilioClient(replace(settings, account_sid=SUB, twilio_user=KEY, twilio_secret=KEY_SECRET))

    assert line(trouble(client.list_services)) == (
        f"Listing the Messaging Services of account {SUB}: the key belongs to account {AC}, and shows that "
        f"account's services only. Use a key or token of account {SUB} itself."
    )
    client.close()


REFUSED = [
    (
        Handler.webhook("nonsense?token=url-canary"),
        "21402",
        (
            "SmsUrl is not valid (Twilio 21402, request RQ...). Twilio takes absolute, public http or https addresses "
            "only: correct the URL."
        ),
    ),
    (
        Routing("https://example.com", "PUT"),
        "21403",
        "SmsMethod is not valid (Twilio 21403, request RQ...). A method is GET or POST.",
    ),
    (
        Routing("", "POST", "https://example.com/b"),
        "21406",
        (
            "SmsFallbackUrl was given without SmsUrl (Twilio 21406, request RQ...). Give a URL together with its "
            "fallback URL."
        ),
    ),
    (
        Handler.twiml_app("AP" + "0" * 32),
        "21420",
        (
            f"Application Sid is not accessible: AP{'0' * 32} (Twilio 21420, request RQ...). The TwiML App was deleted "
            "or belongs to another account: declare `restore_to` with the routing that you want back."
        ),
    ),
]


@pytest.mark.parametrize(("routing", "code", "text"), REFUSED)
def test_a_refused_write_says_why(twilio: TwilioClient, routing: Routing, code: str, text: str) -> None:
    """Twilio's own words, its code and request id, and what to do."""
    number = the(twilio.find_number(WEBHOOK))

    error = trouble(lambda: twilio.update_routing(number, messaging=routing))

    assert isinstance(error, VendorRefused)
    assert error.code == code
    assert line(error) == f"Writing the messaging routing of {WEBHOOK}: {text}"


def test_urls_in_twilios_words_are_redacted(sandbox: RunningSandbox, twilio: TwilioClient) -> None:
    """What Twilio quotes of a URL is shown without password and query values, and no secret of ours either."""
    said = (
        "SmsUrl https://me:url-canary@example.com/a?token=url-canary is not valid,\n for twilio-canary-1 too."
    )
    number = the(twilio.find_number(WEBHOOK))
    sandbox.fault(method="POST", path=NUMBERS, status=400, body={"code": 21402, "message": said})

    error = trouble(lambda: twilio.prove_write(number))

    assert error.why == "SmsUrl https://***@example.com/a?token=*** is not valid, for *** too"


def test_an_unknown_code_is_looked_up_at_twilio(sandbox: RunningSandbox, twilio: TwilioClient) -> None:
    """A code without advice of ours names Twilio's page."""
    sandbox.fault(path=NUMBERS, status=400, body={"code": 29999, "message": "No."})

    assert line(trouble(twilio.list_numbers)) == (
        f"Listing the numbers of account {AC}: No (Twilio 29999, request RQ...). Twilio explains it at "
        "www.twilio.com/docs/errors/29999."
    )


def test_another_servers_404_is_not_taken_for_gone(sandbox: RunningSandbox, twilio: TwilioClient) -> None:
    """A page that is no answer of Twilio's does not mean that the number was released."""
    sandbox.fault(path=NUMBERS, status=404, body="<html>Not found</html>")

    error = trouble(lambda: twilio.fetch_number("PN" + "0" * 32))

    assert line(error) == (
        f"Reading number PN{'0' * 32}: no reason is given (Twilio HTTP 404, request RQ...). Check TWILIO_BASE_URL "
        "(config: twilio:baseUrl): Twilio itself gives a code."
    )


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
def test_trouble_without_end_is_told(  # noqa: PLR0913, PLR0917 - a table's columns and two fixtures
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


SHAPES: list[tuple[object, str]] = [
    ("<html>hello</html>", "the answer is not a JSON object"),
    ([], "the answer is not a JSON object"),
    ({}, "the answer does not have Twilio's shape"),
    ({"message": "hello"}, "the answer does not have Twilio's shape"),
    ({"incoming_phone_numbers": [None]}, "the answer does not have Twilio's shape"),
    (
        {"incoming_phone_numbers": [{"sms_url": "canary", "capabilities": {"voice": True}}]},
        "the answer lacks what Twilio promises: sid, account_sid, phone_number",
    ),
    (
        {
            "incoming_phone_numbers": [
                {"sid": "PN", "account_sid": "AC", "phone_number": "+1", "capabilities": None, "sms_url": 7}
            ]
        },
        "the answer lacks what Twilio promises: sms_url",
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
