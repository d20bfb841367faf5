"""Programs cannot tell our Python language host from Pulumi's own, and end without a word once we have refused."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.hosts import HOST, OFFICIAL, OURS, path_with
from tests.engine.stack import Stack
from tests.engine.world import SUPPORT_ON_WEBHOOK
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from vapi_sms.sandbox import RunningSandbox

    from tests.engine.project import Project

NOBODY = 'VapiSmsNumber("support", number=WEBHOOK, assistant="Nobody")'
REFUSED = "no assistant of this Vapi org is named 'Nobody'"
# All that a program can see of who runs it.
SURROUNDINGS = """
import json, os, pulumi, signal, sys
from pulumi.runtime import settings
pulumi.export("seen", {
    "argv": sys.argv, "cwd": os.getcwd(), "environment": sorted(os.environ), "path": sys.path[2:],
    "python": sys.executable, "flags": str(sys.flags), "buffered": sys.stdout.line_buffering,
    "config": json.loads(os.environ["PULUMI_CONFIG"]), "secrets": json.loads(os.environ["PULUMI_CONFIG_SECRET_KEYS"]),
    "arguments": [word for word in sys.orig_argv if word.startswith("--")],
    "organization": pulumi.get_organization(), "root": pulumi.get_root_directory(), "stack": pulumi.get_stack(),
    "project": pulumi.get_project(), "parallel": settings.SETTINGS.parallel, "dry run": pulumi.runtime.is_dry_run(),
    "interrupt": str(signal.getsignal(signal.SIGINT)), "file": __file__, "name": __name__,
})
"""


@pytest.fixture(params=[OURS, OFFICIAL])
def path(request: pytest.FixtureRequest) -> str:
    """Give a PATH for each host."""
    return path_with(request.param)


@pytest.fixture
def hosted(stack: Stack, path: str) -> Stack:
    """Give a stack whose programs this host runs."""
    stack.env["PATH"] = path
    stack.env["PYTHONPATH"] = str(Path(__file__).parent)
    return stack


@pytest.mark.parametrize("command", ["preview", "up"])
def test_program_that_was_refused_ends_without_a_word(hosted: Stack, command: str) -> None:
    """The one line that matters stands alone; Pulumi interrupts the program all the same."""
    hosted.declare(NOBODY)

    told = hosted.refused(command)

    assert REFUSED in told
    assert "pulumi-language-python-exec" not in hosted.runs[-1].text
    assert "unhandled error" not in hosted.runs[-1].text


def test_vendor_that_fails_during_up_ends_the_program_without_a_word(
    hosted: Stack, sandbox: RunningSandbox
) -> None:
    """Trouble that only `up` can find is told like a refusal."""
    hosted.declare(SUPPORT_ON_WEBHOOK)
    sandbox.fault(method="POST", path="/phone-number", status=400, count=9)

    failed = hosted.fail("up", "--yes", "--skip-preview")

    assert "VapiSms" in failed.text
    assert "KeyboardInterrupt" not in failed.text


def test_program_that_was_refused_still_tidies_up(hosted: Stack, tmp_path: Path) -> None:
    """What it left for its end is done. (Its own lines are over by then: Pulumi sends what it declares after them.)."""
    hosted.declare(
        "import atexit, pathlib",
        f"here = pathlib.Path({str(tmp_path)!r})",
        "atexit.register(lambda: here.joinpath('atexit').touch())",
        NOBODY,
    )

    hosted.refused()

    assert until(tmp_path.joinpath("atexit").exists)


def test_persons_interrupt_is_as_ever(hosted: Stack, tmp_path: Path) -> None:
    """^C interrupts a program of ours like any other; whether Pulumi still shows its traceback is a race of its own."""
    started, interrupted = tmp_path / "started", tmp_path / "interrupted"
    hosted.declare(
        SUPPORT_ON_WEBHOOK,
        "import pathlib, time",
        "try:",
        f"    pathlib.Path({str(started)!r}).touch()",
        "    time.sleep(60)",
        "except KeyboardInterrupt:",
        f"    while not pathlib.Path({str(interrupted)!r}).exists():",
        "        try:",
        f"            pathlib.Path({str(interrupted)!r}).touch()",
        "        except KeyboardInterrupt:",
        "            continue  # the engine interrupts, too, and may come in between",
        "    raise",
    )
    running = hosted.project.start("preview")
    until(started.exists)

    running.interrupt()

    ended = running.wait()
    assert ended.code != 0
    assert "preview canceled" in ended.text
    assert until(interrupted.exists)


def test_refusal_by_others_is_as_ever(hosted: Stack, tmp_path: Path) -> None:
    """Where not our provider refuses, the end of the program is Pulumi's business."""
    hosted.declare(SUPPORT_ON_WEBHOOK)
    hosted.up()
    hosted.declare(
        SUPPORT_ON_WEBHOOK,
        "from toy import Toy",
        f"Toy('toy', path={str(tmp_path / 'toy')!r}, text='refuse')",
    )

    failed = hosted.project.up()

    # Whether the program is interrupted, or hears of the failure first, is a race; what failed is told either way.
    assert "the vendor refuses" in failed.text
    assert "Traceback" in failed.text


def test_nothing_is_left_of_a_program(hosted: Stack, tmp_path: Path) -> None:
    """The note by which a program learns of a refusal goes with it, refused or not."""
    hosted.env["TMPDIR"] = str(tmp_path)
    hosted.declare(NOBODY)
    hosted.refused()
    hosted.declare(SUPPORT_ON_WEBHOOK)
    hosted.preview()

    assert list(tmp_path.glob("vapi-sms-*")) == []


@pytest.mark.parametrize("virtualenv", [False, True], ids=["ambient", "virtualenv"])
def test_program_sees_the_same_on_both_hosts(
    project: Callable[..., Project], tmp_path: Path, *, virtualenv: bool
) -> None:
    """Environment, arguments, working folder, interpreter, configuration and signals."""
    made = project(SURROUNDINGS, config={"vapi:word": "from config"})
    made.set_secret("vapi:key", "a secret")
    if virtualenv:
        tmp_path.joinpath("venv").symlink_to(sys.prefix)
        made.folder.joinpath("Pulumi.yaml").write_text(_settings(f"virtualenv: {tmp_path / 'venv'}"))
    seen = []
    for host in (OFFICIAL, OURS):
        made.env["PATH"] = path_with(host)
        assert made.up().code == 0
        seen.append(made.outputs()["seen"])

    assert seen[0] == seen[1]


def test_program_has_its_surroundings(project: Callable[..., Project], tmp_path: Path) -> None:
    """With `virtualenv` its environment is active, as Pulumi's host has it; nothing else is added or missing."""
    made = project(SURROUNDINGS, config={"vapi:word": "from config"})
    tmp_path.joinpath("venv").symlink_to(sys.prefix)
    made.folder.joinpath("Pulumi.yaml").write_text(_settings(f"virtualenv: {tmp_path / 'venv'}"))
    made.env["PYTHONHOME"] = "/nowhere"

    assert made.up().code == 0

    seen: dict[str, Any] = made.outputs()["seen"]
    assert seen["python"] == str(tmp_path / "venv/bin/python")
    assert {"VIRTUAL_ENV", "PULUMI_CONFIG", "PULUMI_CONFIG_SECRET_KEYS"} <= set(seen["environment"])
    assert "PYTHONHOME" not in seen["environment"]
    assert seen["cwd"] == seen["root"] == str(made.folder)
    assert (seen["config"], seen["secrets"]) == ({"vapi:word": "from config"}, [])
    assert "default_int_handler" in seen["interrupt"]


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("toolchain: uv", "Could not find `uv` executable."),
        ("toolchain: poetry", "Could not find `poetry` executable."),
        ("toolchain: conda", "no such toolchain: conda"),
        ("virtualenv: 3", "the option virtualenv is to be a text"),
        ("typechecker: ty", "no such typechecker: ty"),
        ("virtualenv: nowhere", "The 'virtualenv' option in Pulumi.yaml is set to \"nowhere\""),
        ("virtualenv: venv\n    typechecker: pyright", "typechecker is pyright, which is not installed"),
    ],
)
def test_options_that_cannot_be_followed_are_said(
    project: Callable[..., Project], option: str, said: str
) -> None:
    """In the error's own words, without a traceback of grpc."""
    made = project("")
    made.folder.joinpath("venv").symlink_to(sys.prefix)
    made.folder.joinpath("Pulumi.yaml").write_text(_settings(option))

    failed = made.preview()

    assert failed.code != 0
    assert said in failed.text
    assert "Traceback" not in failed.text


def test_toolchain_uv_runs_the_program_in_its_environment(project: Callable[..., Project]) -> None:
    """The SDK's own toolchains find it: beside the project, as uv makes it."""
    made = project("import pulumi, sys\npulumi.export('python', sys.executable)\n")
    made.folder.joinpath(".venv").symlink_to(sys.prefix)
    made.folder.joinpath("Pulumi.yaml").write_text(_settings("toolchain: uv"))
    tools = made.folder / "tools"
    tools.mkdir()
    tools.joinpath("uv").write_text("#!/bin/sh\necho 'uv 0.9.0'\n")
    tools.joinpath("uv").chmod(0o755)
    made.env["PATH"] += f":{tools}"

    assert made.up().code == 0

    assert Path(made.outputs()["python"]) == made.folder / ".venv/bin/python"


def test_mistakes_that_a_type_checker_finds_keep_the_program_from_running(
    project: Callable[..., Project],
) -> None:
    """`typechecker: mypy` is asked first; without mistakes the program runs."""
    made = project("import pulumi\nnumber: int = 'one'\npulumi.export('ran', True)\n")
    made.folder.joinpath("venv").symlink_to(sys.prefix)
    made.folder.joinpath("Pulumi.yaml").write_text(_settings("virtualenv: venv\n    typechecker: mypy"))

    failed = made.preview()

    assert failed.code != 0
    assert "Incompatible types in assignment" in failed.text
    made.write("import pulumi\npulumi.export('ran', True)\n")
    assert made.up().code == 0
    assert made.outputs() == {"ran": True}


def test_what_the_host_leaves_to_pulumis_own_is_refused_in_one_line(
    project: Callable[..., Project], tmp_path: Path
) -> None:
    """Debuggers, and policy packs in Python."""
    made = project("")
    pack = tmp_path / "pack"
    pack.mkdir()
    pack.joinpath("PulumiPolicy.yaml").write_text("runtime: python\nversion: 0.0.1\n")
    pack.joinpath("__main__.py").touch()

    debugged = made.preview("--attach-debugger")
    judged = made.preview("--policy-pack", str(pack))

    assert "attaches no debugger: install Pulumi itself for that" in debugged.text
    assert "runs no policy packs: install Pulumi itself for that" in judged.text
    assert "Traceback" not in debugged.text + judged.text


def test_hosts_of_other_checkouts_stay_as_they_are() -> None:
    """Each host that was built has an engine folder of its own, with the SDK's executor beside it."""
    folder = Path(path_with(OURS).split(os.pathsep)[0])

    assert shutil.which(HOST, path=str(folder))
    assert folder.joinpath("pulumi-language-python-exec").is_file()
    assert not folder.joinpath("language_host.py").exists()


def _settings(options: str) -> str:
    return f"name: test\nruntime:\n  name: python\n  options:\n    {options}\n"
