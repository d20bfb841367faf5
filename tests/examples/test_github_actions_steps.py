"""examples/github-actions: the very lines of the workflows do what they say, in git, on GitHub and on the engine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.cli import pages
from tests.engine.project import Project
from tests.examples.playing import SEED, Play
from tests.examples.pull_requests import GitHub, Repository
from tests.examples.workflows import EXAMPLE, run_step, script


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Make one."""
    return Repository(tmp_path)


def test_a_strangers_pull_request_is_found_and_compared(repository: Repository, tmp_path: Path) -> None:
    """By the run's commit alone, with main moved on meanwhile: only what the pull request changes is told."""
    repository.pull_request(6, "numbers: {+14155550100: Sales}\n")
    head = repository.pull_request(7, "numbers: {+14155550100: Support, +14155550101: Sales}\n")
    outputs = tmp_path / "outputs"

    found = repository.run(script("fork-comment", "ls-remote"), SHA=head, GITHUB_OUTPUT=str(outputs))
    compared = repository.run(script("fork-comment", "declared.sh"))

    assert (found.returncode, outputs.read_text()) == (0, "number=7\n"), found.stderr
    assert compared.returncode == 0, compared.stderr
    told = tmp_path.joinpath("declared.md").read_text()
    assert "### `numbers.yaml` changes 1 number\n" in told
    assert "| `+14155550101` | changes | assistant: Support → Sales |" in told


def test_a_commit_that_is_nobodys_any_more_is_left_alone(repository: Repository, tmp_path: Path) -> None:
    """A run whose pull request was pushed to again comments on nothing: the newer run will."""
    outputs = tmp_path / "outputs"
    outputs.touch()
    repository.pull_request(7, "numbers: {}\n")
    old = repository.pull_request(8, "numbers: {+14155550100: Support}\n")
    repository.git("push", "--quiet", "--force", "origin", "refs/remotes/origin/main:refs/pull/8/merge")

    for sha in ("0" * 40, old):
        found = repository.run(script("fork-comment", "ls-remote"), SHA=sha, GITHUB_OUTPUT=str(outputs))
        assert (found.returncode, outputs.read_text()) == (0, ""), found.stderr


def test_a_file_with_mistakes_fails_in_the_fork_and_is_told(repository: Repository, tmp_path: Path) -> None:
    """`fork` is red and says why in its summary; `fork-comment` says it, and is green."""
    repository.pull_request(7, "numbers: {+14155550100: {asistant: Support}}\n")
    repository.run("git fetch --quiet --depth=2 origin refs/pull/7/merge")
    repository.run("git checkout --quiet FETCH_HEAD")

    checked = repository.run(script("fork", "declared.sh"))
    summed = repository.run(script("fork", "SUMMARY"), GITHUB_STEP_SUMMARY=str(tmp_path / "summary.md"))
    commented = repository.run(script("fork-comment", "declared.sh"))

    mistake = "numbers.yaml:1: numbers.+14155550100.asistant: is unknown: did you mean assistant?"
    assert (checked.returncode, checked.stderr.splitlines()[0]) == (1, mistake)
    assert mistake in tmp_path.joinpath("summary.md").read_text()
    assert (summed.returncode, commented.returncode) == (0, 0)


def test_a_new_file_declares_all_its_numbers(repository: Repository, tmp_path: Path) -> None:
    """What was not there before declares nothing."""
    repository.git("rm", "--quiet", "numbers.yaml")
    repository.git("commit", "--quiet", "-m", "Begin anew")
    repository.git("push", "--quiet", "origin", "main")
    repository.pull_request(7, "numbers: {+14155550100: Support}\n")
    repository.run("git fetch --quiet --depth=2 origin refs/pull/7/merge")

    done = repository.run(script("fork-comment", "declared.sh"))

    assert done.returncode == 0, done.stderr
    assert "1 joins" in tmp_path.joinpath("declared.md").read_text()


def said(number: int, login: str, body: str) -> dict[str, Any]:
    """Give a comment as GitHub does."""
    return {"id": number, "user": {"login": login}, "body": body}


def commented(comments: list[dict[str, Any]], file: Path) -> tuple[int, list[tuple[str, str]]]:
    """Run comment.py as the workflows do; give its exit code and what it wrote."""
    with GitHub(comments) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        env = {
            "GITHUB_API_URL": f"http://127.0.0.1:{server.server_port}",
            "GITHUB_REPOSITORY": "acme/numbers",
            "GITHUB_TOKEN": "the-job's-token",
            "PULL_REQUEST": "7",
            "RUNNER_TEMP": str(file.parent),
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        }
        done = run_step(script("preview", "comment.py"), EXAMPLE, env)
        server.shutdown()
        return done.returncode, server.written


BODY = "<!-- vapi-sms preview: prod -->\n### 3 numbers …\n"


@pytest.mark.parametrize(
    ("comments", "request_"),
    [
        ([], "POST /repos/acme/numbers/issues/7/comments"),
        (
            [
                said(1, "stranger", "<!-- vapi-sms preview: prod -->\nmine"),
                said(2, "github-actions[bot]", "<!-- vapi-sms preview: dev -->\nanother stack's"),
            ],
            "POST /repos/acme/numbers/issues/7/comments",
        ),
        (
            [
                *(said(n, "stranger", "nice") for n in range(150)),
                said(200, "github-actions[bot]", "<!-- vapi-sms preview: prod -->\nold"),
            ],
            "PATCH /repos/acme/numbers/issues/comments/200",
        ),
    ],
    ids=["first", "others", "again"],
)
def test_one_comment_is_written_and_then_edited(
    tmp_path: Path, comments: list[dict[str, Any]], request_: str
) -> None:
    """Ours is known by its first line and by who wrote it, on whatever page; nobody else's is touched."""
    file = tmp_path / "preview.md"
    file.write_text(BODY)

    assert commented(comments, file) == (0, [(request_, BODY)])


def test_without_a_preview_there_is_no_comment(tmp_path: Path) -> None:
    """Where the step before failed without a word, the comment of an earlier run stays as it is."""
    assert commented([], tmp_path / "preview.md") == (1, [])


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    """Run the quickstart's sandbox."""
    with RunningSandbox(SEED) as running:
        yield running


@pytest.mark.engine
def test_the_workflows_steps_preview_switch_and_find_drift(
    play: Play, sandbox: RunningSandbox, tmp_path: Path
) -> None:
    """The very lines of the workflows, on the real engine: a preview, an up, no drift, then drift with exit code 4."""
    project = play(EXAMPLE.joinpath("__main__.py").read_text(), sandbox)
    project.folder.joinpath("numbers.yaml").write_text(EXAMPLE.joinpath("numbers.yaml").read_text())
    assert project.run("stack", "init", "prod").code == 0

    preview = step(project, script("preview", "vapi-sms preview"), tmp_path)
    assert preview.returncode == 0, preview.stderr
    assert "+14155550102" in tmp_path.joinpath("preview.md").read_text()
    assert "after" in pages.read(tmp_path / "preview.html").numbers["+14155550102"]

    up = step(project, script("up", "pulumi up"), tmp_path)
    assert up.returncode == 0, up.stdout
    assert sandbox.text("+12025550143", "+14155550101")["answered_by"] == "Vapi assistant Sales"

    assert step(project, script("drift", "vapi-sms preview"), tmp_path).returncode == 0
    sandbox.outside_number("+14155550100", sms_url="https://elsewhere.example/sms")
    drifted = step(project, script("drift", "vapi-sms preview"), tmp_path)
    assert drifted.returncode == 4, drifted.stderr
    assert "drift: " in pages.read(tmp_path / "drift.html").numbers["+14155550100"]["problem"][0]
    summary = tmp_path / "summary.md"
    step(project, script("drift", "SUMMARY"), tmp_path, GITHUB_STEP_SUMMARY=str(summary))
    assert "https://elsewhere.example/sms" in summary.read_text()


def step(project: Project, text: str, temp: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a step as GitHub does, where pulumi and vapi-sms are on PATH."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{project.env['PATH']}"
    given = {**project.env, "PATH": path, "RUNNER_TEMP": str(temp), **env}
    del given["PULUMI_STACK"]
    return run_step(text, project.folder, given)
