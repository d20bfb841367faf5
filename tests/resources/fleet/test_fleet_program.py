"""What a program writes as a fleet, before anything is asked of anybody."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vapi_sms import Routing
from vapi_sms.resources.inputs.contradictions import Contradiction
from vapi_sms.resources.inputs.entries import merged, spelled
from vapi_sms.resources.inputs.number import NumberInputs, WishInputs
from vapi_sms.resources.inputs.words import ENTRY_OPTIONS

from tests.resources.fleet_stack import (
    FleetStack,
)
from tests.resources.program.test_program import clear, run
from tests.resources.provider import NO_PROCESS, Props, _kept
from tests.sandbox.world import (
    WEBHOOK,
)

IS_UP = {"isUp": True}
"""What the classes add outside of a preview."""


def test_entries_are_merged_under_one_spelling_in_one_order() -> None:
    """Defaults fill what an entry does not say; None is nothing; keys are as the engine spells them."""
    found = merged(
        "fleet",
        {
            "+1 (415) 555-0101": {"sms_enabled": False, "name": None},
            "+1.415.555.0100": {"assistant": "Sales"},
        },
        {"assistant": "Support", "voice": "vapi", "on_remove": "leave", "name": None},
    )

    assert list(found.items()) == [
        ("+14155550100", {"assistant": "Sales", "voice": "vapi", "onRemove": "leave"}),
        ("+14155550101", {"assistant": "Support", "smsEnabled": False, "voice": "vapi", "onRemove": "leave"}),
    ]


@pytest.mark.parametrize(
    ("defaults", "entry", "expected"),
    [
        ({"assistant": "Support"}, {"squad": "Everybody"}, {"squad": "Everybody"}),
        ({"squad": "Everybody"}, {"assistant": "Support"}, {"assistant": "Support"}),
        ({"assistant": "Support"}, {"squad": None}, {"assistant": "Support"}),
        ({"assistant": "A"}, {"assistant": "B", "squad": "C"}, {"assistant": "B", "squad": "C"}),
    ],
    ids=["squad for assistant", "assistant for squad", "none", "both, refused later"],
)
def test_an_entrys_squad_beats_the_default_assistant(defaults: Props, entry: Props, expected: Props) -> None:
    """Who answers is one choice: an entry that makes it makes it whole."""
    assert merged("fleet", {WEBHOOK: entry}, defaults) == {WEBHOOK: expected}


@pytest.mark.parametrize(
    ("numbers", "line"),
    [
        (
            {"+14155550100": {}, "+1 (415) 555-0100": {}},
            "fleet: +14155550100 is declared twice, once as '+1 (415) 555-0100'",
        ),
        (
            {"+14155550100": "Support"},
            "fleet: +14155550100 must map options to values, as in {'assistant': 'Support'}",
        ),
    ],
    ids=["twice", "no map"],
)
def test_a_contradiction_in_the_program_is_a_mistake(numbers: Any, line: str) -> None:
    """It is told in one line before anything is registered."""
    with pytest.raises(Contradiction) as caught:
        merged("fleet", numbers, {})

    assert str(caught.value) == line


def test_an_unknown_default_is_told_once() -> None:
    """It is refused by the program, not by each of 5,000 entries."""
    with pytest.raises(Contradiction) as caught:
        merged(
            "fleet", {f"+1415555{n:04}": {} for n in range(5000)}, {"asistant": "Support", "twilio_sid": "PN"}
        )

    assert str(caught.value) == (
        "fleet: in defaults there is no option asistant: did you mean assistant?; there is no option twilio_sid: an "
        "entry's key says which number it is about"
    )


def test_the_options_that_are_named_are_those_that_are_parsed() -> None:
    """Programs must not import what parses them, so the list is kept by hand."""
    secret = {"restore_to", "restore_calls_to"}
    parsed = NumberInputs.model_fields.keys() | WishInputs.model_fields.keys() | secret

    assert parsed - {"number", "twilio_sid", "unknown"} == set(ENTRY_OPTIONS)


@pytest.mark.parametrize(
    ("written_as", "key"),
    [
        ("+1 (415) 555-0100", "+14155550100"),
        (" +1.415.555.0100 ", "+14155550100"),
        ("+1\u00a0415\u00a0555\u00a00100", "+14155550100"),
        ("PN" + "a" * 32, "PN" + "a" * 32),
        ("415-555-0100", "415-555-0100"),
        (14155550100, "14155550100"),
    ],
)
def test_spelling(written_as: object, key: str) -> None:
    """Only what people write between digits goes; all else is for check to judge."""
    assert spelled(written_as) == key


def test_the_class_registers_what_the_tests_engine_does() -> None:
    """The small engine of these tests writes props by hand: they are those of the class, `restore_to` secret."""
    found = run(
        "    VapiSmsFleet('fleet', defaults={'assistant': 'Support', 'on_remove': 'leave'}, numbers={\n"
        "        '+1 415 555 0100': {'restore_to': Routing('https://a.example'), 'protect': True},\n"
        "        '+14155550101': {'squad': 'Everybody', 'adopt': True, 'sms_enabled': False}})\n"
    )

    stack = FleetStack(NO_PROCESS, name="fleet")
    declared: Props = {
        "defaults": {"assistant": "Support", "on_remove": "leave"},
        "numbers": {
            "+14155550100": {"restore_to": Routing("https://a.example"), "protect": True},
            "+14155550101": {"squad": "Everybody", "adopt": True, "sms_enabled": False},
        },
    }
    sibling = stack.sibling_props(**declared)
    assert clear(found["fleet-original"]) == _kept(sibling | IS_UP)
    assert clear(found["fleet"]) == _kept(stack.number_props(sibling["originals"], **declared) | IS_UP)
    assert "https://a.example" not in json.dumps(found["fleet"])


def test_a_number_that_moves_carries_its_own_record_only() -> None:
    """Of the old owner's thousands of originals; of one that is not among them another one says so."""
    records = {f"PN{n}": {"sid": f"PN{n}", "number": f"+1415555{n:04}", "messaging": {}} for n in range(50)}
    found = run(
        f"    old = pulumi.Output.secret({records!r})\n"
        "    VapiSmsFleet('fleet', defaults={'assistant': 'Support'}, numbers={\n"
        "        '+14155550007': {'restore_to': old}, 'PN8': {'restore_to': old},\n"
        "        '+14155559999': {'restore_to': old},\n"
        "        '+14155550009': {'restore_to': pulumi.Output.from_input('leave-at-vapi')}})\n"
        "    VapiSmsNumber('one', number='+14155550011', assistant='Support', restore_to=old)\n"
    )

    assert clear(found["fleet-original"])["restoreTo"] == {
        "+14155550007": {"PN7": records["PN7"]},
        "PN8": {"PN8": records["PN8"]},
        "+14155559999": {"PN0": records["PN0"]},
        "+14155550009": "leave-at-vapi",
    }
    assert clear(found["one-original"])["restoreTo"] == {"+14155550011": {"PN11": records["PN11"]}}


@pytest.mark.parametrize(
    "first",
    [
        "VapiSmsNumber('a', number='+14155550100', assistant='S')",
        "VapiSmsFleet('a', numbers={'+14155550100': {'assistant': 'S'}})",
    ],
    ids=["number and fleet", "two fleets"],
)
def test_a_number_of_two_resources_is_a_mistake(first: str) -> None:
    """A number has one owner, whatever kind of resource that is."""
    with pytest.raises(AssertionError) as caught:
        run(f"    {first}\n    VapiSmsFleet('b', numbers={{'+1 415 555 0100': {{'assistant': 'S'}}}})\n")

    assert "Mistake: +14155550100 is declared twice, by 'a' and by 'b'" in str(caught.value)
