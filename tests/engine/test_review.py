"""`vapi-sms preview` on the real engine: a stack's life, told to the word of the golden comments."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

from tests.cli.command import COMMAND
from tests.cli.review.record import GOLDEN, rendered
from tests.cli.review.story import SHOW_SAMES, story

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.world import Stack

# What the nightly check for drift would exit with, scene by scene: refusals 3, drift 4, all else 0.
EXIT_CODES = {"refused": 3, "drift": 4}
REMEDY = "if this is meant: python -m tests.cli.review.record, and read the difference"


def test_preview_tells_a_stacks_life(stack: Stack) -> None:
    """Create, change, drift, refusals, and all removed: each scene as recorded, nothing written, no secret told."""
    scenes = []
    for scene in story(stack):
        stack.writes()
        if SHOW_SAMES in scene.args:
            told = _preview(stack)
            assert (told.returncode, told.stderr) == (EXIT_CODES.get(scene.name, 0), ""), told.stdout
            comment = told.stdout
        else:
            comment = rendered(json.dumps(stack.run("preview", "--json").json()))
        assert comment == GOLDEN.joinpath(f"{scene.name}.md").read_text(), REMEDY
        assert stack.writes() == []
        scenes.append(scene.name)

    assert len(scenes) == 9
    assert stack.snapshot() == stack.before


def _preview(stack: Stack) -> subprocess.CompletedProcess[str]:
    command: list[str | Path] = [COMMAND, "preview", "--cwd", stack.project.folder, "--fail-on", "drift"]
    return subprocess.run(command, env=stack.env, capture_output=True, text=True, check=False)
