"""What script/reliability runs: the matrices, side by side on all cores, and their tables."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass

from vapi_sms.sandbox import RunningSandbox

from tests.reliability import (
    engine_kills,
    engine_others,
    engine_worlds,
    faulting,
    kill_worlds,
    killing,
    others,
    outside_events,
    sequences,
    worlds,
)
from tests.reliability.operations import BY_KEY
from tests.reliability.table import Result, losses, rendered
from tests.sandbox.world import seed

_sandbox: RunningSandbox


@dataclass(frozen=True)
class Matrix:
    """One kind of trouble: its title, its rows, and what tries some or all cells of a row."""

    title: str
    first: str
    rows: Sequence[str]
    try_row: Callable[[RunningSandbox, str, random.Random, int | None, str], list[Result]]


MATRICES = {
    "kill": Matrix("Provider killed with -9, over gRPC", "operation", tuple(BY_KEY), killing.try_row),
    "fault": Matrix("Faults at every call, over gRPC", "fault", tuple(BY_KEY), faulting.try_row),
    "others": Matrix("Others act at every call, over gRPC", "resource", tuple(BY_KEY), others.try_row),
    "worlds": Matrix(
        "Life cycles in every world, over gRPC", "life cycle", tuple(worlds.CYCLES), worlds.try_row
    ),
    "kill-worlds": Matrix(
        "Provider killed with -9 in every world, over gRPC",
        "operation",
        kill_worlds.ROWS,
        kill_worlds.try_row,
    ),
    "sequences": Matrix(
        "Any sequence of changes, faults and kills, over gRPC",
        "lives with",
        sequences.ROWS,
        sequences.try_row,
    ),
    "engine": Matrix("Kills and Ctrl-C on the real engine", "operation", tuple(BY_KEY), engine_kills.try_row),
    "engine-others": Matrix(
        "Others act, on the real engine", "resource", tuple(BY_KEY), engine_others.try_row
    ),
    "engine-worlds": Matrix(
        "Life cycles in the pairwise worlds, on the real engine",
        "life cycle",
        tuple(worlds.CYCLES),
        engine_worlds.try_row,
    ),
}

RESOURCES = tuple(dict.fromkeys(operation.resource for operation in BY_KEY.values()))
ORDER = (
    *BY_KEY,
    *faulting.FAULTS,
    *outside_events.EVENTS,
    *worlds.CYCLES,
    *RESOURCES,
    *killing.POINTS,
    *worlds.WRITES,
    sequences.COLUMN,
    *engine_kills.VICTIMS,
)
"""In which order tables have their rows and columns."""


def main() -> int:
    """Run what is asked for; 1 if anything was lost, which is told with how to try it again."""
    options = _options()
    if options.native:  # before any worker starts, which reads it
        os.environ["VAPI_SMS_TRANSPORT"] = "native"
    chosen = [name for name in MATRICES if getattr(options, name.replace("-", "_"))] or list(MATRICES)
    lost = 0
    for name in chosen:
        started = time.monotonic()
        title, first, results = MATRICES[name].title, MATRICES[name].first, _run(name, options)
        _say(f"\n{title}: survived of tried, in {time.monotonic() - started:.0f} s, seed {options.seed}\n")
        _say(rendered(results, first, ORDER, markdown=options.markdown))
        for line in losses(results):
            lost += 1
            _say(line)
    return 1 if lost else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/reliability", description=__doc__)
    for name, matrix in MATRICES.items():
        how_many = {"type": int, "metavar": "N"} if name == "sequences" else {"action": "store_true"}
        parser.add_argument(f"--{name}", help=matrix.title, **how_many)
    parser.add_argument("--seed", type=int, default=1, help="which cells --most leaves")
    parser.add_argument(
        "--most",
        type=int,
        metavar="N",
        help=(
            "try at most N cells of each row (not given: 4 of --engine, 2 of --engine-others, 18 of --kill-worlds, "
            "else all)"
        ),
    )
    parser.add_argument(
        "--only", action="append", metavar="TEXT", help="only rows whose name has it; several are more rows"
    )
    parser.add_argument("--cell", default="", metavar="TEXT", help="only cells whose description has it")
    parser.add_argument("--native", action="store_true", help="over our own server, not Pulumi's dynamic one")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), metavar="N")
    parser.add_argument("--markdown", action="store_true", help="tables as docs/ has them")
    return parser.parse_args()


def _run(name: str, options: argparse.Namespace) -> list[Result]:
    rows = [row for row in MATRICES[name].rows if any(text in row for text in options.only or [""])]
    most = options.most if name != "sequences" else options.sequences or options.most
    found: dict[str, list[Result]] = {}
    context = multiprocessing.get_context("spawn")  # a fork would take the parent's threads for its own
    with ProcessPoolExecutor(options.workers, mp_context=context, initializer=_start) as pool:
        jobs = {
            pool.submit(_row, name, row, f"{options.seed} {row}", most, options.cell): row for row in rows
        }
        for job in as_completed(jobs):
            row = jobs[job]
            found[row] = job.result()
            survived = sum(result.survived for result in found[row])
            sys.stderr.write(f"{name}: {row}: {survived}/{len(found[row])}\n")
            sys.stderr.writelines(f"{line}\n" for line in losses(found[row]))
    return [result for row in rows for result in found[row]]


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _start() -> None:
    global _sandbox  # noqa: PLW0603 one a worker process, made before its first job
    _sandbox = RunningSandbox(seed())
    _sandbox.start()


def _row(name: str, row: str, chance: str, most: int | None, cell: str) -> list[Result]:
    return MATRICES[name].try_row(_sandbox, row, random.Random(chance), most, cell)
