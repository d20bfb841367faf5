"""Many numbers in few lines: what is alike is told once, what is cut is counted."""

from __future__ import annotations

import pytest
from vapi_sms.core.telling import gathered, named

NUMBERS = [f"+1415555{n:04}" for n in range(5000)]


def test_few_are_told_each_by_itself_in_the_order_of_their_keys() -> None:
    """Three of a kind, and whatever else, keep their own lines."""
    texts = {number: f"{number} is not there" for number in NUMBERS[3:0:-1]} | {NUMBERS[0]: "something else"}

    assert gathered(texts) == (
        "something else",
        "+14155550001 is not there",
        "+14155550002 is not there",
        "+14155550003 is not there",
    )


def test_what_is_the_same_for_many_is_told_once() -> None:
    """5,000 numbers of another account are one line that names four and counts the rest."""
    texts = {number: f"{number} is not a number of this account: check it." for number in NUMBERS}

    (line,) = gathered(texts)

    assert line == (
        "+14155550000 is not a number of this account: check it (the same for "
        "+14155550001, +14155550002, +14155550003 and 4,996 others)"
    )


@pytest.mark.parametrize(
    "varying",
    [
        "PN" + 30 * "a" + "{:02}",
        "IG" + 30 * "a" + "{:02}",
        "3c0d7e2a-0000-4000-8000-0000000000{:02}",
        "request RQ{:032}",
        "+141555501{:02}",
    ],
    ids=["SID", "Conversations address", "id at Vapi", "request", "another number"],
)
def test_texts_are_alike_whatever_number_they_name(varying: str) -> None:
    """A SID, an id or a request in a text makes no kind of its own."""
    texts = {NUMBERS[n]: f"refused ({varying.format(n)})" for n in range(4)}

    (line,) = gathered(texts)

    assert line.endswith("(the same for +14155550001, +14155550002, +14155550003)")


def test_reasons_that_differ_are_told_apart() -> None:
    """Each Messaging Service that hides numbers is named."""
    texts = {number: f"{number} is in service {'AB'[n % 2]}" for n, number in enumerate(NUMBERS[:10])}

    assert gathered(texts) == (
        "+14155550000 is in service A (the same for +14155550002, +14155550004, +14155550006, +14155550008)",
        "+14155550001 is in service B (the same for +14155550003, +14155550005, +14155550007, +14155550009)",
    )


def test_no_more_than_so_many_lines() -> None:
    """What is cut is counted, and its first numbers are named."""
    texts = {number: f"texts are answered by handler {n}" for n, number in enumerate(NUMBERS)}

    lines = gathered(texts)

    assert len(lines) == 20
    assert lines[18] == "texts are answered by handler 18"
    assert lines[19] == ("and 4,981 more numbers: +14155550019, +14155550020, +14155550021 and 4,978 others")
    assert len(gathered(dict(list(texts.items())[:20]))) == 20
    assert gathered(texts, lines=1) == (
        "and 5,000 more numbers: +14155550000, +14155550001, +14155550002 and 4,997 others",
    )


def test_names() -> None:
    """Four are named, more are counted: nothing is said of one other."""
    assert named([]) == ""
    assert named("abcd") == "a, b, c, d"
    assert named("abcde") == "a, b, c and 2 others"
