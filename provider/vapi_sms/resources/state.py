"""What the engine's state holds for us, and back: records, restore_to, and the sentinel for a record still missing.

Every record carries a schema number, so that later versions can load earlier ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

from vapi_sms.core.capture import LeaveAtVapi
from vapi_sms.core.errors import BadInput
from vapi_sms.core.handlers import Kind, classify, classify_url, host_of
from vapi_sms.core.routing import GET, POST, Routing, VoiceRouting
from vapi_sms.core.values import Original, Source, VapiSettings
from vapi_sms.resources.words import LEAVE_AT_VAPI, to_camel

SCHEMA = 1
R = TypeVar("R", bound=Routing)

Props = dict[str, Any]


def dump_routing(routing: Routing) -> dict[str, str]:
    """Give a routing as the engine keeps it: what is empty, and a method that is POST, goes without saying."""
    return {
        to_camel(name): value for name, value in routing.to_dict().items() if value != _UNSAID.get(name, "")
    }


_UNSAID = dict.fromkeys(("method", "fallback_method", "status_callback_method"), POST)


def dump_original(original: Original) -> Props:
    """Give a record as the engine keeps it, with its schema."""
    record: Props = {
        "schema": SCHEMA,
        "sid": original.sid,
        "number": original.number,
        "accountSid": original.account_sid,
        "orgId": original.org_id,
        "messaging": dump_routing(original.messaging),
        "voice": dump_routing(original.voice),
        "source": str(original.source),
    }
    if original.vapi is not None:
        record |= {"vapiId": original.vapi_id, "vapi": dump_settings(original.vapi)}
    if original.found is not None:
        record["found"] = dump_routing(original.found)
    return record


def dump_settings(settings: VapiSettings) -> Props:
    """Give Vapi's settings as the engine keeps them."""
    return {to_camel(field.name): getattr(settings, field.name) for field in fields(settings)}


def load_original(record: Mapping[str, Any]) -> Original:
    """Read a record that `dump_original` wrote; raises BadInput where it is of a newer version of this package."""
    if int(record.get("schema", 0)) > SCHEMA:
        raise BadInput(
            str(record.get("number")),
            "the recorded original was written by a newer vapi-sms: install that version",
        )
    vapi = record.get("vapi")
    return Original(
        sid=record["sid"],
        number=record["number"],
        account_sid=record["accountSid"],
        org_id=record.get("orgId", ""),
        messaging=_load(Routing, record["messaging"]),
        voice=_load(VoiceRouting, record["voice"]),
        vapi_id=record.get("vapiId", ""),
        vapi=None if vapi is None else _load_settings(vapi),
        source=Source(record.get("source", Source.CAPTURED)),
        found=None if record.get("found") is None else _load(Routing, record["found"]),
    )


def load_originals(held: object) -> dict[str, Original]:
    """Read all records by PN SID; a placeholder, an unknown or nothing holds none."""
    if not isinstance(held, Mapping):
        return {}
    return {sid: load_original(record) for sid, record in held.items()}


def load_restore_to(subject: str, value: object) -> Routing | LeaveAtVapi | dict[str, Original] | None:
    """Read what a program wrote as `restore_to`; raises BadInput that shows no value, since URLs carry secrets."""
    if value is None:
        return None
    if value == LEAVE_AT_VAPI:
        return LeaveAtVapi()
    if not isinstance(value, Mapping) or not value:
        raise BadInput(subject, f"restore_to is malformed: {_WAYS}")
    if not all(isinstance(entry, Mapping) and "messaging" in entry for entry in value.values()):
        return _declared_routing(subject, value)
    try:
        return load_originals(value)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise BadInput(subject, f"restore_to is malformed: {_WAYS}") from None


_WAYS = (
    "write a Routing, such as Handler.webhook(url), or LEAVE_AT_VAPI, or another resource's `original` output"
)
_ROUTING_KEYS = {to_camel(field.name): field.name for field in fields(Routing)}
_SIDS_AT = {
    "handler.twilio.com": "TwiML Bin: write EH",
    "webhooks.twilio.com": "Studio Flow or Proxy service: write FW or KS",
}
_APPLICATION_SID = re.compile(r"AP[0-9a-fA-F]{32}")


def _declared_routing(subject: str, value: Mapping[str, Any]) -> Routing:
    unknown = sorted(key for key in value if key not in _ROUTING_KEYS)
    if unknown:
        raise BadInput(subject, f"restore_to has no field {unknown[0]!r}: {_WAYS}")
    given = {_ROUTING_KEYS[key]: entry for key, entry in value.items()}
    if not all(isinstance(entry, str) for entry in given.values()):
        raise BadInput(subject, f"restore_to is malformed, its fields are texts: {_WAYS}")
    routing = Routing(**given)
    mistake = _mistake_in(routing)
    if mistake:
        raise BadInput(subject, mistake)
    return routing


def _mistake_in(routing: Routing) -> str:
    """Say what would keep Twilio from taking a routing back, or us from recording it; nothing where all is well."""
    for name, url in (("url", routing.url), ("fallback_url", routing.fallback_url)):
        if mistake := _mistake_in_url(name, url):
            return f"restore_to is malformed: {mistake}"
    if routing.application_sid and not _APPLICATION_SID.fullmatch(routing.application_sid):
        return "restore_to is malformed: its application_sid is not a TwiML App's SID: write AP and 32 hex digits"
    if routing.fallback_url and not routing.url and not routing.application_sid:
        return "restore_to is malformed: Twilio takes no fallback_url without a url"
    if any(method not in ("", GET, POST) for method in (routing.method, routing.fallback_method)):
        return "restore_to is malformed: its methods are GET or POST"
    if classify(routing).kind is Kind.VAPI:
        return (
            "restore_to is Vapi's own URL, which says nothing about who answered before: write "
            "restore_to=LEAVE_AT_VAPI to leave texts there"
        )
    return ""


def _mistake_in_url(name: str, url: str) -> str:
    if url and not (url.lower().startswith(("http://", "https://")) and host_of(url)):
        return f"its {name} is not an absolute http(s) URL"
    sid = _SIDS_AT.get(host_of(url))
    if sid and classify_url(url).kind is Kind.WEBHOOK:
        return f"its {name} at {host_of(url)} names no {sid} and 32 hex digits"
    return ""


def _load(kind: type[R], values: Mapping[str, Any]) -> R:
    return kind(
        **{
            field.name: values.get(to_camel(field.name), _UNSAID.get(field.name, ""))
            for field in fields(kind)
        }
    )


def _load_settings(values: Mapping[str, Any]) -> VapiSettings:
    return VapiSettings(
        assistant_id=values.get("assistantId", ""),
        squad_id=values.get("squadId", ""),
        workflow_id=values.get("workflowId", ""),
        sms_enabled=bool(values.get("smsEnabled", True)),
        name=values.get("name", ""),
    )
