"""Refused means that nothing happened: not by the sibling first, by an option, or in a mode without checkpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.stack import errors
from tests.engine.test_fleet import fleet, program
from tests.engine.world import BIN, OLD_APP, STUDIO, STUDIO_FLOW, SUPPORT_ON_WEBHOOK, WEBHOOK

if TYPE_CHECKING:
    from tests.engine.stack import Stack

MOVED = SUPPORT_ON_WEBHOOK.replace("WEBHOOK", "STUDIO")


def test_a_refused_change_of_a_number_puts_nothing_back(stack: Stack) -> None:
    """To another number, with an assistant that is not there: without a preview, too, the first one stays at Vapi."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    there = stack.snapshot()
    stack.declare(MOVED.replace("Support", "Nobody"))

    for command in ("preview", "up"):
        assert "Nobody" in stack.refused(command)

    assert stack.snapshot() == there
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    assert stack.snapshot() == there
    stack.settled()
    stack.destroy()
    assert stack.snapshot() == stack.before


def test_a_typo_in_a_fleet_puts_no_removed_entry_back(stack: Stack) -> None:
    """One entry refused, another one removed: nothing happens, and the right program does both."""
    program(stack, fleet([WEBHOOK, STUDIO, BIN]))
    stack.up()
    there = stack.snapshot()
    program(stack, fleet([WEBHOOK, STUDIO], _0101={"assistant": "Suport"}))

    for command in ("preview", "up"):
        assert "Suport" in stack.refused(command)
    assert stack.snapshot() == there

    program(stack, fleet([WEBHOOK, STUDIO]))
    stack.up()
    assert stack.snapshot()["numbers"][BIN] == stack.before["numbers"][BIN]
    stack.destroy()
    assert stack.snapshot() == stack.before


@pytest.mark.parametrize("which", ["sibling", "fleet"])
@pytest.mark.parametrize("option", ["--target", "--exclude"])
def test_half_of_a_pair_alone_loses_nothing(stack: Stack, option: str, which: str) -> None:
    """Whatever one sibling does without the other, the next run of both ends as declared, and destroy gives back."""
    program(stack, fleet([WEBHOOK, STUDIO]))
    stack.up()
    program(stack, fleet([WEBHOOK]))
    urn = stack.urn("fleet", "VapiSmsFleet") if which == "fleet" else stack.sibling("fleet")

    stack.runs.append(stack.project.run("up", "--yes", "--skip-preview", option, urn))

    assert stack.answers(STUDIO) in {"Vapi assistant Support", STUDIO_FLOW}
    stack.up()
    assert stack.answers(STUDIO) == STUDIO_FLOW
    assert stack.answers(WEBHOOK) == "Vapi assistant Support"
    stack.settled()
    stack.destroy()
    assert stack.snapshot() == stack.before


@pytest.mark.parametrize(
    ("path", "added_by"),
    [
        ("original", "option"),
        ("numbers", "component"),
        ("*", "transform"),
        ('numbers["+14155550100"]', "transform"),
        ("*", "transformation"),
    ],
)
def test_ignored_identity_is_refused(stack: Stack, path: str, added_by: str) -> None:
    """However ignore_changes got there, it is refused in a line before anything is asked of the vendors."""
    program(stack, fleet([WEBHOOK, STUDIO]))
    ignoring(stack, f"ignore_changes=[{path!r}]", added_by)

    ran = stack.fail("preview")

    assert f"ignore_changes=[{path!r}] would keep one number" in ran.text, ran.text
    assert stack.writes() == []


@pytest.mark.parametrize("added_by", ["option", "component", "transform", "transformation"])
def test_deleted_with_is_refused(stack: Stack, added_by: str) -> None:
    """Pulumi would call no delete at all; meant so, retain_on_delete says it too."""
    ignoring(stack, "deleted_with=other", added_by)

    ran = stack.fail("preview")

    assert "deleted_with= lets Pulumi forget it without putting its original routing back" in ran.text, (
        ran.text
    )


def test_a_transform_cannot_hold_back_what_is_there(stack: Stack) -> None:
    """The engine would put the inputs of before in place of new ones: in one line it is told that none of ours may."""
    program(stack, fleet([WEBHOOK]))
    stack.up()
    ignoring(stack, "ignore_changes=['*']", "transform")

    told = stack.refused("up")

    assert [line for line in told.splitlines() if "ignore_changes=['*'] would keep one number" in line] == [
        told
    ]
    stack.destroy()
    assert stack.snapshot() == stack.before


def ignoring(stack: Stack, option: str, added_by: str) -> None:
    """Declare a fleet whose options get one more: written, from a component, or by a transform."""
    one = fleet([WEBHOOK, STUDIO])
    merge = f"pulumi.ResourceOptions.merge(args.opts, ResourceOptions({option}))"
    adding = (
        "def add(args):",
        '    if "VapiSmsFleet" not in args.type_:',
        "        return None",
        f"    return pulumi.{{}}(args.props, {merge})",
    )
    lines: list[str] = ['other = pulumi.ComponentResource("test:index:Other", "other")']
    match added_by:
        case "option":
            lines.append(one.replace("numbers=", f"opts=ResourceOptions({option}), numbers="))
        case "component":
            lines.append('parent = pulumi.ComponentResource("test:index:Desk", "desk")')
            inner = f"ResourceOptions({option}, parent=parent)"
            lines.append(one.replace("numbers=", f"opts={inner}, numbers="))
        case "transform":
            lines += [line.replace("{}", "ResourceTransformResult") for line in adding]
            lines += ["pulumi.runtime.register_resource_transform(add)", one]
        case _:
            lines += [line.replace("{}", "ResourceTransformationResult") for line in adding]
            lines += ["pulumi.runtime.register_stack_transformation(add)", one]
    program(stack, *lines)


def test_without_checkpoints_nothing_is_written_and_destroy_still_works(stack: Stack) -> None:
    """A state that reaches the disk at the end only is no record before the touch: refused, and how to go on said."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    with stack.with_env(PULUMI_SKIP_CHECKPOINTS="true"):
        told = stack.refused("up")
        assert "PULUMI_SKIP_CHECKPOINTS" in told, told
    stack.up()
    with stack.with_env(PULUMI_SKIP_CHECKPOINTS="true"):
        stack.destroy()

    assert stack.snapshot() == stack.before
    assert stack.answers() == OLD_APP


def test_a_secret_number_stands_in_clear_nowhere(stack: Stack) -> None:
    """Not in the summary, nor anywhere else in the state, a preview or a log."""
    stack.declare('VapiSmsNumber("support", number=Output.secret(WEBHOOK), assistant="Support")')
    stack.up()
    exported = str(stack.project.stack_export())
    assert WEBHOOK not in exported
    assert "routing_hash" not in exported
    assert errors(stack.destroy()) == ""
    assert stack.snapshot() == stack.before
