"""A number has one owner: declared twice, moved, copied, renamed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.engine.world import BIN, OLD_APP, SUPPORT_ON_WEBHOOK, WEBHOOK

if TYPE_CHECKING:
    from tests.engine.stack import Stack


def test_number_declared_twice_is_refused(stack: Stack) -> None:
    """Twice by E.164 the program says so in one line; by E.164 and SID the provider does; nothing is written."""
    sid = stack.number(WEBHOOK)["sid"]
    stack.declare(SUPPORT_ON_WEBHOOK, 'VapiSmsNumber("again", number=WEBHOOK, assistant="Sales")')
    (line,) = stack.refused().splitlines()
    assert f"{WEBHOOK} is declared twice, by 'support' and by 'again'" in line
    assert "restore_to=support.original" in line

    stack.declare(SUPPORT_ON_WEBHOOK, f'VapiSmsNumber("again", twilio_sid={sid!r}, assistant="Sales")')
    for command in ("preview", "up"):
        told = stack.refused(command)
        assert "is declared twice, by organization/test/dev/" in told, told
    assert stack.snapshot() == stack.before


def test_number_declared_twice_under_two_providers_is_refused(stack: Stack) -> None:
    """Each provider instance is a process of its own and sees one of the two: the program compares what they found."""
    sid = stack.number(WEBHOOK)["sid"]
    provider = 'there = pulumi.ProviderResource("pulumi-python", "there", {})'
    for second in (f"number={WEBHOOK!r}", f"twilio_sid={sid!r}"):
        again = f'VapiSmsNumber("again", {second}, assistant="Sales", opts=ResourceOptions(provider=there))'
        stack.declare(provider, SUPPORT_ON_WEBHOOK, again)
        told = stack.refused()
        assert f"{WEBHOOK} is declared twice, by '" in told, told
        assert len(told.splitlines()) == 1, told

    stack.fail(
        "up", "--yes", "--skip-preview"
    )  # whichever came first may be through by then; its original is safe
    stack.destroy()
    assert stack.snapshot() == stack.before


def test_number_moves_to_another_resource_without_a_moment_unanswered(stack: Stack) -> None:
    """In two steps a number changes its resource: texts stay at Vapi throughout, the true original goes along."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    there = stack.snapshot()
    old = SUPPORT_ON_WEBHOOK.replace(")", ", opts=ResourceOptions(retain_on_delete=True))")
    new = 'VapiSmsNumber("new", number=WEBHOOK, assistant="Support", restore_to='

    back = f"{WEBHOOK} moves from support to new, and support puts it back when it goes"
    stack.declare(f"old = {SUPPORT_ON_WEBHOOK}", f"{new}old.original)")
    assert stack.preview().count(back) == 1

    stack.declare(f"old = {old}", f"{new}old.original)", 'pulumi.export("original", old.original)')
    assert back not in stack.preview()
    stack.up()
    assert stack.snapshot() == there
    stack.settled()
    stack.writes()

    stack.declare(f"{new[:-13]})")
    stack.preview()
    stack.up()

    assert stack.writes() == []
    assert set(stack.resources()) == {"new", "new-original"}
    assert stack.snapshot() == there
    stack.destroy()
    assert stack.snapshot() == stack.before
    assert stack.answers() == OLD_APP


def test_copied_stack_touches_nothing(stack: Stack) -> None:
    """In a copy of the stack preview and up refuse, naming the first stack; a renamed stack says so by alias."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    there = stack.snapshot()
    exported = stack.project.folder / "exported.json"
    state = json.dumps(stack.project.stack_export()).replace("urn:pulumi:dev::", "urn:pulumi:copy::")
    exported.write_text(state.replace("test-dev", "test-copy"))
    with stack.with_env(PULUMI_STACK=None):
        stack.run("stack", "init", "copy")

    with stack.with_env(PULUMI_STACK="copy"):
        stack.run("stack", "import", "--file", str(exported))
        for command in ("preview", "up"):
            told = stack.refused(command)
            assert "this state belongs to stack organization/test/dev, not to organization/test/copy" in told
            assert "aliases=[pulumi.Alias(stack='dev')]" in told
        told = stack.refused("destroy")
        assert "this state belongs to stack test/dev, not to test/copy" in told, told
        assert "`pulumi stack rm --force`" in told, told
        assert set(stack.resources()) == {"support", "support-original"}

        stack.declare(
            SUPPORT_ON_WEBHOOK.replace(")", ", opts=ResourceOptions(aliases=[Alias(stack='dev')]))")
        )
        stack.settled()

    assert stack.snapshot() == there


def test_renamed_stack_goes_on(stack: Stack) -> None:
    """`pulumi stack rename` with the alias that the refusal names: unchanged, and destroy restores."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    stack.run("stack", "rename", "live")

    with stack.with_env(PULUMI_STACK="live"):
        assert "this state belongs to stack organization/test/dev" in stack.refused()
        stack.declare(
            SUPPORT_ON_WEBHOOK.replace(")", ", opts=ResourceOptions(aliases=[Alias(stack='dev')]))")
        )
        stack.up()
        stack.settled()
        stack.declare(SUPPORT_ON_WEBHOOK)
        stack.settled()
        stack.destroy()

    assert stack.snapshot() == stack.before


def test_two_stacks_with_one_number(stack: Stack) -> None:
    """A second stack that declares a number of the first is refused at preview; it never takes it over."""
    stack.declare(SUPPORT_ON_WEBHOOK, f'VapiSmsNumber("bin", number="{BIN}", assistant="Support")')
    stack.up()
    with stack.with_env(PULUMI_STACK=None):
        stack.run("stack", "init", "second")

    with stack.with_env(PULUMI_STACK="second"):
        told = stack.refused()

    assert "already in this Vapi org" in told or "another stack or resource owns the number" in told
    stack.settled()
