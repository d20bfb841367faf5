"""Credentials and addresses, from the environment and from stack configuration.

A credential pair comes whole from one place: an account's token is never combined with another place's key.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from vapi_sms.core.errors import BadInput
from vapi_sms.core.inert import redacted_url
from vapi_sms.core.routings.vapi_urls import is_at_vapi
from vapi_sms.core.values import VapiEndpoints
from vapi_sms.live.calling.limiter import MOST
from vapi_sms.live.calling.network import Network, is_loopback
from vapi_sms.live.sources import Credential, Source, given_first

if TYPE_CHECKING:
    from collections.abc import Mapping

VAPI = "https://api.vapi.ai"
API, MESSAGING, CONVERSATIONS, MONITOR = TWILIO = (
    "https://api.twilio.com",
    "https://messaging.twilio.com",
    "https://conversations.twilio.com",
    "https://monitor.twilio.com",
)
ALLOW_HTTP = "VAPI_SMS_ALLOW_HTTP"
"""The environment variable by which somebody takes it upon themselves that an address is reached without TLS."""
_ACCOUNT_SID = re.compile(r"AC[0-9a-fA-F]{32}")
_HOME_REGION = "us1"


READING = 5.0  # seconds
MOST_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Settings:
    """All that the clients need to reach both vendors; secrets are not shown."""

    account_sid: str
    twilio_user: str
    twilio_secret: str = field(repr=False)
    vapi_api_key: str = field(repr=False)
    vapi_twilio_key: str
    vapi_twilio_secret: str = field(repr=False)
    twilio_base_url: str
    vapi_base_url: str
    endpoints: VapiEndpoints
    timeout: float = 30.0
    patience: float = 60.0
    settle: float = 1.0
    reading: float = READING
    """How many seconds a reading of a number is good for, for its first write."""
    without_vapi: bool = False
    """Said by a person: Vapi's side is lost for good, so numbers are put back at Twilio alone."""
    released: frozenset[str] = frozenset()
    """Said by a person: these numbers, by E.164 form or SID, were released, and are on no account any more."""
    concurrency: int = MOST
    """How many numbers may be switched at once, and so how many requests each vendor may be sent side by side."""
    network: Network = field(default_factory=Network)
    key_at_vapi: str = ""
    """The fingerprint of the key that Vapi is given, where it has one of its own; never of a person's."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown, whoever says it."""
        return (self.twilio_secret, self.vapi_api_key, self.vapi_twilio_secret)


def resolve_settings(
    env: Mapping[str, str],
    config: Mapping[str, str | None],
    *,
    explicit: bool = False,
    needs_vapi: bool = True,
) -> Settings | None:
    """Give the settings, None where no credential of either vendor is given, or raise BadInput.

    Without `needs_vapi` Vapi's key may be missing: what is asked for is at Twilio only.
    `explicit` is for a provider instance of its own, for one account and org: it knows no credentials but those in
    its own configuration, and its addresses win over the environment's.
    """
    environment, configuration = Source.environment(env), Source.configuration(config)
    sources = (configuration, environment) if explicit else (environment, configuration)
    # An account that lost its token must not end up in another one's org.
    trusted = sources[:1] if explicit else sources
    credential = Credential.first(trusted, "twilio")
    vapi_api_key = given_first(trusted, "vapi_api_key", secret=True)
    if credential is None and not vapi_api_key and not explicit:
        return None
    if credential is None:
        raise BadInput(
            "credentials",
            _OWN if explicit else f"Vapi's key is given, but nothing to reach Twilio with: {_TWILIO_WAYS}",
        )
    if not vapi_api_key and needs_vapi:
        raise BadInput(
            "credentials",
            _OWN if explicit else f"Twilio's credentials are given, but no key of Vapi's: {_VAPI_WAYS}",
        )
    account_sid = _account_sid(trusted)
    own_of_vapi = Credential.first(trusted, "vapi_twilio")
    for_vapi = own_of_vapi or credential
    allows_http = env.get(ALLOW_HTTP, "").strip() == "1"
    vapi_base_url = _base_url(sources, "vapi_base_url", allows_http=allows_http) or VAPI
    twilio_base_url = _twilio_base_url(env, sources, allows_http=allows_http)
    return Settings(
        account_sid=account_sid,
        twilio_user=credential.key or account_sid,
        twilio_secret=credential.secret,
        vapi_api_key=vapi_api_key,
        vapi_twilio_key=for_vapi.key,
        vapi_twilio_secret=for_vapi.secret,
        twilio_base_url=twilio_base_url,
        vapi_base_url=vapi_base_url,
        endpoints=VapiEndpoints.at(vapi_base_url if is_at_vapi(vapi_base_url) else VAPI),
        timeout=_seconds(sources, "timeout", default=30.0, positive=True),
        patience=_seconds(sources, "patience", default=60.0),
        settle=_seconds(sources, "settle", default=1.0),
        reading=_seconds(sources, "reading", default=READING),
        without_vapi=_switch(sources, "without_vapi"),
        released=frozenset(given_first(sources, "released").replace(",", " ").split()),
        concurrency=_concurrency(sources),
        network=Network.of(env, (*((twilio_base_url,) if twilio_base_url else TWILIO), vapi_base_url)),
        key_at_vapi=own_of_vapi.fingerprint(account_sid) if own_of_vapi else "",
    )


_TWILIO_WAYS = (
    "set TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN, or with TWILIO_API_KEY and TWILIO_API_SECRET "
    "(config: twilio:accountSid with twilio:authToken, or with twilio:apiKey and twilio:apiSecret)"
)
_VAPI_WAYS = "set VAPI_API_KEY (config: vapi:apiKey) to the private key of your Vapi org"


_OWN = (
    "the provider instance of this resource has no credentials of its own: give vapi_sms.account() "
    "twilio_auth_token (or twilio_api_key and twilio_api_secret) and vapi_api_key"
)


def _account_sid(sources: tuple[Source, ...]) -> str:
    named = {source.place: source.get("account_sid") for source in sources if source.get("account_sid")}
    for source in sources:
        if source.place in named and not _ACCOUNT_SID.fullmatch(named[source.place]):
            # The value is not shown: a token pasted into the wrong variable is a secret.
            raise BadInput(
                "credentials",
                f"{source.name('account_sid')} is not an account's SID: write AC and 32 hex digits",
            )
    if not named:
        raise BadInput("credentials", f"no Twilio account is named: {_TWILIO_WAYS}")
    if len(set(named.values())) > 1:
        raise BadInput(
            "credentials",
            f"the environment names Twilio account {named['environment']} (TWILIO_ACCOUNT_SID), "
            f"the configuration {named['config']} (twilio:accountSid): unset one of them",
        )
    return next(iter(named.values()))


def _twilio_base_url(env: Mapping[str, str], sources: tuple[Source, Source], *, allows_http: bool) -> str:
    base_url = _base_url(sources, "twilio_base_url", allows_http=allows_http)
    region = env.get("TWILIO_REGION", "").strip()
    # A number has other webhooks in each region. Ignoring the variable would change those of another one.
    if not base_url and region not in ("", _HOME_REGION):
        raise BadInput(
            "credentials",
            f"TWILIO_REGION is {region!r}, and Vapi is reached by numbers in {_HOME_REGION} only: unset it",
        )
    return base_url


def _base_url(sources: tuple[Source, Source], name: str, *, allows_http: bool = True) -> str:
    for source in sources:
        text = source.get(name)
        if text:
            base_url = _parse_base_url(text, source.name(name))
            if not allows_http:
                _refuse_in_clear(base_url, source.name(name))
            return base_url
    return ""


def _refuse_in_clear(base_url: str, name: str) -> None:
    """Refuse an address to which credentials would travel for everybody on the way to read."""
    if base_url.lower().startswith("http://") and not is_loopback(urlsplit(base_url).hostname or ""):
        raise BadInput(
            "credentials",
            f"{name} is {redacted_url(base_url)!r}, where credentials would travel unencrypted: write https://, or set "
            f"{ALLOW_HTTP}=1 if that is a sandbox on another machine",
        )


def _parse_base_url(text: str, name: str) -> str:
    try:
        parts = urlsplit(text)
        good = (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and (parts.port is None or parts.port > 0)
        )
    except ValueError:
        good = False
    if not good or parts.query or parts.fragment or "@" in parts.netloc:
        # What is no address at all may be a key in the wrong place.
        shown = repr(redacted_url(text)) if "://" in text else "not an address"
        raise BadInput(
            "credentials",
            f"{name} is {shown}: write http:// or https://, a host, and no password or query",
        )
    return text.rstrip("/")


def _seconds(sources: tuple[Source, Source], name: str, *, default: float, positive: bool = False) -> float:
    for source in sources:
        text = source.get(name)
        if not text:
            continue
        try:
            seconds = float(text)
        except ValueError:
            seconds = math.nan
        if not math.isfinite(seconds) or seconds < 0 or (positive and seconds == 0):
            raise BadInput("credentials", f"{source.name(name)} is {text!r}: write a number of seconds")
        return seconds
    return default


def _switch(sources: tuple[Source, Source], name: str) -> bool:
    for source in sources:
        text = source.get(name).lower()
        if text and text not in _ON_AND_OFF:
            raise BadInput("credentials", f"{source.name(name)} is {text!r}: write 1, or unset it")
        if text:
            return _ON_AND_OFF[text]
    return False


_ON_AND_OFF = {"1": True, "true": True, "0": False, "false": False}


def _concurrency(sources: tuple[Source, Source]) -> int:
    for source in sources:
        text = source.get("concurrency")
        if not text:
            continue
        if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= MOST_AT_ONCE):
            raise BadInput(
                "credentials",
                f"{source.name('concurrency')} is {text!r}: write a whole number from 1 to {MOST_AT_ONCE}",
            )
        return int(text)
    return MOST
