"""Which kind of thing answers at a URL, by its host, and what people call it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from vapi_sms.sandbox.behaviour import Behaviour

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_BUILT_IN = (
    ("twiml_bin", "TwiML Bin", re.compile(r"https?://handler\.twilio\.com/twiml/(EH\w+)")),
    (
        "studio_flow",
        "Studio Flow",
        re.compile(r"https?://webhooks\.twilio\.com/v1/Accounts/\w+/Flows/(FW\w+)"),
    ),
    ("proxy", "Proxy", re.compile(r"https?://webhooks\.twilio\.com/v1/Accounts/\w+/Proxy/(KS\w+)")),
    ("function", "Function", re.compile(r"https?://([\w-]+\.twil\.io/[^?#]*)")),
)
_DEMO = re.compile(r"https?://demo\.twilio\.com(/|$)")


@dataclass(frozen=True, slots=True)
class Handler:
    """What is behind a URL: a slug of its kind, a name for people, and whether it is called over HTTP."""

    kind: str
    name: str
    is_called: bool = False


def handler_of(url: str, behaviour: Behaviour) -> Handler:
    """Tell what is behind a URL; a query stays out of its name, since it may hold tokens."""
    plain = re.split(r"[?#]", url)[0]
    if plain == behaviour.sms_url:
        return Handler("vapi", "Vapi")
    for kind, label, pattern in _BUILT_IN:
        if found := pattern.match(plain):
            return Handler(kind, f"{label} {found.group(1)}")
    if _DEMO.match(plain):
        return Handler("demo", "Twilio's demo")
    return Handler("webhook", f"Webhook {_without_user(plain)}", is_called=is_loopback(url))


def is_loopback(url: str) -> bool:
    """Tell whether a URL stays on this machine; nothing else is ever called."""
    return urlsplit(url).hostname in LOOPBACK


def _without_user(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
