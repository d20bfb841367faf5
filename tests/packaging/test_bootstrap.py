"""script/bootstrap does what is missing, once, and says in one line what it cannot do."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
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


def bootstrap(
    tools: Path, *args: str, checkout: Path = REPOSITORY, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run it with these tools, an empty cache and no installer."""
    return subprocess.run(
        [checkout / "script/bootstrap", *args],
        env={
            "PATH": str(tools),
            "HOME": str(tools.parent),
            "VAPI_SMS_CACHE": str(tools.parent / "cache"),
            "VAPI_SMS_SKIP_PULUMI_INSTALLER": "1",
            **more,
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


# What pip and go do, as far as bootstrap sees it: each says when it starts and ends, and takes some seconds.
PYTHON = """
case "$*" in
  "-m venv --clear .venv")
    mkdir -p .venv/bin .venv/lib/python3.11/site-packages/a.dist-info && cp "$0" .venv/bin/python ;;
  *"-r requirements.lock")
    echo "pip starts" >>"$DIARY"; echo "Collecting a==1"; sleep 7
    echo "Installing collected packages: a"; sleep 5; echo "pip ends" >>"$DIARY" ;;
  *os.rename*) mv "$3" "$4" ;;
esac"""
GO = """
case "$*" in
  *"list -m -f"*) echo "$SDK" ;;
  *"list -m") ;;
  *"-deps"*) printf 'a\\nb\\nc\\n' ;;
  *)
    echo "go starts" >>"$DIARY"
    while [ "$1" != -o ]; do shift; done
    case "$2" in */pulumi) echo a; sleep 7; printf 'b\\nc\\n'; sleep 6 ;; esac
    printf '#!/bin/sh\\necho v3.259.0\\n' >"$2"; chmod +x "$2" ;;
esac"""


def first_run(tools: Path, go: str) -> subprocess.CompletedProcess[str]:
    """Run it in a new checkout, with a pip and a go of ours."""
    checkout, sdk = tools.parent / "checkout", tools.parent / "sdk"
    shutil.copytree(REPOSITORY / "script", checkout / "script")
    for name in ("requirements.lock", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, checkout)
    for name in ("dist/pulumi-resource-pulumi-python", "cmd/pulumi-language-python-exec"):
        command(sdk / "python" / name, "")
    command(tools / "python3.11", PYTHON)
    command(tools / "go", go)
    for name in ("awk", "chmod", "cp"):
        tools.joinpath(name).symlink_to(shutil.which(name) or name)
    return bootstrap(
        tools,
        "--engine-dir",
        checkout=checkout,
        VAPI_SMS_PYTHON="python3.11",
        DIARY=str(tools.parent / "diary"),
        SDK=str(sdk),
    )


def test_pip_and_the_build_run_side_by_side_and_show_how_far_they_are(tools: Path) -> None:
    """Packages of all, not seconds; the engine's folder is printed once both are there."""
    made = first_run(tools, GO)

    assert made.returncode == 0, made.stderr
    said = tools.parent.joinpath("diary").read_text().splitlines()
    assert said.index("go starts") < said.index("pip ends")
    assert re.search(r"bootstrap:   pip has 1 of \d\d+ packages\n", made.stderr)
    assert re.search(r"bootstrap:   pip installed 1 of \d\d+ packages\n", made.stderr)
    assert "bootstrap:   go compiled 1 of 3 packages\n" in made.stderr
    assert "bootstrap:   go is linking 3 packages\n" in made.stderr
    (engine,) = engines(tools)
    assert made.stdout == f"{tools.parent / 'cache/engine' / engine}\n"


def test_what_runs_beside_ends_where_the_build_fails(tools: Path) -> None:
    """No pip goes on in the background of a bootstrap that has ended."""
    failed = first_run(tools, '[ "$3" = list ] && exit\nsleep 2; echo no space left on device >&2\nexit 1')
    time.sleep(13)  # longer than that pip takes

    assert failed.stderr.splitlines()[-1].startswith("bootstrap: the Go build of pulumi failed: install")
    assert tools.parent.joinpath("diary").read_text() == "pip starts\n"
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


BUILDS_A_HOST = """
case "$3 $5" in
  "list -f" | "list {{.Dir}}") echo SDK ;;
  list*) ;;
  build*)
    while [ "$1" != -o ]; do shift; done
    echo "$3" >>SDK/built
    install -m 755 SDK/python/dist/pulumi-resource-pulumi-python "$2" ;;
esac
"""


def test_host_is_built_beside_the_pulumi_of_another_checkout(tools: Path) -> None:
    """Which takes minutes to build, and keeps the host that the other checkout knows."""
    sdk, others = tools.parent / "sdk", tools.parent / "cache/engine/v3.259.0"
    command(tools / "go", BUILDS_A_HOST.replace("SDK", str(sdk)))
    command(sdk / "python/dist/pulumi-resource-pulumi-python", "")
    command(sdk / "python/cmd/pulumi-language-python-exec", "")
    command(others / "pulumi", "echo v3.259.0")
    for name in ("pulumi-resource-pulumi-python", "pulumi-language-python", "language_host.py"):
        command(others / name, "echo as ever")

    printed = bootstrap(tools, "--engine-dir")
    again = bootstrap(tools, "--engine-dir")

    folder = Path(printed.stdout.removesuffix("\n"))
    assert folder.name.startswith("v3.259.0-")
    assert folder.joinpath("pulumi").samefile(others / "pulumi")
    assert folder.joinpath("pulumi-language-python-exec").is_file()
    assert "as ever" in others.joinpath("pulumi-language-python").read_text()
    assert sdk.joinpath("built").read_text() == "./host\n"
    assert (again.stdout, again.stderr) == (printed.stdout, "")
    assert sorted(engines(tools)) == sorted([others.name, folder.name])
