"""Findings: what there is to say about one number, and the case that it is judged from.

A problem is that texts end elsewhere than one side says; a note is worth knowing, and no fault. Each says what to do.
No text names the number or its own URLs, so that one trouble of many numbers is told once; the table has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from vapi_sms.core.doctor.answering import Answering, Step
from vapi_sms.core.inert import redacted_url
from vapi_sms.core.numbers import country_of
from vapi_sms.core.readings import Reading
from vapi_sms.core.routings.handlers import Kind, classify_url
from vapi_sms.core.values import TwilioNumber, VapiRecord


class Code(StrEnum):
    """What is found, for machines; these words are part of doctor's JSON."""

    NOT_ON_ACCOUNT = "not-on-account"
    NOT_AS_DECLARED = "not-as-declared"
    HIDDEN_BY_SERVICE = "hidden-by-service"
    SERVICE_DROPS = "service-drops-texts"
    APPLICATION_OVERRIDES = "application-overrides"
    APPLICATION_MISSING = "application-missing"
    ENABLED_ELSEWHERE = "enabled-elsewhere"
    UNKNOWN_AT_VAPI = "unknown-at-vapi"
    NO_TEXTS_AT_ADDRESS = "address-takes-no-texts"
    NO_CALLS_AT_ADDRESS = "address-takes-no-calls"
    STUDIO_EXECUTIONS = "studio-executions"
    OFF_AT_VAPI = "off-at-vapi"
    BLOCKED_AT_VAPI = "blocked-at-vapi"
    NO_ASSISTANT = "no-assistant"
    ASSISTANT_MISSING = "assistant-missing"
    NOT_US = "not-us"
    NO_SMS = "no-sms"
    DEMO_REPLY = "demo-reply"
    STALE_STATUS_CALLBACK = "stale-status-callback"
    CALLS_UNKNOWN_AT_VAPI = "calls-unknown-at-vapi"
    NOBODY_ANSWERS = "nobody-answers"
    HANDLER_ASLEEP = "handler-asleep"
    NO_FALLBACK = "no-fallback"
    CONVERSATION_BESIDE = "conversation-beside"
    CAPTURED_BESIDE = "captured-beside"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know: its code, what is so, and what to do about it."""

    code: Code
    says: str
    do: str


LET_IT_DEFER = (
    "Set the service's Integration to 'Defer to sender's webhook' (Console, or MessagingServiceInbound in the "
    "program), or take the number out of it"
)


def declare(case: Case, *options: str) -> str:
    """Advise to declare a number, with all that a preview would ask for; where a stack does, to correct it there."""
    if case.reading.declared is not None:
        return f"correct {case.reading.declared.resource} and run `pulumi up`"
    adopting = ("adopt=True", *options) if case.vapi is not None else options
    ways = [_with("VapiSmsNumber", adopting)] if country_of(case.twilio.number) == "US" else []
    return f"declare it ({' or '.join([*ways, _with('TwilioSmsRoute', options)])})"


def _with(resource: str, options: tuple[str, ...]) -> str:
    return f"{resource} with {' and '.join(options)}" if options else resource


@dataclass(frozen=True, slots=True)
class Case:
    """A number that exists, as read and as answered; `names` are what people call assistants and squads, by id."""

    reading: Reading
    twilio: TwilioNumber
    answering: Answering
    names: Mapping[str, str]

    @property
    def vapi(self) -> VapiRecord | None:
        """Vapi's record."""
        return self.reading.observed.vapi

    @property
    def reaches_vapi(self) -> bool:
        """Texts end at Vapi."""
        return self.answering.handler.kind is Kind.VAPI

    @property
    def points_at_vapi(self) -> bool:
        """The number's own URL is Vapi's, whether or not it is asked."""
        return classify_url(self.twilio.messaging.url).kind is Kind.VAPI

    @property
    def is_moved_at_vapi(self) -> bool:
        """Texts reach Vapi at another of its addresses than the state holds of the number."""
        declared = self.reading.declared
        own = self.answering.step is Step.URL and self.reaches_vapi
        there = redacted_url(self.twilio.messaging.url)
        return own and declared is not None and declared.texts_url not in ("", there)

    @property
    def is_hidden(self) -> bool:
        """A Messaging Service keeps texts from the number's own routing."""
        return self.answering.step in (Step.SERVICE, Step.SERVICE_DROPS)

    @property
    def is_enabled_at_vapi(self) -> bool:
        """Vapi says that it answers texts."""
        return self.vapi is not None and self.vapi.settings.sms_enabled

    @property
    def is_meant_for_vapi(self) -> bool:
        """Any side says that Vapi answers texts."""
        declared = self.reading.declared
        return self.points_at_vapi or self.is_enabled_at_vapi or (declared is not None and declared.by_vapi)
