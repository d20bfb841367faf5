"""What every command says of a file, a project or an output that cannot be used."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.command import BORN


@pytest.mark.parametrize(
    "args",
    [
        ("comment", "{}"),
        ("declared", "{}"),
        ("restore", "{}"),
        ("sandbox", "--seed", "{}"),
        ("schema", "--output", "{}"),
        ("comment", "preview.json", "--output", "{}"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("place", ["", "loop", "n" * 300, "file/x"], ids=["folder", "loop", "long", "file"])
def test_every_command_tells_it_in_one_line(tmp_path: Path, args: tuple[str, ...], place: str) -> None:
    """Nothing of it is a traceback."""
    tmp_path.joinpath("file").write_text("")
    tmp_path.joinpath("loop").symlink_to("loop")
    tmp_path.joinpath("preview.json").write_text('{"steps": []}')
    before = sorted(tmp_path.iterdir())

    ran = subprocess.run(
        [BORN, *(arg.format(tmp_path / place) for arg in args)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ran.returncode in (1, 2)
    assert (ran.stdout, ran.stderr.count("\n")) == ("", 1), ran.stderr
    assert str(tmp_path / place) in ran.stderr
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "args", [("preview",), ("doctor", "--stack", "x"), ("backup", "--stack", "x")], ids=" ".join
)
@pytest.mark.parametrize("place", ["no", "loop", "n" * 300, "file/x"], ids=["none", "loop", "long", "file"])
def test_a_project_that_is_not_there_is_one_line(tmp_path: Path, args: tuple[str, ...], place: str) -> None:
    """Before Pulumi is started in it."""
    tmp_path.joinpath("file").write_text("")
    tmp_path.joinpath("loop").symlink_to("loop")
    pulumi = tmp_path / "bin/pulumi"
    pulumi.parent.mkdir()
    pulumi.write_text("#!/bin/sh\nexit 1\n")
    pulumi.chmod(0o755)
    output = ("--output", tmp_path / "x.json", "--without-secrets") if args[0] == "backup" else ()

    ran = subprocess.run(
        [BORN, *args, "--cwd", tmp_path / place, *output],
        env={**os.environ, "PATH": f"{pulumi.parent}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ran.returncode in (1, 2)
    assert (ran.stdout, ran.stderr.count("\n")) == ("", 1), ran.stderr
    assert f"there is no folder {tmp_path / place}: write --cwd" in ran.stderr


@pytest.mark.parametrize("args", [("schema",), ("comment", "preview.json"), ("--version",)])
def test_standard_output_without_room_is_one_line(tmp_path: Path, args: tuple[str, ...]) -> None:
    """A full disk behind `>`, with an exit code of its own."""
    tmp_path.joinpath("preview.json").write_text('{"steps": []}')
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [BORN, *args],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )

    assert (ran.returncode, ran.stderr) == (
        74,
        "vapi-sms: what was to be printed cannot be written: No space left on device\n",
    )


def test_a_reader_who_goes_away_is_no_trouble() -> None:
    """As `vapi-sms schema | head -1`."""
    script = 'for n in 1 2 3; do "$0" schema; done | head -1'

    ran = subprocess.run(
        ["bash", "-c", script, BORN], capture_output=True, text=True, check=False, timeout=60
    )

    assert (ran.stdout, ran.stderr) == ("{\n", "")
