"""The engine of the demo: the real pulumi, with a home, a state and a project of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path

STACK = "demo"
_TO_END = 10.0  # seconds that an interrupted command has
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
# URNs, lines that only say that something goes on, what is said about stacks that stay empty, and empty lines.
_NOISE = re.compile(
    r"\[urn=|^@ |(creating|updating|deleting) \(\d+s\)|^The resources in the stack|^If you want to remove|^\s*$"
)


@dataclass(frozen=True, slots=True)
class Run:
    """How a command ended, and all that it said, without colours."""

    code: int
    said: str


class Engine:
    """Runs pulumi on a copy of a project."""

    def __init__(self, folder: Path, vendors: Mapping[str, str]) -> None:
        self._folder = folder
        folder.joinpath("state").mkdir()
        # The interpreter that runs this has all that the program needs; a venv's path would not survive the copy.
        folder.joinpath("Pulumi.yaml").write_text("name: quickstart\nruntime: python\n", encoding="utf-8")
        self._env = {
            **_inherited(),
            **vendors,
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{folder}/state",
            "PULUMI_CONFIG_PASSPHRASE": "demo",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_PYTHON_CMD": sys.executable,
        }

    def declare(self, program: str) -> None:
        """Put another program in the place of the one there is.

        Python would run what it compiled of that one, where both are of one length and written within a second.
        """
        file = self._folder / "__main__.py"
        file.write_text(program, encoding="utf-8")
        Path(cache_from_source(file)).unlink(missing_ok=True)

    def draw(self) -> Path | None:
        """Draw what `up` would change, as `vapi-sms preview` does; give the page, or None where there is none."""
        page = self._folder / "preview.html"
        page.unlink(missing_ok=True)
        command = ("preview", "--stack", STACK, "--output", os.devnull, "--html", str(page))
        subprocess.run(  # noqa: S603 our own command
            [sys.executable, "-m", "vapi_sms", *command],
            cwd=self._folder,
            env=self._env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        return page if page.exists() else None

    def run(self, *args: str, show: Callable[[str], None] = lambda _: None) -> Run:
        """Run a command and show its lines as they come, without noise."""
        said = []
        command = ["pulumi", *args, "--non-interactive", "--color=always"]
        with subprocess.Popen(  # noqa: S603 the words of the story
            command,
            cwd=self._folder,
            env=self._env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as process:
            try:
                for line in process.stdout or ():
                    plain = _ANSI.sub("", line)
                    said.append(plain)
                    if not _NOISE.search(plain):
                        show(line.rstrip("\n"))
            except KeyboardInterrupt:
                _end(process)
                raise
        return Run(process.returncode, "".join(said))


def _end(process: subprocess.Popen[str]) -> None:
    """Let an interrupted pulumi end: it still writes into the folder that goes away. The terminal told it, too."""
    try:
        process.wait(_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()


def _inherited() -> dict[str, str]:
    """Give our own environment without any real credentials, and without settings of somebody's own Pulumi."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PULUMI_", "TWILIO_", "VAPI_")) and not name.lower().endswith("_proxy")
    }
