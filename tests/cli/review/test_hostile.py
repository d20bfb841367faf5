"""Previews of strangers, as a fork's pull request sends one: reading them takes as long as they are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from vapi_sms.cli.drawn.previewed import page
from vapi_sms.cli.review.comment import MOST, comment
from vapi_sms.cli.review.reading import parse
from vapi_sms.cli.review.review import review
from vapi_sms.cli.trouble import CannotGoOn

from tests.cli.review.steps import answered, number, preview, said, step
from tests.steps import steps_of

if TYPE_CHECKING:
    from tests.cli.review.steps import Json

MANY = 100_000
INTERRUPTED = "Traceback (most recent call last):\n  x\nKeyboardInterrupt\n"


def nested(levels: int) -> str:
    """Give a preview that holds lists within lists."""
    return f'{{"steps": [], "config": {"[" * levels}{"]" * levels}}}'


def deep_path(levels: int) -> list[Json]:
    """Give a step whose diff names paths of many keys, all to the same large value."""
    value: Json = {f"k{n}": n for n in range(20_000)}
    paths = {f"{'.' * n}big": {"kind": "update"} for n in range(2_000)}
    paths['["a"]' * levels] = {"kind": "update"}
    return [step("VapiSmsNumber", "n", {"big": value}, {"big": value, "x": 1}, detailedDiff=paths)]


HOSTILE = {
    "values without an end": (lambda: preview(diagnostics=[said(" value {" * 4 * MANY, "error", "n")])),
    "a scheme without an end": (lambda: preview(diagnostics=[said("a" * 5 * MANY, "error", "n")])),
    "fallbacks": (
        lambda: preview(
            number("n", None, answered(instead="x" + " (fallback x" * MANY), summary="texts: " + " (fallback x" * MANY)
        )
    ),
    "drift": (
        lambda: preview(
            number("n", answered(), answered(drift=["Vapi's assistant is a" + ", not b" * MANY + "\n"]))
        )
    ),
    "interrupts": (
        lambda: preview(
            diagnostics=[said("vapi-sms: x\n" * MANY + INTERRUPTED * MANY)],
        )
    ),
    "paths": (lambda: preview(deep_path(50_000))),
    "services": (lambda: preview(step("MessagingServiceInbound", "s", None, {
        "inbound": "x", "answers": ["1 number answered by x" + ", then by x:" * MANY, "  +1" + ", +1" * MANY],
    }))),
    "Messaging Services": (lambda: preview(
        number("n", None, {"answeredBy": "Messaging Service x" + " (MGx), by x" * MANY + "\n"})
    )),
}  # fmt: skip


@pytest.mark.timeout(60)
@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_telling_ends_soon_whatever_a_preview_holds(hostile: object) -> None:
    """Patterns that look at every letter for every letter would take hours: of those only the time limit knows."""
    told: list[str] = []

    assert callable(hostile)
    steps_of(lambda: told.append(comment(review(hostile()))), 20_000_000)

    assert len(told[0]) <= MOST


@pytest.mark.timeout(60)
@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_drawing_ends_soon_as_well(hostile: object) -> None:
    """A page is as long as what it is made of."""
    drawn: list[str] = []

    assert callable(hostile)
    steps_of(lambda: drawn.append(page(review(hostile()), "now")), 20_000_000)

    assert "</html>" in drawn[0]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (nested(150_000), "is nested more than 200 levels deep"),
        (nested(500), "is nested more than 200 levels deep"),
        (f'{{"steps": {"9" * 5000}}}', "holds a number of thousands of digits"),
        ('{"steps": [], "x": "\\ud800"}', "holds half a character (an unpaired surrogate)"),
    ],
)
def test_what_nobody_can_go_on_with_is_one_line(text: str, why: str) -> None:
    """Not a traceback, and not the process's end."""
    with pytest.raises(CannotGoOn) as refused:
        parse(text, "p.json")

    assert str(refused.value) == (f"p.json {why}: feed it what `pulumi preview --json --show-sames` prints")


def test_what_is_nested_as_programs_nest_is_read() -> None:
    """A resource of somebody else's may hold a hundred levels."""
    deep: Json = {}
    for _ in range(100):
        deep = {"x": [deep]} if len(json.dumps(deep)) < 500 else deep

    assert preview(step("VapiSmsNumber", "n", None, {"x": deep})).steps


def test_a_long_value_is_shown_as_far_as_there_is_room() -> None:
    """The start of it, as before."""
    value = {"a": "x" * 2_000}
    change = step("VapiSmsNumber", "n", {"v": value}, {"v": 1}, detailedDiff={"v": {"kind": "update"}})

    (line,) = [line for line in review(preview(change)).text if line.startswith("    ~ v: ")]

    assert line.startswith('    ~ v: {"a": "xxx')
    assert line.endswith(" => 1")
