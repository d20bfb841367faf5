"""Routings: all that Twilio holds on a number for one channel, kept and compared whole.

Unset is the empty string: Twilio shows null, "" and missing for the same thing and offers no way back to null. Every
other value is kept byte for byte, connection overrides in a URL's fragment included.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Self

GET = "GET"
POST = "POST"


@dataclass(frozen=True, slots=True)
class Routing:
    """Who is called for one channel: a URL with its fallback, or a TwiML App, which wins over both.

    Source: Twilio's IncomingPhoneNumber, the five `sms_*` fields. What is left out is empty.

    :param url: Who is called: an absolute http(s) URL, kept byte for byte.
    :param method: How, "POST" or "GET"; empty acts as "POST".
    :param fallback_url: Who is called where that fails.
    :param fallback_method: How, likewise.
    :param application_sid: The TwiML App that answers instead, AP and 32 hex digits.
    """

    url: str = ""
    method: str = ""
    fallback_url: str = ""
    fallback_method: str = ""
    application_sid: str = ""

    def same_as(self, other: Self) -> bool:
        """Equal for every purpose: a method that Twilio holds as null acts as POST, its default."""
        return self == other or self.effective() == other.effective()

    def effective(self) -> dict[str, str]:
        """Every field, with methods as Twilio applies them."""
        return {name: getattr(self, name) or unset for name, unset in _WHEN_UNSET[type(self)]}

    def to_dict(self) -> dict[str, str]:
        """Every field, as found."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class VoiceRouting(Routing):
    """Who is called for calls: a SIP trunk wins over a TwiML App, which wins over the URL.

    Trunk and TwiML App exclude each other at Twilio: setting one deletes the other.
    """

    status_callback: str = ""
    status_callback_method: str = ""
    trunk_sid: str = ""


_WHEN_UNSET = {
    kind: tuple((each.name, POST if each.name.endswith("method") else "") for each in fields(kind))
    for kind in (Routing, VoiceRouting)
}
"""Each field, with what Twilio acts by where it is unset: looked up, since every comparison asks for it."""
