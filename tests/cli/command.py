"""Runs `vapi-sms` as people do, as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from vapi_sms.cli.trouble import CannotGoOn

from tests.engine import nursery

REPOSITORY = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("vapi-sms")
"""As it is installed: for what depends on how a process starts, and on what interrupts or kills it."""
BORN = nursery.command()
"""The same without the half second of importing."""
QUICKSTART = REPOSITORY / "examples/quickstart"


def vapi_sms(*args: str | Path, path: str = "/usr/bin:/bin") -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [BORN, *args], env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )


def complaint(work: Callable[[], object]) -> str:
    """Give the one line by which a file is refused."""
    with pytest.raises(CannotGoOn) as caught:
        work()
    assert len(caught.value.lines) == 1
    return str(caught.value)
