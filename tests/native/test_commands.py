"""The commands read a stack of blocks as they read a Python program's: review, doctor, backup."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING

from tests.cli import pages
from tests.cli.command import BORN
from tests.engine.world import OLD_APP, STUDIO, WEBHOOK
from tests.native.stack import YamlStack, block

if TYPE_CHECKING:
    from pathlib import Path


def asked(stack: YamlStack, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command in the stack's project."""
    return subprocess.run([BORN, *words], env=stack.env, capture_output=True, text=True, check=False)


def test_review_doctor_and_backup_know_a_stack_of_blocks(stack: YamlStack) -> None:
    """Who answers now and who will; drift by its number; the records of it."""
    stack.program(
        {
            "support": block(number=WEBHOOK, assistant="Support"),
            "desk": block("Fleet", numbers={STUDIO: {"assistant": "Sales"}}),
        }
    )
    folder = stack.project.folder
    page = folder / "page.html"
    planned = asked(stack, "preview", "--cwd", folder, "--html", page)
    assert planned.returncode == 0, planned.stderr
    (row,) = [line for line in planned.stdout.splitlines() if line.startswith("|") and WEBHOOK in line]
    assert OLD_APP.split("/sms")[0].removeprefix("Webhook https://") in row
    assert "Vapi assistant Support" in row
    assert "more change" not in planned.stdout
    drawn = pages.read(page).numbers
    assert set(drawn) == {WEBHOOK, STUDIO}
    assert [drawn[STUDIO]["kind"], drawn[STUDIO]["after"]["answeredBy"]] == ["studio", "Vapi assistant Sales"]
    assert pages.states(drawn[WEBHOOK]["after"])[-1][0] == "Original: Webhook"

    stack.up()
    stack.sandbox.outside_number(WEBHOOK, sms_url="https://other.example.com/sms")
    drifted = asked(stack, "preview", "--cwd", folder, "--fail-on", "drift")
    assert drifted.returncode == 4, drifted.stdout
    assert "other.example.com" in drifted.stdout

    ill = asked(stack, "doctor", "--stack", "dev", "--cwd", folder, "--json", "--html", page)
    found = {each["number"]: each for each in json.loads(ill.stdout)["numbers"]}
    assert set(found) == {WEBHOOK, STUDIO}
    assert found[WEBHOOK]["problems"]
    assert not found[STUDIO]["problems"]
    assert "declared by desk: Vapi assistant Sales" in pages.read(page).numbers[STUDIO]["note"]

    kept = folder / "kept.json"
    saved = asked(stack, "backup", "--stack", "dev", "--cwd", folder, "--output", kept, "--without-secrets")
    assert saved.returncode == 0, saved.stderr
    assert {STUDIO, WEBHOOK} <= set(re.findall(r"\+1\d{10}", kept.read_text()))
