"""Who answers now, who will, and what comes back: for every way in which a number changes."""

from __future__ import annotations

import pytest
from vapi_sms.cli.review.changes import Change, Kind

from tests.cli.review.steps import (
    BIN,
    FLOW,
    FLOW_BACK,
    ONE,
    SALES,
    SUPPORT,
    TWO,
    Json,
    answered,
    fleet,
    number,
    step,
    told,
    told_once,
)


def test_another_assistant() -> None:
    """Both are named."""
    change = told_once(number("n", answered(), answered("Sales")))

    assert change == (Kind.CHANGES, SUPPORT, SALES, FLOW_BACK)


def test_renamed_assistant_is_no_switch() -> None:
    """The same assistant goes on to answer, by another name."""
    renamed = answered("Help", assistantId="id-Support")

    (change,) = told(number("n", answered(), renamed))

    assert (change.kind, change.now, change.after) == (
        Kind.SETTINGS,
        "Vapi assistant Help",
        "Vapi assistant Help",
    )
    assert change.notes == (f"renamed in Vapi, until now {SUPPORT}",)


def test_settings() -> None:
    """Each one is named, with both values, as a program spells it."""
    before = answered(name="Desk", onRemove="leave")
    after = answered(voice="vapi", adopt=True, protect=True, onRemove="restore")

    (change,) = told(number("n", before, after))

    assert change.kind is Kind.SETTINGS
    assert change.notes == (
        "name: Desk → none",
        "voice: keep → vapi",
        "adopt: False → True",
        "on_remove: leave → restore",
        "protect: False → True",
    )


def test_another_key_for_vapi() -> None:
    """It is told of each number that Vapi gets it for, by its fingerprint; a fleet's is one for all."""
    before, after = ({"twilioKeyAtVapi": f"fingerprint {n}"} for n in "12")
    entries = {ONE: answered(), TWO: answered()}
    of_fleet = step("VapiSmsFleet", "fleet", {"numbers": entries, **before}, {"numbers": entries, **after})

    found = told(number("n", answered(**before), answered(**after))) + told(of_fleet)

    assert [(change.kind, change.number) for change in found] == [
        (Kind.SETTINGS, ONE),
        (Kind.SETTINGS, ONE),
        (Kind.SETTINGS, TWO),
    ]
    assert {change.notes for change in found} == {("Vapi's key for Twilio: fingerprint 1 → fingerprint 2",)}


BACKED = {"answeredBy": f"{SUPPORT} (fallback {BIN}), instead of {FLOW}", "fallback": "original"}
HANDLER = {**BACKED, "fallback": "[secret]"}


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        ({}, BACKED, f"fallback: keep → {BIN}"),
        (HANDLER, {}, f"fallback: {BIN} → keep"),
        ({}, {"answeredBy": None, "fallback": "original"}, "fallback: keep → original"),
        ({}, {"answeredBy": None, "fallback": {"url": "[unknown]"}}, "fallback: keep → a handler"),
    ],
)
def test_another_fallback(before: Json, after: Json, note: str) -> None:
    """The same assistant answers: it is no switch, and who answers while Vapi fails is named."""
    (change,) = told(number("n", answered(**before), answered(**after)))

    assert (change.kind, change.now, change.after) == (Kind.SETTINGS, SUPPORT, SUPPORT)
    assert change.notes == (note,)


def test_details_of_a_fallback() -> None:
    """What is secret is not shown, and that it changes is."""
    changed, sibling = number("n", answered(**HANDLER), answered(**HANDLER, name="x"))

    (change,) = told({**changed, "diffReasons": ["fallback"]}, sibling)

    assert change.notes[-1] == "details of the fallback change, which may be secret"


def test_other_words_for_the_same_are_no_change() -> None:
    """Where the engine says that nothing happens, nothing does: another version may word its lines anew."""
    changed, sibling = number("n", answered(), answered("Renamed", name="x"), f"{FLOW_BACK}, as told today")

    (change,) = told({**changed, "op": "same"}, {**sibling, "op": "same"})

    assert (change.kind, change.now, change.after, change.notes) == (Kind.STAYS, SUPPORT, SUPPORT, ())


def test_another_original() -> None:
    """What `restore_to` now declares is shown beside what came back until now."""
    old, _ = number("n", answered(), answered(original="[secret]"))
    before = {"summary": {ONE: FLOW_BACK}}
    after = {"summary": {ONE: f"texts: {BIN} (declared by restore_to); calls: nobody; not in Vapi"}}

    (change,) = told(old, step("OriginalRoutings", "n-original", before, after))

    assert change.notes == (f"on destroy until now: {FLOW_BACK}",)
    assert change.on_destroy == after["summary"][ONE]


def test_texts_taken_from_vapi_and_given_back() -> None:
    """`sms_enabled` is a switch like any other."""
    off = {"assistant": "Support", "assistantId": "id-Support", "smsEnabled": False}
    off["answeredBy"] = f"{FLOW} (fallback {BIN}), not by Vapi"

    assert told_once(number("n", answered(), off))[:3] == (Kind.CHANGES, SUPPORT, FLOW)
    assert told_once(number("n", off, answered()))[:3] == (Kind.CHANGES, FLOW, SUPPORT)


def test_somebody_elses_routing_is_left_alone_while_texts_are_not_vapis() -> None:
    """It answers now and goes on to; nothing is switched."""
    off = {"assistant": "Support", "smsEnabled": False, "answeredBy": f"{FLOW}, not by Vapi"}
    foreign = {**off, "answeredBy": f"{BIN}, not by Vapi"}

    assert told_once(number("n", off, foreign))[:3] == (Kind.STAYS, BIN, BIN)


def test_original_declared_anew_while_texts_are_not_vapis() -> None:
    """What is declared takes the place of what answers."""
    off = {"assistant": "Support", "smsEnabled": False, "answeredBy": f"{FLOW}, not by Vapi"}
    declared = {**off, "answeredBy": f"{BIN}, not by Vapi"}
    summary = f"texts: {BIN} (declared by restore_to); calls: nobody; not in Vapi"

    assert told_once(number("n", off, declared, summary))[:3] == (Kind.CHANGES, FLOW, BIN)


def test_drift_of_texts() -> None:
    """Whoever answers by drift answers now."""
    drifted = answered(drift=["texts are answered by Webhook https://x.example.com/?a=***, not by Vapi"])

    change = told_once(number("n", answered(), drifted))

    assert change[:3] == (Kind.REPAIRED, "Webhook https://x.example.com/?a=***", SUPPORT)


def test_drift_of_something_else() -> None:
    """A fallback that somebody changed does not change who answers."""
    drifted = answered(drift=["texts: fallback_url is empty, not https://x.example.com"])

    assert told_once(number("n", answered(), drifted))[:3] == (Kind.REPAIRED, SUPPORT, SUPPORT)


def test_a_refresh_within_the_preview_is_not_told_twice() -> None:
    """What the refresh read stands in the old state of the step that follows."""
    changed, sibling = number("n", answered(), answered("Sales"))

    found = told({**changed, "op": "refresh"}, {**sibling, "op": "refresh"}, changed, sibling)

    assert [change.kind for change in found] == [Kind.CHANGES]


def test_order_does_not_depend_on_the_engine() -> None:
    """The engine works in parallel: whatever finished first, the review is the same."""
    steps = [
        *number("a", None, answered()),
        *fleet({TWO: answered()}, {TWO: answered("Sales")}, {TWO: FLOW_BACK}),
    ]

    found: list[Change] = told(*steps)

    assert told(*reversed(steps)) == found
