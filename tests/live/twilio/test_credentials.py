"""Credentials that Twilio does not take, or takes for another account: one line that names what to check."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from vapi_sms.core.errors import BadCredentials
from vapi_sms.live.twilio.client import TwilioClient

from tests.live.evidence import NUMBERS, line, trouble
from tests.sandbox.world import AC, KEY, KEY_SECRET, SUB

if TYPE_CHECKING:
    from vapi_sms.live.settings import Settings
    from vapi_sms.sandbox import RunningSandbox


def test_wrong_credentials_name_the_variables(sandbox: RunningSandbox, settings: Settings) -> None:
    """A 401 says which variables to check, on single readings and on lists."""
    client = TwilioClient(replace(settings, twilio_secret="wrong-canary"))

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
