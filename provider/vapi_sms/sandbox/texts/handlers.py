"""Which kind of thing answers at a URL, by its host, and what people call it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

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
_EXECUTIONS = re.compile(r"https?://studio\.twilio\.com/v\d/Flows/FW\w+/Executions")
_VAPI = re.compile(r"(.+\.)?vapi\.ai")
_VAPI_TEXTS = "/twilio/sms"


@dataclass(frozen=True, slots=True)
class Handler:
    """What is behind a URL: a slug of its kind, a name for people, whether it is called, or why it cannot answer."""

    kind: str
    name: str
    is_called: bool = False
    dead: tuple[int, str] | None = None
    """Twilio's code for what comes of it, and why."""


def handler_of(url: str, behaviour: Behaviour) -> Handler:
    """Tell what is behind a URL; a query stays out of its name, since it may hold tokens."""
    plain = re.split(r"[?#]", url)[0]
    parts = _parts(plain)
    if parts is None or not parts.hostname:
        return Handler("webhook", "Webhook (no URL)", dead=(11321, "no such URL is possible"))
    if plain == behaviour.sms_url or _VAPI.fullmatch(parts.hostname):
        return _at_vapi(plain, parts, behaviour)
    if _EXECUTIONS.match(plain):
        # A way to start a Flow by REST: who texts has no credentials for it.
        return Handler("studio_executions", "Studio's REST API", dead=(11200, "Studio answers HTTP 401"))
    for kind, label, pattern in _BUILT_IN:
        if found := pattern.match(plain):
            return Handler(kind, f"{label} {found.group(1)}")
    if _DEMO.match(plain):
        return Handler("demo", "Twilio's demo")
    return Handler("webhook", f"Webhook {_without_user(parts)}", is_called=is_loopback(url))


def _at_vapi(plain: str, parts: SplitResult, behaviour: Behaviour) -> Handler:
    if behaviour.webhook_fails:
        return Handler("vapi", "Vapi", dead=(11200, "Vapi answers HTTP 503"))
    # Vapi's region hosts are taken to answer, too; nothing is known of any other path.
    if plain == behaviour.sms_url or parts.path == _VAPI_TEXTS:
        return Handler("vapi", "Vapi")
    return Handler("vapi", "Vapi", dead=(11200, f"Vapi takes no texts at {parts.path or '/'}: HTTP 404"))


def is_loopback(url: str) -> bool:
    """Tell whether a URL stays on this machine; nothing else is ever called."""
    parts = _parts(url)
    return parts is not None and parts.hostname in LOOPBACK


def _parts(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _without_user(parts: SplitResult) -> str:
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
