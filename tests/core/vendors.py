"""Both vendors as two values, and what the planned steps do to them; strategies for all that may be found there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from hypothesis import strategies as st
from vapi_sms.core.planning.plan import DeleteFromVapi, ImportNumber, RouteNumber, Step, UpdateVapi
from vapi_sms.core.routings.routing import POST, Routing, VoiceRouting
from vapi_sms.core.values import Desired, Fallback, Observed, TwilioNumber, VapiSettings, Voice

from tests.core.samples import (
    ANSWERED_BY_SUPPORT,
    AP,
    AT_VAPI,
    CALLS_AT_VAPI,
    DEMO,
    ENDPOINTS,
    NOTHING,
    OLD_APP,
    OLD_CALLS,
    OTHER_CALLS,
    SALES,
    SQUAD,
    STUDIO,
    SUPPORT,
    TK,
    TWIML_APP,
    WORKFLOW,
    twilio,
    vapi,
)


@dataclass(frozen=True, slots=True)
class Habits:
    """What nobody knows of Vapi: whether a PATCH writes into Twilio again, and whether a DELETE empties it."""

    patch_rewrites: bool = False
    delete_empties: bool = False


def taken(observed: Observed, steps: Iterable[Step], habits: Habits | None = None) -> Observed:
    """Return what both vendors hold after these steps."""
    for step in steps:
        observed = _after(observed, step, habits or Habits())
    return observed


def _after(observed: Observed, step: Step, habits: Habits) -> Observed:
    number = observed.twilio
    assert number is not None
    match step:
        case ImportNumber(_, settings):
            assert observed.vapi is None, "Vapi refuses a second import"
            return Observed(_overwritten(number, settings), vapi(settings))
        case UpdateVapi(_, settings):
            assert observed.vapi is not None, "Vapi knows no such number"
            after = _overwritten(number, settings) if habits.patch_rewrites else number
            return Observed(after, replace(observed.vapi, settings=settings))
        case RouteNumber(_, messaging, voice):
            assert voice is None or not (voice.trunk_sid and voice.application_sid), "they exclude each other"
            routed = replace(number, messaging=messaging or number.messaging, voice=voice or number.voice)
            return replace(observed, twilio=routed)
        case DeleteFromVapi():
            emptied = replace(number, messaging=NOTHING, voice=VoiceRouting())
            return Observed(emptied if habits.delete_empties else number)


def _overwritten(number: TwilioNumber, settings: VapiSettings) -> TwilioNumber:
    messaging = Routing(ENDPOINTS.sms, POST) if settings.sms_enabled else number.messaging
    # Seen: Vapi writes URLs only. What else was on the channel stays.
    voice = replace(number.voice, url=ENDPOINTS.voice, method=POST, status_callback=ENDPOINTS.status)
    return replace(number, messaging=messaging, voice=voice)


URLS = (
    "",
    "https://app.example.com/sms?token=canary",
    "https://u:canary@other.example.com/sms#rc=2",
    "https://demo.twilio.com/welcome/sms/reply",
    "https://api.vapi.ai/twilio/sms",
    "https://api.eu.vapi.ai/twilio/inbound_call",
    "https://api.vapi.ai/twilio/incoming-sms",
)


def routings() -> st.SearchStrategy[Routing]:
    """Return messaging routings of every kind, half-written ones included."""
    methods, urls = st.sampled_from(["", "GET", "POST"]), st.sampled_from(URLS)
    whole = st.sampled_from([OLD_APP, STUDIO, DEMO, NOTHING, TWIML_APP, AT_VAPI])
    return whole | st.builds(Routing, urls, methods, urls, methods, st.sampled_from(["", AP]))


def voice_routings() -> st.SearchStrategy[VoiceRouting]:
    """Return voice routings of every kind; a trunk and a TwiML App exclude each other."""
    methods, urls = st.sampled_from(["", "GET", "POST"]), st.sampled_from(URLS)
    winners = st.sampled_from([("", ""), (AP, ""), ("", TK)])
    mixed = st.builds(
        lambda url, method, fallback, callback, winner: VoiceRouting(
            url, method, fallback, method, winner[0], callback, method, winner[1]
        ),
        urls,
        methods,
        urls,
        urls,
        winners,
    )
    return st.sampled_from([OLD_CALLS, OTHER_CALLS, CALLS_AT_VAPI, VoiceRouting()]) | mixed


def vapi_settings() -> st.SearchStrategy[VapiSettings]:
    """Return settings that somebody may have given a number at Vapi."""
    attached = st.sampled_from(
        [
            VapiSettings(SUPPORT),
            VapiSettings(SALES),
            VapiSettings("", SQUAD),
            VapiSettings(workflow_id=WORKFLOW),
        ]
    )
    return st.builds(
        lambda settings, on, name: replace(settings, sms_enabled=on, name=name),
        attached,
        st.booleans(),
        st.sampled_from(["", "Front desk"]),
    )


def observations() -> st.SearchStrategy[Observed]:
    """Return readings of the number on both sides."""
    records = st.none() | st.builds(vapi, vapi_settings())
    return st.builds(Observed, st.builds(twilio, routings(), voice_routings()), records)


def declarations() -> st.SearchStrategy[Desired]:
    """Return declared numbers."""
    settings = st.builds(
        lambda attached, on, name: replace(attached, sms_enabled=on, name=name),
        st.sampled_from([ANSWERED_BY_SUPPORT, VapiSettings(SALES), VapiSettings("", SQUAD)]),
        st.booleans(),
        st.sampled_from(["", "Reception"]),
    )
    fallbacks = st.sampled_from([*Fallback, STUDIO, OLD_APP])
    return st.builds(Desired, settings, st.sampled_from(Voice), fallbacks)


def habits() -> st.SearchStrategy[Habits]:
    """Return every Vapi that there may be."""
    return st.builds(Habits, st.booleans(), st.booleans())
