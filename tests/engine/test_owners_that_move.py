"""Owners that move legitimately: another project, organization or backend; and siblings that somebody parts by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.engine.world import MG, OLD_APP, SUPPORT_ON_WEBHOOK, WEBHOOK

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.stack import Stack

MOVED = "this state belongs to stack {there}, not to {here}: a copied stack must not touch the numbers of the first"


def went_on(stack: Stack, told: str, alias: str) -> None:
    """Hold that the alias that a refusal names is all that it takes, for one `up`; and that destroy gives back."""
    assert f"opts=pulumi.ResourceOptions(aliases=[pulumi.{alias}]) for one `pulumi up`" in told, told
    there = stack.snapshot()
    stack.declare(SUPPORT_ON_WEBHOOK.replace(")", f", opts=ResourceOptions(aliases=[{alias}]))"))
    stack.up()
    stack.settled()
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.settled()
    assert stack.snapshot() == there
    stack.destroy()
    assert stack.snapshot() == stack.before
    assert stack.answers() == OLD_APP


def test_a_renamed_project_goes_on(stack: Stack) -> None:
    """`pulumi stack rename` to another project, and its new name in Pulumi.yaml."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    stack.run("stack", "rename", "organization/renamed/dev")
    settings = stack.project.folder / "Pulumi.yaml"
    settings.write_text(settings.read_text().replace("name: test", "name: renamed"))

    told = stack.refused()

    there, here = "organization/test/dev", "organization/renamed/dev"
    assert MOVED.format(there=there, here=here) in told
    went_on(stack, told, "Alias(project='test')")


def test_a_stack_of_another_organization_goes_on(stack: Stack, tmp_path: Path) -> None:
    """Transferred, it keeps project and stack: there is no alias for an organization, and one for the stack does."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    exported = json.dumps(stack.project.stack_export()).replace("organization/test/dev", "acme/test/dev")

    with stack.with_env(PULUMI_BACKEND_URL=f"file://{another_backend(tmp_path)}"):
        imported(stack, exported)
        told = stack.refused()

        assert MOVED.format(there="acme/test/dev", here="organization/test/dev") in told
        went_on(stack, told, "Alias(stack='dev')")


def test_an_export_that_is_imported_into_another_backend_is_the_same_stack(
    stack: Stack, tmp_path: Path
) -> None:
    """Nothing changed but where the state lies: nothing to say, nothing to do, and destroy gives back."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    exported = json.dumps(stack.project.stack_export())

    with stack.with_env(PULUMI_BACKEND_URL=f"file://{another_backend(tmp_path)}"):
        imported(stack, exported)
        stack.settled()
        stack.destroy()

    assert stack.snapshot() == stack.before


def another_backend(tmp_path: Path) -> Path:
    """Make a folder for states, as a team does that leaves one backend for another."""
    folder = tmp_path / "another-backend"
    folder.mkdir()
    return folder


def imported(stack: Stack, exported: str) -> None:
    """Import a state under the name that its stack had."""
    file = stack.project.folder / "exported.json"
    file.write_text(exported)
    with stack.with_env(PULUMI_STACK=None):
        stack.run("stack", "init", "dev")
    stack.run("stack", "import", "--file", str(file))
    file.unlink()


@pytest.mark.parametrize("half", ["support", "support-original"])
def test_one_of_two_siblings_that_was_renamed_in_the_state_comes_back(stack: Stack, half: str) -> None:
    """By hand: preview says what `up` does, which is one that comes and one that goes; texts stay at Vapi."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    there = stack.snapshot()
    stack.run("state", "rename", stack.urn() if half == "support" else stack.sibling(), "parted", "--yes")

    shown = stack.preview()
    went = stack.up().text

    assert "+ 1 to create" in shown
    assert "- 1 to delete" in shown
    assert f"{WEBHOOK} is declared by support" in went, went
    assert "it stays as it is" in went, went
    assert stack.writes() == []
    assert stack.snapshot() == there
    assert set(stack.resources()) == {"support", "support-original"}
    stack.settled()
    stack.destroy()
    assert stack.snapshot() == stack.before


@pytest.mark.parametrize("half", ["desk", "desk-original"])
def test_half_of_a_service_that_was_renamed_in_the_state_comes_back(stack: Stack, half: str) -> None:
    """What the service did at first is known to the other half: a new one would take our own setting for it."""
    stack.declare(
        "from vapi_sms import MessagingServiceInbound",
        f'MessagingServiceInbound("desk", service={MG!r}, keep_others=True)',
    )
    stack.up()
    kind = "MessagingServiceInbound" if half == "desk" else "OriginalService"
    there = stack.snapshot()
    stack.run("state", "rename", stack.urn(half, kind), "parted", "--yes")

    stack.up()

    assert stack.snapshot() == there
    assert set(stack.resources()) == {"desk", "desk-original"}
    stack.settled()
    stack.destroy()
    assert stack.snapshot() == stack.before
