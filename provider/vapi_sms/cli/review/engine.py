"""The engine: one real `pulumi preview`, as JSON."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vapi_sms.cli.review.reading import spoken
from vapi_sms.cli.trouble import CannotGoOn

# It would turn the one JSON document into a stream of events.
_STREAMING = "PULUMI_ENABLE_STREAMING_JSON_PREVIEW"
_MOST_REASONS = 20


@dataclass(frozen=True, slots=True)
class Ran:
    """How a preview ended, and what it printed."""

    code: int
    json: str
    errors: str

    @property
    def last_error(self) -> str:
        """What pulumi said last, on one line."""
        return self.reasons()[0]

    def reasons(self, said: Sequence[str] = ()) -> list[str]:
        """Give all that pulumi said, what it said last first: that is its verdict; `said` is what it said elsewhere."""
        *before, last = spoken(self.errors) or [*said] or [f"exit code {self.code}"]
        return list(dict.fromkeys([last, *said, *before]))[:_MOST_REASONS]


def preview(stack: str | None, folder: Path, args: Sequence[str]) -> Ran:
    """Run `pulumi preview` on a stack (None: the selected one); raises CannotGoOn where it shows nothing."""
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        raise CannotGoOn(
            "there is no `pulumi` on PATH: install Pulumi, or run this with script/bootstrap's engine"
        )
    if not os.path.isdir(folder):  # noqa: PTH112 pathlib raises where it may not look
        raise CannotGoOn(f"there is no folder {folder}: write --cwd with the folder of a Pulumi project")
    chosen = ["--stack", stack] if stack else []
    done = subprocess.run(  # noqa: S603 what was typed is for pulumi
        [pulumi, "preview", "--json", "--show-sames", "--non-interactive", *chosen, *args],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != _STREAMING},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    ran = Ran(done.returncode, done.stdout, done.stderr)
    if not ran.json.strip():
        verdict, *others = ran.reasons()
        raise CannotGoOn(f"pulumi preview showed nothing: {verdict}", *others)
    return ran
