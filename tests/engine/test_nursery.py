"""Processes of the nursery: programs and providers cannot tell that they were born, and end as they would."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import TYPE_CHECKING

from tests.engine.nursery import launcher
from tests.engine.project import engine, is_alive, processes
from tests.engine.stack import Stack
from tests.engine.test_language_host import SURROUNDINGS
from tests.engine.world import SUPPORT_ON_WEBHOOK
from tests.resources.provider import Engine
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.engine.project import Project


def _grandchildren() -> set[int]:
    table = list(processes())
    children = {pid for pid, parent, _ in table if parent == os.getpid()}
    return {pid for pid, parent, _ in table if parent in children}


def test_program_cannot_tell(project: Callable[..., Project]) -> None:
    """All that it can see of who runs it is the same, born or started."""
    made = project(SURROUNDINGS, config={"vapi:word": "hello"}, env={"ANY": "variable"})

    assert made.start("up").wait().code == 0
    started = made.outputs()["seen"]
    assert made.up().code == 0

    assert made.outputs()["seen"] == started


def test_number_is_handed_over_by_started_processes_and_given_back_by_born_ones(stack: Stack) -> None:
    """What the one kind left behind the other finds, without a change of its own."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    assert stack.project.start("up").wait().code == 0

    stack.settled()
    stack.destroy()

    assert stack.snapshot() == stack.before


def test_exit_codes_are_those_of_the_program(tmp_path: Path) -> None:
    """Whatever a program ends with, its launcher ends with."""
    executor = tmp_path / "pulumi-language-python-exec"
    for end, code in {"sys.exit(7)": 7, "sys.exit('why')": 1, "1 / 0": 1, "": 0, "os.abort()": -6}.items():
        executor.write_text(f"import os, sys\n{end}\n")

        ran = subprocess.run([launcher(), executor], capture_output=True, text=True, check=False)

        assert (ran.returncode, "why" in ran.stderr) == (code, "why" in end)
        assert ("ZeroDivisionError" in ran.stderr) == (end == "1 / 0")


def test_process_is_interrupted_and_killed_with_its_launcher() -> None:
    """An interrupt is passed on, and what is killed leaves no child behind."""
    asked = Engine()
    command = [str(launcher()), "-u", "-m", "pulumi.dynamic", asked.address]
    for number in (signal.SIGINT, signal.SIGKILL):
        before = _grandchildren()
        with subprocess.Popen(command, env={"PATH": str(engine())}, stdout=subprocess.PIPE) as launched:
            assert launched.stdout is not None
            assert int(launched.stdout.readline())
            (child,) = _grandchildren() - before
            launched.send_signal(number)

            assert launched.wait(10) in {0, -number}
            until(lambda pid=child: not is_alive(pid))  # type: ignore[misc] # a process of this round
    asked.die()
