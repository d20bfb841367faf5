"""A program that is interrupted after a refusal ends quietly; any other interrupt is as ever."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ENGINE = "127.0.0.1:34567"
EXECUTOR = "pulumi-language-python-exec"
PROGRAM = f"""
import atexit, os, signal, sys, threading, time
from vapi_sms.resources.engine.interrupting import end_quietly, note_refusal

atexit.register(print, "tidied up")
atexit.register(time.sleep, 0.5)
# As the executor's threads do, that wait for an engine which answers no more.
threading.Thread(target=time.sleep, args=(5,)).start() if "waits" in sys.argv else None
if "own handler" in sys.argv:
    signal.signal(signal.SIGINT, lambda *_: sys.exit("its own"))
end_quietly()
if "refused" in sys.argv:
    note_refusal({ENGINE!r})
note_refusal("127.0.0.1:34568")
try:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(60)
finally:
    print("let go", flush=True)
    os.kill(os.getpid(), signal.SIGINT) if "twice" in sys.argv else None
"""


def ran(
    folder: Path, *args: str, name: str = EXECUTOR, engine: str = ENGINE
) -> subprocess.CompletedProcess[str]:
    """Run the program as Pulumi's executor would be run; nothing of it may stay in the folder for such things."""
    script, temporary = folder / name, folder / "temporary"
    script.write_text(PROGRAM)
    temporary.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, script, "--monitor", "127.0.0.1:1", "--engine", engine, ".", *args],
        env={"TMPDIR": str(temporary)},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert list(temporary.iterdir()) == []
    return done


@pytest.mark.parametrize("more", [(), ("twice",), ("waits",), ("twice", "waits")], ids=" and ".join)
def test_interrupt_after_a_refusal_is_quiet(tmp_path: Path, more: tuple[str, ...]) -> None:
    """The language host is told that all has been said; what the program left for its end is done, once."""
    done = ran(tmp_path, "refused", *more)

    assert (done.returncode, done.stdout, done.stderr) == (32, "let go\ntidied up\n", "")


def test_interrupt_without_a_refusal_is_as_ever(tmp_path: Path) -> None:
    """Also where the provider of another engine refused something."""
    done = ran(tmp_path)

    assert done.returncode != 32
    assert done.stderr.endswith("KeyboardInterrupt\n")


def test_program_that_nobody_runs_for_an_engine_is_left_alone(tmp_path: Path) -> None:
    """A script, a test with mocks, an inline program."""
    assert ran(tmp_path, "refused", name="program.py").stderr.endswith("KeyboardInterrupt\n")


def test_program_that_handles_interrupts_itself_goes_on_doing_so(tmp_path: Path) -> None:
    """Its handler stays."""
    assert ran(tmp_path, "refused", "own handler").stderr == "its own\n"


def test_what_a_killed_program_left_is_no_refusal_of_this_one(tmp_path: Path) -> None:
    """An engine may get the port of an earlier one."""
    tmp_path.joinpath("temporary").mkdir()
    tmp_path.joinpath("temporary/vapi-sms-refused-34567").write_text("refused\n")

    assert ran(tmp_path).stderr.endswith("KeyboardInterrupt\n")


def test_what_programs_left_that_were_killed_long_ago_goes(tmp_path: Path) -> None:
    """Every run leaves the folder for such things as it would have been."""
    tmp_path.joinpath("temporary").mkdir()
    left = tmp_path / "temporary/vapi-sms-refused-34569"
    left.touch()
    os.utime(left, (0, 0))

    assert ran(tmp_path, "refused").returncode == 32
