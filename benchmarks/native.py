"""The provider for other languages: YAML programs beside Python's, and beside a native provider that does nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import programs
from benchmarks.cycle import Stage, World, live, succeed, vendors
from benchmarks.native_noop import VERSION
from benchmarks.noop import imports_of, owner_of
from benchmarks.programs import FLEET, SINGLE, Shape
from benchmarks.size import Size
from benchmarks.tables import Table
from tests.native.stack import YamlProject, block, yaml_program

Resources = dict[str, Any]
_PLUGINS = {
    "vapi-sms": ("vapi_sms.resources.native.__main__", version("vapi-sms")),
    "noop": ("benchmarks.native_noop", VERSION),
}
_NOWHERE = "127.0.0.1:9"  # an engine that a provider need not reach to begin
_SERVERS = {
    "pulumi.dynamic": ("-u", "-m", "pulumi.dynamic", _NOWHERE),
    "pulumi-resource-vapi-sms": ("-m", "vapi_sms.resources.native", _NOWHERE),
    "a native provider that does nothing": (
        "-c",
        "from benchmarks.native_noop import main; main()",
        _NOWHERE,
    ),
}


def native(size: Size) -> Table:
    """Time programs in YAML beside the same in Python, and beside as many native resources that do nothing."""
    rows = []
    for shape, sizes in ((SINGLE, size.singles), (FLEET, size.fleets)):
        for numbers in sizes:
            for python, yaml, noop in _lives(shape, numbers, size.often(numbers).looks):
                rows.append(
                    (
                        f"{numbers:,}",
                        shape.resources,
                        yaml.name,
                        *(f"{each.seconds:.2f}" for each in (python, yaml, noop)),
                        f"{yaml.seconds / noop.seconds:.2f}",
                        *(f"{each.requests.total:,}" for each in (python, yaml)),
                    )
                )
    return Table(
        "A program in YAML, beside the same in Python and a native provider that does nothing",
        (
            "numbers",
            "declared as",
            "command",
            "Python s",
            "YAML s",
            "no-op s",
            "to no-op",
            "requests",
            "in YAML",
        ),
        tuple(rows),
        (
            "The no-op is two resources a number, or two a fleet, of the same inputs, with no block around them.",
            "Both providers are installed plugins.",
            "Sandbox on loopback, without latency, in turns; destroy gives Vapi 1 s to settle.",
        ),
    )


def start(size: Size) -> Table:
    """Time each provider's process from its start until it says where it listens."""
    took: dict[str, list[float]] = {name: [] for name in _SERVERS}
    for _ in range(size.imports):
        for name, arguments in _SERVERS.items():
            took[name].append(_until_it_listens(arguments))
    return Table(
        "From the start of a provider's process until it listens",
        ("process", "ms"),
        tuple((name, f"{min(each) * 1000:.0f}") for name, each in took.items()),
        (f"The least of {size.imports}, in turns.",),
    )


def _until_it_listens(arguments: tuple[str, ...]) -> float:
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *arguments],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
    ) as process:
        assert process.stdout is not None  # noqa: S101 it is a pipe
        line = process.stdout.readline()
        took = time.perf_counter() - began
        process.kill()
    if not line.strip().isdigit():
        raise SystemExit(f"{arguments}: it says no port: {line!r}")
    return took


def _lives(shape: Shape, numbers: int, looks: int) -> Iterator[tuple[Stage, Stage, Stage]]:
    with ExitStack() as stack:
        worlds = [stack.enter_context(world(shape, numbers)) for world in (_python, _yaml, _noop)]
        cycles = live(shape.change, worlds, looks)
    yield from zip(*(cycle.stages for cycle in cycles), strict=True)


@contextmanager
def _python(shape: Shape, numbers: int) -> Iterator[World]:
    with vendors(numbers) as (sandbox, taken), programs.ours(shape, numbers, sandbox) as project:
        yield World(project, shape.written("vapi_sms", numbers, changed=True), taken)


@contextmanager
def _yaml(shape: Shape, numbers: int) -> Iterator[World]:
    now, changed = (yaml_program(_blocks(shape, numbers, sales=sales), plugins={}) for sales in (False, True))
    with vendors(numbers) as (sandbox, taken), TemporaryDirectory() as folder:
        project = YamlProject(Path(folder) / "project", now, env=programs.env_of(sandbox))
        install(project, "vapi-sms")
        yield World(project, changed, taken)


@contextmanager
def _noop(shape: Shape, numbers: int) -> Iterator[World]:
    with TemporaryDirectory() as folder:
        now, changed = (noop_program(shape, numbers, sales=sales) for sales in (False, True))
        project = YamlProject(Path(folder) / "project", now)
        install(project, "noop")
        yield World(project, changed, tuple)


def install(project: YamlProject, name: str) -> None:
    """Install a plugin as people do, into a home of the project's own.

    Of an installed one Pulumi keeps the schema; of one that is found by its path, a program's host asks for it in each
    command, with a process of its own.
    """
    module, number = _PLUGINS[name]
    folder = project.folder.parent / name
    folder.mkdir()
    command = folder / f"pulumi-resource-{name}"
    command.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path[:0] = [{str(Path(__file__).parents[1])!r}]\n"
        f"from {module} import main\nsys.exit(main())\n"
    )
    command.chmod(0o700)
    project.env["PULUMI_HOME"] = str(project.folder.parent / "home")
    succeed(project.run("plugin", "install", "resource", name, number, "--file", str(folder)))


def _numbers(numbers: int) -> list[str]:
    return [f"+{14157000000 + i}" for i in range(numbers)]


def _blocks(shape: Shape, numbers: int, *, sales: bool) -> Resources:
    """Give the blocks that say what the Python program of that shape says."""
    if shape is SINGLE:
        assistant = "Sales" if sales else "Support"
        return {
            f"n{i}": block(number=number, assistant=assistant) for i, number in enumerate(_numbers(numbers))
        }
    entries = _entries(numbers, sales=sales)
    return {"fleet": block("Fleet", numbers=entries, defaults={"assistant": "Support"})}


def _entries(numbers: int, *, sales: bool) -> Resources:
    entries: Resources = {number: {} for number in _numbers(numbers)}
    return entries | ({"+14157000000": {"assistant": "Sales"}} if sales else {})


def noop_program(shape: Shape, numbers: int, *, sales: bool) -> str:
    """Write the program of resources that do nothing."""
    if shape is SINGLE:
        assistant = "Sales" if sales else "Support"
        resources: Resources = {}
        for i, number in enumerate(_numbers(numbers)):
            said = {
                "number": number,
                "assistant": assistant,
                "smsEnabled": True,
                "voice": "keep",
                "adopt": False,
            }
            resources |= _pair(f"n{i}", "Number", {number: {"adopt": False}}, {number: assistant}, said)
    else:
        entries = _entries(numbers, sales=sales)
        whole = {number: {"assistant": "Support", **entry} for number, entry in entries.items()}
        assistants = {number: entry["assistant"] for number, entry in whole.items()}
        resources = _pair(
            "fleet", "Fleet", {number: {} for number in entries}, assistants, {"numbers": whole}
        )
    return yaml_program(resources, plugins={})


def _pair(
    name: str, kind: str, numbers: Resources, assistants: Mapping[str, str], said: Resources
) -> Resources:
    """Give a record and what relies on it."""
    owner = owner_of(name)
    record = {"numbers": numbers, "imports": imports_of(assistants), "owner": owner}
    return {
        f"{name}-original": {"type": "noop:index:Originals", "properties": record},
        name: {
            "type": f"noop:index:{kind}",
            "properties": {**said, "owner": owner, "original": f"${{{name}-original.originals}}"},
        },
    }
