"""The benches: each measures one thing and gives its table. Later ones join BENCHES."""

from __future__ import annotations

import base64
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass

from pulumi.dynamic.dynamic import serialize_provider
from vapi_sms.resources.dynamic import Fleet, Number, Originals

from benchmarks import cycle
from benchmarks.budget import bounds, broken
from benchmarks.cycle import Cycle, succeed
from benchmarks.doctor import doctor
from benchmarks.tables import Table
from tests.engine.project import Running

PICKLE_BOUND = 64


@dataclass(frozen=True, slots=True)
class Size:
    """How much to measure: how many numbers, and how many for the biggest program."""

    numbers: tuple[int, ...]
    biggest: int
    repeats: int


FULL = Size((1, 100), 1000, 7)
QUICK = Size((1, 10), 100, 3)


def requests(size: Size) -> Table:
    """Count API requests by vendor and kind, and hold them against their bounds."""
    rows, violations = [], []
    for numbers in size.numbers:
        for stage in cycle.ours(numbers).stages:
            allowed = bounds(stage.name, numbers, cycle.SERVICES)
            over = broken(stage.requests, allowed)
            violations += [f"{stage.name} of {numbers}: {each}" for each in over]
            counts = [
                _of(count, most) for count, most in zip(astuple(stage.requests), _most(allowed), strict=True)
            ]
            kept = ("no" if over else "yes") if allowed else "none set"
            rows.append((str(numbers), stage.name, *counts, str(stage.requests.total), kept))
    return Table(
        "API requests, as `made / allowed`",
        (
            "numbers",
            "command",
            "Twilio lists",
            "reads",
            "writes",
            "Messaging",
            "Vapi lists",
            "reads",
            "writes",
            "all",
            "kept",
        ),
        tuple(rows),
        (
            f"{cycle.SERVICES} Messaging Services; a list page holds 1,000 numbers.",
            "One Twilio write a run proves that our key may write.",
        ),
        tuple(violations),
    )


def wall_time(size: Size) -> Table:
    """Time the same commands beside no-op resources with the same inputs."""
    rows = []
    for numbers in size.numbers:
        ours, noop = cycle.ours(numbers), cycle.noop(numbers)
        for mine, theirs in zip(ours.stages, noop.stages, strict=True):
            wall = _compared(mine.seconds, theirs.seconds)
            busy = _compared(mine.cpu_seconds, theirs.cpu_seconds)
            rows.append((str(numbers), mine.name, *wall, *busy))
    return Table(
        "Time, beside no-op dynamic resources with the same inputs",
        ("numbers", "command", "s", "no-op s", "ratio", "CPU s", "no-op CPU s", "CPU ratio"),
        tuple(rows),
        (
            "Each number is two resources. Sandbox on loopback, no latency; destroy waits 1 s for Vapi to settle.",
            "CPU: engine, program and provider together, which a busy machine changes less than the time.",
        ),
    )


def import_time(size: Size) -> Table:
    """Time what importing costs a program."""
    measured: dict[str, list[float]] = {"pulumi, pulumi.dynamic": [], "vapi_sms": []}
    for _ in range(size.repeats):
        for modules, seconds in measured.items():
            seconds.append(_import_seconds(modules))
    pulumi, ours = (min(seconds) for seconds in measured.values())
    return Table(
        "Import time, of the processor",
        ("import", "ms", "ratio"),
        (
            ("pulumi, pulumi.dynamic", f"{pulumi * 1000:.0f}", "1.00"),
            ("vapi_sms (which imports both)", f"{ours * 1000:.0f}", f"{ours / pulumi:.2f}"),
        ),
        (f"The least of {size.repeats}, in turns.",),
    )


def pickles(_: Size) -> Table:
    """Measure how providers travel in every resource of a state."""
    rows, violations = [], []
    for provider in (Number, Fleet, Originals):
        in_state = serialize_provider(provider())
        length = len(base64.b64decode(in_state))
        rows.append((provider.__name__, f"{length} / {PICKLE_BOUND}", str(len(in_state))))
        violations += [f"{provider.__name__}: {length} bytes"] if length > PICKLE_BOUND else []
    return Table(
        "Pickled providers, as in every resource's state",
        ("provider", "bytes / bound", "as base64"),
        tuple(rows),
        broken=tuple(violations),
    )


def state(size: Size) -> Table:
    """Measure what a number costs in the state."""
    numbers = max(size.numbers)
    ours, noop = cycle.ours(numbers), cycle.noop(numbers)
    rows = [_state_row("VapiSmsNumber", ours, "VapiSmsNumber", "OriginalRoutings")]
    rows.append(_state_row("no-op with the same inputs", noop, "noop:Number", "noop:Originals"))
    return Table(
        f"State, bytes a number ({numbers} numbers)",
        ("", "number", "sibling", "both", "whole file"),
        tuple(rows),
    )


def memory(size: Size) -> Table:
    """Measure the provider process's greatest resident memory in an `up`."""
    numbers = max(size.numbers)
    with cycle.world(numbers) as (_, project):
        ours = _greatest_memory(project.start("up"))
    with cycle.noop_project(numbers) as project:
        noop = _greatest_memory(project.start("up"))
    return Table(
        f"Provider process, greatest resident memory in `up` of {numbers} new numbers",
        ("", "MB"),
        (("VapiSmsNumber", f"{ours:.0f}"), ("no-op with the same inputs", f"{noop:.0f}")),
    )


def many(size: Size) -> Table:
    """Preview one program with very many resources: no recursion error, no failure."""
    with cycle.world(size.biggest) as (_, project):
        start = time.perf_counter()
        summary = succeed(project.preview("--json")).json()["changeSummary"]
        seconds = time.perf_counter() - start
    expected = 2 * size.biggest + 1  # the stack itself is one
    return Table(
        "One big program, preview of new numbers",
        ("numbers", "resources", "s"),
        ((str(size.biggest), str(2 * size.biggest), f"{seconds:.1f}"),),
        broken=() if summary == {"create": expected} else (f"planned {summary}, not {expected} creates",),
    )


BENCHES: dict[str, Callable[[Size], Table]] = {
    "requests": requests,
    "time": wall_time,
    "import": import_time,
    "pickles": pickles,
    "state": state,
    "memory": memory,
    "many": many,
    "doctor": lambda _: doctor(),
}


def _compared(ours: float, noop: float) -> tuple[str, str, str]:
    return f"{ours:.2f}", f"{noop:.2f}", f"{ours / noop:.2f}"


def _most(allowed: dict[str, int]) -> list[int | None]:
    names = (
        "twilio_lists",
        "twilio_reads",
        "twilio_writes",
        "messaging",
        "vapi_lists",
        "vapi_reads",
        "vapi_writes",
    )
    return [allowed.get(name) for name in names]


def _of(count: int, most: int | None) -> str:
    return str(count) if most is None else f"{count} / {most}"


def _import_seconds(modules: str) -> float:
    program = (
        f"import time; start = time.process_time(); import {modules}; print(time.process_time() - start)"
    )
    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return float(told.stdout)


def _state_row(name: str, measured: Cycle, number: str, sibling: str) -> tuple[str, ...]:
    sizes = [cycle.resource_bytes(measured.state, type_) for type_ in (number, sibling)]
    whole = measured.state_bytes / measured.numbers
    return (name, *(f"{size:.0f}" for size in (*sizes, sum(sizes), whole)))


def _greatest_memory(running: Running) -> float:
    with _sampled(running) as samples:
        succeed(running.wait())
    return max(samples, default=0.0)


@contextmanager
def _sampled(running: Running) -> Iterator[list[float]]:
    """Look at the provider processes' memory, in MB, again and again until the end of the block."""
    samples: list[float] = []
    done = threading.Event()

    def sample() -> None:
        while not done.wait(0.1):
            pids = ",".join(map(str, running.provider_pids()))
            if pids:
                ps = ["ps", "-o", "rss=", "-p", pids]
                told = subprocess.run(ps, check=False, capture_output=True, text=True).stdout
                samples.extend(int(kilobytes) / 1024 for kilobytes in told.split())

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield samples
    finally:
        done.set()
        thread.join()
