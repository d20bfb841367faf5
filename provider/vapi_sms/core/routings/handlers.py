"""Handlers: what a routing points at, classified from its SIDs and its URL's host, and told in one line.

Hosts and paths are those of the Console's routing kinds. A description never shows a query value or a password.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol

from vapi_sms.core.inert import redacted_url
from vapi_sms.core.routings.routing import POST, Routing, VoiceRouting
from vapi_sms.core.routings.vapi_urls import (
    answers_calls,
    answers_texts,
    host_of,
    is_at_vapi,
    is_below,
    path_of,
)

# Stands for the number's own account, SID included, until the number is known. No URL can hold braces.
ACCOUNT = "{account_sid}"


class Later(Protocol):
    """A text that is known later, such as a Pulumi Output; all that is asked of it is to be built upon."""

    def apply(self, func: Callable[[Any], str], /) -> Any:  # noqa: ANN401 such a text again
        """Give the text that is made of this one."""


class Kind(StrEnum):
    """The kinds of handlers, in the Console's words."""

    WEBHOOK = "Webhook"
    TWIML_BIN = "TwiML Bin"
    STUDIO_FLOW = "Studio Flow"
    FUNCTION = "Function"
    PROXY = "Proxy service"
    TWIML_APP = "TwiML App"
    TRUNK = "SIP trunk"
    DEMO = "Twilio's demo reply"
    VAPI = "Vapi"
    NO_TEXTS = "address at Vapi that is not known to answer texts"
    NO_CALLS = "address at Vapi that is not known to answer calls"
    EXECUTIONS = "Studio Executions URL, which does not work as a webhook"
    NOTHING = "nobody"


@dataclass(frozen=True, slots=True)
class Handler:
    """What answers a channel: its kind, and the SID or URL that it is known by.

    The constructors give the routing that the Console would write; a SID or URL may be known later (an Output).
    """

    kind: Kind
    address: str = ""
    _told: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Put it into words once: of each number it is told again and again."""
        object.__setattr__(self, "_told", self._in_words())

    def __str__(self) -> str:
        return self._told

    def _in_words(self) -> str:
        if self.kind in (Kind.DEMO, Kind.VAPI, Kind.NOTHING):
            return str(self.kind)
        if self.kind in UNANSWERED:
            return f"{_ARTICLES[self.kind]} {self.kind} ({redacted_url(self.address)})"
        return f"{self.kind} {redacted_url(self.address)}"

    @property
    def is_replaceable(self) -> bool:
        """Nobody loses anything when it is overwritten: nothing there, Twilio's demo, or where Vapi answers."""
        return self.kind in (Kind.NOTHING, Kind.DEMO, Kind.VAPI)

    @staticmethod
    def webhook(
        url: str | Later, method: str = POST, fallback: str | Later | Routing = "", fallback_method: str = ""
    ) -> Routing:
        """Give the routing of your own server.

        :param url: Its address: an absolute http(s) URL, kept byte for byte.
        :param method: How the URL is called: "POST", or "GET".
        :param fallback: Who answers where the URL fails, by default nobody: a URL, or a handler's routing.
        :param fallback_method: How the fallback is called, by default as its routing says, else "POST".
        """
        return _calling(url, method, fallback, fallback_method)

    @staticmethod
    def twiml_bin(
        sid: str | Later, method: str = POST, fallback: str | Later | Routing = "", fallback_method: str = ""
    ) -> Routing:
        """Give the routing of a TwiML Bin.

        :param sid: Its SID, EH and 32 hex digits.
        :param method: How the URL is called: "POST", or "GET".
        :param fallback: Who answers where the URL fails, by default nobody: a URL, or a handler's routing.
        :param fallback_method: How the fallback is called, by default as its routing says, else "POST".
        """
        return _calling(_built("https://handler.twilio.com/twiml/", sid), method, fallback, fallback_method)

    @staticmethod
    def studio_flow(
        sid: str | Later,
        method: str = POST,
        fallback: str | Later | Routing = "",
        fallback_method: str = "",
        *,
        account_sid: str = ACCOUNT,
    ) -> Routing:
        """Give the routing of a Studio Flow.

        :param sid: Its SID, FW and 32 hex digits.
        :param method: How the URL is called: "POST", or "GET".
        :param fallback: Who answers where the URL fails, by default nobody: a URL, or a handler's routing.
        :param fallback_method: How the fallback is called, by default as its routing says, else "POST".
        :param account_sid: Whose it is (AC...), by default the number's own account's.
        """
        url = _built(f"https://webhooks.twilio.com/v1/Accounts/{account_sid}/Flows/", sid)
        return _calling(url, method, fallback, fallback_method)

    @staticmethod
    def function(
        url: str | Later, method: str = POST, fallback: str | Later | Routing = "", fallback_method: str = ""
    ) -> Routing:
        """Give the routing of a Twilio Function.

        :param url: Its address, such as https://orders-1234.twil.io/reply.
        :param method: How the URL is called: "POST", or "GET".
        :param fallback: Who answers where the URL fails, by default nobody: a URL, or a handler's routing.
        :param fallback_method: How the fallback is called, by default as its routing says, else "POST".
        """
        return _calling(url, method, fallback, fallback_method)

    @staticmethod
    def proxy(
        sid: str | Later,
        method: str = POST,
        fallback: str | Later | Routing = "",
        fallback_method: str = "",
        *,
        account_sid: str = ACCOUNT,
    ) -> Routing:
        """Give the routing of a Proxy service.

        :param sid: Its SID, KS and 32 hex digits.
        :param method: How the URL is called: "POST", or "GET".
        :param fallback: Who answers where the URL fails, by default nobody: a URL, or a handler's routing.
        :param fallback_method: How the fallback is called, by default as its routing says, else "POST".
        :param account_sid: Whose it is (AC...), by default the number's own account's.
        """
        url = _built(
            f"https://webhooks.twilio.com/v1/Accounts/{account_sid}/Proxy/", sid, "/Webhooks/Message"
        )
        return _calling(url, method, fallback, fallback_method)

    @staticmethod
    def twiml_app(sid: str | Later) -> Routing:
        """Give the routing of a TwiML App.

        :param sid: Its SID, AP and 32 hex digits.
        """
        return Routing("", POST, "", POST, _built("", sid))

    @staticmethod
    def demo() -> Routing:
        """Give the routing of Twilio's demo reply, which newly bought numbers have."""
        return Routing("https://demo.twilio.com/welcome/sms/reply", POST, "", POST)

    @staticmethod
    def none() -> Routing:
        """Give the routing that calls nobody."""
        return Routing("", POST, "", POST)


def _calling(url: str | Later, method: str, fallback: str | Later | Routing, fallback_method: str) -> Routing:
    if isinstance(fallback, Routing):
        return Routing(_built("", url), method, fallback.url, fallback_method or fallback.method or POST)
    return Routing(_built("", url), method, _built("", fallback), fallback_method or POST)


def _built(before: str, text: str | Later, after: str = "") -> Any:  # noqa: ANN401 a field's text, or one known later
    """Build a field around a text; of what is known later, it is known later too."""
    if isinstance(text, str):
        return f"{before}{text}{after}"
    return text.apply(lambda known: f"{before}{known}{after}") if before or after else text


def on_account(routing: Routing, account_sid: str) -> Routing:
    """Fill in the account of a handler that was declared without one."""
    if ACCOUNT not in f"{routing.url}{routing.fallback_url}":
        return routing
    return replace(
        routing,
        url=routing.url.replace(ACCOUNT, account_sid),
        fallback_url=routing.fallback_url.replace(ACCOUNT, account_sid),
    )


def classify(routing: Routing) -> Handler:
    """Tell what a routing points at, by Twilio's precedence: trunk, TwiML App, URL, then fallback."""
    if isinstance(routing, VoiceRouting) and routing.trunk_sid:
        return Handler(Kind.TRUNK, routing.trunk_sid)
    if routing.application_sid:
        return Handler(Kind.TWIML_APP, routing.application_sid)
    return classify_url(routing.url or routing.fallback_url, calls=isinstance(routing, VoiceRouting))


def is_vapis(routing: Routing) -> bool:
    """Tell whether a channel ends at Vapi's hosts, whether Vapi is known to answer there or not."""
    return classify(routing).kind in (Kind.VAPI, Kind.NO_TEXTS, Kind.NO_CALLS)


@functools.lru_cache(
    maxsize=1 << 15
)  # the few of one number are asked for again and again, in check after check
def classify_url(url: str, *, calls: bool = False) -> Handler:
    """Tell what a webhook URL belongs to that is asked for texts, or for calls."""
    if not url:
        return Handler(Kind.NOTHING)
    if is_at_vapi(url):
        answers = answers_calls(url) if calls else answers_texts(url)
        unknown = Kind.NO_CALLS if calls else Kind.NO_TEXTS
        return Handler(Kind.VAPI if answers else unknown, url)
    host = host_of(url)
    if is_below(host, "twilio.com") and _EXECUTIONS.search(path_of(url)):
        return Handler(Kind.EXECUTIONS, url)
    for belongs, kind, sid in _HOSTS:
        if belongs(host):
            found = re.search(sid, url)
            if found or not sid:
                return Handler(kind, found[0] if found and sid else url)
    return Handler(Kind.WEBHOOK, url)


def _is(host: str) -> Callable[[str], bool]:
    return lambda candidate: candidate == host


# What starts a Flow by REST, with credentials: https://studio.twilio.com/v2/Flows/FW.../Executions.
_EXECUTIONS = re.compile(r"/Flows/FW[0-9a-fA-F]{32}/Executions/?$")

UNANSWERED = (Kind.NO_TEXTS, Kind.NO_CALLS, Kind.EXECUTIONS)
"""What is not known to answer, although it looks as if it were meant to."""
_ARTICLES = {Kind.NO_TEXTS: "an", Kind.NO_CALLS: "an", Kind.EXECUTIONS: "a"}

_HOSTS: tuple[tuple[Callable[[str], bool], Kind, str], ...] = (
    (_is("demo.twilio.com"), Kind.DEMO, ""),
    (_is("handler.twilio.com"), Kind.TWIML_BIN, r"EH[0-9a-fA-F]{32}"),
    (_is("webhooks.twilio.com"), Kind.STUDIO_FLOW, r"FW[0-9a-fA-F]{32}"),
    (_is("webhooks.twilio.com"), Kind.PROXY, r"KS[0-9a-fA-F]{32}"),
    (lambda host: is_below(host, "twil.io"), Kind.FUNCTION, ""),
)
