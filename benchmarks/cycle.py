"""One life of many numbers on the real engine: from the first preview to destroy, timed and counted."""

from __future__ import annotations

import functools
import json
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vapi_sms.sandbox import RunningSandbox

from benchmarks.budget import STAGES, Requests
from tests.engine.project import Project, Run

SERVICES = 2
_HERE = Path(__file__).parent
_AC, _TOKEN, _KEY = f"AC{'b' * 32}", "benchmark-token", "benchmark-key"
_OURS = "from vapi_sms import VapiSmsNumber as Number"
_NOOP = "from noop import Number"
_PROGRAM = """
{imported}

for i in range({numbers}):
    Number(f"n{{i}}", number=f"+1{{4157000000 + i}}", assistant={assistant!r})
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """One command: how long it took, what it kept processors busy, and what it asked of the vendors."""

    name: str
    seconds: float
    cpu_seconds: float
    requests: Requests


@dataclass(frozen=True, slots=True)
class Cycle:
    """All commands of one life, and the state between them."""

    numbers: int
    stages: tuple[Stage, ...]
    state: dict[str, Any]
    state_bytes: int


@functools.cache
def ours(numbers: int) -> Cycle:
    """Run the life of this many VapiSmsNumbers."""
    with world(numbers) as (sandbox, project):
        return _live(numbers, project, _OURS, sandbox.journal, sandbox.clear_journal)


@functools.cache
def noop(numbers: int) -> Cycle:
    """Run the life of as many no-op resources with the same inputs."""
    with noop_project(numbers) as project:
        return _live(numbers, project, _NOOP, list, lambda: None)


@contextmanager
def world(numbers: int) -> Iterator[tuple[RunningSandbox, Project]]:
    """Give a sandbox with this many numbers, and a project that declares them."""
    with RunningSandbox(_seed(numbers)) as sandbox, tempfile.TemporaryDirectory() as folder:
        env = {
            "TWILIO_ACCOUNT_SID": _AC,
            "TWILIO_AUTH_TOKEN": _TOKEN,
            "VAPI_API_KEY": _KEY,
            "TWILIO_BASE_URL": sandbox.url,
            "VAPI_BASE_URL": sandbox.url,
        }
        yield sandbox, Project(Path(folder) / "project", _program(_OURS, numbers, "Support"), env=env)


@contextmanager
def noop_project(numbers: int) -> Iterator[Project]:
    """Give a project that declares as many no-op resources."""
    with tempfile.TemporaryDirectory() as folder:
        env = {"PYTHONPATH": str(_HERE)}
        yield Project(Path(folder) / "project", _program(_NOOP, numbers, "Support"), env=env)


def succeed(run: Run) -> Run:
    """Give back a run that ended well; else stop, with all it said."""
    if run.code:
        raise SystemExit(f"the engine failed:\n{run.text}")
    return run


def _live(
    numbers: int,
    project: Project,
    imported: str,
    journal: Callable[[], list[dict[str, Any]]],
    clear_journal: Callable[[], None],
) -> Cycle:
    state: dict[str, Any] = {}
    state_bytes = 0
    stages = []
    commands: tuple[Callable[[], Run], ...] = (
        project.preview,
        project.up,
        lambda: project.preview("--expect-no-changes"),
        lambda: project.up("--expect-no-changes"),
        project.up,
        project.refresh,
        project.destroy,
    )
    for name, command in zip(STAGES, commands, strict=True):
        if "assistant changed" in name:
            project.write(_program(imported, numbers, "Sales"))
        clear_journal()
        start, busy = time.perf_counter(), _cpu_seconds()
        succeed(command())
        seconds, cpu_seconds = time.perf_counter() - start, _cpu_seconds() - busy
        stages.append(Stage(name, seconds, cpu_seconds, Requests.counted(journal())))
        if name == "up":
            state = project.stack_export()
            state_bytes = max(
                file.stat().st_size for file in project.folder.glob("state/.pulumi/stacks/**/*.json")
            )
    return Cycle(numbers, tuple(stages), state, state_bytes)


def _cpu_seconds() -> float:
    """Give the processor time of all commands so far: the engine, the program and the provider, not the sandbox."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def resource_bytes(state: dict[str, Any], type_: str) -> float:
    """Give the mean size of a type's resources in the state, as compact JSON."""
    sizes = [
        len(json.dumps(entry, separators=(",", ":")))
        for entry in state["deployment"]["resources"]
        if entry["type"].endswith(type_)
    ]
    return sum(sizes) / len(sizes)


def _program(imported: str, numbers: int, assistant: str) -> str:
    return _PROGRAM.format(imported=imported, numbers=numbers, assistant=assistant)


def _seed(numbers: int) -> dict[str, Any]:
    app = "https://app.example.com"
    account = {
        "sid": _AC,
        "auth_token": _TOKEN,
        "numbers": [
            {
                "range": {"from": "+14157000000", "count": numbers},
                "sms_url": f"{app}/sms?tenant={{number}}",
                "sms_fallback_url": f"{app}/fallback",
                "voice_url": f"{app}/voice",
            },
            {"phone_number": "+14155550100", "sms_url": f"{app}/sms"},
        ],
        "messaging_services": [
            {"sid": f"MG{'a' * 32}", "numbers": ["+14155550100"]},
            {"sid": f"MG{'b' * 32}", "use_inbound_webhook_on_number": True},
        ],
    }
    assistants = [
        {"id": f"a5000000-0000-4000-8000-{i:012}", "name": name}
        for i, name in enumerate(("Support", "Sales"))
    ]
    org = {"id": "0a000000-0000-4000-8000-000000000001", "api_key": _KEY, "assistants": assistants}
    return {"twilio": {"accounts": [account]}, "vapi": {"orgs": [org]}}
