"""The workflows of examples/github-actions as data, and how GitHub runs one of their steps."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

EXAMPLE = Path(__file__).parents[2] / "examples/github-actions"
WORKFLOWS: dict[str, dict[str, Any]] = {
    path.stem: yaml.load(path.read_text(), yaml.BaseLoader)  # noqa: S506 keeps `on:` from being true
    for path in sorted(EXAMPLE.glob(".github/workflows/*.yml"))
}


def steps(name: str) -> list[dict[str, Any]]:
    """Give the steps of a workflow's only job."""
    (job,) = WORKFLOWS[name]["jobs"].values()
    found: list[dict[str, Any]] = job["steps"]
    return found


def script(name: str, word: str) -> str:
    """Give the only `run:` of a workflow that contains a word."""
    (found,) = [step["run"] for step in steps(name) if word in step.get("run", "")]
    return str(found)


def run_step(text: str, cwd: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a step with the shell, and the strictness, of GitHub's runners."""
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
