"""Who answers a number now and who will, where it is new or its record is."""

from __future__ import annotations

import pytest
from vapi_sms.cli.review.changes import NOT_TOLD, Kind, changes
from vapi_sms.cli.review.reading import UNKNOWN

from tests.cli.review.steps import (
    BIN,
    FLOW,
    FLOW_BACK,
    ONE,
    SUPPORT,
    answered,
    number,
    preview,
    step,
    told,
    told_once,
)


def test_new_number() -> None:
    """What is being recorded answers until the switch."""
    assert told_once(number("n", None, answered())) == (Kind.NEW, FLOW, SUPPORT, FLOW_BACK)


def test_new_number_without_texts() -> None:
    """With sms_enabled=False nobody else answers."""
    off = {"assistant": "Support", "smsEnabled": False, "answeredBy": f"{FLOW}, not by Vapi"}

    assert told_once(number("n", None, off)) == (Kind.NEW, FLOW, FLOW, FLOW_BACK)


@pytest.mark.parametrize(
    ("summary", "answered_by", "now"),
    [
        (
            f"texts: {BIN} (declared by restore_to); calls: nobody; not in Vapi",
            f"{SUPPORT}, instead of {FLOW}",
            FLOW,
        ),
        (
            f"texts: {BIN} (declared by restore_to); calls: nobody; not in Vapi",
            f"{SUPPORT}, instead of Vapi",
            "Vapi",
        ),
        (f"texts: {BIN} (declared by restore_to); calls: nobody; not in Vapi", SUPPORT, SUPPORT),
        (f"texts: {BIN} (declared by restore_to); calls: nobody; not in Vapi", "", NOT_TOLD),
        ("texts stay at Vapi; calls: nobody; not in Vapi", f"{SUPPORT}, instead of {FLOW}", FLOW),
        ("texts stay at Vapi; calls: nobody; not in Vapi", SUPPORT, "Vapi"),
        (FLOW_BACK, f"{SUPPORT}, instead of {FLOW}", "Vapi"),
    ],
)
def test_new_number_with_restore_to(summary: str, answered_by: str, now: str) -> None:
    """Who was found answers now, not what restore_to declares; of a record that moves here it is Vapi."""
    new = answered() | {"answeredBy": answered_by}

    (change,) = told(number("n", None, new, summary, restoreTo="[secret]"))

    assert (change.now, change.after) == (now, SUPPORT)


def test_new_number_with_an_unknown_assistant() -> None:
    """An assistant that the same `up` creates has no name yet."""
    unknown = {"assistant": UNKNOWN, "smsEnabled": True}

    now = told_once(number("n", None, unknown))

    assert now == (Kind.NEW, FLOW, "a Vapi assistant that is known only during up", FLOW_BACK)


def test_new_number_without_credentials() -> None:
    """Only what is declared can be told."""
    declared = step("VapiSmsNumber", "n", None, {"number": ONE, "assistant": "Support", "smsEnabled": True})
    sibling = step("OriginalRoutings", "n-original", None, {"numbers": {ONE: {}}, "originals": "[secret]"})

    assert told_once(declared, sibling) == (Kind.NEW, NOT_TOLD, SUPPORT, NOT_TOLD)


def test_number_without_texts_and_without_credentials() -> None:
    """With sms_enabled=False its record says who goes on to answer, where there is one."""
    off = {"assistant": "Support", "smsEnabled": False}

    assert told_once(number("n", answered(), off))[:3] == (Kind.CHANGES, SUPPORT, FLOW)
    assert told_once(number("n", None, off)[0])[:3] == (Kind.NEW, NOT_TOLD, NOT_TOLD)


def test_name_that_is_not_known_yet() -> None:
    """An Output of another resource."""
    (change,) = told(number("n", answered(name="Desk"), answered(name=UNKNOWN)))

    assert change.notes == ("name: Desk → known only during up",)


def test_number_of_an_unfinished_up() -> None:
    """Its record is there, the number is not: whether it was switched, nobody knows before a reading."""
    created, sibling = number("n", None, answered())
    (change,) = told(created, {**sibling, "op": "same", "oldState": sibling["newState"]})

    assert change.now == f"{FLOW} or {SUPPORT}: an earlier up did not finish"


def test_number_of_an_unfinished_up_that_was_read() -> None:
    """Where the preview read who answers it now, that is told, and the earlier `up` is a note."""
    created, sibling = number("n", None, answered())
    steps = [created, {**sibling, "op": "same", "oldState": sibling["newState"]}]
    said = {"severity": "info#err", "message": f"vapi-sms: change: {ONE}: {FLOW} -> {SUPPORT}\n"}
    (change,) = changes(preview(steps, diagnostics=[said]))

    assert (change.now, change.notes) == (FLOW, ("an earlier up did not finish",))


def test_record_that_no_number_ever_used() -> None:
    """A killed first `up` whose program is gone: the sibling puts the number back."""
    (sibling,) = number("n", answered(), None)[1:]

    assert told_once(sibling) == (Kind.LEAVES, NOT_TOLD, FLOW, "")


def test_number_whose_number_is_not_known_yet() -> None:
    """It goes by its resource's name."""
    (change,) = told(step("VapiSmsNumber", "desk", None, {"number": UNKNOWN, "assistant": "Support"}))

    assert change.number == "desk"
