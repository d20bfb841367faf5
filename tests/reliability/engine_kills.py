"""The kill matrix on the real engine: provider or pulumi killed, stopped before the checkpoint, or told ^C.

The operations, calls and goals are those of the matrix over gRPC. After each, `up` and `destroy`, or `destroy` at once;
where pulumi itself was killed, `pulumi cancel` takes its lock away first: the one step that is allowed.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from vapi_sms.sandbox import RunningSandbox

from tests.engine.project import Project, Running, is_alive
from tests.native.stack import YamlProject, as_block, yaml_program
from tests.reliability.bench import Bench, Call, Lost, anonymous, compare
from tests.reliability.operations import BY_KEY, Declared, Operation
from tests.reliability.table import Result
from tests.resources.conftest import env_of
from tests.resources.provider import NATIVE, TRANSPORT
from tests.waiting import until

PROVIDER, ENGINE, CHECKPOINT = "provider killed", "engine killed", "before the checkpoint"
ONCE, TWICE, ORPHAN = "^C once", "^C twice", "orphan outlives destroy"
VICTIMS = (PROVIDER, ENGINE, CHECKPOINT, ONCE, TWICE, ORPHAN)
SERIES = ("up, destroy", "destroy")
USUAL_MOST = 4
IDLE_SECONDS = 0.5


@dataclass(frozen=True)
class Cell:
    """Who dies, at which call, before or after the vendor did it, and what is run then."""

    victim: str
    call: Call
    hold: str
    series: str

    def __str__(self) -> str:
        """Say all that."""
        return f"{self.victim} {self.hold} {self.call}, then {self.series}"


def cells_of(calls: list[Call]) -> list[Cell]:
    """Give the cells: every kind of write, the last call before the checkpoint, and the first read."""
    kinds = {(call.vendor, call.method, call.path.rpartition("/")[0]): call for call in reversed(calls)}
    held = [call for call in calls if call in kinds.values() and call.writes]
    found = [
        Cell(victim, call, hold, series)
        for call in held
        for victim in (PROVIDER, ENGINE, ONCE, TWICE)
        for hold in ("before", "after")
        for series in SERIES
    ]
    last = [Cell(CHECKPOINT, calls[-1], "after", series) for series in SERIES]
    first = [Cell(victim, calls[0], "before", SERIES[0]) for victim in (PROVIDER, ENGINE)]
    orphans = [Cell(ORPHAN, call, "after", "destroy") for call in held]
    return found + last + first + orphans


def try_row(
    sandbox: RunningSandbox, row: str, chance: random.Random, most: int | None, cell: str
) -> list[Result]:
    """Try the cells of one operation; at most so many, chosen by chance."""
    bench = Bench(sandbox, BY_KEY[row])
    bench.measure()
    cells = [found for found in cells_of(bench.calls) if cell in str(found)]
    cells = chance.sample(cells, min(len(cells), USUAL_MOST if most is None else most))
    return [survive(bench, each) for each in cells]


def survive(bench: Bench, cell: Cell) -> Result:
    """Live one cycle in a project of its own."""
    row = bench.operation.key
    command = f'script/reliability --engine --only "{row}" --cell "{cell}"'
    with tempfile.TemporaryDirectory(prefix="reliability-") as folder:
        try:
            _cycle(bench, cell, Path(folder) / "project")
        except (Lost, TimeoutError) as broken:
            return Result(row, cell.victim, command, str(broken))
    return Result(row, cell.victim, command)


def _cycle(bench: Bench, cell: Cell, folder: Path) -> None:
    sandbox, operation = bench.sandbox, bench.operation
    sandbox.reset(operation.seed())
    operation.prepare(sandbox)
    baseline = bench.standing()
    project = project_of()(
        folder, "", env=env_of(sandbox) | {"VAPI_SMS_TIMEOUT_SECONDS": "30"} | operation.env_before
    )
    if operation.before is not None:
        project.write(program(operation, operation.before))
        succeeds(project, "up")
    operation.disturb(sandbox)
    project.env |= operation.env
    start = bench.standing()
    sandbox.clear_journal()
    project.write(program(operation, operation.after or operation.declared))
    orphans = _die(bench, cell, project)
    project.write(program(operation, operation.declared))
    if cell.series != "destroy":
        succeeds(project, "up")
        goal = bench.goal if operation.after is not None else start
        compare("after up", anonymous(goal), anonymous(bench.standing()))
    succeeds(project, "destroy")
    compare("after destroy", baseline, bench.standing())
    sandbox.release("go")
    for orphan in orphans:
        _clear_away(sandbox, orphan)
    compare("after the orphan's end", baseline, bench.standing())
    bench.keeps_the_laws()


def project_of() -> type[Project]:
    """Give what programs of the transport at hand live in: Python for the dynamic one, YAML for the native one."""
    return YamlProject if TRANSPORT == NATIVE else Project


def program(operation: Operation, declared: Declared) -> str:
    """Write the program that declares it."""
    if TRANSPORT == NATIVE:
        return yaml_program({"declared": as_block(operation.resource, declared)})
    options = ", ".join(f"{name}={value!r}" for name, value in declared.items())
    return f"""\
from vapi_sms import {operation.resource}, Prove, Routing
{operation.resource}("declared", {options})
"""


def _die(bench: Bench, cell: Cell, project: Project) -> list[int]:
    """Run the operation until the call is held, and strike; give the provider that is left, if one is to be left."""
    bench.sandbox.fault(**cell.call.fault, hold=cell.hold, count=None if cell.victim == ORPHAN else 1)
    bench.fail_as_declared()
    running = project.start("destroy" if bench.operation.after is None else "up")
    try:
        until(lambda: bench.sandbox.held() or not is_alive(running.engine_pid))
        if not bench.sandbox.held():
            raise Lost(f"not tried: the operation ended without that call: {running.wait().text}")
        provider = running.provider_pid()
        _strike(bench.sandbox, cell.victim, running)
        if cell.victim != ORPHAN:
            _clear_away(bench.sandbox, provider)
    finally:
        bench.sandbox.clear_faults()
        if cell.victim != ORPHAN:
            bench.sandbox.release("drop")
    if cell.victim in (ENGINE, CHECKPOINT, TWICE, ORPHAN):
        project.cancel()
    return [provider] if cell.victim == ORPHAN else []


def _strike(sandbox: RunningSandbox, victim: str, running: Running) -> None:
    if victim == PROVIDER:
        running.kill_provider()
        sandbox.release("drop")
    elif victim in (ENGINE, ORPHAN):
        running.kill_engine()
        until(lambda: not is_alive(running.engine_pid))  # what is dying may still hold its sockets
        sandbox.clear_faults()
        if victim == ENGINE:
            sandbox.release("go")
    elif victim == CHECKPOINT:
        os.kill(running.engine_pid, signal.SIGSTOP)
        sandbox.release("go")
        _wait_until_idle(sandbox)
        running.kill_engine()
    else:
        running.interrupt()
        time.sleep(IDLE_SECONDS)
        if victim == TWICE:
            running.interrupt()
        sandbox.clear_faults()
        sandbox.release("go")
    running.wait()


def _clear_away(sandbox: RunningSandbox, provider: int) -> None:
    """Wait until the provider does nothing more; one that has nothing to write stays idle when its engine is dead."""
    _wait_until_idle(sandbox)
    with contextlib.suppress(ProcessLookupError):
        os.kill(provider, signal.SIGKILL)
    until(lambda: not is_alive(provider))


def _wait_until_idle(sandbox: RunningSandbox) -> None:
    """Wait until nothing is under way, and nothing new has come for a while."""

    def idle() -> bool:
        before = sandbox.journal()
        time.sleep(IDLE_SECONDS)
        after = sandbox.journal()
        return len(before) == len(after) and all(entry["done"] for entry in after)

    until(idle)


def succeeds(project: Project, command: str, *options: str) -> None:
    """Run a command, without a question; raise Lost if it fails."""
    ran = project.run(command, *(options or ("--yes", "--skip-preview")))
    if ran.code != 0:
        raise Lost(f"{command} failed: {' '.join(ran.text.split())[-1500:]}")
