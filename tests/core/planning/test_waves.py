"""Waves and shares: always the same numbers first, a larger share only adds, and every mistake is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vapi_sms.core.planning.waves import Cut, count_of, cut_mistake, in_order, waves_mistakes, waves_of

NUMBERS = st.sets(st.integers(0, 9_999_999), max_size=60).map(lambda some: [f"+1415{n:07}" for n in some])
PERCENT = st.integers(1, 100).map(lambda part: f"{part}%")


@given(NUMBERS, st.tuples(PERCENT, PERCENT))
def test_a_larger_share_only_adds_numbers(numbers: list[str], shares: tuple[str, str]) -> None:
    """In whatever order the file has them."""
    small, large = sorted(shares, key=lambda share: int(share[:-1]))
    taken = [
        set(in_order(order)[: count_of(cut, len(numbers))])
        for order, cut in ((numbers, small), (numbers[::-1], large))
    ]

    assert taken[0] <= taken[1]


@given(NUMBERS, st.lists(PERCENT, min_size=1, max_size=4, unique=True))
def test_waves_have_each_number_once(numbers: list[str], cuts: list[str]) -> None:
    """The last wave ends with all of them."""
    waves = waves_of(numbers, [*sorted(cuts, key=lambda cut: int(cut[:-1])), "100%"])

    assert sorted(number for wave in waves for number in wave) == sorted(numbers)


@pytest.mark.parametrize(
    ("cut", "total", "count"),
    [
        ("1%", 1000, 10),
        ("1%", 5, 1),
        ("0.1%", 1000, 1),
        ("33.333333%", 3, 1),
        ("33.333334%", 3, 2),
        ("100%", 7, 7),
        (25, 100, 25),
        ("26", 100, 26),
        (25, 10, 10),
        ("10%", 0, 0),
    ],
)
def test_a_percentage_is_rounded_up(cut: Cut, total: int, count: int) -> None:
    """So that a share of a few is at least one, and no count is more than there are."""
    assert count_of(cut, total) == count


@pytest.mark.parametrize(
    "cut", ["", "ten", "0%", "101%", "-1%", "1e1%", 0, -5, True, 2.5, None, "10 %", "00"]
)
def test_what_says_not_how_many_is_told(cut: object) -> None:
    """By what was written."""
    assert repr(cut) in cut_mistake(cut)


@pytest.mark.parametrize(
    ("waves", "told"),
    [
        (["1%", "10%", "100%"], []),
        ([1, "50%", "100%"], []),
        (["1%", "10%", 1000], []),
        ([5, 50, "100%"], []),
        ("10%", ['waves must be a list such as ["1%", "10%", "100%"]']),
        ([], ['waves must be a list such as ["1%", "10%", "100%"]']),
        (10, ['waves must be a list such as ["1%", "10%", "100%"]']),
        (["10%", "10%", "100%"], ["waves must grow: '10%' comes after '10%'"]),
        ([50, 5, "100%"], ["waves must grow: 5 comes after 50"]),
        (["90%", 5, "100%"], ["waves must grow: 5 comes after '90%'"]),
        (
            ["1%", "10%"],
            ["the last wave, '10%', leaves numbers out: end with \"100%\", or hold the fleet with share="],
        ),
        (
            ["some", "100%"],
            [
                "waves: 'some' says not how many: write a percentage such as \"10%\", or a count of numbers such as 25"
            ],
        ),
    ],
)
def test_waves_that_mean_nothing_are_told(waves: object, told: list[str]) -> None:
    """Each mistake in one line."""
    assert list(waves_mistakes(waves, 100)) == told
