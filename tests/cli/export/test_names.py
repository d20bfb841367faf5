"""Names of resources: as people call their numbers, each once, whatever order they come in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vapi_sms.cli.export.selecting import resource_names
from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.values import TwilioNumber

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random


def number(last: int, friendly_name: str) -> TwilioNumber:
    """Return a number that people call so."""
    return TwilioNumber(
        f"PN{last:032}",
        "AC" + "a" * 32,
        f"+1415555{last:04}",
        Routing(),
        VoiceRouting(),
        friendly_name=friendly_name,
    )


def names(*friendly_names: str) -> list[str]:
    """Return the names of numbers that people call so, 100 the last digits of the first."""
    return list(
        resource_names(number(100 + index, name) for index, name in enumerate(friendly_names)).values()
    )


@pytest.mark.parametrize(
    ("friendly_name", "name"),
    [
        ("Acme front desk", "acme-front-desk"),
        ("  Büro / Süd! ", "buro-sud"),
        ("Line 2", "line-2"),
        ("(415) 555-0100", "number-14155550100"),
        ("", "number-14155550100"),
        ("東京", "number-14155550100"),
        ("a" * 60, "a" * 40),
        ("support-4155550101", "number-14155550100"),
    ],
)
def test_name_is_what_people_call_the_number(friendly_name: str, name: str) -> None:
    """Lower case, digits and dashes, 40 characters at most; a number that has no name of its own is one."""
    assert names(friendly_name) == [name]


def test_shared_names_get_their_numbers() -> None:
    """All of them, so that none depends on who comes first."""
    assert names("Desk", "desk!", "Sales") == ["desk-14155550100", "desk-14155550101", "sales"]


@given(st.lists(st.text("abcDE 019-()ü", max_size=14), max_size=8), st.randoms())
def test_names_are_unique_and_the_same_in_any_order(friendly_names: list[str], random: Random) -> None:
    """Whatever people call their numbers."""
    numbers = [number(index, name) for index, name in enumerate(friendly_names)]
    shuffled: Sequence[TwilioNumber] = random.sample(numbers, len(numbers))

    named = resource_names(numbers)

    assert len(set(named.values())) == len(numbers)
    assert resource_names(shuffled) == named
