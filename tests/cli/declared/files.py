"""Two fleet files, before a pull request and after it, and the command on them."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner
from vapi_sms.cli.app import app

BEFORE = """\
defaults: {assistant: Support}
groups:
  sales:
    assistant: Old
    restore_to: {webhook: "https://user:canary-password@a.example/sms?token=canary-query-1"}
stacks:
  prod:
    groups: {sales: {numbers: [+14155550103, +14155550104]}}
    numbers:
      +14155550105:
      +14155550106: {protect: true}
      +14155550108: {restore_to: {studio_flow: FW00000000000000000000000000000001}}
      +14155550109: {on_remove: leave}
      +14155550110: {squad: Everybody}
"""
AFTER = """\
defaults: {assistant: Support}
groups:
  sales:
    assistant: Sales
    restore_to: {webhook: "https://user:canary-password@a.example/sms?token=canary-query-2"}
stacks:
  dev: {numbers: [+14155550101]}
  prod:
    groups: {sales: {numbers: [+14155550104, +14155550107, +14155550103]}}
    numbers:
      +14155550105: {on_remove: leave, sms_enabled: false, name: "a|b <b> @team #1", restore_to: leave_at_vapi}
      +14155550110: {squad: Everybody, voice: keep, adopt: false}
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """How the command ended, and what it printed."""

    returncode: int
    stdout: str
    stderr: str


def declared(folder: Path, after: str, before: str | None = None, *args: str) -> Ran:
    """Run the command on numbers.yaml; with `before`, compared to base.yaml."""
    folder.joinpath("numbers.yaml").write_text(after)
    if before is not None:
        folder.joinpath("base.yaml").write_text(before)
        args = ("--base", "base.yaml", *args)
    with contextlib.chdir(folder):
        ran = CliRunner().invoke(app, ["declared", "numbers.yaml", *args])
    return Ran(ran.exit_code, ran.stdout, ran.stderr)
