"""script/bootstrap does what is missing, once, and says in one line what it cannot do."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
TOOLS = (
    *(
        "bash",
        "cat",
        "cksum",
        "cmp",
        "cut",
        "dirname",
        "env",
        "head",
        "install",
        "ln",
        "mkdir",
        "mktemp",
        "mv",
    ),
    *("python3", "rm", "sed", "sleep", "tail"),
)
NOTHING_WORKS = (
    "bootstrap: no Pulumi engine: install Pulumi >= 3.259.0, or Go >= 1.25.11 so that it can be built\n"
)


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """Return a folder with the few commands that bootstrap uses, and neither pulumi nor go."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in TOOLS:
        folder.joinpath(name).symlink_to(shutil.which(name) or name)
    return folder


def command(path: Path, script: str) -> None:
    """Write an executable shell script."""
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def bootstrap(tools: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run it with these tools, an empty cache and no installer."""
    return subprocess.run(
        [REPOSITORY / "script/bootstrap", *args],
        env={
            "PATH": str(tools),
            "HOME": str(tools.parent),
            "VAPI_SMS_CACHE": str(tools.parent / "cache"),
            "VAPI_SMS_SKIP_PULUMI_INSTALLER": "1",
        },
        check=False,
        capture_output=True,
        text=True,
    )


def engines(tools: Path) -> list[str]:
    """List what lies in the cache."""
    return [path.name for path in tools.parent.joinpath("cache/engine").iterdir()]


def test_second_run_has_nothing_to_do() -> None:
    """Once all is there, bootstrap says nothing and does nothing."""
    script = REPOSITORY / "script/bootstrap"
    subprocess.run([script], check=True)
    before = REPOSITORY.joinpath(".venv/recipe").stat().st_mtime_ns

    again = subprocess.run([script], check=True, capture_output=True, text=True)

    assert again.stdout + again.stderr == ""
    assert REPOSITORY.joinpath(".venv/recipe").stat().st_mtime_ns == before


def test_engine_folder_is_printed_alone_and_complete() -> None:
    """`--engine-dir` is made for PATH: one line, a folder with all three files, new enough."""
    script = REPOSITORY / "script/bootstrap"

    printed = subprocess.run([script, "--engine-dir"], check=True, capture_output=True, text=True).stdout

    folder = Path(printed.removesuffix("\n"))
    assert folder.joinpath("pulumi-language-python").is_file()
    assert folder.joinpath("pulumi-resource-pulumi-python").is_file()
    version = subprocess.run(
        [folder / "pulumi", "version"], check=True, capture_output=True, text=True
    ).stdout
    major, minor, *_ = version.strip().removeprefix("v").split(".")
    assert major == "3"
    assert int(minor) >= 259


def test_without_engine_and_go_one_line_says_what_to_install(tools: Path) -> None:
    """Where none of the ways can work, bootstrap ends with one line."""
    failed = bootstrap(tools)

    assert failed.returncode != 0
    assert failed.stdout + failed.stderr == NOTHING_WORKS


def test_old_go_is_no_go(tools: Path) -> None:
    """A Go that cannot build the engine is treated like none."""
    command(tools / "go", "echo go.mod requires a newer go >&2; exit 1")

    assert bootstrap(tools).stderr == NOTHING_WORKS


def test_failed_build_leaves_nothing(tools: Path) -> None:
    """A build that fails is told with its last words, and no half engine stays."""
    command(tools / "go", '[ "$3" = list ] && exit\necho no space left on device >&2\nexit 1')

    failed = bootstrap(tools)

    assert failed.returncode != 0
    assert "no space left on device" in failed.stderr
    assert failed.stderr.splitlines()[-1].startswith("bootstrap: the Go build of pulumi failed: install")
    assert engines(tools) == []


@pytest.mark.parametrize(
    ("version", "is_used"), [("v3.259.0", True), ("v3.300.1", True), ("v3.258.9", False), ("v4.300.0", False)]
)
def test_pulumi_on_path_is_used_when_new_enough(tools: Path, version: str, *, is_used: bool) -> None:
    """An installed pulumi with its Python host beside it is preferred, an old one passed over."""
    installed = tools.parent / "pulumi"
    command(installed / "pulumi", f"echo {version}")
    command(installed / "pulumi-language-python", "")
    command(installed / "pulumi-resource-pulumi-python", "")
    tools.joinpath("pulumi").symlink_to(installed / "pulumi")
    for name in ("pulumi-language-python", "pulumi-resource-pulumi-python"):
        tools.joinpath(name).symlink_to(installed / name)

    printed = bootstrap(tools, "--engine-dir")

    assert (printed.stdout == f"{tools}\n") is is_used


def test_pulumi_without_its_python_host_is_passed_over(tools: Path) -> None:
    """`pulumi` alone cannot run a Python program."""
    command(tools / "pulumi", "echo v3.300.0")

    assert bootstrap(tools).stderr == NOTHING_WORKS
