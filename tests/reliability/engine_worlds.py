"""Both worlds on the real engine: the life cycles, in the pairwise worlds.

Each step of a life leads to what it leads to over gRPC in the usual world, and leaves a preview nothing to do.
"""

from __future__ import annotations

import random
import tempfile
from functools import partial
from pathlib import Path

from vapi_sms.sandbox import RunningSandbox

from tests.engine.project import Project
from tests.reliability.bench import Bench, Record, anonymous, compare
from tests.reliability.engine_kills import program, succeeds
from tests.reliability.table import Result
from tests.reliability.worlds import CYCLES, SETTLE, USUAL, World, compared, in_order, lived, pairwise, spoken
from tests.resources.conftest import env_of


def try_row(
    sandbox: RunningSandbox, row: str, chance: random.Random, most: int | None, cell: str
) -> list[Result]:
    """Live one life in the pairwise worlds, or in some of them; in any world that is asked for by name."""
    worlds = in_order(chance) if cell else pairwise(chance)
    found = [world for world in worlds if cell in spoken(world)]
    usual = lived(sandbox, row, USUAL)
    return [
        compared(row, world, "--engine-worlds", usual, partial(_lived, sandbox, row, world))
        for world in found[:most]
    ]


def _lived(sandbox: RunningSandbox, row: str, world: World) -> list[Record]:
    """Live a life in a project of its own; give what both vendors held after each step."""
    operation, then = CYCLES[row]
    bench = Bench(sandbox, operation, world)
    sandbox.clear_journal()
    found = []
    with tempfile.TemporaryDirectory(prefix="reliability-") as folder:
        env = env_of(sandbox) | SETTLE | {"VAPI_SMS_TIMEOUT_SECONDS": "30"}
        project = Project(Path(folder) / "project", "", env=env)
        for declared in (operation.declared, *then):
            project.write(program(operation, declared))
            for _ in range(2 if world["late_writes_ms"] else 1):  # the second repairs what landed late
                succeeds(project, "up")
                bench.land()
            succeeds(project, "preview", "--expect-no-changes")
            found.append(anonymous(bench.standing()))
        succeeds(project, "destroy")
    compare("after destroy", bench.baseline, bench.standing())
    bench.land()
    compare("some time after destroy", bench.baseline, bench.standing())
    bench.keeps_the_laws()
    return found
