"""`prove` in a file of numbers: a map with the names of Prove's fields."""

from __future__ import annotations

import pytest
from vapi_sms import Prove

from tests.resources.fleet_file.file import ONE, TWO, Write, numbers, wrong


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("{within: 300}", Prove(within=300)),
        ("{before: Are you open?}", Prove(before="Are you open?")),
        (
            "{before: Open?, within: 60, at_least: 3, on_failure: keep, on_silence: restore}",
            Prove("Open?", 60, 3, "keep", "restore"),
        ),
    ],
)
def test_a_proof_is_a_map(write: Write, written: str, meant: Prove) -> None:
    """As a program writes it."""
    path = write(f"numbers: {{{ONE}: {{assistant: A, prove: {written}}}}}\n")

    assert numbers(path) == {ONE: {"assistant": "A", "prove": meant}}


def test_a_number_may_take_back_a_default(write: Write) -> None:
    """With null."""
    path = write(
        f"defaults: {{assistant: A, prove: {{within: 9}}}}\nnumbers: {{{ONE}: {{prove: null}}, {TWO}: }}\n"
    )

    assert numbers(path) == {ONE: {"assistant": "A"}, TWO: {"assistant": "A", "prove": Prove(within=9)}}


@pytest.mark.parametrize(
    ("written", "place", "text"),
    [
        (
            "{}",
            "",
            "proves nothing: say before=, the question to ask first, or within=, the seconds to watch",
        ),
        ("{within: 0}", "", "within must be whole seconds from 1 to 86,400, such as 300"),
        ("{within: 5m}", ".within", "must be a whole number"),
        ("{before: ' '}", "", "before must be a question of 1 to 1,000 characters"),
        ("{wihtin: 5}", ".wihtin", "is unknown: did you mean within?"),
        ("{within: 5, on_silence: fail}", ".on_silence", "must be keep or restore"),
        ("always", "", "must be a map"),
    ],
)
def test_a_proof_that_means_nothing_is_told_with_its_place(
    write: Write, written: str, place: str, text: str
) -> None:
    """As any other mistake in the file."""
    path = write(f"numbers:\n  {ONE}: {{assistant: A, prove: {written}}}\n")

    (line,) = wrong(path)
    assert line.startswith(f"numbers.yaml:2: numbers.{ONE}.prove{place}: ")
    assert text in line
