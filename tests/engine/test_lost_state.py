"""A lost state: the refusal names `vapi-sms restore`, and that way out is walked to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.stack import Stack
from tests.engine.test_never_green import told
from tests.engine.world import STUDIO

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("off", ["", ", sms_enabled=False"], ids=["texts at Vapi", "texts elsewhere"])
def test_the_refusal_after_a_lost_state_names_restore_and_that_leads_back(
    stack: Stack, tmp_path: Path, off: str
) -> None:
    """Refused, put back from a backup, declared again, destroyed: all is as it was found."""
    program = f'VapiSmsNumber("studio", number=STUDIO, assistant="Support"{off})'
    stack.declare(program)
    stack.up()
    backup = str(tmp_path / "backup.json")
    kept = told(stack, "backup", "--stack", "dev", "--output", backup, "--without-secrets")
    assert kept.returncode == 0, kept.stderr

    again = Stack(tmp_path / "again", stack.sandbox)
    again.declare(program)
    refused = again.refused()
    restored = told(again, "restore", backup, "--yes")
    again.up()

    assert (
        "if the state that knew it was lost, `vapi-sms restore` puts the number back from a backup" in refused
    )
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert stack.answers(STUDIO).startswith("Studio Flow" if off else "Vapi assistant Support")
    again.settled()
    again.destroy()
    assert stack.snapshot() == stack.before
