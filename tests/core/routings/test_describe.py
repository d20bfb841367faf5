"""Descriptions: one line each, in the Console's words, without a secret."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from vapi_sms.core.routings.describe import (
    attachment_line,
    handler_line,
    original_line,
    routing_changes,
    settings_changes,
    who_answered,
    who_answers_texts,
)
from vapi_sms.core.routings.routing import GET, POST, Routing, VoiceRouting
from vapi_sms.core.values import Observed, Original, Source, VapiSettings

from tests.core.samples import (
    ANSWERED_BY_SUPPORT,
    AP,
    AT_VAPI,
    DEMO,
    FW,
    NAMES,
    NOTHING,
    OLD_APP,
    OLD_CALLS,
    SALES,
    SERVICE,
    SQUAD,
    STUDIO,
    SUPPORT,
    TK,
    TWIML_APP,
    VAPI_ID,
    WORKFLOW,
    found,
    original,
    switched,
    twilio,
)
from tests.core.vendors import observations

HOOK = "Webhook https://app.example.com/sms?token=***"
CALLS = "Webhook https://app.example.com/voice?token=***"
FALLBACK = "https://app.example.com/fallback?token=canary"


@pytest.mark.parametrize(
    ("routing", "line"),
    [
        (OLD_APP, HOOK),
        (
            replace(OLD_APP, fallback_url=FALLBACK),
            f"{HOOK} (fallback Webhook https://app.example.com/fallback?token=***)",
        ),
        (replace(OLD_APP, fallback_url="https://api.vapi.ai/twilio/sms"), f"{HOOK} (fallback Vapi)"),
        (Routing("", "", FALLBACK), "Webhook https://app.example.com/fallback?token=***"),
        (replace(TWIML_APP, url="https://a.example.com", fallback_url=FALLBACK), f"TwiML App {AP}"),
        (STUDIO, f"Studio Flow {FW}"),
        (DEMO, "Twilio's demo reply"),
        (NOTHING, "nobody"),
        (VoiceRouting("https://a.example.com", trunk_sid=TK), f"SIP trunk {TK}"),
    ],
)
def test_handler_line(routing: Routing, line: str) -> None:
    """The handler, with its fallback where that would really be asked."""
    assert handler_line(routing) == line


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (VapiSettings(assistant_id=SUPPORT), "Vapi assistant Support"),
        (VapiSettings(assistant_id="a-1"), "Vapi assistant a-1"),
        (VapiSettings(squad_id=SQUAD), "Vapi squad Everybody"),
        (VapiSettings(squad_id="s-1"), "Vapi squad s-1"),
        (VapiSettings(workflow_id=WORKFLOW), f"Vapi workflow {WORKFLOW}"),
        (VapiSettings(), "Vapi, with no assistant"),
    ],
)
def test_attachment_line(settings: VapiSettings, line: str) -> None:
    """The name that people know, else the id."""
    assert attachment_line(settings, NAMES) == line


@pytest.mark.parametrize(
    ("observed", "line"),
    [
        (Observed(None), "nobody: the number is not on this Twilio account"),
        (found(OLD_APP), HOOK),
        (found(OLD_APP, settings=ANSWERED_BY_SUPPORT), HOOK),
        (found(AT_VAPI), "Vapi, where this org does not know the number"),
        (switched(), "Vapi assistant Support"),
        (
            found(AT_VAPI, settings=VapiSettings(assistant_id=SUPPORT, sms_enabled=False)),
            "Vapi assistant Support, with texts switched off there",
        ),
        (
            Observed(twilio(AT_VAPI), None, SERVICE),
            f"Messaging Service Campaigns ({SERVICE.sid}), by https://app.example.com/service?token=***",
        ),
        (
            Observed(twilio(AT_VAPI), None, replace(SERVICE, inbound_url="")),
            f"Messaging Service Campaigns ({SERVICE.sid}), by nobody",
        ),
    ],
)
def test_who_answers_texts(observed: Observed, line: str) -> None:
    """A Messaging Service wins over the number's routing; at Vapi, its record tells who really answers."""
    assert who_answers_texts(observed, NAMES) == line


@pytest.mark.parametrize(
    ("record", "line"),
    [
        (original(), f"texts: {HOOK}; calls: {CALLS}; not in Vapi"),
        (
            original(STUDIO, VoiceRouting(), settings=ANSWERED_BY_SUPPORT),
            f"texts: Studio Flow {FW}; calls: nobody; in Vapi as {VAPI_ID} before",
        ),
        (
            original(STUDIO, source=Source.DECLARED),
            f"texts: Studio Flow {FW} (declared by restore_to); calls: {CALLS}; not in Vapi",
        ),
        (original(source=Source.LEAVE), f"texts stay at Vapi; calls: {CALLS}; not in Vapi"),
        (
            replace(original(STUDIO, source=Source.DECLARED), found=original().messaging),
            f"texts: Studio Flow {FW} (declared by restore_to); calls: {CALLS}; not in Vapi",
        ),
        (
            replace(original(source=Source.LEAVE), found=STUDIO),
            f"texts stay at Vapi; calls: {CALLS}; not in Vapi",
        ),
    ],
)
def test_original_line(record: Original, line: str) -> None:
    """What comes back on destroy, for texts, calls and in Vapi: that, and not who was found."""
    assert original_line(record) == line


@pytest.mark.parametrize(
    ("record", "line"),
    [
        (original(), HOOK.partition(" (fallback")[0]),
        (original(NOTHING), "nobody"),
        (replace(original(STUDIO, source=Source.DECLARED), found=NOTHING), "nobody"),
        (replace(original(source=Source.LEAVE), found=STUDIO), f"Studio Flow {FW}"),
        (replace(original(STUDIO, source=Source.DECLARED), found=AT_VAPI), "Vapi"),
        (
            replace(original(STUDIO, settings=ANSWERED_BY_SUPPORT, source=Source.DECLARED), found=AT_VAPI),
            "Vapi assistant Support",
        ),
    ],
)
def test_who_answered(record: Original, line: str) -> None:
    """Who really answered, whatever `restore_to` puts back; at Vapi the assistant, where this org knew the number."""
    assert who_answered(record, NAMES) == line


def test_routing_changes_name_each_field() -> None:
    """Found first, meant second; equal fields, and a missing method beside POST, are left out."""
    live = Routing("https://other.example.com/?k=canary", GET, "https://f.example.com", "")
    meant = Routing("https://app.example.com/sms?token=canary", POST, "", POST)

    assert routing_changes(live, meant) == [
        "url is https://other.example.com/?k=***, not https://app.example.com/sms?token=***",
        "method is GET, not POST",
        "fallback_url is https://f.example.com, not empty",
    ]
    assert routing_changes(OLD_CALLS, replace(OLD_CALLS, trunk_sid=TK)) == [f"trunk_sid is empty, not {TK}"]
    assert routing_changes(meant, replace(meant, fallback_method="")) == []


def test_settings_changes_name_each_setting() -> None:
    """All five that we manage, in one order."""
    before = VapiSettings(SUPPORT, "", WORKFLOW, sms_enabled=True, name="Front desk")
    after = VapiSettings("", SQUAD, "", sms_enabled=False, name="")

    assert settings_changes(before, after) == [
        f"assistant is {SUPPORT}, not empty",
        f"squad is empty, not {SQUAD}",
        f"workflow is {WORKFLOW}, not empty",
        "smsEnabled is true, not false",
        "name is Front desk, not empty",
    ]
    assert settings_changes(before, before) == []
    assert settings_changes(ANSWERED_BY_SUPPORT, VapiSettings(SALES)) == [
        f"assistant is {SUPPORT}, not {SALES}"
    ]


@given(observations())
def test_no_description_shows_a_secret(observed: Observed) -> None:
    """Every URL of the samples carries a canary, which no line ever sings."""
    lines = [who_answers_texts(observed, NAMES)]
    if observed.twilio:
        lines += [handler_line(observed.twilio.messaging), handler_line(observed.twilio.voice)]
        lines += routing_changes(observed.twilio.messaging, NOTHING)
        lines += routing_changes(observed.twilio.voice, VoiceRouting())

    assert "canary" not in "\n".join(lines)
    assert all(line.isprintable() for line in lines)
