"""What processes cost: importing, pickled providers, memory, one very big program."""

from __future__ import annotations

import base64
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from pulumi.dynamic.dynamic import serialize_provider
from vapi_sms.resources.dynamic import Fleet, Number, Originals
from vapi_sms.sandbox import RunningSandbox

from benchmarks import programs
from benchmarks.cycle import succeed
from benchmarks.programs import SINGLE
from benchmarks.size import Size
from benchmarks.tables import Table
from tests.engine.project import Running

PICKLE_BOUND = 64


def import_time(size: Size) -> Table:
    """Time what importing costs a program."""
    measured: dict[str, list[float]] = {"pulumi, pulumi.dynamic": [], "vapi_sms": []}
    for _ in range(size.imports):
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
        (f"The least of {size.imports}, in turns.",),
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


def memory(size: Size) -> Table:
    """Measure the provider process's greatest resident memory in an `up`."""
    numbers = max(size.singles)
    with (
        RunningSandbox(programs.seed(numbers)) as sandbox,
        programs.ours(SINGLE, numbers, sandbox) as project,
    ):
        ours = _greatest_memory(project.start("up"))
    with programs.noop(SINGLE, numbers) as project:
        noop = _greatest_memory(project.start("up"))
    return Table(
        f"Provider process, greatest resident memory in `up` of {numbers} new numbers",
        ("", "MB"),
        (("VapiSmsNumber", f"{ours:.0f}"), ("no-op with the same inputs", f"{noop:.0f}")),
    )


def many(size: Size) -> Table:
    """Preview one program with very many resources: no recursion error, no failure."""
    with (
        RunningSandbox(programs.seed(size.biggest)) as sandbox,
        programs.ours(SINGLE, size.biggest, sandbox) as project,
    ):
        start = time.perf_counter()
        summary = succeed(project.start("preview", "--json").wait(3600)).json()["changeSummary"]
        seconds = time.perf_counter() - start
    expected = 2 * size.biggest + 1  # the stack itself is one
    return Table(
        "One big program, preview of new numbers",
        ("numbers", "resources", "s"),
        ((f"{size.biggest:,}", f"{2 * size.biggest:,}", f"{seconds:.1f}"),),
        broken=() if summary == {"create": expected} else (f"planned {summary}, not {expected} creates",),
    )


def _import_seconds(modules: str) -> float:
    program = (
        f"import time; start = time.process_time(); import {modules}; print(time.process_time() - start)"
    )
    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return float(told.stdout)


def _greatest_memory(running: Running) -> float:
    with _sampled(running) as samples:
        succeed(running.wait(3600))
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
