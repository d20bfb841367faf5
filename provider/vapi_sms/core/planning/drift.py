"""Drift: what differs from what we applied, as lines a person reads in a preview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from vapi_sms.core.inert import Line, line
from vapi_sms.core.planning.goals import Goal
from vapi_sms.core.routings.describe import (
    regulatory_changes,
    routing_changes,
    settings_changes,
    who_answers_at_twilio,
    who_answers_texts,
)
from vapi_sms.core.routings.handlers import Kind, classify, classify_url
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.routings.shapes import CALLS, TEXTS
from vapi_sms.core.values import Observed, VapiSettings

AGAIN = " (again)"
"""Ends a line of drift that reads as the one that was repaired last."""


def drift_lines(observed: Observed, applied: Goal, names: Mapping[str, str]) -> tuple[Line, ...]:
    """Name every difference between a reading and the goal that an earlier `up` reached; empty without drift."""
    found = (
        *_texts(observed, applied, names),
        *_calls(observed, applied),
        *_vapi(observed, applied, names),
        *_regulatory(observed, applied),
    )
    return tuple(map(line, found))


def _texts(observed: Observed, applied: Goal, names: Mapping[str, str]) -> list[str]:
    live = observed.twilio
    if live is None or applied.messaging is None or live.messaging.same_as(applied.messaging):
        return []
    meant = _answerer(applied.messaging, applied, TEXTS)
    if not _is_another_of_vapis(live.messaging, meant) and classify(live.messaging) != classify(
        applied.messaging
    ):
        # Of a route's number nothing is read at Vapi.
        answers = (
            who_answers_at_twilio(observed) if applied.is_texts_only else who_answers_texts(observed, names)
        )
        found = answers.partition(" (fallback")[0]
        return [f"texts are answered by {found}, not by {meant}"]
    words = _fallback(live.messaging, applied.messaging) if applied.has_fallback else []
    changes = routing_changes(live.messaging, applied.messaging)
    return [*words, *(f"texts: {each}" for each in changes if not (words and each.startswith("fallback_")))]


def _fallback(live: Routing, applied: Routing) -> list[str]:
    """Name who answers where Vapi fails, where that is another one than was declared."""
    found, meant = classify_url(live.fallback_url), classify_url(applied.fallback_url)
    if found == meant:
        return []
    return [f"texts that Vapi fails to take are answered by {found}, not by {meant}"]


def _calls(observed: Observed, applied: Goal) -> list[str]:
    live = observed.twilio
    if live is None or applied.voice is None or live.voice.same_as(applied.voice):
        return []
    meant = _answerer(applied.voice, applied, CALLS)
    if not _is_another_of_vapis(live.voice, meant) and classify(live.voice) != classify(applied.voice):
        return [f"calls are answered by {classify(live.voice)}, not by {meant}"]
    return [f"calls: {change}" for change in routing_changes(live.voice, applied.voice)]


def _answerer(routing: Routing, applied: Goal, channel: str) -> str:
    """Say who was to answer; Vapi is, wherever it wrote that it does."""
    return str(Kind.VAPI) if channel in applied.at_vapi else str(classify(routing))


def _is_another_of_vapis(live: Routing, meant: str) -> bool:
    """Tell whether Vapi answers, but not at the address that it wrote: then that is what differs."""
    return meant == Kind.VAPI and classify(live).kind is Kind.VAPI


def _vapi(observed: Observed, applied: Goal, names: Mapping[str, str]) -> list[str]:
    if not isinstance(applied.vapi, VapiSettings):
        return []
    if observed.vapi is None:
        return ["Vapi no longer knows the number"]
    if observed.vapi.settings == applied.vapi:
        return []
    return [
        f"Vapi's {change}"
        for change in settings_changes(_named(observed.vapi.settings, names), _named(applied.vapi, names))
    ]


def _regulatory(observed: Observed, applied: Goal) -> list[str]:
    live = observed.twilio
    return regulatory_changes(live.regulatory, applied.regulatory) if live else []


def _named(settings: VapiSettings, names: Mapping[str, str]) -> VapiSettings:
    return replace(
        settings,
        assistant_id=_name(settings.assistant_id, names),
        squad_id=_name(settings.squad_id, names),
    )


def _name(identifier: str, names: Mapping[str, str]) -> str:
    return f"{names[identifier]} ({identifier})" if identifier in names else identifier
