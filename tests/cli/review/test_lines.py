"""Our own lines, read back: written by the core, so that neither side can change its words alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from vapi_sms.cli.review.lines import Record, instead_of_whom, who_answers, who_answers_by_drift
from vapi_sms.core.planning.drift import drift_lines
from vapi_sms.core.planning.goals import Goal
from vapi_sms.core.routings.describe import original_line, who_answers_texts
from vapi_sms.core.routings.handlers import Handler
from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.values import (
    Observed,
    Original,
    Source,
    TwilioNumber,
    VapiEndpoints,
    VapiRecord,
    VapiSettings,
)

SUPPORT, SALES = "a5000000-0000-4000-8000-000000000001", "a5000000-0000-4000-8000-000000000002"
NAMES = {SUPPORT: "Support", SALES: "Sales, instead of Support"}
AT_VAPI = Routing(VapiEndpoints.at("https://api.vapi.ai").sms, "POST", "", "POST")
FLOW = Handler.studio_flow("FW" + "b" * 32, account_sid="AC" + "a" * 32)
HOOK = Routing("https://app.example.com/sms?token=canary", "POST", "https://app.example.com/f", "POST")
APPLIED = VapiSettings(assistant_id=SUPPORT)


def observed(texts: Routing = AT_VAPI, settings: VapiSettings | None = APPLIED) -> Observed:
    """Give a reading."""
    number = TwilioNumber("PN1", "AC1", "+14155550100", texts, VoiceRouting())
    return Observed(
        number, None if settings is None else VapiRecord("v1", "o1", number.number, "AC1", settings)
    )


@pytest.mark.parametrize(
    "found",
    [
        observed(FLOW),
        observed(HOOK),
        observed(Handler.none()),
        observed(settings=None),
        observed(settings=VapiSettings(assistant_id=SALES)),
        observed(settings=VapiSettings()),
        observed(settings=VapiSettings(squad_id=SALES)),
        observed(settings=replace(APPLIED, assistant_id=SALES, sms_enabled=False)),
    ],
)
def test_drift_tells_who_answers(found: Observed) -> None:
    """From the lines of drift alone follows what a reading would say."""
    lines = drift_lines(found, Goal(messaging=AT_VAPI, voice=None, vapi=APPLIED), NAMES)

    assert who_answers_by_drift(lines) == who_answers_texts(found, NAMES).partition(" (fallback")[0]


def test_drift_of_texts_switched_off() -> None:
    """The assistant did not change, so drift does not name it."""
    off = observed(settings=replace(APPLIED, sms_enabled=False))

    lines = drift_lines(off, Goal(messaging=AT_VAPI, voice=None, vapi=APPLIED), NAMES)

    assert who_answers_by_drift(lines) == "Vapi, with texts switched off there"


def test_drift_of_a_name_tells_nothing() -> None:
    """Vapi's display name changes nobody's answer."""
    renamed = observed(settings=replace(APPLIED, name="Desk"))

    assert who_answers_by_drift(drift_lines(renamed, Goal(AT_VAPI, None, APPLIED), NAMES)) == ""


@pytest.mark.parametrize(
    ("source", "messaging", "found", "record"),
    [
        (Source.CAPTURED, HOOK, None, ("Webhook https://app.example.com/sms?token=***", False)),
        (
            Source.DECLARED,
            FLOW,
            HOOK,
            (f"Studio Flow FW{'b' * 32}", True),
        ),
        (Source.DECLARED, HOOK, None, ("Webhook https://app.example.com/sms?token=***", True)),
        (Source.LEAVE, FLOW, FLOW, ("", False)),
    ],
)
def test_record(source: Source, messaging: Routing, found: Routing | None, record: tuple[str, bool]) -> None:
    """A summary tells who comes back, and whether that was declared."""
    original = Original(
        "PN1", "+14155550100", "AC1", "o1", messaging, VoiceRouting(), source=source, found=found
    )

    read = Record.of(original_line(original))

    assert (read.texts, read.declared) == record
    assert read.stays is (source is Source.LEAVE)


@pytest.mark.parametrize(
    ("line", "who", "instead"),
    [
        ("Vapi assistant Support, instead of nobody", "Vapi assistant Support", "nobody"),
        ("Vapi assistant A, instead of B, instead of nobody", "Vapi assistant A, instead of B", "nobody"),
        ("Vapi assistant Support", "Vapi assistant Support", ""),
        (
            "Webhook https://a.example.com (fallback Webhook https://b.example.com), not by Vapi",
            "Webhook https://a.example.com",
            "",
        ),
        ("Webhook https://a.example.com, not by Vapi, instead of B", "Webhook https://a.example.com", "B"),
        ("", "", ""),
    ],
)
def test_answered_by(line: str, who: str, instead: str) -> None:
    """An assistant may be named like anything; what it took over from comes last."""
    assert (who_answers(line), instead_of_whom(line)) == (who, instead)
