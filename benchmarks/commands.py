"""Commands of ours, timed as people run them, each a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from vapi_sms.sandbox import RunningSandbox


def seconds_of(command: str, *args: str, sandbox: RunningSandbox, account: tuple[str, str, str]) -> float:
    """Run a command to its end and give its seconds; `account` are Twilio's SID and token, and Vapi's key."""
    sid, token, key = account
    start = time.perf_counter()
    ran = subprocess.run(
        [Path(sys.executable).with_name("vapi-sms"), command, *args],
        env={
            "PATH": os.environ["PATH"],
            "TWILIO_ACCOUNT_SID": sid,
            "TWILIO_AUTH_TOKEN": token,
            "VAPI_API_KEY": key,
            "TWILIO_BASE_URL": sandbox.url,
            "VAPI_BASE_URL": sandbox.url,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise SystemExit(f"{command} failed:\n{ran.stderr or ran.stdout}")
    return time.perf_counter() - start
