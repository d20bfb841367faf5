"""Who answers now, who will, and what comes back: for every way in which a number comes, changes and goes."""

from __future__ import annotations

import pytest
from vapi_sms.cli.review.changes import NOT_TOLD, Change, Kind
from vapi_sms.cli.review.reading import UNKNOWN

from tests.cli.review.steps import BIN, FLOW, FLOW_BACK, ONE, TWO, answered, fleet, number, route, step, told

SUPPORT, SALES = "Vapi assistant Support", "Vapi assistant Sales"
RETAINED = {"retainOnDelete": True}


def told_once(*steps: list[dict[str, object]] | dict[str, object]) -> tuple[Kind, str, str, str]:
    """Give kind, now, after and on destroy of the only change."""
    (change,) = told(*steps)
    return change.kind, change.now, change.after, change.on_destroy


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


def test_record_that_no_number_ever_used() -> None:
    """A killed first `up` whose program is gone: the sibling puts the number back."""
    (sibling,) = number("n", answered(), None)[1:]

    assert told_once(sibling) == (Kind.LEAVES, NOT_TOLD, FLOW, "")


def test_number_whose_number_is_not_known_yet() -> None:
    """It goes by its resource's name."""
    (change,) = told(step("VapiSmsNumber", "desk", None, {"number": UNKNOWN, "assistant": "Support"}))

    assert change.number == "desk"


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
