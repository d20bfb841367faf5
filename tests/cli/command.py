"""Runs `vapi-sms` as people do, as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("vapi-sms")
QUICKSTART = REPOSITORY / "examples/quickstart"


def vapi_sms(*args: str | Path, path: str = "/usr/bin:/bin") -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [COMMAND, *args], env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
