"""What Twilio refuses, and what it is to be told: why, what to do, and never a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from vapi_sms.core.errors import VendorRefused
from vapi_sms.core.routings.handlers import Handler
from vapi_sms.core.routings.routing import Routing
from vapi_sms.live.twilio.client import TwilioClient

from tests.live.evidence import NUMBERS, line, the, trouble
from tests.sandbox.world import AC, WEBHOOK

if TYPE_CHECKING:
    from vapi_sms.sandbox import RunningSandbox

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
