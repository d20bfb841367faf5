"""Shapes: what Twilio is known to take back, what it refuses, and what has to be tried."""

from __future__ import annotations

from dataclasses import replace

import pytest
from vapi_sms.core.errors import Refusal
from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.routings.shapes import Takes, refuse_irrevocable, takes, unproven
from vapi_sms.core.values import Source

from tests.core.samples import AP, NUMBER, OLD_APP, STUDIO, TWIML_APP, original, twilio

HOOK = "https://app.example.com/sms"


@pytest.mark.parametrize(
    "routing",
    [
        Routing(),
        OLD_APP,
        STUDIO,
        TWIML_APP,
        Routing("https://user:pass@app.example.com:8443/sms?a=%20b&c=d#rc=3&rp=ct,rt,5xx", "GET"),
        Routing("HTTP://APP.example.com"),
        Routing("http://127.0.0.1:9/sms?tenant=x", "post", "https://under_score.example.com/"),
        Routing(HOOK, "", HOOK, "", AP),
        VoiceRouting(HOOK, "POST", status_callback=HOOK, status_callback_method="GET", trunk_sid="TK1"),
    ],
)
def test_what_everybody_writes_is_taken(routing: Routing) -> None:
    """URLs of the usual kind, TwiML Apps that are there, methods in any case, nothing at all."""
    assert takes(routing, {AP}) == (Takes.YES, "")


@pytest.mark.parametrize(
    ("routing", "reason"),
    [
        (Routing("", "POST", HOOK), "a fallback stands alone, without a URL"),
        (Routing("https://app.example.com/a b"), "a URL is none: it has blanks, no scheme or no host"),
        (Routing("app.example.com/sms"), "a URL is none: it has blanks, no scheme or no host"),
        (Routing("https:///sms"), "a URL is none: it has blanks, no scheme or no host"),
        (
            Routing(HOOK, "POST", "ftp://app.example.com"),
            "a URL is none: it has blanks, no scheme or no host",
        ),
        (
            VoiceRouting(HOOK, status_callback="mailto:x"),
            "a URL is none: it has blanks, no scheme or no host",
        ),
        (Routing(HOOK, "PUT"), "a method is neither GET nor POST"),
        (Routing(HOOK, "POST", HOOK, "HEAD"), "a method is neither GET nor POST"),
        (
            VoiceRouting(HOOK, status_callback=HOOK, status_callback_method="PUT"),
            "a method is neither GET nor POST",
        ),
        (
            Routing(application_sid="AP" + "9" * 32),
            f"TwiML App AP{'9' * 32} does not exist (any more) in this account",
        ),
        (Routing(application_sid="AP-none"), "the TwiML App's SID 'AP-none' is none"),
    ],
)
def test_what_twilio_refuses_is_known(routing: Routing, reason: str) -> None:
    """Each reason is one that Twilio has a code for."""
    assert takes(routing, {AP}) == (Takes.NO, reason)


@pytest.mark.parametrize(
    "routing",
    [
        Routing("https://ünï.example.com/sms"),
        Routing("https://[2001:db8::1]/sms"),
        Routing("https://app.example.com/" + "x" * 2048),
        Routing("", "POST", HOOK, "POST", AP),
    ],
)
def test_what_nobody_can_tell_is_asked(routing: Routing) -> None:
    """Unusual hosts, very long URLs, and a fallback alone beneath a TwiML App."""
    assert takes(routing, {AP}) == (Takes.ASK, "")


def test_without_a_list_a_twiml_app_is_believed() -> None:
    """Nobody has asked yet which there are."""
    assert takes(TWIML_APP) == (Takes.YES, "")


def test_what_cannot_be_put_back_is_refused_with_the_way_out_of_each_channel() -> None:
    """Texts and calls have a way out of their own."""
    texts, calls = Routing("", "POST", HOOK), VoiceRouting(application_sid="AP" + "9" * 32)

    with pytest.raises(Refusal) as caught:
        refuse_irrevocable(NUMBER, replace(original(texts), voice=calls), {AP})

    assert str(caught.value) == (
        f"what answers {NUMBER} now could not be put back, since Twilio refuses it: of texts a fallback stands alone, "
        f"without a URL; of calls TwiML App AP{'9' * 32} does not exist (any more) in this account. Correct it in "
        "Twilio's Console, or write restore_to= and restore_calls_to= with the routing to put back"
    )


def test_what_is_never_put_back_may_be_anything() -> None:
    """Texts that stay at Vapi, and the calls of a route."""
    broken = Routing("", "POST", HOOK)

    refuse_irrevocable(NUMBER, replace(original(broken), source=Source.LEAVE), None)
    refuse_irrevocable(NUMBER, replace(original(), texts_only=True, voice=VoiceRouting("", "", HOOK)), None)


def test_twilio_is_asked_for_what_comes_back_as_it_is_and_nobody_can_tell() -> None:
    """Not for what `restore_to` puts in its place, nor for the calls of a route."""
    unusual = Routing("https://[2001:db8::1]/sms")
    calls = VoiceRouting("https://[2001:db8::1]/calls")
    found = replace(original(unusual), voice=calls)
    live = twilio(unusual, calls)

    assert unproven(found, live) == {"texts", "calls"}
    assert unproven(replace(found, texts_only=True), live) == {"texts"}
    assert unproven(replace(found, messaging=OLD_APP), live) == {"calls"}
    assert unproven(found, None) == unproven(original(), twilio(OLD_APP)) == set()
