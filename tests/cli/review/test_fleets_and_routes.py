"""The same of fleets, number by number, and of routes."""

from __future__ import annotations

import pytest
from vapi_sms.cli.review.changes import NOT_TOLD, Kind

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
    route,
    told,
    told_once,
)


def test_fleet() -> None:
    """Each number by itself: one changes, one comes, one goes, one stays."""
    three, four = "+14155550102", "+14155550103"
    old = {ONE: answered(), TWO: answered(), three: answered()}
    new = {TWO: answered("Sales"), three: answered(), four: answered(instead=BIN)}
    was = dict.fromkeys(old, FLOW_BACK)
    summary = {TWO: FLOW_BACK, three: FLOW_BACK, four: f"texts: {BIN}; calls: nobody; not in Vapi"}

    found = told(fleet(old, new, summary, was))

    assert [(change.kind, change.number, change.now, change.after) for change in found] == [
        (Kind.LEAVES, ONE, SUPPORT, FLOW),
        (Kind.CHANGES, TWO, SUPPORT, SALES),
        (Kind.NEW, four, BIN, SUPPORT),
        (Kind.STAYS, three, SUPPORT, SUPPORT),
    ]


def test_drift_of_a_fleet_belongs_to_its_number() -> None:
    """A fleet's lines begin with the number."""
    both = {ONE: answered(), TWO: answered()}
    changed, sibling = fleet(both, both, dict.fromkeys(both, FLOW_BACK))
    changed["newState"]["inputs"]["drift"] = [f"{TWO}: Vapi's assistant is Sales (a5), not Support (a6)"]

    assert [change.kind for change in told({**changed, "op": "update"}, sibling)] == [
        Kind.REPAIRED,
        Kind.STAYS,
    ]


def test_fleet_with_records_that_may_move_here() -> None:
    """Which entries have restore_to is secret: the new ones that only tell a record are marked."""
    new = {ONE: answered(), TWO: answered()}
    summary = {
        ONE: FLOW_BACK,
        TWO: f"texts: {BIN} (declared by restore_to); calls: nobody; not in Vapi",
    }

    found = told(fleet(None, new, summary, restoreTo="[secret]"))

    assert [(change.now, change.may_move_here) for change in found] == [(FLOW, True), (FLOW, True)]


def test_fleet_by_sid_without_a_summary_of_its_own() -> None:
    """A summary goes by E.164: of an entry that goes by its SID, its own line tells what comes back."""
    sid = "PN" + "0" * 32

    (change,) = told(fleet({sid: answered()}, {sid: answered("Sales")}, {ONE: FLOW_BACK}))

    assert (change.number, change.on_destroy) == (sid, f"texts: {FLOW}")


ROUTED = {"handler": "[secret]", "answeredBy": f"{BIN}, instead of {FLOW}"}


def test_route() -> None:
    """A handler takes over from another one, and the first one comes back."""
    assert told_once(route(None, ROUTED)) == (Kind.NEW, FLOW, BIN, f"texts: {FLOW}")
    assert told_once(route(ROUTED, None)) == (Kind.LEAVES, BIN, FLOW, "")


@pytest.mark.parametrize("more", ["as before", "with another url and fallback_url than before"])
def test_route_to_the_handler_that_was_found(more: str) -> None:
    """Who answers stays the same; that details change is said, not which, since URLs carry secrets."""
    same = {"handler": "[secret]", "answeredBy": f"{FLOW}, {more}"}
    routed, sibling = route(same, {**same, "addressSid": "AD1"})

    (change,) = told({**routed, "diffReasons": ["handler"]}, sibling)

    assert (change.kind, change.now, change.after) == (Kind.SETTINGS, FLOW, FLOW)
    assert change.notes == ("address_sid: none → AD1", "details of the handler change, which may be secret")


def test_route_that_moves_here_from_another_stack() -> None:
    """Its former owner's handler answers, whichever that is."""
    (change,) = told(route(None, ROUTED, restoreTo="[secret]"))

    assert (change.now, change.after) == (NOT_TOLD, BIN)
