"""A request that was on the wire when Pulumi died may land after a `destroy` that did not wait for it."""

from __future__ import annotations

from pathlib import Path

from tests.cli.backup.company import SEALED, vapi_sms
from tests.engine.project import is_alive
from tests.engine.stack import Stack
from tests.engine.world import SUPPORT_ON_WEBHOOK, WEBHOOK
from tests.waiting import until


def test_an_import_that_lands_after_destroy_is_put_back_from_a_backup(stack: Stack, tmp_path: Path) -> None:
    """Nobody is left to notice it: what the docs say to do gives every field back."""
    sealed = tmp_path / "account.json"
    kept = vapi_sms(stack.sandbox, "backup", "--account", "--output", sealed, *SEALED, **stack.env)
    assert kept.code == 0, kept.words
    stack.sandbox.fault(vendor="vapi", method="POST", hold="before", count=None)
    stack.declare(SUPPORT_ON_WEBHOOK)
    running = stack.project.start("up")
    stack.wait_for_held()
    orphan = running.provider_pid()
    running.kill_engine()
    running.wait()
    stack.run("cancel", "--yes")
    stack.destroy()
    assert stack.snapshot() == stack.before

    stack.sandbox.clear_faults()
    stack.sandbox.release()
    until(lambda: not is_alive(orphan), 20)
    assert stack.answers(WEBHOOK) == "Vapi assistant Support"

    restored = vapi_sms(stack.sandbox, "restore", sealed, "--yes", *SEALED, **stack.env)

    assert restored.code == 0, restored.words
    assert stack.snapshot() == stack.before
