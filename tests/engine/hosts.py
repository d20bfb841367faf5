"""The two Python language hosts: ours, which script/bootstrap builds, and Pulumi's own where it is on PATH."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.engine.project import engine

OURS, OFFICIAL = "ours", "official"
HOST = "pulumi-language-python"
# Go writes into a program which package it was built from.
_OUR_PACKAGE = b"vapi-sms/engine/host"


def path_with(host: str) -> str:
    """Give a PATH on which this host comes first; skips, and says so, where it is not at hand."""
    folders = [str(engine()), *os.environ["PATH"].split(os.pathsep)]
    folder = next((folder for folder in folders if _is(host, folder)), None)
    if folder is None:
        pytest.skip(f"the {HOST} at hand is not {host}: what it does was not looked at")
    return f"{folder}:{engine()}:/usr/bin:/bin"


def _is(host: str, folder: str) -> bool:
    found = shutil.which(HOST, path=folder)
    if found is None:
        return False
    program = Path(found).read_bytes()
    return not program.startswith(b"#!") and (_OUR_PACKAGE in program) is (host == OURS)
