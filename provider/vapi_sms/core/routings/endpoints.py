"""Endpoints: at which of Vapi's URLs a number is answered. What an import or a PATCH wrote is kept, wherever it is.

Ours is used only where Vapi wrote nothing. What it wrote is known by the moment: it came to be there while Vapi was
told of the number. Later that is remembered with the record, and anything else is not known to answer. Pure.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.routings.vapi_urls import (
    CALLS_PATH,
    STATUS_PATH,
    TEXTS_PATH,
    answers_calls,
    answers_texts,
    is_at_vapi,
    may_be_written,
)
from vapi_sms.core.values import Observed, Original, TwilioNumber, VapiEndpoints

R = TypeVar("R", bound=Routing)


def in_force(original: Original, observed: Observed, usual: VapiEndpoints) -> VapiEndpoints:
    """Give the URLs that a number is to have where Vapi answers it: those seen, or those that Vapi usually writes.

    Of a number that no `up` of ours answers for yet, those that are there count: Vapi knows it, so Vapi wrote them.
    """
    if original.at_vapi is not None:
        return original.at_vapi
    live = observed.twilio
    if live is None or observed.vapi is None or original.written:
        return usual
    texts, calls = live.messaging.url, live.voice.url
    cut_short = _cut_short(observed, original) if original.vapi is None else ()
    found = usual
    if answers_texts(texts) or live.messaging in cut_short:
        found = replace(found, sms=texts)
    if answers_calls(calls) or live.voice in cut_short:
        found = replace(found, voice=calls, status=_status(live.voice, found))
    return found


def written(before: TwilioNumber, now: TwilioNumber, known: VapiEndpoints) -> VapiEndpoints:
    """Give the URLs in force after Vapi was told of a number: what came to be there since, or what was in force."""
    if came_from_vapi(before.messaging, now.messaging):
        known = replace(known, sms=now.messaging.url)
    if came_from_vapi(before.voice, now.voice):
        known = replace(known, voice=now.voice.url, status=_status(now.voice, known))
    return known


def came_from_vapi(before: Routing, now: Routing) -> bool:
    """Tell whether a channel was changed by Vapi, if anybody changed it while Vapi was told of the number."""
    return now.url != before.url and may_be_written(now.url, _path(now))


def vapis_own(observed: Observed, original: Original) -> tuple[Routing, ...]:
    """Give what is there that Vapi wrote for us: the record says so, or no `up` of ours came so far as to say it."""
    live, seen = observed.twilio, original.at_vapi
    if live is None:
        return ()
    if seen is not None:
        known = (seen.sms, seen.voice)
        return tuple(
            now for now, url in zip((live.messaging, live.voice), known, strict=True) if now.url == url
        )
    return () if original.written else _cut_short(observed, original)


def as_usual(number: TwilioNumber, seen: VapiEndpoints | None, usual: VapiEndpoints) -> TwilioNumber:
    """Give a reading to tell of, in which Vapi is known wherever it was seen to answer."""
    if seen is None:
        return number
    return replace(
        number,
        messaging=_moved(number.messaging, seen.sms, usual.sms),
        voice=_moved(number.voice, seen.voice, usual.voice),
    )


def _moved(routing: R, seen: str, usual: str) -> R:
    return replace(routing, url=usual) if routing.url == seen else routing


def _cut_short(observed: Observed, recorded: Original) -> tuple[Routing, ...]:
    """Give the channels that an import or a PATCH took before our run was cut short; texts only where they are on."""
    live, known = observed.twilio, observed.vapi
    if live is None or known is None:
        return ()
    base = _base(live.voice)
    channels: tuple[tuple[Routing, Routing, bool], ...] = (
        (live.messaging, recorded.messaging, known.settings.sms_enabled),
        (live.voice, recorded.voice, True),
    )
    return tuple(
        now
        for now, was, may_be in channels
        if may_be
        and now.url != was.url
        and (
            (is_at_vapi(now.url) and may_be_written(now.url, _path(now)))
            or (base and now.url == f"{base}{_path(now)}")
        )
    )


def _base(voice: VoiceRouting) -> str:
    """Give what calls and their status have in common where both are as an import writes them, at whatever host."""
    base = voice.url.removesuffix(CALLS_PATH)
    return base if base != voice.url and voice.status_callback == f"{base}{STATUS_PATH}" else ""


def _path(routing: Routing) -> str:
    return CALLS_PATH if isinstance(routing, VoiceRouting) else TEXTS_PATH


def _status(voice: VoiceRouting, known: VapiEndpoints) -> str:
    """Give where Vapi hears how calls went: beside its URL for calls, unless somebody has a callback of their own."""
    return voice.status_callback if may_be_written(voice.status_callback, STATUS_PATH) else known.status
