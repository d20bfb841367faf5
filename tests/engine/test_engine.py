"""The engine of script/bootstrap runs programs and dynamic providers, and says clearly why they fail."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.engine.project import Project, is_alive, processes
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable

PROGRAM = """
import pulumi
from toy import Toy

toy = Toy("toy", path={path!r}, text={text!r})
pulumi.export("text", toy.text)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the file that the toy's resource writes."""
    return tmp_path / "vendor.txt"


@pytest.fixture
def toy(project: Callable[..., Project], file: Path) -> Callable[[str], Project]:
    """Make a project whose only resource writes a text."""

    def make(text: str) -> Project:
        return project(
            PROGRAM.format(path=str(file), text=text), env={"PYTHONPATH": str(Path(__file__).parent)}
        )

    return make


def test_life_of_a_resource(toy: Callable[[str], Project], file: Path) -> None:
    """Preview writes nothing, up creates, a second preview finds nothing to do, destroy deletes."""
    project = toy("hello")

    previewed = project.preview("--json").json()
    assert previewed["changeSummary"] == {"create": 2}
    assert not file.exists()

    assert project.up().code == 0
    assert file.read_text() == "hello"
    assert project.outputs() == {"text": "hello"}
    assert project.preview("--expect-no-changes").code == 0

    assert project.destroy().code == 0
    assert not file.exists()
    assert "resources" not in project.stack_export()["deployment"]


def test_resource_error_fails_the_command(toy: Callable[[str], Project]) -> None:
    """A failed create shows the provider's error, whichever way Pulumi ends the program then."""
    failed = toy("refuse").up()

    assert failed.code != 0
    assert "ValueError: the vendor refuses" in failed.text


def test_program_error_shows_its_traceback(project: Callable[..., Project]) -> None:
    """An exception in the program fails the command with a traceback that starts in the program."""
    failed = project("import pulumi\n\ndef broken():\n    return 1 / 0\n\nbroken()\n").preview()

    assert failed.code != 0
    diagnostics = failed.stdout[failed.stdout.index("Diagnostics:") :]
    assert "error: Program failed with an unhandled exception:" in diagnostics
    assert '__main__.py", line 6, in <module>' in diagnostics
    assert diagnostics.count("ZeroDivisionError: division by zero") == 1
    assert "pulumi-language-python" not in diagnostics
    assert "runpy" not in diagnostics


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import pulumi; raise pulumi.RunError('the number is missing')", "error: the number is missing"),
        ("raise SystemExit(3)", "program exited with non-zero exit code: 3"),
        ("def broken(:", "SyntaxError"),
    ],
)
def test_program_that_gives_up(project: Callable[..., Project], program: str, said: str) -> None:
    """Every other way to fail is said in the program's words."""
    failed = project(program).preview()

    assert failed.code != 0
    assert said in failed.stdout


def test_program_sees_its_surroundings(project: Callable[..., Project]) -> None:
    """The program runs in its folder, with modules beside it, with its config, as the stack's project."""
    made = project(
        "import os, sys, pulumi, beside\n"
        "pulumi.export('seen', [os.getcwd(), pulumi.get_root_directory(), pulumi.get_stack(), beside.WORD,\n"
        "                       pulumi.Config('vapi').require('word'), sys.executable])\n",
        config={"vapi:word": "from config"},
    )
    made.folder.joinpath("beside.py").write_text("WORD = 'from beside'\n")

    assert made.up().code == 0

    here = str(made.folder)
    assert made.outputs()["seen"] == [here, here, "dev", "from beside", "from config", sys.executable]


def test_up_runs_program_afresh_after_its_preview(project: Callable[..., Project]) -> None:
    """`up` with a preview runs the program twice, in two processes: nothing stays in memory between them."""
    made = project("import os, pulumi\npulumi.log.info(f'process {os.getpid()}')\n")

    ran = made.run("up", "--yes")

    assert ran.code == 0
    processes = {line.split()[-1] for line in ran.text.splitlines() if "process " in line}
    assert len(processes) == 2


def test_about_and_install_answer(project: Callable[..., Project]) -> None:
    """What the host does not do is answered quietly."""
    made = project("")

    about = made.run("about")
    install = made.run("install")

    assert (about.code, install.code) == (0, 0)
    assert "vapi-sms" in about.text
    assert "nothing installed" in install.text
    assert "Traceback" not in about.text + install.text


def test_killed_provider_fails_the_run_and_the_next_one_goes_on(
    toy: Callable[[str], Project], file: Path
) -> None:
    """After kill -9 of the provider in the middle of a create `up` fails, and a later `up` creates."""
    project = toy("hang")
    running = project.start("up")
    until(file.with_suffix(".started").exists)

    running.kill_provider()

    assert running.wait().code != 0
    project.write(PROGRAM.format(path=str(file), text="hello"))
    assert project.up().code == 0
    assert file.read_text() == "hello"


def test_killed_engine_leaves_a_lock_and_no_language_host(toy: Callable[[str], Project], file: Path) -> None:
    """After kill -9 of the engine the provider lives on and the lock stays until `cancel`."""
    project = toy("hang")
    running = project.start("up")
    until(file.with_suffix(".started").exists)
    provider = running.provider_pid()
    children = [
        pid for pid, parent, args in processes() if parent == running.engine_pid and "language-python" in args
    ]

    running.kill_engine()

    assert running.wait().code != 0
    until(lambda: not any(is_alive(pid) for pid in children))
    assert is_alive(provider)
    os.kill(provider, signal.SIGKILL)
    assert "the stack is currently locked" in project.up().text
    assert project.cancel().code == 0
    project.write(PROGRAM.format(path=str(file), text="hello"))
    assert project.up().code == 0


@pytest.mark.parametrize("spelling", [".venv", "'.venv'", '".venv"  # the locked one'])
def test_virtualenv_of_project_is_used(tmp_path: Path, spelling: str) -> None:
    """With `virtualenv` in Pulumi.yaml nothing need be activated: program and provider run in it."""
    program = f"import pulumi, sys\nfrom toy import Toy\nToy('t', path={str(tmp_path / 'f')!r}, text='x')\n"
    program += "pulumi.export('python', sys.executable)\n"
    made = Project(tmp_path / "deep/er", program, env={"PYTHONPATH": str(Path(__file__).parent)})
    del made.env["PULUMI_PYTHON_CMD"]
    tmp_path.joinpath(".venv").symlink_to(sys.prefix)
    option = spelling.replace(".venv", "../../.venv")
    made.folder.joinpath("Pulumi.yaml").write_text(
        f"name: test\nruntime:\n  name: python\n  options:\n    virtualenv: {option}\n"
    )

    assert made.up().code == 0

    assert Path(made.outputs()["python"]).parent.samefile(Path(sys.prefix, "bin"))


def test_interrupt_is_quiet(toy: Callable[[str], Project], file: Path) -> None:
    """Ctrl-C twice in the middle of a create ends the command; the program has no time to add anything."""
    running = toy("hang").start("up")
    until(file.with_suffix(".started").exists)

    running.interrupt()
    until(lambda: "^C received" in running.printed())
    running.interrupt()

    ended = running.wait()
    assert ended.code != 0
    assert "Traceback" not in ended.text


def test_the_program_that_was_written_last_is_the_one_that_runs(project: Callable[..., Project]) -> None:
    """Also where it is as long as the one before and of the same second, which is all that Python's cache knows."""
    running = project("")
    for said in ("one", "two"):
        running.write(f'import pulumi; pulumi.export("said", "{said}")\n')
        os.utime(running.folder / "__main__.py", (1, 1))
        assert running.up().code == 0
        assert running.outputs() == {"said": said}
