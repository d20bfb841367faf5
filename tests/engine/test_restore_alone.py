"""`vapi-sms restore` where destroy cannot: the number is on another account, or Vapi's side is lost."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

from tests.cli.command import COMMAND
from tests.engine.project import STACK
from tests.engine.test_others_act import WITH_A_KEY, is_back_there, moved_into_a_subaccount
from tests.engine.world import OLD_APP, OTHER_AC, SUB_AC, SUB_TOKEN, SUPPORT_ON_WEBHOOK, WEBHOOK
from tests.examples import readme

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.stack import Stack


def restored(stack: Stack, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Put back from the stack's state, with the credentials that the stack's environment has now."""
    state = folder / "state.json"
    state.write_text(json.dumps(stack.project.stack_export("--show-secrets")))
    command: list[str | Path] = [COMMAND, "restore", state, "--yes", *options]
    return subprocess.run(command, env=stack.env, capture_output=True, text=True, check=False)


def test_a_number_that_moved_is_put_back_on_the_account_that_a_person_names(
    stack: Stack, tmp_path: Path
) -> None:
    """With that account's credentials, at Twilio alone; another account's are refused before anything is written."""
    moved_into_a_subaccount(stack)
    record = stack.vapi()
    with stack.with_env(TWILIO_ACCOUNT_SID=SUB_AC, TWILIO_AUTH_TOKEN=SUB_TOKEN, VAPI_API_KEY=None):
        wrong = restored(stack, tmp_path, "--to-account", OTHER_AC)
        assert (wrong.returncode, OTHER_AC in wrong.stderr) == (2, True), wrong.stderr
        assert not is_back_there(stack)

        right = restored(stack, tmp_path, "--to-account", SUB_AC)

    assert right.returncode == 0, right.stdout + right.stderr
    assert is_back_there(stack)
    assert stack.vapi() == record
    words = " ".join(right.stdout.split())
    assert "where this org does not know" not in words, "nobody asked Vapi"
    assert "stays as it is: --to-account puts back Twilio's side alone." in words
    assert f"`VAPI_SMS_RELEASED={WEBHOOK} pulumi destroy`, end both." in words


def test_a_number_that_moved_is_put_back_as_the_page_says(stack: Stack) -> None:
    """With an API key, which sees no subaccount: the page's commands, from the backup to the end of the stack."""
    (commands,) = readme.blocks("bash", "docs/how-to/when-the-world-has-moved")
    commands = commands.replace("AC...", SUB_AC).replace("TOKEN=...", f"TOKEN={SUB_TOKEN}")
    commands = commands.replace("--stack prod", f"--stack {STACK} --cwd {stack.project.folder}")
    commands = commands.replace("--to-account", "--yes --to-account").partition("VAPI_SMS_RELEASED")[0]
    with stack.with_env(**WITH_A_KEY, TWILIO_AUTH_TOKEN=None):
        moved_into_a_subaccount(stack)
        stack.refused("destroy")
        typed = subprocess.run(
            ["/bin/bash", "-euo", "pipefail", "-c", commands],
            cwd=stack.project.folder,
            env={
                **stack.env,
                "BACKUP_PASSPHRASE": "only for tests",
                "PATH": f"{COMMAND.parent}:{stack.env['PATH']}",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert typed.returncode == 0, typed.stdout + typed.stderr
        assert is_back_there(stack)
        with stack.with_env(VAPI_SMS_RELEASED=WEBHOOK):
            stack.destroy()

    assert is_back_there(stack)
    assert stack.snapshot()["vapi"] == stack.before["vapi"]
    assert not stack.resources()


def test_twilios_half_is_put_back_without_vapi(stack: Stack, tmp_path: Path) -> None:
    """There is no key any more: texts are answered as before, and what stays at Vapi is named."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    record = stack.vapi()
    with stack.with_env(VAPI_API_KEY=None):
        ran = restored(stack, tmp_path, "--without-vapi")

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert WEBHOOK in ran.stdout + ran.stderr
    assert "you said to go on without Vapi (--without-vapi" in " ".join(ran.stdout.split())
    assert stack.answers() == OLD_APP
    assert stack.vapi() == record
