"""Goals: what both vendors should hold, derived from what is declared, what is recorded and what is there.

A goal is what the planner plans towards. Handing texts over, keeping calls, restoring and undoing are all goals.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum

from vapi_sms.core.planning.knowledge import is_older
from vapi_sms.core.routings.endpoints import in_force, vapis_own
from vapi_sms.core.routings.fallbacks import declared_handler, with_fallback
from vapi_sms.core.routings.handlers import Kind, classify
from vapi_sms.core.routings.routing import POST, Routing, VoiceRouting
from vapi_sms.core.routings.shapes import CALLS, TEXTS, unproven
from vapi_sms.core.routings.vapi_urls import is_at_vapi
from vapi_sms.core.values import (
    UNREGULATED,
    Desired,
    Fallback,
    Observed,
    Original,
    Regulatory,
    Routed,
    Source,
    TwilioNumber,
    VapiEndpoints,
    VapiSettings,
    Voice,
)


class Presence(Enum):
    """What a goal can ask of Vapi's record besides settings."""

    ABSENT = "absent"
    AS_IT_IS = "as it is"


@dataclass(frozen=True, slots=True)
class Goal:
    """What both sides should hold; None means: leave that channel alone. Empty regulatory SIDs stay as they are.

    `hands_key`: Vapi is to get our credentials for Twilio anew, which no reading of a number can show. `gives_back`: it
    leads back, so that Twilio comes first, whatever Vapi is to do: texts and calls never wait for Vapi. `unproven` are
    the channels of which only Twilio can tell whether it takes back what is there: it is asked before they are taken.
    `at_vapi` are the channels that Vapi is to answer, at `endpoints`, unless it writes others itself. `has_fallback`:
    who answers texts where Vapi fails is declared, not kept.
    """

    messaging: Routing | None
    voice: VoiceRouting | None
    vapi: VapiSettings | Presence
    regulatory: Regulatory = UNREGULATED
    hands_key: bool = False
    gives_back: bool = False
    unproven: frozenset[str] = frozenset()
    at_vapi: frozenset[str] = field(default=frozenset(), compare=False)
    endpoints: VapiEndpoints | None = field(default=None, compare=False)
    has_fallback: bool = field(default=False, compare=False)

    def answered_at(self, endpoints: VapiEndpoints) -> Goal:
        """Give the same goal where Vapi answers at these URLs."""
        messaging, voice = self.messaging, self.voice
        if messaging is not None and TEXTS in self.at_vapi:
            messaging = replace(messaging, url=endpoints.sms)
        if voice is not None and CALLS in self.at_vapi:
            voice = replace(voice, url=endpoints.voice, status_callback=endpoints.status)
        return replace(self, messaging=messaging, voice=voice, endpoints=endpoints)

    @property
    def is_texts_only(self) -> bool:
        """Calls and Vapi are none of its business."""
        return self.voice is None and self.vapi is Presence.AS_IT_IS


def handed_over(
    original: Original, endpoints: VapiEndpoints, fallback: Fallback | Routing = Fallback.KEEP
) -> Routing:
    """Give the messaging routing that lets Vapi answer; the fallback in force stays, unless another is declared."""
    found = original.messaging
    if fallback is not Fallback.KEEP:
        return with_fallback(endpoints.sms, declared_handler(fallback, original))
    if found.application_sid:
        # The number's own fallback was asleep under a TwiML App: waking it would be news to its owner.
        return Routing(endpoints.sms, POST, "", POST)
    return Routing(endpoints.sms, POST, found.fallback_url, found.fallback_method or POST)


def calls_at_vapi(original: Original, endpoints: VapiEndpoints) -> VoiceRouting:
    """Give the voice routing that lets Vapi answer calls; trunk and TwiML App would win over it, so they go."""
    found = original.voice
    overridden = bool(found.application_sid or found.trunk_sid)
    return VoiceRouting(
        url=endpoints.voice,
        method=POST,
        fallback_url="" if overridden else found.fallback_url,
        fallback_method=POST if overridden else found.fallback_method or POST,
        status_callback=endpoints.status,
        status_callback_method=POST,
    )


def declared_goal(
    desired: Desired,
    original: Original,
    observed: Observed,
    endpoints: VapiEndpoints,
    *,
    ours: tuple[Routing, ...] = (),
) -> Goal:
    """Derive the goal of a declared number from its record and one reading of it.

    `ours` are messaging routings that we applied before, such as the one of an earlier `restore_to`. `endpoints` are
    used where nothing shows that Vapi has others.
    """
    live = observed.twilio
    endpoints = in_force(original, observed, endpoints)
    messaging: Routing | None
    if desired.sms_enabled:
        messaging = handed_over(original, endpoints, desired.fallback)
    elif live and is_foreign(
        live.messaging, original.messaging, (*ours, *original.applied, *laid_bare(observed, original))
    ):
        messaging = None
    else:
        messaging = original.messaging
    if desired.voice is Voice.VAPI:
        voice = calls_at_vapi(original, endpoints)
    else:
        voice = _declared_voice(live.voice if live else original.voice, observed, original)
    return Goal(
        messaging,
        voice,
        settings_for(desired, observed),
        unproven=unproven(original, live),
        at_vapi=_AT_VAPI[desired.sms_enabled, desired.voice is Voice.VAPI],
        endpoints=endpoints,
        has_fallback=desired.declares_fallback,
    )


_AT_VAPI = {
    (texts, calls): frozenset(name for name, is_answered in ((TEXTS, texts), (CALLS, calls)) if is_answered)
    for texts in (False, True)
    for calls in (False, True)
}
"""The channels that Vapi is to answer: texts, calls."""


def _declared_voice(live: VoiceRouting, observed: Observed, original: Original) -> VoiceRouting:
    """Give the voice routing to keep; what stands at Vapi and answers nobody is drift, and told as such."""
    if classify(live).kind is Kind.NO_CALLS:
        return original.voice
    return kept_voice(live, original, ours=laid_bare(observed, original))


def routed_goal(routed: Routed) -> Goal:
    """Derive the goal of a declared route; calls and Vapi's record stay as they are."""
    return Goal(routed.messaging, None, Presence.AS_IT_IS, routed.regulatory)


def settings_for(desired: Desired, observed: Observed) -> VapiSettings:
    """Give the declared settings; a name that nobody declared stays whatever it is."""
    declared = desired.settings
    if declared.name or observed.vapi is None:
        return declared
    name = observed.vapi.settings.name
    return replace(declared, name=name) if name else declared


def kept_voice(live: VoiceRouting, original: Original, *, ours: tuple[Routing, ...] = ()) -> VoiceRouting:
    """Give the voice routing to keep: the live one, unless that is Vapi's, emptied, or the original half-written.

    Calls are not ours to manage: a routing that somebody set since stays. Only what Vapi took is put back.
    """
    if live == original.voice:
        return live
    if not is_foreign(live, original.voice, (*ours, *_found_calls(original))):
        return original.voice
    if not is_at_vapi(live.status_callback):
        return live
    recorded = original.voice
    return replace(
        live,
        status_callback=recorded.status_callback,
        status_callback_method=recorded.status_callback_method,
    )


def restored_goal(original: Original, observed: Observed, *, ours: tuple[Routing, ...] = ()) -> Goal:
    """Derive the goal that puts a number back as recorded, leaving every channel that is somebody else's by now.

    Whose texts are is not judged by a reading from before our last write. Calls are: what we keep of them may be
    somebody else's from the beginning.
    """
    live = observed.twilio
    messaging: Routing | None = original.messaging
    voice: VoiceRouting | None = original.voice
    bare = laid_bare(observed, original)
    known = (*ours, *original.applied, *bare)
    judged = live is not None and not is_older(live, original)
    if original.source is Source.LEAVE:
        messaging = _left_at_vapi(live, original)
    elif live and judged and is_foreign(live.messaging, original.messaging, known):
        messaging = None
    if original.texts_only:
        return Goal(messaging, None, Presence.AS_IT_IS, gives_back=True)
    if live and is_foreign(live.voice, original.voice, (*ours, *bare, *_found_calls(original))):
        kept = kept_voice(live.voice, original)
        voice = None if kept == live.voice else kept  # who answers stays; Vapi is not told of calls any more
    vapi: VapiSettings | Presence = Presence.ABSENT
    if original.vapi is not None:
        # An adopted number that somebody deleted from Vapi is gone for good: a new import would have another id.
        vapi = original.vapi if observed.vapi is not None else Presence.AS_IT_IS
    elif original.source is Source.LEAVE:
        vapi = Presence.AS_IT_IS
    return Goal(messaging, voice, vapi, gives_back=True)


def _left_at_vapi(live: TwilioNumber | None, original: Original) -> Routing | None:
    """Give the messaging routing of a number whose texts stay at Vapi, as they were found there: with its fallback."""
    texts = original.messaging
    if live is None or {classify(live.messaging).kind, classify(texts).kind} != {Kind.VAPI}:
        return None
    found = replace(
        live.messaging, fallback_url=texts.fallback_url, fallback_method=texts.fallback_method or POST
    )
    return None if live.messaging.same_as(found) and not is_older(live, original) else found


def _found_calls(original: Original) -> tuple[Routing, ...]:
    """Give who was found answering calls where another is declared: whoever declared that knew of the first."""
    return () if original.found_voice is None else (original.found_voice,)


def is_foreign(live: Routing, original: Routing, ours: tuple[Routing, ...] = ()) -> bool:
    """Judge one channel: it holds a handler that is neither replaceable, nor the original's, nor one we applied.

    A fallback that stands alone is nobody's choice, since Twilio takes none without a URL: that was emptied.
    """
    handler = classify(live)
    if not (live.url or _covers(live)):
        return False
    return not handler.is_replaceable and handler not in {classify(known) for known in (original, *ours)}


def laid_bare(observed: Observed, original: Original) -> tuple[Routing, ...]:
    """Give what Vapi brought about, which is ours: URLs that only the record tells, and what lives beneath others.

    Vapi may take a TwiML App or trunk away after we have looked. The same could be somebody's choice in the Console; as
    long as Vapi knows a number that it did not know before us, it counts as drift: shown, and repaired.
    """
    live, own = observed.twilio, vapis_own(observed, original)
    if live is None or observed.vapi is None or original.vapi is not None:
        return own
    channels: tuple[tuple[Routing, Routing], ...] = (
        (live.messaging, original.messaging),
        (live.voice, original.voice),
    )
    return (*own, *(now for now, was in channels if _covers(was) and _is_beneath(now, was)))


def _covers(routing: Routing) -> bool:
    return bool(routing.application_sid or (isinstance(routing, VoiceRouting) and routing.trunk_sid))


def _is_beneath(live: Routing, original: Routing) -> bool:
    if _covers(live) or live.fallback_url not in ("", original.fallback_url):
        return False
    return (live.url, live.method or POST) == (original.url, original.method or POST)


def snapshot(observed: Observed, *, org_id: str = "", imports: VapiSettings | None = None) -> Original:
    """Take a reading as a record, so that undoing is restoring; the number must exist at Twilio.

    `org_id` is the org that was asked, which of a number that it does not know nothing else tells; with `imports` such
    a number is to be imported.
    """
    twilio, vapi = observed.twilio, observed.vapi
    if twilio is None:
        raise AssertionError("unreachable: only a number that exists is ever changed")
    return Original(
        sid=twilio.sid,
        number=twilio.number,
        account_sid=twilio.account_sid,
        org_id=org_id or (vapi.org_id if vapi else ""),
        messaging=twilio.messaging,
        voice=twilio.voice,
        vapi_id=vapi.id if vapi else "",
        vapi=vapi.settings if vapi else None,
        imports=None if vapi else imports,
        seen=twilio.updated,
    )
