"""The command line itself: help, version, and trouble that is one line."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.cli.command import COMMAND, QUICKSTART, vapi_sms

SEALED = Path(__file__).parents[1] / "fixtures/backup-v1/encrypted.json"


def test_help_names_every_command() -> None:
    """`--help` lists what there is."""
    helped = vapi_sms("--help")

    assert helped.returncode == 0
    assert all(
        name in helped.stdout
        for name in ("sandbox", "demo", "doctor", "export", "backup", "restore", "--version")
    )


def test_version_is_the_installed_one() -> None:
    """`--version` says which release this is."""
    assert vapi_sms("--version").stdout == f"vapi-sms {version('vapi-sms')}\n"


def test_the_interpreter_runs_the_same_command() -> None:
    """`python -m vapi_sms`, for where scripts are not on PATH; it calls itself by its name."""
    ran = subprocess.run(
        [sys.executable, "-m", "vapi_sms", "declared"], capture_output=True, text=True, check=False
    )

    assert ran.returncode == 2
    assert "Usage: vapi-sms declared [OPTIONS]" in ran.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_commands_and_options(shell: str) -> None:
    """What `--install-completion` installs asks the command itself."""
    asked = {
        "bash": {"COMP_WORDS": "vapi-sms dec", "COMP_CWORD": "1"},
        "zsh": {"_TYPER_COMPLETE_ARGS": "vapi-sms dec"},
        "fish": {"_TYPER_COMPLETE_ARGS": "vapi-sms dec", "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
    }[shell]
    env = {"PATH": "/usr/bin:/bin", "_VAPI_SMS_COMPLETE": f"complete_{shell}", **asked}

    completed = subprocess.run([COMMAND], env=env, capture_output=True, text=True, check=False)

    assert "declared" in completed.stdout
    assert "doctor" not in completed.stdout


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (
            ("sandbox", "--seed", "missing.yaml"),
            "vapi-sms: missing.yaml: cannot be read: No such file or directory",
        ),
        (
            ("demo",),
            "vapi-sms: there is no `pulumi` on PATH: run script/demo in a checkout, or install Pulumi",
        ),
    ],
)
def test_trouble_is_one_line(args: tuple[str, ...], line: str) -> None:
    """What cannot work says why in one line on stderr, with exit code 1."""
    failed = vapi_sms(*args)

    assert (failed.returncode, failed.stdout, failed.stderr) == (1, "", f"{line}\n")


@pytest.mark.parametrize("args", [["sandbox", "--seed", str(QUICKSTART / "sandbox.yaml")], ["demo"]])
def test_missing_extra_is_named(args: list[str]) -> None:
    """Without the extra `sandbox` the commands that need it say what to install; the others work."""
    code = "import sys; sys.modules['starlette'] = None; sys.argv[1:] = {!r}; from vapi_sms.cli import main; main()"

    failed = subprocess.run(
        [sys.executable, "-c", code.format(args)], capture_output=True, text=True, check=False
    )

    assert failed.returncode == 1
    assert failed.stderr == "vapi-sms: the sandbox is not installed: pip install 'vapi-sms[sandbox]'\n"


@pytest.mark.parametrize(
    "args",
    [
        ["backup", "--account", "--output", "kept.json"],
        ["restore", "sealed.json", "--passphrase-env", "PHRASE"],
    ],
)
def test_what_a_passphrase_needs_is_named(tmp_path: Path, args: list[str]) -> None:
    """Before anything is read or asked: sealing is an extra, since its library is larger than the whole package."""
    code = "import sys; sys.modules['cryptography'] = None; sys.argv[1:] = {!r}; from vapi_sms.cli import main; main()"
    tmp_path.joinpath("sealed.json").write_bytes(SEALED.read_bytes())
    env = {"PHRASE": "x", "TWILIO_BASE_URL": "http://127.0.0.1:9"}

    failed = subprocess.run(
        [sys.executable, "-c", code.format(args)],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (failed.returncode, failed.stdout) == (2, "")
    assert (
        failed.stderr
        == "vapi-sms: a passphrase needs a library that is not installed: pip install 'vapi-sms[backup]'\n"
    )


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("preview", "--fail-on", "dirft"), "'dirft' is not one of 'changes', 'drift', 'refusals'."),
        (("schema", "seeds"), "'seeds' is not one of 'numbers', 'seed'."),
    ],
    ids=["option", "argument"],
)
def test_a_mistyped_choice_names_those_there_are(args: tuple[str, ...], told: str) -> None:
    """And nothing of how it was found out."""
    ran = vapi_sms(*args)

    words = " ".join(ran.stderr.replace("│", " ").split())
    assert ran.returncode == 2
    assert f": {told}" in words
    assert "error," not in words


def test_command_loads_no_server_before_it_is_needed() -> None:
    """`import vapi_sms.cli` works without any extra, and costs no vendor library."""
    code = "import sys, vapi_sms.cli; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert not {"starlette", "uvicorn", "twilio", "httpx"} & set(loaded.stdout.split())


def test_a_bug_of_ours_shows_no_values(tmp_path: Path) -> None:
    """A traceback that nobody expected has no local variables in it: they may be tokens."""
    code = (
        "import sys, vapi_sms.cli.app as app\n"
        "@app.app.command()\n"
        "def break_() -> None:\n    token = 'very' + 'secret'\n    raise ZeroDivisionError(len(token))\n"
        "sys.argv[1:] = ['break-']\napp.main()\n"
    )
    tmp_path.joinpath("broken.py").write_text(code)

    failed = subprocess.run(
        [sys.executable, tmp_path / "broken.py"], capture_output=True, text=True, check=False
    )

    assert failed.returncode == 1
    assert "ZeroDivisionError" in failed.stderr
    assert "verysecret" not in failed.stderr
