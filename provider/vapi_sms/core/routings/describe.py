"""The words that previews, drift, errors and reviews use: one line each, without a secret."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from vapi_sms.core.inert import Line, line, redacted_url
from vapi_sms.core.routings.handlers import Kind, classify, classify_url
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.values import Observed, Original, Regulatory, Source, VapiSettings


def handler_line(routing: Routing) -> str:
    """Say who answers by a routing, with its fallback where it has one of its own."""
    handler = classify(routing)
    asleep = routing.application_sid or not routing.url
    if asleep or not routing.fallback_url:
        return str(handler)
    return f"{handler} (fallback {classify_url(routing.fallback_url)})"


def fallback_said(routing: Routing) -> str:
    """Say who answers where a routing's URL fails, as it stands behind who answers; nothing where nobody does."""
    return handler_line(routing).removeprefix(str(classify(routing)))


def without_declared_fallback(answered_by: str) -> str:
    """Leave a declared fallback out of the line that says who answers, and instead of whom."""
    *before, last = answered_by.rsplit(_INSTEAD, 1)
    who = before[0] if before else last
    alone = who.rpartition(_FALLBACK)[0] or who
    return f"{alone}{_INSTEAD}{last}" if before else alone


_INSTEAD, _FALLBACK = ", instead of ", " (fallback "
NO_ASSISTANT = "Vapi, with no assistant"
NOT_KNOWN_THERE = "Vapi, where this org does not know the number"
OFF_THERE = ", with texts switched off there"
NOT_ON_ACCOUNT = "nobody: the number is not on this Twilio account"


def attachment_line(settings: VapiSettings, names: Mapping[str, str]) -> str:
    """Say which assistant or squad Vapi answers with, by its name where it is known."""
    if settings.assistant_id:
        return f"Vapi assistant {names.get(settings.assistant_id, settings.assistant_id)}"
    if settings.squad_id:
        return f"Vapi squad {names.get(settings.squad_id, settings.squad_id)}"
    if settings.workflow_id:
        return f"Vapi workflow {settings.workflow_id}"
    return NO_ASSISTANT


def who_answers_at_twilio(observed: Observed) -> str:
    """Say who answers texts to a number, by Twilio's precedence; of Vapi, no more than that it does."""
    if observed.twilio is None:
        return NOT_ON_ACCOUNT
    if observed.hidden_by is not None:
        service = observed.hidden_by
        if service.unread:
            return f"unknown: {service.unread}"
        target = f"by {redacted_url(service.inbound_url)}" if service.inbound_url else "by nobody"
        return f"Messaging Service {service.name} ({service.sid}), {target}"
    return handler_line(observed.twilio.messaging)


def who_answers_texts(observed: Observed, names: Mapping[str, str]) -> str:
    """Say who answers texts to a number, by Twilio's precedence and Vapi's own record."""
    twilio = observed.twilio
    if twilio is None or observed.hidden_by is not None or classify(twilio.messaging).kind is not Kind.VAPI:
        return who_answers_at_twilio(observed)
    if observed.vapi is None:
        return NOT_KNOWN_THERE
    if not observed.vapi.settings.sms_enabled:
        return f"{attachment_line(observed.vapi.settings, names)}{OFF_THERE}"
    return attachment_line(observed.vapi.settings, names)


def routing_found(original: Original) -> Routing:
    """Give who answered texts when a number was first declared, whatever `restore_to` puts back instead."""
    return original.messaging if original.found is None else original.found


def who_answered(original: Original, names: Mapping[str, str]) -> str:
    """Say who answered texts when a number was first declared, whatever comes back on destroy."""
    handler = classify(routing_found(original))
    if handler.kind is Kind.VAPI and original.vapi is not None:
        return attachment_line(original.vapi, names)
    return str(handler)


@lru_cache(maxsize=1 << 15)  # the record's summary is its number's, too
def original_line(original: Original) -> Line:
    """Say what a record puts back: who answers texts and, but for a route's, calls and whether it stays in Vapi."""
    if original.source is Source.LEAVE:
        texts = "texts stay at Vapi"
    else:
        declared = " (declared by restore_to)" if original.source is Source.DECLARED else ""
        texts = f"texts: {handler_line(original.messaging)}{declared}"
    if original.texts_only:
        return line(texts)
    calls = f"calls: {handler_line(original.voice)}"
    if original.found_voice is not None:
        calls += " (declared by restore_calls_to)"
    vapi = f"in Vapi as {original.vapi_id} before" if original.vapi_id else "not in Vapi"
    return line(f"{texts}; {calls}; {vapi}")


def routing_changes(before: Routing, after: Routing) -> list[str]:
    """Name each field that differs, as `url is X, not Y`: X is there, Y is meant."""
    found, meant = before.effective(), after.effective()
    return [
        f"{name} is {_shown(found[name])}, not {_shown(meant[name])}"
        for name in meant
        if found[name] != meant[name]
    ]


def regulatory_changes(before: Regulatory, after: Regulatory) -> list[str]:
    """Name each declared SID that differs, as `address_sid is X, not Y`; what is not declared is as it is."""
    declared = after.given()
    found = before.given() if declared else {}
    return [
        f"{name} is {found.get(name, 'empty')}, not {sid}"
        for name, sid in declared.items()
        if found.get(name) != sid
    ]


def settings_changes(before: VapiSettings, after: VapiSettings) -> list[str]:
    """Name each of Vapi's settings that differs, as `assistant is X, not Y`."""
    pairs = (
        ("assistant", before.assistant_id, after.assistant_id),
        ("squad", before.squad_id, after.squad_id),
        ("workflow", before.workflow_id, after.workflow_id),
        ("smsEnabled", str(before.sms_enabled).lower(), str(after.sms_enabled).lower()),
        ("name", before.name, after.name),
    )
    return [
        f"{what} is {_shown(found)}, not {_shown(meant)}" for what, found, meant in pairs if found != meant
    ]


def _shown(value: str) -> str:
    return redacted_url(value) if value else "empty"
