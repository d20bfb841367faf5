"""The two places that settings come from, and what their fields are called there."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from vapi_sms.core.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# What it is, as an environment variable, as a configuration key.
_NAMES = {
    "account_sid": ("TWILIO_ACCOUNT_SID", "twilio:accountSid"),
    "twilio_token": ("TWILIO_AUTH_TOKEN", "twilio:authToken"),
    "twilio_key": ("TWILIO_API_KEY", "twilio:apiKey"),
    "twilio_secret": ("TWILIO_API_SECRET", "twilio:apiSecret"),
    "twilio_base_url": ("TWILIO_BASE_URL", "twilio:baseUrl"),
    "vapi_api_key": ("VAPI_API_KEY", "vapi:apiKey"),
    "vapi_base_url": ("VAPI_BASE_URL", "vapi:baseUrl"),
    "vapi_twilio_key": ("VAPI_TWILIO_API_KEY", "vapi:twilioApiKey"),
    "vapi_twilio_secret": ("VAPI_TWILIO_API_SECRET", "vapi:twilioApiSecret"),
    "timeout": ("VAPI_SMS_TIMEOUT_SECONDS", "vapi-sms:timeoutSeconds"),
    "patience": ("VAPI_SMS_PATIENCE_SECONDS", "vapi-sms:patienceSeconds"),
    "settle": ("VAPI_SMS_SETTLE_SECONDS", "vapi-sms:settleSeconds"),
    "reading": ("VAPI_SMS_READING_SECONDS", "vapi-sms:readingSeconds"),
    "without_vapi": ("VAPI_SMS_WITHOUT_VAPI", "vapi-sms:withoutVapi"),
    "released": ("VAPI_SMS_RELEASED", "vapi-sms:released"),
    "concurrency": ("VAPI_SMS_CONCURRENCY", "vapi-sms:concurrency"),
}
CONFIG_KEYS = tuple(key for _, key in _NAMES.values())
"""Every configuration key that is read."""

_KEY_SID = re.compile(r"SK[0-9a-fA-F]{32}")


@dataclass(frozen=True, slots=True)
class Source:
    """One place that settings come from; nothing, null and blanks are one value, the empty string."""

    place: str
    column: int
    values: Mapping[str, str | None] = field(repr=False)

    @classmethod
    def environment(cls, values: Mapping[str, str]) -> Self:
        """Read environment variables."""
        return cls("environment", 0, values)

    @classmethod
    def configuration(cls, values: Mapping[str, str | None]) -> Self:
        """Read a stack's or a provider instance's configuration."""
        return cls("config", 1, values)

    def name(self, name: str) -> str:
        """Tell what the user calls a field here."""
        return _NAMES[name][self.column]

    def get(self, name: str) -> str:
        """Give a field's value."""
        return (self.values.get(self.name(name)) or "").strip()

    def secret(self, name: str) -> str:
        """Give a field's value, which travels in a header: no key has anything but visible ASCII."""
        value = self.get(name)
        if not value.isascii() or not value.isprintable() or " " in value:
            raise BadInput(
                "credentials",
                f"{self.name(name)} holds blanks, line breaks or letters that no key has: copy it again",
            )
        return value


@dataclass(frozen=True, slots=True)
class Credential:
    """A way into Twilio: an API key (SK...) and its secret, or, with an empty key, an account's token."""

    place: str
    key: str
    secret: str = field(repr=False)

    @classmethod
    def first(cls, sources: Iterable[Source], group: str) -> Self | None:
        """Give the credential of the first place that holds any part of one."""
        return next(filter(None, (cls._in(source, group) for source in sources)), None)

    def fingerprint(self, account_sid: str) -> str:
        """Give what tells this credential from another one of the account, and nothing of its value.

        It stands in clear in states and previews. A secret that Twilio makes is 32 random letters and digits: nobody
        tries them all, and of the digest 64 bits are kept, which many secrets share. The account is its salt.
        """
        text = f"{self.key} {self.secret}".encode()
        return f"fingerprint {hmac.new(account_sid.encode(), text, hashlib.sha256).hexdigest()[:16]}"

    @classmethod
    def _in(cls, source: Source, group: str) -> Self | None:
        key, secret = f"{group}_key", f"{group}_secret"
        token = f"{group}_token" if f"{group}_token" in _NAMES else ""
        if token and source.get(token):
            if source.get(key) or source.get(secret):
                raise BadInput(
                    "credentials",
                    f"{source.name(token)} and {source.name(key)} or its secret are both given: unset one",
                )
            return cls(source.place, "", source.secret(token))
        if not source.get(key) and not source.get(secret):
            return None
        return cls._pair(source, key, secret)

    @classmethod
    def _pair(cls, source: Source, key: str, secret: str) -> Self:
        for given, missing in ((key, secret), (secret, key)):
            if not source.get(missing):
                raise BadInput(
                    "credentials",
                    f"{source.name(given)} is given without {source.name(missing)}: an API key needs both",
                )
        if not _KEY_SID.fullmatch(source.get(key)):
            # Not shown: key and secret may have been swapped.
            raise BadInput(
                "credentials", f"{source.name(key)} is not an API key's SID: write SK and 32 hex digits"
            )
        return cls(source.place, source.get(key), source.secret(secret))


def given_first(sources: Iterable[Source], name: str, *, secret: bool = False) -> str:
    """Give a field of the first place that holds it, or nothing."""
    return next(filter(None, (source.secret(name) if secret else source.get(name) for source in sources)), "")
