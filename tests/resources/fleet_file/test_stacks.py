"""Mistakes in what a fleet file says of its stacks."""

from __future__ import annotations

import pytest

from tests.resources.fleet_file.file import ONE, THREE, TWO, Write, numbers, wrong


@pytest.mark.parametrize(
    ("part", "line"),
    [
        (f"numbers: {{{THREE}: false}}", (f"numbers.{THREE}: is left out here, and declared nowhere else: correct the "
         "number, or take this out")),
        (f"numbers: {{{ONE}: }}", (f"numbers.{ONE}: is declared already, in line 2: write false to leave it out in "
         "this stack, or take this out")),
        (f"groups: {{g: {{numbers: [{TWO}]}}}}", (f"groups.g.numbers.{TWO}: is declared already, in line 3: write "
         "false to leave it out in this stack, or take this out")),
        (f"groups: {{h: {{numbers: [{TWO}]}}}}", (f"groups.h.numbers.{TWO}: is in group g already, in line 3: a "
         "number has one group")),
        (f"numbers: {{{THREE}: true}}", (f"numbers.{THREE}: must be a map of options, or the name of an assistant, or "
         "false to leave it out in this stack")),
        ("groups: {other: }", "groups.other: is no group of this file: write it below groups: at the top, too"),
        ("group: {}", "group: is unknown: did you mean groups?"),
        ("groups: {g: {adpt: true}}", "groups.g.adpt: is unknown: did you mean adopt?"),
    ],
)  # fmt: skip
def test_a_stack_says_nothing_that_has_no_meaning(write: Write, part: str, line: str) -> None:
    """What a stack's part cannot mean is refused, before a number is lost or kept by mistake."""
    path = write(
        f"defaults: {{assistant: A}}\nnumbers: {{{ONE}: }}\ngroups: {{g: {{numbers: [{TWO}]}}, h: }}\n"
        f"stacks: {{prod: {{{part}}}}}\n"
    )

    assert wrong(path) == [f"numbers.yaml:4: stacks.prod.{line}"]


def test_a_stack_that_the_file_does_not_know_is_refused(write: Write) -> None:
    """A misspelled stack must not fall back to what stands above; the way out is written in one word."""
    path = write(f"numbers: {{{ONE}: A}}\nstacks: {{dev: {{}}, production: }}\n")
    way_out = "To declare there what stands above the stacks, add"

    assert wrong(path, "prodution") == [
        (
            "numbers.yaml:2: stacks: says nothing of stack prodution: did you mean production? "
            f"{way_out} prodution: {{}}"
        )
    ]
    assert wrong(path, "qa") == [
        f"numbers.yaml:2: stacks: says nothing of stack qa: there are dev, production. {way_out} qa: {{}}"
    ]
    assert numbers(path, "production") == numbers(path, None) == {ONE: {"assistant": "A"}}


def test_numbers_that_a_stack_leaves_without_an_answer_are_named(write: Write) -> None:
    """Whoever reads the file for any stack learns of a number that nobody answers in another one."""
    path = write(f"numbers: [{ONE}]\nstacks:\n  dev: {{defaults: {{assistant: A}}}}\n  prod: {{}}\n")

    nobody = "is answered by nobody: write an assistant or a squad here, in its group or in defaults"
    assert wrong(path, "dev") == [f"numbers.yaml:1: numbers.{ONE}: {nobody}"]


def test_what_stands_above_the_stacks_may_be_incomplete(write: Write) -> None:
    """Where each stack says who answers, the file is fine; only who asks for no stack is told."""
    path = write(f"numbers: [{ONE}]\nstacks: {{dev: {{defaults: {{assistant: A}}}}}}\n")

    assert numbers(path, "dev") == {ONE: {"assistant": "A"}}
    nobody = "is answered by nobody: write an assistant or a squad here, in its group or in defaults"
    assert wrong(path, None) == [f"numbers.yaml:1: numbers.{ONE}: {nobody}"]
