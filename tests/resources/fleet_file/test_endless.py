"""Files that contain themselves, or are nested without an end: refused soon, and the process lives."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.resources.fleet_file.file import Write, wrong


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("numbers: &a\n  x: *a\n", "1: numbers.x: contains itself, through an alias: write it out"),
        ("numbers: &a\n  <<: *a\n", "1: numbers: contains itself, through an alias: write it out"),
        ("numbers: &a [*a]\n", "1: numbers: contains itself, through an alias: write it out"),
    ],
    ids=["map", "merge", "list"],
)
def test_a_file_that_contains_itself_is_refused(write: Write, text: str, line: str) -> None:
    """An alias of what it stands in never ends."""
    assert wrong(write(text)) == [f"numbers.yaml:{line}"]


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("[*a{0}]", "is nested more than 20 levels deep"),
        ("{{x: *a{0}}}", "is nested more than 20 levels deep"),
        ("{{<<: *a{0}}}", "is nested more than 20 levels deep"),
        (
            "[*a{0}, *a{0}, *a{0}, *a{0}]",
            "stands for more than 250,000 entries, with aliases and merge keys (<<) written out: split it",
        ),
    ],
)
def test_aliases_that_stand_for_billions_end_soon(write: Write, item: str, text: str) -> None:
    """Nested aliases are refused before they fill the memory, by their depth or by what they stand for."""
    levels = "".join(f"x{n + 1}: &a{n + 1} {item.format(n)}\n" for n in range(200))

    (line,) = wrong(write(f"x0: &a0 {{}}\n{levels}"))

    assert line.endswith(text)


def test_a_hundred_thousand_brackets_do_not_end_the_process(tmp_path: Path) -> None:
    """The parser in C would overflow its stack and take the process with it."""
    tmp_path.joinpath("numbers.yaml").write_text("[" * 100_000)
    code = (
        "from pathlib import Path; from vapi_sms.resources.fleet_file.reading import read_fleet_file; "
        "read_fleet_file(Path('numbers.yaml'))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)),
    )

    assert done.returncode == 1
    assert "FleetFileMistakes: numbers.yaml:1: is nested more than 20 levels deep" in done.stderr
