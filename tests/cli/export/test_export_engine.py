"""What is exported, on the real engine: its first `up` records, and changes nothing at either vendor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.export.company import ADOPTED, AT_VAPI, ROUTED, export, seed
from tests.engine.project import STACK
from tests.engine.stack import Stack
from tests.engine.world import BIN, OLD_SMS, SUPPORT, WEBHOOK

if TYPE_CHECKING:
    from pathlib import Path

    from vapi_sms.sandbox import RunningSandbox

pytestmark = pytest.mark.engine


@pytest.fixture
def stack(sandbox: RunningSandbox, tmp_path: Path) -> Stack:
    """Give an empty stack of the half-way company."""
    sandbox.reset(seed())
    return Stack(tmp_path / "stack", sandbox)


def test_exported_program_adopts_and_nothing_else(stack: Stack) -> None:
    """Export, preview, up, destroy: the plan holds creations only, no vendor is written to, all is as it was.

    The URLs with secrets come from the stack's encrypted config, where the export put them.
    """
    exported = export(stack.env, "--stack", STACK, "--cwd", stack.project.folder)
    stack.project.write(exported.stdout)
    shown = stack.preview()
    stack.up()
    stack.settled()
    during = stack.snapshot()
    state = stack.resources()
    stack.destroy()

    resources = 2 * (len(ADOPTED) + len(ROUTED)) + 1
    assert exported.stderr.splitlines()[-1] == (
        f"vapi-sms: 4 URLs with a password or query are in the encrypted config of stack {STACK}."
    )
    assert f"+ {resources} to create" in shown
    assert [line for line in shown.splitlines() if line.strip().startswith(("~", "-", "+-"))] == []
    assert len(state) == resources - 1
    assert stack.writes() == []
    assert during == stack.before
    assert stack.snapshot() == stack.before
    assert stack.leaked() == []


def test_exported_secrets_overwrite_nothing(stack: Stack) -> None:
    """Exported again, the same values are fine; a key that has another value is left, and told in one line."""
    args = ("--stack", STACK, "--cwd", stack.project.folder, WEBHOOK, BIN)
    first = export(stack.env, *args)
    again = export(stack.env, *args)
    stack.project.set_secret("number-14155550100-url", "https://mine.example.com")
    other = export(stack.env, *args)

    held = stack.run("config", "get", "number-14155550100-url").stdout.strip()
    assert (first.returncode, again.returncode, other.returncode) == (0, 0, 1)
    assert first.stdout == again.stdout
    assert other.stdout == ""
    assert other.stderr == (
        f"vapi-sms: the config of stack {STACK} has another value for number-14155550100-url: remove it with "
        "`pulumi config rm`, or leave out --stack\n"
    )
    assert held == "https://mine.example.com"
    assert OLD_SMS not in stack.project.folder.joinpath(f"Pulumi.{STACK}.yaml").read_text()


def test_exported_fleet_file_adopts_and_nothing_else(stack: Stack) -> None:
    """The numbers that Vapi answers, as one fleet: no write, and destroy leaves them at Vapi."""
    exported = export(stack.env, "--format", "yaml", "--output", stack.project.folder / "numbers.yaml")
    stack.declare(
        "from vapi_sms import VapiSmsFleet, load_numbers",
        'VapiSmsFleet("numbers", numbers=load_numbers("numbers.yaml"))',
    )
    shown = stack.preview()
    stack.up()
    stack.settled()
    fleet = stack.resources()["numbers"]["outputs"]
    stack.destroy()

    assert exported.returncode == 0
    assert "+ 3 to create" in shown
    assert sorted(fleet["numbers"]) == sorted(ADOPTED)
    assert fleet["numbers"][AT_VAPI]["assistantId"] == SUPPORT
    assert stack.writes() == []
    assert stack.snapshot() == stack.before
