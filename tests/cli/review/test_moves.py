"""What comes back of a number that goes, is left, is replaced, or moves to another resource."""

from __future__ import annotations

import pytest
from vapi_sms.cli.review.changes import Kind

from tests.cli.review.steps import (
    BIN,
    FLOW,
    FLOW_BACK,
    ONE,
    SALES,
    SUPPORT,
    TWO,
    answered,
    fleet,
    number,
    step,
    told,
    told_once,
)

RETAINED = {"retainOnDelete": True}


def test_number_that_goes() -> None:
    """Its original comes back."""
    assert told_once(number("n", answered(), None)) == (Kind.LEAVES, SUPPORT, FLOW, "")


def test_number_that_goes_without_its_sibling_in_the_preview() -> None:
    """Without unchanged resources the number's own line still says who it took over from."""
    gone = number("n", answered(), None)[0]

    assert told_once(gone) == (Kind.LEAVES, SUPPORT, FLOW, "")


@pytest.mark.parametrize("way", ["retain_on_delete", "on_remove", "LEAVE_AT_VAPI"])
def test_number_that_is_left(way: str) -> None:
    """Three ways to let go of a number without a switch."""
    summary = "texts stay at Vapi; calls: nobody; not in Vapi" if way == "LEAVE_AT_VAPI" else FLOW_BACK
    gone, sibling = number("n", answered(), None, summary)
    if way == "retain_on_delete":
        gone["oldState"] |= RETAINED
    if way == "on_remove":
        sibling["oldState"]["inputs"]["numbers"][ONE] = {"onRemove": "leave"}

    (change,) = told(gone, sibling)

    assert (change.now, change.after, change.notes) == (SUPPORT, SUPPORT, ("left as it is",))


def test_number_that_destroy_would_leave() -> None:
    """The column does not promise what is not put back."""
    (change,) = told(fleet(None, {ONE: answered(onRemove="leave")}, {ONE: FLOW_BACK}))

    assert change.on_destroy == "left as it is"


def test_another_number() -> None:
    """A replacement is two numbers: one goes, one comes."""
    old = step(
        "VapiSmsNumber",
        "n",
        {"number": ONE, **answered()},
        {"number": TWO, **answered(instead=BIN)},
        op="replace",
    )
    summaries = (
        {"summary": {ONE: FLOW_BACK}},
        {"summary": {TWO: f"texts: {BIN}; calls: nobody; not in Vapi"}},
    )

    gone, come = told(old, step("OriginalRoutings", "n-original", *summaries))

    assert (gone.number, gone.now, gone.after) == (ONE, SUPPORT, FLOW)
    assert (come.number, come.now, come.after) == (TWO, BIN, SUPPORT)


def test_forced_replacement() -> None:
    """The same number is switched back and over again."""
    replaced, sibling = number("n", answered(), answered())

    assert told_once({**replaced, "op": "replace"}, sibling)[:3] == (Kind.REPLACED, SUPPORT, SUPPORT)


def test_number_that_moves_to_another_resource_of_the_stack() -> None:
    """First step: the old owner's assistant answers until the new one's does; the number is told once."""
    (change,) = told(
        number("old", answered(), answered()), number("new", None, answered("Sales"), restoreTo="[secret]")
    )

    assert (change.kind, change.holder, change.now, change.after) == (Kind.NEW, "new", SUPPORT, SALES)


def test_number_that_has_moved() -> None:
    """Second step: the old owner lets go, and nothing happens."""
    old, sibling = number("old", answered(), None)
    old["oldState"] |= RETAINED

    (change,) = told(old, sibling, number("new", answered(), answered()))

    assert (change.kind, change.holder) == (Kind.STAYS, "new")


def test_old_owner_that_puts_a_moved_number_back() -> None:
    """Forgotten retain_on_delete: both are told, since the old owner does switch the number back."""
    found = told(number("old", answered(), None), number("new", answered(), answered()))

    assert [(change.kind, change.holder, change.after) for change in found] == [
        (Kind.LEAVES, "old", FLOW),
        (Kind.STAYS, "new", SUPPORT),
    ]


def test_number_that_moves_here_from_another_stack() -> None:
    """Its record says what comes back; its former owner's assistant answers."""
    (change,) = told(number("n", None, answered(), restoreTo="[secret]"))

    assert (change.now, change.after, change.on_destroy) == ("Vapi", SUPPORT, FLOW_BACK)
