"""`vapi-sms preview` on the real engine: a stack's life, told to the word of the golden comments."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

from tests.cli import pages
from tests.cli.command import BORN
from tests.cli.review.record import GOLDEN
from tests.cli.review.story import story
from tests.engine.world import ORG_KEY, TOKEN

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.stack import Stack

# What a nightly check for drift exits with, scene by scene. The other scenes are as recorded from this story.
EXIT_CODES = {"create": 0, "mixed": 0, "drift": 4, "refused": 3, "services": 0}
NUMBERS = re.compile(r"`(\+1\d{10})`")
REMEDY = "if this is meant: python -m tests.cli.review.record, and read the difference"


def test_preview_tells_a_stacks_life(stack: Stack) -> None:
    """Create, change, drift, refusals, services: each as recorded, with its exit code, and nothing is written.

    A page beside it has every number that the comment names, both sides of those that change, and no secret.
    """
    told = {}
    file = stack.project.folder / "page.html"
    for scene in story(stack):
        if scene.name in EXIT_CODES:
            stack.writes()
            ran = _preview(stack, "--html", file)
            assert ran.stdout == GOLDEN.joinpath(f"{scene.name}.md").read_text(), REMEDY
            assert ran.stderr == ""
            assert stack.writes() == []
            page = pages.read(file)
            page.assert_alone()
            assert set(NUMBERS.findall(ran.stdout.partition("<details>")[0])) <= page.numbers.keys()
            assert all("after" in each for each in page.numbers.values() if "group" in each)
            assert not any(canary in page.text for canary in ("canary", TOKEN, ORG_KEY))
            told[scene.name] = ran.returncode

    assert told == EXIT_CODES


def test_what_keeps_pulumi_from_a_preview_is_told_in_its_words(stack: Stack) -> None:
    """A virtual environment that is not there, and a policy pack that is none: the reason is Pulumi's own."""
    settings = stack.project.folder / "Pulumi.yaml"
    whole = settings.read_text()
    settings.write_text("name: test\nruntime: {name: python, options: {virtualenv: nowhere}}\n")
    without_python = _preview(stack)
    settings.write_text(whole)
    stack.project.folder.joinpath("pack").mkdir()
    broken_policies = _preview(stack, "--", "--policy-pack", "pack")

    for ran in (without_python, broken_policies):
        assert (ran.returncode, ran.stdout) == (1, "")
        assert "no Pulumi preview" not in ran.stderr
    assert without_python.stderr.startswith("vapi-sms: pulumi preview failed: ")
    assert "nowhere" in without_python.stderr
    assert "policy" in broken_policies.stderr.lower()


def _preview(stack: Stack, *args: str | Path) -> subprocess.CompletedProcess[str]:
    command: list[str | Path] = [
        BORN,
        "preview",
        "--cwd",
        stack.project.folder,
        "--fail-on",
        "drift",
        *args,
    ]
    return subprocess.run(command, env=stack.env, capture_output=True, text=True, check=False)
