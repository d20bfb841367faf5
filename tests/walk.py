"""The way of one number: which files of the package its check and its create pass through, and in how many moves.

Run by itself, since who watches every call of a process must have it alone: `python -m tests.walk` prints JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TypeVar

from vapi_sms.resources import dynamic
from vapi_sms.resources.engine import edge, session  # noqa: F401 likewise
from vapi_sms.resources.number import life  # noqa: F401 what a process imports when first asked is no way
from vapi_sms.sandbox import RunningSandbox

QUICKSTART = Path(__file__).parents[1] / "examples/quickstart"
NUMBER, OWNER = "+14155550100", "organization/walk/dev/support"
PACKAGE = "/vapi_sms/"
Result = TypeVar("Result")


class Walk:
    """The files that were entered, in order; a move is a call that enters another one."""

    def __init__(self) -> None:
        self.entered: list[str] = []

    def __call__(self, frame: FrameType, event: str, _arg: object) -> None:
        """Take note of a call that enters another file."""
        name = frame.f_code.co_filename
        if event != "call" or PACKAGE not in name or "/sandbox/" in name:
            return
        file = name.rpartition(PACKAGE)[2]
        if self.entered[-1:] != [file]:
            self.entered.append(file)


class Unconfigured:
    """A stack's configuration that holds nothing."""

    class config:  # noqa: N801 the name that Pulumi's request has
        """What a provider reads of it."""

        @staticmethod
        def get(_key: str) -> None:
            """Give nothing."""


def walked(walks: dict[str, list[str]], what: str, work: Callable[[], Result]) -> Result:
    """Do a piece of work, and keep the files that it entered."""
    walk = Walk()
    sys.setprofile(walk)
    try:
        return work()
    finally:
        sys.setprofile(None)
        walks[what] = walk.entered


def walks_of_a_number() -> dict[str, list[str]]:
    """Let a number of the quickstart's sandbox be recorded, checked and switched; give the files of the latter two."""
    walks: dict[str, list[str]] = {}
    originals, number = dynamic.Originals(), dynamic.Number()
    originals.configure(Unconfigured)  # type: ignore[arg-type] # a request of which only `config.get` is used
    number.configure(Unconfigured)  # type: ignore[arg-type] # likewise
    declared = {"numbers": {NUMBER: {"adopt": False}}, "originals": "not recorded yet", "owner": OWNER}
    record = originals.create(originals.check({}, declared).inputs)
    given = {"number": NUMBER, "assistant": "Support", "smsEnabled": True, "voice": "keep", "adopt": False}
    given |= {"original": (record.outs or {})["originals"], "owner": OWNER}
    checked = walked(walks, "check", lambda: number.check({}, given))
    walked(walks, "create", lambda: number.create(checked.inputs))
    return walks


def main() -> None:
    """Print the walks."""
    for line in (QUICKSTART / "sandbox.env").read_text().splitlines():
        name, separator, value = line.removeprefix("export ").strip().partition("=")
        if separator and not name.startswith("#"):
            os.environ[name] = value.strip("\"'")
    with RunningSandbox(QUICKSTART / "sandbox.yaml") as sandbox:
        os.environ["TWILIO_BASE_URL"] = os.environ["VAPI_BASE_URL"] = sandbox.url
        json.dump(walks_of_a_number(), sys.stdout)


if __name__ == "__main__":
    main()
