"""A text on its way to a number, and what Twilio tells a webhook about it."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from vapi_sms.sandbox.texts.nanp import country_of

if TYPE_CHECKING:
    from vapi_sms.sandbox.texts.precedence import Route
    from vapi_sms.sandbox.twilio.number import Number
    from vapi_sms.sandbox.twilio.short_code import ShortCode

# GSM 03.38: what a part of 160 characters may hold; of the second row each takes the place of two.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_DOUBLE = frozenset("\f^{}\\[~]|€")
_GSM_PARTS, _UCS2_PARTS = (160, 153), (70, 67)
"""How much one part holds when it is the only one, and when there are more."""
_OPT_OUTS = {
    "STOP": ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"),
    "START": ("START", "UNSTOP", "YES"),
    "HELP": ("HELP", "INFO"),
}
_PICTURE = "image/jpeg"
_TYPES = mimetypes.MimeTypes()
"""Python's own table; a machine's would be another one on each machine."""


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or another file that comes with a text."""

    url: str
    content_type: str

    @classmethod
    def at(cls, url: str) -> Media:
        """Return what is at a URL, its type by the URL's ending; a picture, where that says nothing."""
        try:
            path = urlsplit(url).path
        except ValueError:
            path = ""
        return cls(url, _TYPES.guess_type(path)[0] or _PICTURE)


@dataclass(frozen=True, slots=True)
class Text:
    """A text on its way to a number."""

    sender: str
    to: str
    body: str
    media: tuple[Media, ...] = ()
    late_ms: float = 0
    """How long after now it arrives, by the sandbox's clock."""


def segments(body: str) -> int:
    """Return of how many parts a text is made: by GSM's alphabet, or by UCS-2 where that does not have it all."""
    if all(letter in _GSM or letter in _GSM_DOUBLE for letter in body):
        sizes, (single, several) = [1 + (letter in _GSM_DOUBLE) for letter in body], _GSM_PARTS
    else:
        sizes, (single, several) = [len(letter.encode("utf-16-le")) // 2 for letter in body], _UCS2_PARTS
    return 1 if sum(sizes) <= single else _parts(sizes, several)


def _parts(sizes: list[int], room: int) -> int:
    """Count parts of that much room; what takes two places is never torn apart."""
    parts, left = 1, room
    for size in sizes:
        if size > left:
            parts, left = parts + 1, room
        left -= size
    return parts


def opt_out_type(body: str) -> str | None:
    """Return what Advanced Opt-Out takes a text for: only the whole text counts, in whatever case."""
    word = body.strip().upper()
    return next((kind for kind, words in _OPT_OUTS.items() if word in words), None)


def parameters(number: Number | ShortCode, text: Text, route: Route, sid: str) -> dict[str, str]:
    """Return what Twilio sends to a webhook about a text, which is the message of this SID."""
    found = {
        "MessageSid": sid,
        "SmsSid": sid,
        "SmsMessageSid": sid,
        "AccountSid": number.record["account_sid"],
        "ApiVersion": "2010-04-01",
        "From": text.sender,
        "To": text.to,
        "Body": text.body,
        "NumMedia": str(len(text.media)),
        "NumSegments": str(segments(text.body)),
        "SmsStatus": "received",
        **_places("From", text.sender),
        **_places("To", text.to),
    }
    if route.service_sid is not None:
        found["MessagingServiceSid"] = route.service_sid
    if route.has_advanced_opt_out and (kind := opt_out_type(text.body)):
        found["OptOutType"] = kind
    for index, media in enumerate(text.media):
        found |= {f"MediaUrl{index}": media.url, f"MediaContentType{index}": media.content_type}
    return found


def _places(whose: str, number: str) -> dict[str, str]:
    # Always there at Twilio, and often empty: more than the country is not known here.
    country = country_of(number) if number.startswith("+") else ""
    known = "" if country == "ZZ" else country
    return {f"{whose}{part}": "" for part in ("City", "State", "Zip")} | {f"{whose}Country": known}
