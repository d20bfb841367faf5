"""Which URL Twilio asks about a text, and why: Messaging Service, then TwiML App, then the number's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vapi_sms.sandbox.twilio.models import Twilio
    from vapi_sms.sandbox.twilio.number import Number, Record
    from vapi_sms.sandbox.twilio.short_code import ShortCode


@dataclass(frozen=True, slots=True)
class Route:
    """Where a text goes: URL and method, its fallback, and through what."""

    url: str = ""
    method: str = "POST"
    fallback_url: str = ""
    fallback_method: str = "POST"
    through: str = ""
    service_sid: str | None = None
    has_advanced_opt_out: bool = False
    is_dropped: bool = False
    """Whether the text is thrown away: Twilio keeps no message of it, either."""


def route_of(twilio: Twilio, number: Number | ShortCode, trace: list[str]) -> Route:
    """Return the route of a text to the number; note each decision in the trace."""
    service = twilio.service_of(number)
    if service is None:
        trace.append("the number is in no Messaging Service")
        return _own(twilio, number, trace)
    sid, name = service.record["sid"], service.record["friendly_name"]
    if service.record["use_inbound_webhook_on_number"]:
        trace.append(f"Messaging Service {sid} ({name}) defers to the sender's webhook")
        return replace(
            _own(twilio, number, trace),
            service_sid=sid,
            has_advanced_opt_out=service.has_advanced_opt_out,
        )
    if not service.record["inbound_request_url"]:
        trace.append(f"Messaging Service {sid} ({name}) has no inbound URL: the text is dropped")
        return Route(service_sid=sid, is_dropped=True)
    trace.append(f"Messaging Service {sid} ({name}) answers; the number's own routing is not looked at")
    record = service.record
    return Route(
        record["inbound_request_url"],
        record["inbound_method"] or "POST",
        record["fallback_url"] or "",
        record["fallback_method"] or "POST",
        service_sid=sid,
        has_advanced_opt_out=service.has_advanced_opt_out,
    )


def _own(twilio: Twilio, number: Number | ShortCode, trace: list[str]) -> Route:
    sid = number.record.get("sms_application_sid")  # A short code has none.
    if not sid:
        trace.append("the number's own messaging URL decides")
        return _route(number.record, "")
    application = twilio.account_of(number).applications.get(sid)
    if application is None:
        trace.append(f"TwiML App {sid} is gone: nothing is called")
        return Route()
    trace.append(f"TwiML App {sid} decides; the number's own messaging URL is not looked at")
    return _route(application, f"TwiML App {sid}")


def _route(record: Record, through: str) -> Route:
    return Route(
        record["sms_url"] or "",
        record["sms_method"] or "POST",
        record["sms_fallback_url"] or "",
        record["sms_fallback_method"] or "POST",
        through,
    )
