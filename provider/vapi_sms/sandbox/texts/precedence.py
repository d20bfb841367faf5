"""Which URL Twilio asks about a text, and why: Messaging Service, then TwiML App, then the number's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from vapi_sms.sandbox.twilio.models import Twilio
    from vapi_sms.sandbox.twilio.number import Number, Record
    from vapi_sms.sandbox.twilio.short_code import ShortCode


State: TypeAlias = Literal["passes", "skipped", "broken"]
_NOT_LOOKED_AT = "not looked at"


@dataclass(frozen=True, slots=True)
class Link:
    """One thing on the way to the URL that is asked, and whether it was looked at, for whoever draws the way."""

    what: str
    name: str
    sid: str
    state: State
    why: str
    url: str = ""


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
    trace: tuple[str, ...] = ()
    """Each decision, in words."""
    links: tuple[Link, ...] = ()
    """What was looked at and what was not; the URL itself comes after them."""


def route_of(twilio: Twilio, number: Number | ShortCode) -> Route:
    """Return the route of a text to the number, with each decision that led there."""
    service = twilio.service_of(number)
    own = _own(twilio, number)
    if service is None:
        return replace(own, trace=("the number is in no Messaging Service", *own.trace))
    sid, name = service.record["sid"], service.record["friendly_name"]
    spoken = f"Messaging Service {sid} ({name})"

    def link(state: State, why: str) -> Link:
        return Link("Messaging Service", name or sid, sid, state, why)

    if service.record["use_inbound_webhook_on_number"]:
        why = "defers to the sender's webhook"
        return replace(
            own,
            service_sid=sid,
            has_advanced_opt_out=service.has_advanced_opt_out,
            trace=(f"{spoken} {why}", *own.trace),
            links=(link("passes", why), *own.links),
        )
    hidden = _skipped(number, own, "the service decides")
    if not service.record["inbound_request_url"]:
        why = "has no inbound URL: the text is dropped"
        links = (link("broken", why), *hidden)
        return Route(service_sid=sid, is_dropped=True, trace=(f"{spoken} {why}",), links=links)
    record = service.record
    return Route(
        record["inbound_request_url"],
        record["inbound_method"] or "POST",
        record["fallback_url"] or "",
        record["fallback_method"] or "POST",
        service_sid=sid,
        has_advanced_opt_out=service.has_advanced_opt_out,
        trace=(f"{spoken} answers; the number's own routing is not looked at",),
        links=(link("passes", "answers for all of its numbers"), *hidden),
    )


def _own(twilio: Twilio, number: Number | ShortCode) -> Route:
    sid = number.record.get("sms_application_sid")  # A short code has none.
    if not sid:
        return replace(_route(number.record, ""), trace=("the number's own messaging URL decides",))
    hidden = _skipped_url(number, "the TwiML App decides")
    application = twilio.account_of(number).applications.get(sid)
    if application is None:
        why = "is gone: nothing is called"
        links = (Link("TwiML App", sid, sid, "broken", why), *hidden)
        return Route(trace=(f"TwiML App {sid} {why}",), links=links)
    told = f"TwiML App {sid} decides; the number's own messaging URL is not looked at"
    name = application.get("friendly_name") or sid
    links = (Link("TwiML App", name, sid, "passes", "decides in place of the number's own URL"), *hidden)
    return replace(_route(application, f"TwiML App {sid}"), trace=(told,), links=links)


def _skipped(number: Number | ShortCode, own: Route, why: str) -> tuple[Link, ...]:
    """Return what stands on the number itself, where something else decides."""
    apps = (replace(link, state="skipped", why=f"{_NOT_LOOKED_AT}: {why}") for link in own.links if link.sid)
    return (*apps, *_skipped_url(number, why))


def _skipped_url(number: Number | ShortCode, why: str) -> tuple[Link, ...]:
    url = number.record["sms_url"]
    link = Link("the number's own URL", "", "", "skipped", f"{_NOT_LOOKED_AT}: {why}", url or "")
    return (link,) if url else ()


def _route(record: Record, through: str) -> Route:
    return Route(
        record["sms_url"] or "",
        record["sms_method"] or "POST",
        record["sms_fallback_url"] or "",
        record["sms_fallback_method"] or "POST",
        through,
    )
