"""Shapes: which found routings Twilio is known to take back, which it is known to refuse, and which nobody can tell.

A routing can be there that Twilio would not take today: its TwiML App was deleted since, or its rules were others once.
What cannot be put back is not taken. Sources: Twilio's errors 21402, 21403, 21405, 21406 and 21420.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Container
from enum import Enum

from vapi_sms.core.errors import Refusal
from vapi_sms.core.routings.routing import GET, POST, Routing, VoiceRouting
from vapi_sms.core.values import Original, Source, TwilioNumber

_APPLICATION = re.compile(r"AP[0-9a-fA-F]{32}")
# Printable ASCII without blanks, a host of the usual letters, a port if any: what everybody writes.
_USUAL = re.compile(r"https?://([!-.0-~]+@)?[a-z0-9._-]+(:\d{1,5})?([/?#][!-~]*)?", re.IGNORECASE | re.ASCII)
_BROKEN = re.compile(r"\s|[\x00-\x1f\x7f]")
_ABSOLUTE = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)
TEXTS, CALLS = "texts", "calls"
_METHODS = frozenset({"", GET, POST})
_LONGEST = 2048  # longer URLs are not usual


class Takes(Enum):
    """What Twilio does with a routing that is written as it was found."""

    YES = "yes"
    NO = "no"
    ASK = "ask"


def takes(routing: Routing, apps: Container[str] | None = None) -> tuple[Takes, str]:
    """Judge a routing, with a reason where Twilio refuses it; `apps` are the TwiML Apps that there are, if known."""
    if reason := _refused(routing, apps):
        return Takes.NO, reason
    return (Takes.YES if _is_usual(routing) else Takes.ASK), ""


def _is_usual(routing: Routing) -> bool:
    """Tell whether nothing of a routing is such that only Twilio knows, unless it is refused."""
    asleep = routing.application_sid and routing.fallback_url and not routing.url
    return not asleep and Takes.ASK not in map(_of_url, _urls(routing))


@functools.lru_cache(maxsize=1 << 15)  # many numbers share a URL, and each is asked for in check after check
def _of_url(url: str) -> Takes:
    if url and (_BROKEN.search(url) or not _ABSOLUTE.match(url)):
        return Takes.NO
    return Takes.YES if not url or (len(url) <= _LONGEST and _USUAL.fullmatch(url)) else Takes.ASK


def refuse_irrevocable(subject: str, original: Original, apps: Container[str] | None) -> None:
    """Raise Refusal where a channel was found with a routing that Twilio would not take back."""
    ways = []
    if original.source is not Source.LEAVE:
        verdict, reason = takes(original.messaging, apps)
        if verdict is Takes.NO:
            ways.append(("texts", reason, "restore_to="))
    if not original.texts_only:
        verdict, reason = takes(original.voice, apps)
        if verdict is Takes.NO:
            ways.append(("calls", reason, "restore_calls_to="))
    if not ways:
        return
    told = "; ".join(f"of {what} {reason}" for what, reason, _ in ways)
    write = " and ".join(way for _, _, way in ways)
    raise Refusal(
        subject,
        f"what answers {original.number} now could not be put back, since Twilio refuses it: {told}. Correct it in "
        f"Twilio's Console, or write {write} with the routing to put back",
    )


def unproven(original: Original, live: TwilioNumber | None) -> frozenset[str]:
    """Give the channels (texts, calls) that come back as they are now, where only Twilio can tell if it takes them."""
    if live is None:
        return frozenset()
    channels: tuple[tuple[str, Routing, Routing], ...] = (
        (TEXTS, live.messaging, original.messaging),
        (CALLS, live.voice, original.voice),
    )
    return frozenset(
        name
        for name, now, recorded in channels[: 1 if original.texts_only else 2]
        if not _is_usual(recorded) and now.same_as(recorded) and takes(recorded)[0] is Takes.ASK
    )


def _refused(routing: Routing, apps: Container[str] | None) -> str:
    sid = routing.application_sid
    if sid and not _APPLICATION.fullmatch(sid):
        return f"the TwiML App's SID {sid!r} is none"
    if sid and apps is not None and sid not in apps:
        return f"TwiML App {sid} does not exist (any more) in this account"
    if routing.fallback_url and not routing.url and not sid:
        return "a fallback stands alone, without a URL"
    if Takes.NO in map(_of_url, _urls(routing)):
        return "a URL is none: it has blanks, no scheme or no host"
    if not _METHODS.issuperset(map(str.upper, _methods(routing))):
        return "a method is neither GET nor POST"
    return ""


def _urls(routing: Routing) -> list[str]:
    callback = [routing.status_callback] if isinstance(routing, VoiceRouting) else []
    return [routing.url, routing.fallback_url, *callback]


def _methods(routing: Routing) -> list[str]:
    callback = [routing.status_callback_method] if isinstance(routing, VoiceRouting) else []
    return [routing.method, routing.fallback_method, *callback]
