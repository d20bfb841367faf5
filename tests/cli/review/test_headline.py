"""The headline: many numbers in few statements, the most important first."""

from __future__ import annotations

from typing import Any

import pytest
from vapi_sms.cli.review.headline import in_markdown, statements
from vapi_sms.cli.review.reading import UNKNOWN
from vapi_sms.cli.review.review import review

from tests.cli.review.steps import (
    BIN,
    FLOW,
    FLOW_BACK,
    ONE,
    TWO,
    answered,
    fleet,
    number,
    preview,
    said,
    step,
)


def headline(*steps: Any, **more: Any) -> list[str]:
    """Give the statements of a preview of steps."""
    return statements(review(preview(*steps, **more)), in_markdown(1000))


def numbers(count: int) -> list[str]:
    """Give so many numbers."""
    return [f"+1415{5_550_000 + index}" for index in range(count)]


def test_same_switch_is_told_once() -> None:
    """As many numbers as there are, from whom to whom."""
    both = {ONE: answered(), TWO: answered()}

    assert headline(fleet(None, both, dict.fromkeys(both, FLOW_BACK))) == [
        f"2 numbers will be answered by `Vapi assistant Support` instead of `{FLOW}`"
    ]


@pytest.mark.parametrize(
    ("count", "instead"),
    [(2, "`W0` and `W1`"), (3, "`W0`, `W1` and `W2`"), (4, "`W0`, `W1`, `W2` and 1 other")],
)
def test_different_answers_are_named_as_far_as_they_are_few(count: int, instead: str) -> None:
    """Three at most, then a count."""
    new = {each: answered(instead=f"W{index}") for index, each in enumerate(numbers(count))}
    summary = {
        each: f"texts: W{index}; calls: nobody; not in Vapi" for index, each in enumerate(numbers(count))
    }

    assert headline(fleet(None, new, summary)) == [
        f"{count} numbers will be answered by `Vapi assistant Support` instead of {instead}"
    ]


def test_nobody_is_not_overlooked() -> None:
    """Where a change leaves texts to nobody, that stands out; where nobody answered until now, it does not."""
    nobody = {ONE: answered(instead="nobody")}
    summary = {ONE: "texts: nobody; calls: nobody; not in Vapi"}

    assert headline(fleet(nobody, {}, {}, summary)) == [
        "1 number will again be answered by **nobody** instead of `Vapi assistant Support`"
    ]
    assert headline(fleet(None, nobody, summary)) == [
        "1 number will be answered by `Vapi assistant Support` instead of `nobody`"
    ]


def test_most_important_first() -> None:
    """Drift, then switches by their size, what is put back, what is not switched, and the rest."""
    a, b, c, d, e, f, g = numbers(7)
    old = {each: answered() for each in (a, b, c, d, f, g)}
    new = {
        b: answered("Sales"),
        c: answered("Sales"),
        d: answered("Help"),
        e: answered(),
        f: answered(),
        g: answered(name="x"),
    }
    changed, sibling = fleet(
        old, new, dict.fromkeys([b, c, d, e, f, g], FLOW_BACK), dict.fromkeys(old, FLOW_BACK)
    )
    changed["newState"]["inputs"]["drift"] = [f"{d}: texts are answered by {BIN}, not by Vapi"]
    other = {"op": "create", "urn": "urn:pulumi:dev::shop::aws:sns/topic:Topic::t"}
    stack = {"op": "update", "urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"}

    assert headline(changed, sibling, other, stack, {**other, "urn": other["urn"] + "2", "op": "same"}) == [
        "1 number drifted: somebody changed what the last `up` had set",
        "2 numbers will be answered by `Vapi assistant Sales` instead of `Vapi assistant Support`",
        f"1 number will again be answered by `{FLOW}` instead of `Vapi assistant Support`",
        f"1 number will be answered by `Vapi assistant Help` instead of `{BIN}`",
        f"1 number will be answered by `Vapi assistant Support` instead of `{FLOW}`",
        "1 number changes settings only",
        "1 number stays as it is",
        "beside the numbers: 2 resources (1 created, 1 unchanged)",
    ]


def test_who_answers_now_may_be_unknown() -> None:
    """Then that is said, and nothing is made up."""
    assert headline(step("VapiSmsNumber", "n", None, {"number": ONE, "assistant": "Support"})) == [
        "1 number will be answered by `Vapi assistant Support` (who answers now is not known here)"
    ]


def test_nothing_changes() -> None:
    """All known numbers are counted; without unchanged resources nobody can."""
    same = fleet({ONE: answered()}, {ONE: answered()}, {ONE: FLOW_BACK})

    assert headline(same) == ["No changes: 1 number stays as it is"]
    assert headline(changeSummary={"same": 3}) == ["No changes"]
    assert headline(changeSummary={"same": 0}) == ["No number is declared with vapi-sms"]


def test_resource_that_is_updated_without_a_change_to_a_number() -> None:
    """The engine's update is not kept back."""
    same = {**answered(), "owner": "org/shop/dev/n"}

    assert headline(number("n", same, {**same, "owner": "org/shop/dev/m"})) == [
        "Updated without a change to a number: `n`",
        "1 number stays as it is",
    ]


def test_refusals_come_first_and_how_far_the_engine_got_is_not_told() -> None:
    """It stops at the first refusal: what was unchanged by then is chance."""
    same = fleet({ONE: answered()}, {ONE: answered()}, {ONE: FLOW_BACK})
    other = {"op": "create", "urn": "urn:pulumi:dev::shop::aws:sns/topic:Topic::t"}

    told = headline(
        same, other, diagnostics=[said("error: no", "error", "desk"), said("error: nor", "error", "desk")]
    )

    assert told == ["Refused: 2 problems to solve before `pulumi up`"]


def test_program_that_failed_is_no_refusal() -> None:
    """No resource refused anything."""
    assert headline(diagnostics=[said("error: a mistake")]) == [
        "Failed: 1 problem to solve before `pulumi up`"
    ]


def test_assistant_that_is_known_only_during_up() -> None:
    """It will answer, whoever it is; the engine's text says so as well."""
    changed, sibling = number("n", answered(), {"assistant": UNKNOWN, "smsEnabled": True})
    told = preview({**changed, "detailedDiff": {"assistant": {"kind": "update"}}}, sibling)

    (statement,) = statements(review(told), in_markdown(1000))

    assert statement.startswith(
        "1 number will be answered by `a Vapi assistant that is known only during up` instead of"
    )
    assert '    ~ assistant: "Support" => known only during up' in review(told).text
