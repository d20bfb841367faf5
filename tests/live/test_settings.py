"""Where credentials come from, and which combinations are refused."""

from __future__ import annotations

import hashlib
import re

import pytest
from vapi_sms.core.errors import BadInput
from vapi_sms.live.settings import Settings, resolve_settings

AC, OTHER = "AC" + "a" * 32, "AC" + "b" * 32
SK = "SK" + "c" * 32
TOKEN = {"TWILIO_ACCOUNT_SID": AC, "TWILIO_AUTH_TOKEN": "token-canary", "VAPI_API_KEY": "vapi-canary"}
KEY = {
    "TWILIO_ACCOUNT_SID": AC,
    "TWILIO_API_KEY": SK,
    "TWILIO_API_SECRET": "secret-canary",
    "VAPI_API_KEY": "vapi-canary",
}
CONFIG = {"twilio:accountSid": AC, "twilio:authToken": "config-canary", "vapi:apiKey": "vapi-config-canary"}


def resolved(env: dict[str, str], config: dict[str, str | None] | None = None) -> Settings:
    """Return settings that must be there."""
    found = resolve_settings(env, config or {})
    assert found is not None
    return found


def test_a_token_makes_the_account_the_user() -> None:
    """With a token, Twilio's user is the account, and Vapi is given the token without a key."""
    settings = resolved(TOKEN)

    assert (settings.account_sid, settings.twilio_user, settings.twilio_secret) == (AC, AC, "token-canary")
    assert (settings.vapi_twilio_key, settings.vapi_twilio_secret) == ("", "token-canary")


def test_an_api_key_is_the_user() -> None:
    """With an API key, Twilio's user is the key, and Vapi is given the pair."""
    settings = resolved(KEY)

    assert (settings.account_sid, settings.twilio_user, settings.twilio_secret) == (AC, SK, "secret-canary")
    assert (settings.vapi_twilio_key, settings.vapi_twilio_secret) == (SK, "secret-canary")


def test_vapi_can_be_given_a_key_of_its_own() -> None:
    """VAPI_TWILIO_API_KEY and its secret are what Vapi gets, and nothing that we use."""
    own = {"VAPI_TWILIO_API_KEY": "SK" + "d" * 32, "VAPI_TWILIO_API_SECRET": "own-canary"}
    settings = resolved({**TOKEN, **own})

    assert (settings.vapi_twilio_key, settings.vapi_twilio_secret) == ("SK" + "d" * 32, "own-canary")
    assert settings.twilio_secret == "token-canary"


OWN = {"VAPI_TWILIO_API_KEY": "SK" + "d" * 32, "VAPI_TWILIO_API_SECRET": "own-canary"}


def test_only_a_key_of_vapis_own_has_a_fingerprint() -> None:
    """A person's token or key goes to Vapi too, but nothing is remembered of it."""
    assert resolved(TOKEN).key_at_vapi == ""
    assert resolved(KEY).key_at_vapi == ""
    assert re.fullmatch(r"fingerprint [0-9a-f]{16}", resolved({**TOKEN, **OWN}).key_at_vapi)


def test_a_fingerprint_tells_keys_apart_and_shows_nothing_of_them() -> None:
    """It is another one for each key, secret and account, and no plain digest that a list could be made of."""
    account = {"TWILIO_ACCOUNT_SID": OTHER}
    changes = ({"VAPI_TWILIO_API_KEY": SK}, {"VAPI_TWILIO_API_SECRET": "other-canary"}, account)
    found = [resolved({**TOKEN, **OWN, **change}).key_at_vapi for change in ({}, *changes)]
    plain = hashlib.sha256(" ".join(OWN.values()).encode()).hexdigest()

    assert len(set(found)) == 4
    assert found[0] == resolved({**KEY, **OWN}).key_at_vapi
    assert found[0].removeprefix("fingerprint ") not in plain
    assert all(part not in "".join(found) for part in ("canary", SK))


def test_no_credentials_at_all_are_no_settings() -> None:
    """A preview without keys degrades: an account's SID, addresses and blanks are no credentials."""
    assert (
        resolve_settings({"TWILIO_ACCOUNT_SID": AC, "VAPI_BASE_URL": "nonsense", "VAPI_API_KEY": " "}, {})
        is None
    )
    assert resolve_settings({}, {"twilio:authToken": None}) is None


def test_vapis_key_may_be_missing_where_nothing_is_asked_of_vapi() -> None:
    """A program of routes needs Twilio only; what Twilio needs is still refused without."""
    without = {name: value for name, value in TOKEN.items() if name != "VAPI_API_KEY"}

    settings = resolve_settings(without, {}, needs_vapi=False)

    assert settings is not None
    assert (settings.account_sid, settings.twilio_secret, settings.vapi_api_key) == (AC, "token-canary", "")
    with pytest.raises(BadInput, match="no key of Vapi's"):
        resolve_settings(without, {})
    with pytest.raises(BadInput, match="nothing to reach Twilio with"):
        resolve_settings({"VAPI_API_KEY": "vapi-canary"}, {}, needs_vapi=False)


def test_a_credential_comes_whole_from_one_place() -> None:
    """The environment's key wins over the configuration's token, and the two are not mixed."""
    settings = resolved(KEY, dict(CONFIG))

    assert (settings.twilio_user, settings.twilio_secret) == (SK, "secret-canary")
    assert settings.vapi_api_key == "vapi-canary"


def test_configuration_fills_what_the_environment_lacks() -> None:
    """Groups that the environment does not give come from the configuration."""
    settings = resolved({"TWILIO_ACCOUNT_SID": AC}, dict(CONFIG))

    assert (settings.twilio_user, settings.twilio_secret) == (AC, "config-canary")
    assert settings.vapi_api_key == "vapi-config-canary"


THERE = {"twilio:accountSid": OTHER, "twilio:authToken": "other-canary", "vapi:apiKey": "other-vapi"}


def test_an_explicit_provider_uses_its_own_credentials_only() -> None:
    """A provider for a second account takes nothing of the first one's, not even what Vapi is given."""
    for_vapi = {"VAPI_TWILIO_API_KEY": SK, "VAPI_TWILIO_API_SECRET": "env-canary"}

    settings = resolve_settings({**TOKEN, **for_vapi}, dict(THERE), explicit=True)

    assert settings is not None
    assert (settings.account_sid, settings.twilio_user, settings.vapi_api_key) == (OTHER, OTHER, "other-vapi")
    assert (settings.twilio_secret, settings.vapi_twilio_secret) == ("other-canary", "other-canary")
    assert settings.vapi_twilio_key == ""


def test_an_explicit_provider_takes_addresses_from_both_places() -> None:
    """Its own address wins, what it does not say comes from the environment."""
    env = {**TOKEN, "TWILIO_BASE_URL": "http://127.0.0.1:1", "VAPI_BASE_URL": "http://127.0.0.1:1"}

    settings = resolve_settings(env, {**THERE, "vapi:baseUrl": "http://127.0.0.1:2"}, explicit=True)

    assert settings is not None
    assert settings.twilio_base_url == "http://127.0.0.1:1"
    assert settings.vapi_base_url == "http://127.0.0.1:2"


@pytest.mark.parametrize(
    "missing", [("twilio:authToken",), ("vapi:apiKey",), ("twilio:authToken", "vapi:apiKey")]
)
def test_an_explicit_provider_does_not_borrow_credentials(missing: tuple[str, ...]) -> None:
    """Where its own are missing, those of the environment would reach another account or org: refused."""
    config: dict[str, str | None] = {key: value for key, value in THERE.items() if key not in missing}

    with pytest.raises(BadInput, match="has no credentials of its own: give"):
        resolve_settings(TOKEN, config, explicit=True)


def test_secrets_do_not_show() -> None:
    """No secret is in the settings' repr."""
    assert "canary" not in repr(resolved(TOKEN))
    assert "canary" not in repr(resolved(KEY))


@pytest.mark.parametrize(
    ("vapi_base", "sms"),
    [
        ("", "https://api.vapi.ai/twilio/sms"),
        ("https://api.eu.vapi.ai/", "https://api.eu.vapi.ai/twilio/sms"),
        ("http://127.0.0.1:8080", "https://api.vapi.ai/twilio/sms"),
    ],
)
def test_vapis_urls_follow_its_region(vapi_base: str, sms: str) -> None:
    """Where Vapi wrote none, they are those of the API's host if that is Vapi's, else the usual ones."""
    settings = resolved({**TOKEN, "VAPI_BASE_URL": vapi_base})

    assert settings.endpoints.sms == sms


def test_times_can_be_set() -> None:
    """Patience and settling are numbers of seconds."""
    settings = resolved({**TOKEN, "VAPI_SMS_PATIENCE_SECONDS": "0"}, {"vapi-sms:settleSeconds": "0.5"})

    assert (settings.timeout, settings.patience, settings.settle) == (30.0, 0.0, 0.5)


@pytest.mark.parametrize(("env", "config", "at_once"), [("", "", 32), ("", "64", 64), ("1", "64", 1)])
def test_how_many_numbers_are_switched_at_once_can_be_set(env: str, config: str, at_once: int) -> None:
    """32 at most, unless the environment, or else the configuration, says otherwise."""
    settings = resolved({**TOKEN, "VAPI_SMS_CONCURRENCY": env}, {"vapi-sms:concurrency": config})

    assert settings.concurrency == at_once


REFUSED: list[tuple[dict[str, str], dict[str, str | None], str]] = [
    (
        {**TOKEN, "TWILIO_API_KEY": SK},
        {},
        "TWILIO_AUTH_TOKEN and TWILIO_API_KEY or its secret are both given: unset one",
    ),
    (
        {"VAPI_API_KEY": "vapi-canary"},
        {**CONFIG, "twilio:apiSecret": "canary"},
        "twilio:authToken and twilio:apiKey or its secret are both given: unset one",
    ),
    (
        {"TWILIO_API_KEY": SK},
        {},
        "TWILIO_API_KEY is given without TWILIO_API_SECRET: an API key needs both",
    ),
    (
        {"TWILIO_API_SECRET": "canary"},
        {},
        "TWILIO_API_SECRET is given without TWILIO_API_KEY: an API key needs both",
    ),
    (
        {**TOKEN, "VAPI_TWILIO_API_KEY": SK},
        {},
        "VAPI_TWILIO_API_KEY is given without VAPI_TWILIO_API_SECRET: an API key needs both",
    ),
    (
        {**KEY, "TWILIO_API_KEY": "secret-canary"},
        {},
        "TWILIO_API_KEY is not an API key's SID: write SK and 32 hex digits",
    ),
    (
        {**TOKEN, "TWILIO_ACCOUNT_SID": "token-canary"},
        {},
        "TWILIO_ACCOUNT_SID is not an account's SID: write AC and 32 hex digits",
    ),
    (
        {"TWILIO_AUTH_TOKEN": "canary", "VAPI_API_KEY": "canary"},
        {},
        (
            "no Twilio account is named: set TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN, or with TWILIO_API_KEY and "
            "TWILIO_API_SECRET (config: twilio:accountSid with twilio:authToken, or with twilio:apiKey and "
            "twilio:apiSecret)"
        ),
    ),
    (
        {"VAPI_API_KEY": "canary"},
        {},
        (
            "Vapi's key is given, but nothing to reach Twilio with: set TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN, or "
            "with TWILIO_API_KEY and TWILIO_API_SECRET (config: twilio:accountSid with twilio:authToken, or with "
            "twilio:apiKey and twilio:apiSecret)"
        ),
    ),
    (
        {"TWILIO_ACCOUNT_SID": AC, "TWILIO_AUTH_TOKEN": "canary"},
        {},
        (
            "Twilio's credentials are given, but no key of Vapi's: set VAPI_API_KEY (config: vapi:apiKey) to the "
            "private key of your Vapi org"
        ),
    ),
    (
        TOKEN,
        {"twilio:accountSid": OTHER},
        (
            f"the environment names Twilio account {AC} (TWILIO_ACCOUNT_SID), the configuration {OTHER} "
            "(twilio:accountSid): unset one of them"
        ),
    ),
    (
        {**TOKEN, "TWILIO_BASE_URL": "ftp://example.com"},
        {},
        "TWILIO_BASE_URL is 'ftp://example.com': write http:// or https://, a host, and no password or query",
    ),
    (
        {**TOKEN, "VAPI_BASE_URL": "http://[::1"},
        {},
        "VAPI_BASE_URL is 'http://[::1': write http:// or https://, a host, and no password or query",
    ),
    (
        TOKEN,
        {"vapi:baseUrl": "https://me:canary@example.com?k=canary"},
        (
            "vapi:baseUrl is 'https://***@example.com?k=***': write http:// or https://, a host, and no password or "
            "query"
        ),
    ),
    (
        {**TOKEN, "VAPI_SMS_PATIENCE_SECONDS": "soon"},
        {},
        "VAPI_SMS_PATIENCE_SECONDS is 'soon': write a number of seconds",
    ),
    (
        {**TOKEN, "VAPI_SMS_TIMEOUT_SECONDS": "0"},
        {},
        "VAPI_SMS_TIMEOUT_SECONDS is '0': write a number of seconds",
    ),
    (
        {**TOKEN, "VAPI_SMS_SETTLE_SECONDS": "nan"},
        {},
        "VAPI_SMS_SETTLE_SECONDS is 'nan': write a number of seconds",
    ),
    *(
        (
            {**TOKEN, "VAPI_SMS_CONCURRENCY": text},
            {},
            f"VAPI_SMS_CONCURRENCY is {text!r}: write a whole number from 1 to 64",
        )
        for text in ("0", "65", "2.5", "all", "٣")
    ),
    (
        {**TOKEN, "VAPI_API_KEY": "vapi\ncanary"},
        {},
        "VAPI_API_KEY holds blanks, line breaks or letters that no key has: copy it again",
    ),
    (
        {**TOKEN, "TWILIO_REGION": "ie1"},
        {},
        "TWILIO_REGION is 'ie1', and Vapi is reached by numbers in us1 only: unset it",
    ),
]


@pytest.mark.parametrize(("env", "config", "text"), REFUSED)
def test_what_cannot_be_meant_is_refused(
    env: dict[str, str], config: dict[str, str | None], text: str
) -> None:
    """Each refusal is one line that names variables and keys, and never a secret's value."""
    with pytest.raises(BadInput) as caught:
        resolve_settings(env, config)

    assert str(caught.value) == text
    assert "canary" not in text
