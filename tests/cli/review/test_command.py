"""`vapi-sms preview` and `vapi-sms comment` as people run them: files, pipes, exit codes, a terminal."""

from __future__ import annotations

import os
import pty
import stat
import subprocess
from pathlib import Path

import pytest

from tests.cli.command import BORN, vapi_sms
from tests.cli.review.record import GOLDEN, PREVIEWS

FEED = "feed it what `pulumi preview --json --show-sames` prints"


def golden(name: str) -> str:
    """Give a golden comment."""
    return GOLDEN.joinpath(f"{name}.md").read_text()


def recorded(name: str) -> Path:
    """Give the file of a recorded preview."""
    return PREVIEWS / f"{name}.json"


def pulumi(folder: Path, script: str) -> str:
    """Put a `pulumi` on PATH that does what a shell script says; the real one plays in tests/engine."""
    command = folder / "pulumi"
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    return f"{folder}:/usr/bin:/bin"


def test_comment_from_a_file_a_pipe_and_into_a_file(tmp_path: Path) -> None:
    """All the same text."""
    by_file = vapi_sms("comment", recorded("mixed"))
    with recorded("mixed").open() as pipe:
        by_pipe = subprocess.run([BORN, "comment"], stdin=pipe, capture_output=True, text=True, check=True)
    into = vapi_sms("comment", recorded("mixed"), "--output", tmp_path / "comment.md")

    assert (by_file.returncode, by_file.stderr) == (0, "")
    assert by_file.stdout == by_pipe.stdout == tmp_path.joinpath("comment.md").read_text() == golden("mixed")
    assert (into.stdout, into.stderr) == ("", "")


@pytest.mark.parametrize(
    ("name", "fail_on", "code"),
    [
        ("refused", [], 0),
        ("refused", ["refusals"], 3),
        ("refused", ["drift", "changes", "refusals"], 3),
        ("refused", ["drift"], 1),
        ("drift", ["drift"], 4),
        ("drift", ["changes", "drift"], 4),
        ("drift", ["changes"], 5),
        ("drift", ["refusals"], 0),
        ("no-changes", ["changes", "drift", "refusals"], 0),
        ("mixed", ["drift", "refusals"], 0),
    ],
)
def test_gates_of_comment(name: str, fail_on: list[str], code: int) -> None:
    """Each gate has a code of its own, refusals before drift before changes; the comment comes anyway.

    What was refused kept the engine from looking at the rest: no other gate is passed either.
    """
    gates = [option for gate in fail_on for option in ("--fail-on", gate)]

    told = vapi_sms("comment", recorded(name), *gates)

    assert (told.returncode, told.stdout) == (code, golden(name))


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (
            b"nope",
            f"{{file}} is not JSON (line 1: Expecting value): {FEED}",
        ),
        (b"\xff", "{file} is not UTF-8 text: save it as UTF-8"),
        (None, "cannot read {file}: No such file or directory"),
    ],
)
def test_unreadable_is_one_line(tmp_path: Path, content: bytes | None, line: str) -> None:
    """What cannot be a comment says why, with exit code 1."""
    file = tmp_path / "preview.json"
    if content is not None:
        file.write_bytes(content)

    told = vapi_sms("comment", file)

    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr == f"vapi-sms: {line.format(file=file)}\n"


def test_unwritable_is_one_line(tmp_path: Path) -> None:
    """The file that cannot be written is named."""
    there = tmp_path / "missing" / "comment.md"

    told = vapi_sms("comment", recorded("mixed"), "--output", there)

    assert (told.returncode, told.stderr) == (
        1,
        f"vapi-sms: cannot write {there}: No such file or directory\n",
    )


def test_comment_at_a_terminal_does_not_wait() -> None:
    """Nobody types JSON: the line says what to pipe."""
    keyboard, terminal = pty.openpty()
    try:
        told = subprocess.run([BORN, "comment"], stdin=terminal, capture_output=True, text=True, check=False)
    finally:
        os.close(keyboard)
        os.close(terminal)

    assert told.returncode == 1
    assert told.stderr == "vapi-sms: nothing to read: pulumi preview --json --show-sames | vapi-sms comment\n"


def test_preview_runs_pulumi(tmp_path: Path) -> None:
    """With unchanged resources, the stack, the folder, and whatever stands behind `--`; as one JSON document."""
    path = pulumi(
        tmp_path,
        f'echo "$PWD $* ${{PULUMI_ENABLE_STREAMING_JSON_PREVIEW:-one}}" > {tmp_path}/ran; cat {recorded("mixed")}',
    )
    folder = tmp_path / "project"
    folder.mkdir()

    told = subprocess.run(
        [
            BORN,
            "preview",
            "--stack",
            "acme/shop/dev",
            "--cwd",
            folder,
            "--",
            "--refresh",
            "--parallel",
            "4",
        ],
        env={**os.environ, "PATH": path, "PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (told.returncode, told.stdout, told.stderr) == (0, golden("mixed"), "")
    options = "preview --json --show-sames --non-interactive --stack acme/shop/dev --refresh --parallel 4"
    assert tmp_path.joinpath("ran").read_text() == f"{folder} {options} one\n"


@pytest.mark.parametrize(
    ("name", "ended", "fail_on", "code"),
    [("refused", 1, None, 3), ("drift", 0, "drift", 4), ("drift", 0, "changes", 5), ("drift", 0, None, 0)],
)
def test_gates_of_preview(tmp_path: Path, name: str, ended: int, fail_on: str | None, code: int) -> None:
    """A refused preview is told, and never exits with 0."""
    path = pulumi(tmp_path, f"cat {recorded(name)}; exit {ended}")

    told = vapi_sms("preview", *(["--fail-on", fail_on] if fail_on else []), path=path)

    assert (told.returncode, told.stdout) == (code, golden(name))


@pytest.mark.parametrize("option", ["--target", "-t", "--target=x", "--exclude"])
def test_preview_of_a_part_says_that_the_rest_is_not_looked_at(tmp_path: Path, option: str) -> None:
    """Pulumi shows what is not targeted as unchanged, whatever is there."""
    path = pulumi(tmp_path, f"cat {recorded('no-changes')}")

    told = vapi_sms("preview", "--", option, "x", path=path)

    part = (
        "- with --target or --exclude Pulumi looks at a part of the stack only: of all else neither drift nor"
    )
    assert part in told.stdout


def test_preview_that_failed_without_a_reason(tmp_path: Path) -> None:
    """Pulumi's last word on stderr is the reason."""
    path = pulumi(
        tmp_path,
        f"cat {recorded('no-changes')}; echo 'error: gave up on https://a.example.com/?k=canary' >&2; exit 255",
    )

    told = vapi_sms("preview", path=path)

    assert told.returncode == 3
    assert "- pulumi preview failed: gave up on `https://a.example.com/?k=***`\n" in told.stdout
    assert "canary" not in told.stdout + told.stderr


@pytest.mark.parametrize(
    ("script", "line"),
    [
        (
            "echo 'error: no stack named canary-free found' >&2; exit 6",
            "pulumi preview showed nothing: no stack named canary-free found",
        ),
        ("exit 7", "pulumi preview showed nothing: exit code 7"),
        (
            """echo '{"diagnostics": [{"message": "no Python at venv/bin/python\\n\\n", "severity": "info#err"}]}'
            echo 'no Python at venv/bin/python' >&2
            echo 'error: failed to load language plugin python: exit status 1' >&2; exit 1""",
            (
                "pulumi preview failed: failed to load language plugin python: exit status 1\n"
                "no Python at venv/bin/python"
            ),
        ),
        (
            "echo '{}'; echo 'error: policy pack \"p\" failed to start: https://a.example.com/?k=canary' >&2; exit 1",
            'pulumi preview failed: policy pack "p" failed to start: https://a.example.com/?k=***',
        ),
        (
            """echo '{"diagnostics": [{"message": "error: said in the document only"}]}'; exit 1""",
            "pulumi preview failed: said in the document only",
        ),
        (
            "echo 'Installing plugins'; echo 'error: and then it broke' >&2; exit 1",
            "pulumi preview failed: and then it broke",
        ),
        ("echo '{}'", f"what `pulumi preview` printed is JSON, but no Pulumi preview: {FEED}"),
        (
            "echo Previewing update",
            f"what `pulumi preview` printed is not JSON (line 1: Expecting value): {FEED}",
        ),
    ],
)
def test_preview_that_shows_nothing(tmp_path: Path, script: str, line: str) -> None:
    """Exit code 1, and Pulumi's own reason: its verdict first, what it said before below."""
    told = vapi_sms("preview", path=pulumi(tmp_path, script))

    assert (told.returncode, told.stdout, told.stderr) == (1, "", f"vapi-sms: {line}\n")


def test_comment_on_what_pulumi_said_instead_of_a_preview(tmp_path: Path) -> None:
    """A pipe hides what pulumi printed beside the document; what is in it is told."""
    instead = tmp_path / "preview.json"
    instead.write_text(
        '{"diagnostics": [{"message": "error: no Python at canary-free\\n", "severity": "error"}]}'
    )

    told = vapi_sms("comment", instead)

    assert (told.returncode, told.stdout) == (1, "")
    assert (
        told.stderr
        == f"vapi-sms: {instead} is JSON, but no Pulumi preview: {FEED}\nno Python at canary-free\n"
    )


def test_preview_without_pulumi_and_without_a_folder(tmp_path: Path) -> None:
    """Both are said before anything runs."""
    without = vapi_sms("preview")
    nowhere = vapi_sms("preview", "--cwd", tmp_path / "x", path=pulumi(tmp_path, "exit 1"))

    assert without.stderr.startswith("vapi-sms: there is no `pulumi` on PATH: install Pulumi")
    assert (
        nowhere.stderr
        == f"vapi-sms: there is no folder {tmp_path / 'x'}: write --cwd with the folder of a Pulumi project\n"
    )
    assert (without.returncode, nowhere.returncode) == (1, 1)


def test_progress_only_on_a_terminal(tmp_path: Path) -> None:
    """Somebody who watches sees that it works; a log stays clean."""
    env = {**os.environ, "PATH": pulumi(tmp_path, f"cat {recorded('no-changes')}")}
    screen, terminal = pty.openpty()
    try:
        told = subprocess.run(
            [BORN, "preview", "--stack", "dev"],
            env=env,
            stdout=subprocess.PIPE,
            stderr=terminal,
            check=True,
        )
        seen = os.read(screen, 1000).decode()
    finally:
        os.close(screen)
        os.close(terminal)

    assert seen.split() == ["previewing", "stack", "dev", "..."]
    assert told.stdout.decode() == golden("no-changes")
