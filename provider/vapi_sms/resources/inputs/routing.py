"""Routings as programs write them, such as `restore_to`: read from the engine's map, every mistake named.

No text shows a value, since URLs carry secrets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from vapi_sms.core.errors import BadInput
from vapi_sms.core.routings.fallbacks import WAYS as NO_FALLBACK
from vapi_sms.core.routings.fallbacks import why_no_fallback
from vapi_sms.core.routings.handlers import Kind, classify, classify_url, is_vapis
from vapi_sms.core.routings.routing import GET, POST, Routing
from vapi_sms.core.routings.vapi_urls import answers_calls, host_of
from vapi_sms.core.values import Fallback
from vapi_sms.resources.inputs.words import to_camel


@dataclass(frozen=True, slots=True)
class Asked:
    """The input that a routing is written as: its name, what may be written there, and why not Vapi's own URL."""

    name: str
    ways: str
    not_vapi: str


RESTORE_TO = Asked(
    "restore_to",
    "write a Routing, such as Handler.webhook(url), or LEAVE_AT_VAPI, or another resource's `original` output",
    "which says nothing about who answered before: write restore_to=LEAVE_AT_VAPI to leave texts there",
)
RESTORE_CALLS_TO = Asked(
    "restore_calls_to",
    "write a Routing, such as Handler.webhook(url) or Handler.twiml_app(sid)",
    "which says nothing about who answered calls before: write voice='vapi' to let Vapi answer them",
)
FALLBACK = Asked(
    "fallback",
    "write 'keep', 'original', or a Routing, such as Handler.studio_flow(sid)",
    "which fails where Vapi fails: name somebody else",
)
HANDLER = Asked(
    "handler",
    "write a Routing, such as Handler.studio_flow(sid) or Handler.webhook(url)",
    "which answers nobody without a number that Vapi knows: declare a VapiSmsNumber with an assistant instead",
)

_KEYS = {to_camel(field.name): field.name for field in fields(Routing)}
_SIDS_AT = {
    "handler.twilio.com": "TwiML Bin: write EH",
    "webhooks.twilio.com": "Studio Flow or Proxy service: write FW or KS",
}
_APPLICATION_SID = re.compile(r"AP[0-9a-fA-F]{32}")


def parse_routing(subject: str, asked: Asked, value: object) -> Routing:
    """Give the routing that is written; raises BadInput where Twilio would not take it, or where it is Vapi's."""
    if not isinstance(value, Mapping) or not value:
        raise BadInput(subject, f"{asked.name} is malformed: {asked.ways}")
    unknown = sorted(key for key in value if key not in _KEYS)
    if unknown:
        raise BadInput(subject, f"{asked.name} has no field {unknown[0]!r}: {asked.ways}")
    given: dict[str, Any] = {_KEYS[key]: entry for key, entry in value.items()}
    if not all(isinstance(entry, str) for entry in given.values()):
        raise BadInput(subject, f"{asked.name} is malformed, its fields are texts: {asked.ways}")
    routing = Routing(**given)
    if mistake := _mistake_in(routing):
        raise BadInput(subject, f"{asked.name} is malformed: {mistake}")
    if is_vapis(routing):
        if classify(routing).kind is Kind.VAPI or answers_calls(routing.url):
            raise BadInput(subject, f"{asked.name} is Vapi's own URL, {asked.not_vapi}")
        raise BadInput(
            subject,
            f"{asked.name} is an address at Vapi that is not known to answer texts, {asked.not_vapi}",
        )
    return routing


def parse_fallback(subject: str, value: object) -> Fallback | Routing:
    """Give who is declared to answer where Vapi fails; raises BadInput where nobody could.

    What a TwiML App calls is known to Twilio alone: that one is judged by whoever can ask.
    """
    if value is None or (isinstance(value, str) and value in (*Fallback,)):
        return Fallback(value or Fallback.KEEP)
    if isinstance(value, str):
        raise BadInput(subject, f"fallback is malformed: {FALLBACK.ways}")
    handler = parse_routing(subject, FALLBACK, value)
    if handler.fallback_url:
        raise BadInput(
            subject, "fallback has a fallback of its own, which Twilio would not ask: leave it out"
        )
    reason = why_no_fallback(handler)
    if reason and not handler.application_sid:
        raise BadInput(subject, f"fallback is {reason}: {NO_FALLBACK}")
    return handler


def _mistake_in(routing: Routing) -> str:
    """Say what would keep Twilio from taking a routing; nothing where all is well."""
    for name, url in (("url", routing.url), ("fallback_url", routing.fallback_url)):
        if mistake := _mistake_in_url(name, url):
            return mistake
    if routing.application_sid and not _APPLICATION_SID.fullmatch(routing.application_sid):
        return "its application_sid is not a TwiML App's SID: write AP and 32 hex digits"
    if routing.fallback_url and not routing.url and not routing.application_sid:
        return "Twilio takes no fallback_url without a url"
    if any(method not in ("", GET, POST) for method in (routing.method, routing.fallback_method)):
        return "its methods are GET or POST"
    return ""


def _mistake_in_url(name: str, url: str) -> str:
    if url and not (url.lower().startswith(("http://", "https://")) and host_of(url)):
        return f"its {name} is not an absolute http(s) URL"
    kind, sid = classify_url(url).kind, _SIDS_AT.get(host_of(url))
    if kind is Kind.EXECUTIONS:
        return (
            f"its {name} is a Studio Executions URL, which does not work as a webhook: write the Flow's own, as "
            "Handler.studio_flow does"
        )
    if sid and kind is Kind.WEBHOOK:
        return f"its {name} at {host_of(url)} names no {sid} and 32 hex digits"
    return ""
