"""Pulumi's own options on a stack of blocks: targets, exclusions, forced replacements, retained numbers, kills."""

from __future__ import annotations

import json

import pytest

from tests.engine.world import OLD_APP, STUDIO, STUDIO_FLOW, WEBHOOK
from tests.native.stack import YamlStack, block
from tests.waiting import until


@pytest.fixture
def two(stack: YamlStack) -> YamlStack:
    """Give a stack that holds two numbers."""
    stack.program(
        {
            "support": block(number=WEBHOOK, assistant="Support"),
            "desk": block(number=STUDIO, assistant="Support"),
        }
    )
    stack.up()
    stack.writes()
    return stack


def test_targets_and_exclusions_leave_the_others_alone(two: YamlStack) -> None:
    """Of two changes one is made by each; then nothing is left."""
    two.program(
        {
            "support": block(number=WEBHOOK, assistant="Sales"),
            "desk": block(number=STUDIO, assistant="Sales"),
        }
    )
    two.up("--target", two.urn("support", parents="Number"))
    assert (two.answers(WEBHOOK), two.answers(STUDIO)) == ("Vapi assistant Sales", "Vapi assistant Support")

    two.up("--exclude", two.urn("support", parents="Number"))
    assert two.answers(STUDIO) == "Vapi assistant Sales"
    two.up("--refresh", "--expect-no-changes")

    two.destroy()
    assert two.snapshot() == two.before


def test_a_forced_replacement_keeps_the_record_of_what_was_found(two: YamlStack) -> None:
    """The old one gives back, the new one takes again; destroy is as exact as ever."""
    urn = two.urn("support", parents="Number")
    two.up("--replace", urn)
    assert two.answers(WEBHOOK) == "Vapi assistant Support"
    two.settled()

    two.destroy()
    assert two.snapshot() == two.before


def test_a_change_that_is_to_replace_does(two: YamlStack) -> None:
    """ReplaceOnChanges of the block reaches the resource: the number goes back and is taken again, its record stays."""
    options = {"replaceOnChanges": ["assistant"], "additionalSecretOutputs": ["answeredBy"]}
    two.program({"support": block(number=WEBHOOK, assistant="Sales", options=options)})

    shown = two.preview("--target", two.urn("support", parents="Number"))
    assert "vapi-sms:index:VapiSmsNumber: (replace)" in shown
    two.up()

    assert (two.answers(WEBHOOK), two.answers(STUDIO)) == ("Vapi assistant Sales", STUDIO_FLOW)
    exported = json.loads(two.run("stack", "export").stdout)["deployment"]["resources"]
    (number,) = [each for each in exported if each["type"].endswith(":VapiSmsNumber")]
    assert "ciphertext" in number["outputs"]["answeredBy"]
    two.settled()
    two.destroy()
    assert two.snapshot() == two.before


def test_a_retained_number_stays_and_a_removed_one_goes_back(stack: YamlStack) -> None:
    """RetainOnDelete of the block reaches its parts; the record is told to leave the number."""
    stack.program(
        {
            "support": block(number=WEBHOOK, assistant="Support", options={"retainOnDelete": True}),
            "desk": block(number=STUDIO, assistant="Support"),
        }
    )
    stack.up()

    stack.program({})
    stack.up()

    assert stack.answers(WEBHOOK) == "Vapi assistant Support"
    assert stack.answers(STUDIO) == STUDIO_FLOW


def test_a_renamed_block_is_the_same_one_by_its_alias_and_refused_without(stack: YamlStack) -> None:
    """The engine hands the alias down to the block's parts, whose names begin with its own."""
    stack.program({"support": block(number=WEBHOOK, assistant="Support")})
    stack.up()
    stack.writes()

    stack.program({"front": block(number=WEBHOOK, assistant="Support")})
    told = stack.refused("preview")
    assert "give it an alias, the option `aliases` with the URN that it had" in told

    was = {"aliases": [stack.urn("support", "Number")]}
    stack.program({"front": block(number=WEBHOOK, assistant="Support", options=was)})
    stack.up("--expect-no-changes")
    assert stack.writes() == []
    stack.destroy()
    assert stack.snapshot() == stack.before


def test_a_protected_block_is_not_destroyed_and_a_killed_engine_loses_nothing(stack: YamlStack) -> None:
    """The engine dies while Vapi imports; the next `up` ends what it began, and destroy gives everything back."""
    stack.program({"support": block(number=WEBHOOK, assistant="Support", options={"protect": True})})
    stack.sandbox.fault(vendor="vapi", method="POST", path="/phone-number", hold="after")
    running = stack.project.start("up")
    until(stack.sandbox.held)
    running.kill_engine()
    stack.sandbox.clear_faults()
    stack.sandbox.release("go")
    running.wait()
    stack.project.cancel()

    stack.up()
    assert stack.answers(WEBHOOK) == "Vapi assistant Support"
    assert "protected" in stack.fail("destroy", "--yes", "--skip-preview").text
    assert stack.answers(WEBHOOK) == "Vapi assistant Support"

    stack.program({"support": block(number=WEBHOOK, assistant="Support")})
    stack.up()
    stack.destroy()
    assert stack.snapshot() == stack.before
    assert stack.answers(WEBHOOK) == OLD_APP
