"""Credentials that are missing or do not fit: one line that names the variable, never its value."""

from __future__ import annotations

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import env_of
from tests.resources.evidence import asked
from tests.resources.one_line import (
    E164,
    ELSEWHERE,
    WAYS,
    failed,
    refused,
)
from tests.resources.provider import Provider
from tests.resources.stack import Stack
from tests.sandbox.world import (
    AC,
    KEY,
    KEY_SECRET,
    SUB,
    TOKEN,
    WEBHOOK,
)

TWILIO_WAYS = (
    "set TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN, or with TWILIO_API_KEY and TWILIO_API_SECRET (config: "
    "twilio:accountSid with twilio:authToken, or with twilio:apiKey and twilio:apiSecret)"
)


LOGIN_REFUSED = (
    "Authenticate (Twilio 20003, request RQ...). Check TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN, or with "
    "TWILIO_API_KEY and TWILIO_API_SECRET (config: twilio:accountSid, twilio:authToken, twilio:apiKey, "
    "twilio:apiSecret): a wrong or revoked key, another account's, another region's, and an account that is suspended "
    "or closed all look like this."
)


CREDENTIALS: list[tuple[str, dict[str, str | None], str]] = [
    (
        "nothing for Twilio",
        {"TWILIO_AUTH_TOKEN": None},
        f"Vapi's key is given, but nothing to reach Twilio with: {TWILIO_WAYS}",
    ),
    (
        "nothing for Vapi",
        {"VAPI_API_KEY": None},
        (
            "Twilio's credentials are given, but no key of Vapi's: set VAPI_API_KEY (config: vapi:apiKey) to the "
            "private key of your Vapi org"
        ),
    ),
    ("no account", {"TWILIO_ACCOUNT_SID": None}, f"no Twilio account is named: {TWILIO_WAYS}"),
    (
        "token as account",
        {"TWILIO_ACCOUNT_SID": TOKEN},
        "TWILIO_ACCOUNT_SID is not an account's SID: write AC and 32 hex digits",
    ),
    (
        "key and token",
        {"TWILIO_API_KEY": KEY, "TWILIO_API_SECRET": KEY_SECRET},
        "TWILIO_AUTH_TOKEN and TWILIO_API_KEY or its secret are both given: unset one",
    ),
    (
        "half a key",
        {"TWILIO_AUTH_TOKEN": None, "TWILIO_API_KEY": KEY},
        "TWILIO_API_KEY is given without TWILIO_API_SECRET: an API key needs both",
    ),
    (
        "the other half",
        {"TWILIO_AUTH_TOKEN": None, "TWILIO_API_SECRET": KEY_SECRET},
        "TWILIO_API_SECRET is given without TWILIO_API_KEY: an API key needs both",
    ),
    (
        "key and secret swapped",
        {"TWILIO_AUTH_TOKEN": None, "TWILIO_API_KEY": KEY_SECRET, "TWILIO_API_SECRET": KEY},
        "TWILIO_API_KEY is not an API key's SID: write SK and 32 hex digits",
    ),
    (
        "half a key for Vapi",
        {"VAPI_TWILIO_API_KEY": KEY},
        "VAPI_TWILIO_API_KEY is given without VAPI_TWILIO_API_SECRET: an API key needs both",
    ),
    (
        "wrong token",
        {"TWILIO_AUTH_TOKEN": "wrong-canary"},
        f"Looking for {WEBHOOK} in account {AC}: {LOGIN_REFUSED}",
    ),
    (
        "token of the parent",
        {"TWILIO_ACCOUNT_SID": SUB},
        f"Looking for {WEBHOOK} in account {SUB}: {LOGIN_REFUSED}",
    ),
    (
        "wrong key at Vapi",
        {"VAPI_API_KEY": "wrong-canary"},
        (
            "Listing the phone numbers of the Vapi org: Invalid Key. Hot tip, you may be using the private key instead "
            "of the public key, or vice versa (Vapi HTTP 401). Check VAPI_API_KEY (config: vapi:apiKey): "
            "Vapi wants the "
            "org's private key, not the public one, and a key of the EU works with "
            "VAPI_BASE_URL=https://api.eu.vapi.ai only."
        ),
    ),
    (
        "another region",
        {"TWILIO_REGION": "ie1", "TWILIO_BASE_URL": None},
        "TWILIO_REGION is 'ie1', and Vapi is reached by numbers in us1 only: unset it",
    ),
    (
        "no address",
        {"TWILIO_BASE_URL": "twilio.example"},
        "TWILIO_BASE_URL is not an address: write http:// or https://, a host, and no password or query",
    ),
    (
        "nobody at Twilio's address",
        {"TWILIO_BASE_URL": "http://127.0.0.1:9"},
        (
            f"Looking for {WEBHOOK} in account {AC}: no connection to 127.0.0.1:9. Check the network and "
            "TWILIO_BASE_URL (config: twilio:baseUrl), then run the same command again."
        ),
    ),
    (
        "nobody at Vapi's address",
        {"VAPI_BASE_URL": "http://127.0.0.1:9"},
        (
            "Listing the phone numbers of the Vapi org: no connection to 127.0.0.1:9 ([Errno 111] Connection refused). "
            "Check the network and VAPI_BASE_URL (config: vapi:baseUrl), then run the same command again."
        ),
    ),
]


@pytest.mark.parametrize(
    ("changes", "line"), [each[1:] for each in CREDENTIALS], ids=[each[0] for each in CREDENTIALS]
)
def test_credentials_that_do_not_fit_are_one_line_at_preview(
    quiet: RunningSandbox, changes: dict[str, str | None], line: str
) -> None:
    """The line names the variable and its key in the configuration, and never a value that may be a secret."""
    usual = {**env_of(quiet), "VAPI_SMS_PATIENCE_SECONDS": "0"}
    env = {name: value for name, value in {**usual, **changes}.items() if value is not None}

    with Provider(env) as provider:
        assert refused(Stack(provider), number=WEBHOOK, assistant="Support") == line


def test_without_credentials_preview_shows_inputs_and_says_so_once(quiet: RunningSandbox) -> None:
    """Someone who holds no keys can preview; `up` fails in one line and asks nobody."""
    since = len(asked(quiet))
    env = {name: value for name, value in env_of(quiet).items() if name.endswith("URL")}
    with Provider(env) as provider:
        stack = Stack(provider)

        planned = stack.preview(number=WEBHOOK, assistant="Support")
        line = failed(stack, number=WEBHOOK, assistant="Support")

        assert planned == {"originals": "create", "number": "create"}
        assert provider.stderr() == [
            (
                "vapi-sms: not looked: no Twilio and Vapi credentials here, so this shows inputs only: who "
                "answers texts now, drift and refusals are not known until a preview with credentials."
            )
        ]
    assert line == (
        f"no credentials for {WEBHOOK}: set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN (or TWILIO_API_KEY and "
        "TWILIO_API_SECRET) and VAPI_API_KEY, or the stack's twilio:accountSid, twilio:authToken and vapi:apiKey"
    )
    assert len(asked(quiet)) == since


def test_a_check_that_an_up_acts_on_refuses_without_credentials(quiet: RunningSandbox) -> None:
    """Nothing would differ from the state, and the `up` would end well although nobody looked."""
    env = {name: value for name, value in env_of(quiet).items() if name.endswith("URL")}
    with Provider(env) as provider:
        stack = Stack(provider)
        props = stack.sibling_props(number=WEBHOOK, assistant="Support")

        shown = provider.originals.check({}, props)
        acted_on = provider.originals.check({}, {**props, "isUp": True})

    assert (shown.failures, "isUp" in shown.inputs) == ((), False)
    assert [failure.reason.partition(":")[0] for failure in acted_on.failures] == [
        f"no credentials for {WEBHOOK}"
    ]


def test_without_credentials_mistakes_are_still_told(quiet: RunningSandbox) -> None:
    """What needs no vendor to judge is judged."""
    env = {name: value for name, value in env_of(quiet).items() if name.endswith("URL")}
    with Provider(env) as provider:
        line = refused(Stack(provider), number="4155550100", assistant="Support")
        restored = refused(Stack(provider), number=WEBHOOK, assistant="Support", restore_to=5)

    assert line == f"'4155550100' {E164}: write \"+14155550100\""
    assert restored == f"restore_to is malformed: {WAYS}"


def test_without_credentials_an_unknown_area_code_is_a_warning(quiet: RunningSandbox) -> None:
    """Our table of area codes ages, so it does not refuse a number; with credentials Twilio decides."""
    env = {name: value for name, value in env_of(quiet).items() if name.endswith("URL")}
    with Provider(env) as provider:
        planned = Stack(provider).preview(number="+15555550100", assistant="Support")
        told = provider.stderr()[-1]
    with Provider(env_of(quiet)) as provider:
        line = refused(Stack(provider), number="+15555550100", assistant="Support")
        warned = provider.stderr()

    assert planned == {"originals": "create", "number": "create"}
    assert told == (
        "vapi-sms: +15555550100: area code 555 is not among those known here, which a new one may not be: whether the "
        "number exists, Twilio says at the next preview with credentials."
    )
    assert line == f"+15555550100 {ELSEWHERE}"
    assert warned == []
