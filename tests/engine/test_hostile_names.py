"""Names that strangers chose, on the real engine: what pulumi prints of ours is bytes that nobody obeys."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.cli.command import BORN
from tests.engine import world
from tests.engine.stack import Stack, releases
from tests.engine.world import BIN, HIDDEN, MG, ORG, SALES, STUDIO, SUPPORT
from tests.hostile_names import EVIL, named_by_a_stranger, obeyed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.specs import Checker

PROGRAM = (
    "import pulumi",
    "from vapi_sms import MessagingServiceInbound, TwilioSmsRoute, VapiSmsFleet",
    f'support = VapiSmsNumber("support", number=WEBHOOK, assistant={SUPPORT!r}, name="Desk")',
    f'VapiSmsFleet("desks", numbers={{STUDIO: {{"assistant": {SALES!r}}}}})',
    f'TwilioSmsRoute("route", number={BIN!r}, handler=Handler.webhook("https://desk.example.com"))',
    f'campaigns = MessagingServiceInbound("campaigns", service={MG!r}, keep_others=True)',
    f'VapiSmsNumber("hidden", number={HIDDEN!r}, assistant={SUPPORT!r}, messaging_service=campaigns)',
    'pulumi.export("answered_by", support.answered_by)',
)


@pytest.fixture
def stack(checker: Checker, tmp_path: Path) -> Iterator[Stack]:
    """Give an empty stack of a company in which a stranger chose the names."""
    checker.complaints.clear()
    with RunningSandbox(named_by_a_stranger(world.seed()), on_exchange=checker) as sandbox:
        yield Stack(tmp_path / "stack", sandbox)
        assert releases(sandbox.journal()) == []

    assert checker.complaints == []


def pulumi(stack: Stack, *args: str) -> str:
    """Run a command without colours, and give its bytes as text: whatever is obeyed in it is not the engine's own."""
    command = ["pulumi", *args, "--non-interactive", "--color=never"]
    ran = subprocess.run(command, cwd=stack.project.folder, env=stack.env, capture_output=True, check=False)
    for printed in (ran.stdout, ran.stderr):
        assert obeyed(printed) == [], printed.decode()
    return (ran.stdout + ran.stderr).decode()


def test_a_stacks_life(stack: Stack) -> None:
    """Preview and up of every kind of resource, drift, refresh, a refusal, outputs, destroy; and the comment on it."""
    stack.declare(*PROGRAM)
    told = [pulumi(stack, "preview", "--diff"), pulumi(stack, "up", "--yes", "--skip-preview")]
    record = stack.vapi(STUDIO)["id"]
    stack.edit_vapi("edit", org=ORG, id=record, set={"assistantId": SUPPORT, "name": EVIL})
    told += [pulumi(stack, "preview", "--diff"), pulumi(stack, "stack", "output")]
    comment = subprocess.run(
        [BORN, "preview", "--cwd", stack.project.folder], env=stack.env, capture_output=True, check=False
    )
    told.append(pulumi(stack, "refresh", "--yes", "--skip-preview"))
    stack.declare(*PROGRAM, f'VapiSmsNumber("more", number={world.SPARE!r}, assistant="Nobody")')
    told.append(pulumi(stack, "preview"))
    stack.declare(*PROGRAM)
    told.append(pulumi(stack, "destroy", "--yes", "--skip-preview"))

    assert all("A?]0;x?" in text for text in (*told[:4], told[5])), told
    assert obeyed(comment.stdout) == obeyed(comment.stderr) == []
    assert b"A?]0;x?" in comment.stdout
    assert stack.resources() == {}
    assert stack.snapshot() == stack.before
