"""Fallbacks: who answers texts where Vapi cannot be reached or answers an error, and who cannot. Pure.

Twilio asks a number's fallback URL once, where its URL cannot be retrieved, is late (15 seconds) or answers no TwiML.
"""

from __future__ import annotations

from vapi_sms.core.inert import redacted_url
from vapi_sms.core.routings.handlers import Handler, Kind, classify, classify_url, on_account
from vapi_sms.core.routings.routing import POST, Routing
from vapi_sms.core.routings.spelled import in_python
from vapi_sms.core.values import Fallback, Original

WAYS = "name a Handler that answers, or write 'keep', which leaves what is there"
_AT_VAPI = "which fails where Vapi fails"
_REASONS = {
    Kind.TWIML_APP: "which has no URL of its own, and a fallback is one",
    Kind.DEMO: "which tells customers that nobody is there",
    Kind.NOTHING: "so that texts would stay unanswered",
    Kind.VAPI: _AT_VAPI,
    Kind.NO_TEXTS: _AT_VAPI,
    Kind.EXECUTIONS: "so that nobody would answer",
}


def declared_handler(declared: Fallback | Routing, original: Original) -> Routing:
    """Give who is declared to answer where Vapi fails: the original, unless a handler is named."""
    return on_account(declared, original.account_sid) if isinstance(declared, Routing) else original.messaging


def with_fallback(url: str, handler: Routing) -> Routing:
    """Give the routing that asks a URL, and a handler where that fails."""
    if handler.application_sid:
        return Routing(url, POST, "", POST)  # what lies beneath a TwiML App is asleep
    return Routing(url, POST, handler.url, handler.method or POST)


def why_no_fallback(handler: Routing) -> str:
    """Say who cannot answer as a fallback, and why; nothing where one can."""
    who = _who(handler)
    reason = _REASONS.get(who.kind, "")
    return f"{who}, {reason}" if reason else ""


def way_out(app: Routing | None, account_sid: str) -> str:
    """Say what to write instead; of a TwiML App, what it calls (`app`), without secrets."""
    if app is None or why_no_fallback(app):
        return WAYS
    called = Routing(redacted_url(app.url), app.method)
    return f"name what the app calls, {in_python(called, account_sid)}, or write 'keep'"


def _who(handler: Routing) -> Handler:
    # A fallback that stands alone is never asked.
    return classify(handler) if handler.application_sid else classify_url(handler.url)
