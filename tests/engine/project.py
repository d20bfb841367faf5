"""Drive the real pulumi command on small projects of their own, in an environment that inherits nothing."""

from __future__ import annotations

import atexit
import functools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.engine.nursery import launcher
from tests.waiting import PATIENCE, until

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REPOSITORY = Path(__file__).parents[2]
NAME = "test"
STACK = "dev"
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
INHERITED = ("HOME", "TMPDIR", "LANG")


@dataclass(frozen=True, slots=True)
class Run:
    """How one pulumi command ended, and what it printed, without colours."""

    code: int
    stdout: str
    stderr: str

    @property
    def text(self) -> str:
        """All that a person would have seen."""
        return self.stdout + self.stderr

    def json(self) -> Any:
        """Parse what a command with --json printed."""
        return json.loads(self.stdout)


class Project:
    """A Pulumi project with one stack, its state in its own folder.

    `config` is plain stack config (`{"twilio:accountSid": "AC..."}`), `env` is what program and provider see
    beside the bare minimum.
    """

    def __init__(
        self,
        folder: Path,
        program: str,
        config: Mapping[str, str] | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        """Write the project; `folder` must be empty."""
        self.folder = folder
        shutil.copytree(_fresh_project(), folder, dirs_exist_ok=True)
        self.env = {**_environment(folder), **(env or {})}
        self.write(program)
        with folder.joinpath(f"Pulumi.{STACK}.yaml").open("a") as settings:
            settings.write(f"config: {json.dumps(dict(config or {}))}\n")

    def write(self, program: str) -> None:
        """Replace the program.

        Python would run what it compiled of the one before, where both are of one length and written within a second.
        """
        file = self.folder / "__main__.py"
        file.write_text(program)
        Path(cache_from_source(file)).unlink(missing_ok=True)

    def up(self, *args: str) -> Run:
        """Deploy without a preview before it."""
        return self.run("up", "--yes", "--skip-preview", *args)

    def preview(self, *args: str) -> Run:
        """Show what `up` would do."""
        return self.run("preview", *args)

    def refresh(self, *args: str) -> Run:
        """Bring the state in line with what the provider reads."""
        return self.run("refresh", "--yes", "--skip-preview", *args)

    def destroy(self, *args: str) -> Run:
        """Delete all that the state knows."""
        return self.run("destroy", "--yes", "--skip-preview", *args)

    def cancel(self) -> Run:
        """Take away the lock of an engine that died."""
        return self.run("cancel", "--yes")

    def set_secret(self, key: str, value: str) -> Run:
        """Put an encrypted value into the stack's config."""
        return self.run("config", "set", "--secret", key, value)

    def stack_export(self, *args: str) -> dict[str, Any]:
        """Return the stack's state."""
        exported = self.run("stack", "export", *args).json()
        assert isinstance(exported, dict)
        return exported

    def outputs(self) -> dict[str, Any]:
        """Return the stack's outputs, secrets in clear."""
        found = self.run("stack", "output", "--json", "--show-secrets").json()
        assert isinstance(found, dict)
        return found

    def run(self, *args: str) -> Run:
        """Run any pulumi command to its end; its Python processes are born, not started (nursery.py)."""
        return self._started(args, self.env).wait()

    def start(self, command: str, *args: str) -> Running:
        """Start a pulumi command and its processes, and return at once; `up` and the like deploy without asking."""
        if not args and command in {"up", "refresh", "destroy"}:
            args = ("--yes", "--skip-preview")
        env = self.env
        if env.get("PULUMI_PYTHON_CMD") == str(launcher()):
            env = {**env, "PULUMI_PYTHON_CMD": sys.executable}
        return self._started((command, *args), env)

    def _started(self, args: tuple[str, ...], env: Mapping[str, str]) -> Running:
        command, *options = args
        return Running([command, "--non-interactive", "--color=never", *options], self.folder, env)


class Running:
    """A pulumi command at work, for tests that kill a part of it."""

    def __init__(self, args: list[str], folder: Path, env: Mapping[str, str]) -> None:
        """Start it. Its output goes to files: a pipe would stay open as long as any orphan lives."""
        with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
            self._stdout, self._stderr = os.dup(stdout.fileno()), os.dup(stderr.fileno())
        self._process = subprocess.Popen(
            [engine() / "pulumi", *args],
            cwd=folder,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=self._stdout,
            stderr=self._stderr,
        )

    @property
    def engine_pid(self) -> int:
        """The process of pulumi itself."""
        return self._process.pid

    def provider_pids(self) -> list[int]:
        """Return the provider processes of this engine: the Python ones, not their launchers."""
        table = list(processes())
        family = {self.engine_pid}
        for _ in range(3):  # the engine, a launcher, the provider
            # A language host's own children are none of it: one that reads a schema starts a provider, too.
            family |= {
                pid for pid, parent, what in table if parent in family and "/pulumi-language-" not in what
            }
        return [
            pid
            for pid, _, command in table
            if pid in family
            and (" -m pulumi.dynamic " in command or "/pulumi-resource-vapi-sms " in command)
            and not command.startswith(("/bin/sh", "sh "))
        ]

    def provider_pid(self) -> int:
        """Wait until the only provider process is there."""
        (pid,) = until(self.provider_pids)
        return pid

    def kill_engine(self) -> None:
        """Kill pulumi itself with -9; launcher and provider go on."""
        os.kill(self.engine_pid, signal.SIGKILL)

    def kill_provider(self) -> None:
        """Kill the provider process with -9; the engine goes on."""
        os.kill(self.provider_pid(), signal.SIGKILL)

    def printed(self) -> str:
        """Return what it has printed so far."""
        return _so_far(self._stdout) + _so_far(self._stderr)

    def interrupt(self) -> None:
        """Do what Ctrl-C does to the engine; it passes on what it wants to its children."""
        os.kill(self.engine_pid, signal.SIGINT)

    def wait(self, timeout: float = 2 * PATIENCE) -> Run:
        """Wait for the end."""
        try:
            code = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        return Run(code, _take(self._stdout), _take(self._stderr))


def is_alive(pid: int) -> bool:
    """Tell whether a process is there."""
    return any(pid == found for found, _, command in processes() if "<defunct>" not in command)


@functools.cache
def engine() -> Path:
    """Return the folder of the engine that script/bootstrap found or made."""
    command = [str(REPOSITORY / "script/bootstrap"), "--engine-dir"]
    return Path(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip())


def _environment(folder: Path) -> dict[str, str]:
    return {
        **{name: os.environ[name] for name in INHERITED if name in os.environ},
        "PATH": f"{engine()}:/usr/bin:/bin",
        # Shared by all projects: it holds caches, nothing that belongs to a stack.
        "PULUMI_HOME": str(_session_folder() / "home"),
        "PULUMI_BACKEND_URL": f"file://{folder}/state",
        "PULUMI_CONFIG_PASSPHRASE": "only for tests",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_PYTHON_CMD": str(launcher()),
        "PULUMI_STACK": STACK,
    }


@functools.cache
def _session_folder() -> Path:
    folder = tempfile.mkdtemp(prefix="pulumi-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


@functools.cache
def _fresh_project() -> Path:
    """Make a project with an empty stack once: `stack init` takes half a second, a copy nothing."""
    folder = _session_folder() / "fresh"
    folder.joinpath("state").mkdir(parents=True)
    folder.joinpath("Pulumi.yaml").write_text(f"name: {NAME}\nruntime: python\n")
    environment = _environment(folder)
    del environment["PULUMI_STACK"]  # it would be selected before it is there
    command = [str(engine() / "pulumi"), "stack", "init", STACK]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    return folder


def processes() -> Iterator[tuple[int, int, str]]:
    """Yield pid, parent and command line of all processes."""
    command = [shutil.which("ps") or "ps", "-axo", "pid=,ppid=,args="]
    table = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for line in table.splitlines():
        pid, parent, args = line.split(maxsplit=2)
        yield int(pid), int(parent), args


def _so_far(descriptor: int) -> str:
    # pread leaves the offset alone, at which the process goes on writing.
    return ANSI.sub("", os.pread(descriptor, os.fstat(descriptor).st_size, 0).decode(errors="replace"))


def _take(descriptor: int) -> str:
    text = _so_far(descriptor)
    os.close(descriptor)
    return text
