"""What numbers cost on the real engine: requests, time and state, one by one and as a fleet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, fields
from statistics import median

from vapi_sms.live.calling.limiter import FIRST

from benchmarks.budget import FLEET_TIMES, SINGLE_TIMES, Requests, bounds, broken
from benchmarks.cycle import Cycle, Lives, Stage, resource_bytes
from benchmarks.programs import FLEET, SERVICES, SINGLE, Shape
from benchmarks.size import Size
from benchmarks.tables import Table

SETTLE = 1.0  # seconds that a destroy gives Vapi to settle, by default
_ENOUGH = 100  # numbers: with fewer, importing the vendors' libraries is most of what is measured
_ON_LOOPBACK = (
    "Sandbox on loopback, without latency. The middle of runs, and of their ratios; in turns with the no-op."
)
_CPU = "CPU: engine, program and provider together, which a busy machine changes less than the time."


def requests(size: Size) -> Table:
    """Count the API requests of numbers declared one by one, against their bounds."""
    return _requests(SINGLE, size.singles)


def fleet_requests(size: Size) -> Table:
    """Count the API requests of a fleet, against their bounds."""
    return _requests(FLEET, size.fleets)


def _requests(shape: Shape, sizes: tuple[int, ...]) -> Table:
    rows, violations = [], []
    for numbers in sizes:
        for stage in Lives.of(shape, numbers).ours().stages:
            allowed = bounds(stage.name, numbers, SERVICES)
            over = broken(stage.requests, allowed)
            violations += [f"{stage.name} of {numbers:,}: {each}" for each in over]
            kept = ("BROKEN" if over else "yes") if allowed else "none set"
            rows.append(
                (
                    f"{numbers:,}",
                    stage.name,
                    *_made(stage.requests, allowed),
                    f"{stage.requests.total:,}",
                    kept,
                )
            )
    return Table(
        f"API requests of {shape.resources}, as `made / allowed`",
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
            f"{SERVICES} Messaging Services; a list page holds 1,000 numbers.",
            "One Twilio write a run proves that our key may write.",
        ),
        tuple(violations),
    )


def _made(counted: Requests, allowed: Mapping[str, int]) -> list[str]:
    made = zip((field.name for field in fields(counted)), astuple(counted), strict=True)
    return [f"{count:,} / {allowed[kind]:,}" if kind in allowed else f"{count:,}" for kind, count in made]


def single_time(size: Size) -> Table:
    """Time numbers declared one by one beside as many pairs of no-op resources."""
    rows: list[tuple[str, ...]] = []
    violations: list[str] = []
    for numbers in size.singles:
        beside = Lives.of(SINGLE, numbers).beside(size.often(numbers))
        for mine, theirs in zip(beside.ours.stages, beside.noop.stages, strict=True):
            allowed = SINGLE_TIMES.get(mine.name) if numbers >= _ENOUGH else None
            ratio, cpu_ratio = ratios(mine, theirs)
            kept = _kept(ratio, allowed, f"{mine.name} of {numbers}", violations)
            cpu = f"{mine.cpu_seconds:.2f}", f"{cpu_ratio:.2f}"
            rows.append(
                (f"{numbers:,}", mine.name, f"{mine.seconds:.2f}", f"{theirs.seconds:.2f}", *kept, *cpu)
            )
    return Table(
        "Time of VapiSmsNumber, beside no-op dynamic resources with the same inputs",
        ("numbers", "command", "s", "no-op s", "ratio / bound", "kept", "CPU s", "CPU ratio"),
        tuple(rows),
        ("Each number is two resources.", _ON_LOOPBACK, _CPU),
        tuple(violations),
    )


def fleet_time(size: Size) -> Table:
    """Time a fleet beside a no-op of two resources, and beside its requests sent by a bare client."""
    rows: list[tuple[str, ...]] = []
    violations: list[str] = []
    for numbers in size.fleets:
        beside = Lives.of(FLEET, numbers).beside(size.often(numbers))
        for mine, theirs, alone in zip(beside.ours.stages, beside.noop.stages, beside.bare, strict=True):
            waited = SETTLE if mine.name == "destroy" else 0.0
            ratio, cpu_ratio = ratios(mine, theirs, alone, waited=waited)
            allowed = FLEET_TIMES.get(mine.name) if numbers >= _ENOUGH else None
            rows.append(
                (
                    f"{numbers:,}",
                    mine.name,
                    f"{mine.seconds:.2f}",
                    f"{theirs.seconds:.2f}",
                    f"{alone.seconds:.2f}",
                    *_kept(ratio, allowed, f"{mine.name} of {numbers:,}", violations),
                    f"{mine.cpu_seconds:.2f}",
                    f"{cpu_ratio:.2f}",
                )
            )
    return Table(
        "Time of VapiSmsFleet, beside a no-op with the same inputs and a bare client with the same requests",
        ("numbers", "command", "s", "no-op s", "bare s", "ratio / bound", "kept", "CPU s", "CPU ratio"),
        tuple(rows),
        (
            f"Ratio: to the no-op and the bare client ({FIRST} threads) together.",
            f"{_ON_LOOPBACK} Destroy gives Vapi {SETTLE:.0f} s to settle, which is in its time, not in its ratio.",
            _CPU,
        ),
        tuple(violations),
    )


def ratios(mine: Stage, *theirs: Stage, waited: float = 0.0) -> tuple[float, float]:
    """Give how many times as long, and as much of the processor, ours takes as all of theirs together.

    Of the turns of both each is compared with its own, and the middle one is told: a machine that others slow down for
    minutes slows down both. `waited` are seconds in which we do nothing.
    """
    turns = list(zip(mine.turns, *(each.turns for each in theirs), strict=True))
    return (
        median((ours.seconds - waited) / sum(each.seconds for each in others) for ours, *others in turns),
        median(ours.cpu_seconds / sum(each.cpu_seconds for each in others) for ours, *others in turns),
    )


def _kept(ratio: float, allowed: float | None, what: str, violations: list[str]) -> tuple[str, str]:
    """Give a ratio with its bound, and whether that is kept; name it among the violations where not."""
    if allowed is None:
        return f"{ratio:.2f}", "none set"
    if ratio > allowed:
        violations.append(f"{what}: {ratio:.2f} times, allowed {allowed:.2f}")
    return f"{ratio:.2f} / {allowed:.2f}", "BROKEN" if ratio > allowed else "yes"


def state(size: Size) -> Table:
    """Measure what numbers cost in the state file."""
    rows = []
    for shape, sizes in ((SINGLE, size.singles), (FLEET, size.fleets)):
        for numbers in sizes:
            beside = Lives.of(shape, numbers).beside(size.often(numbers))
            row = [_whole(cycle, numbers) for cycle in (beside.ours, beside.noop)]
            ratio = f"{beside.ours.state_bytes / beside.noop.state_bytes:.2f}"
            resources = f"{2 * numbers:,}" if shape is SINGLE else "2"
            rows.append((shape.resources, f"{numbers:,}", resources, *row[0], row[1][0], ratio))
    return Table(
        "State file after `up`, beside the no-op's",
        ("", "numbers", "resources", "bytes", "bytes a number", "no-op bytes", "ratio"),
        tuple(rows),
    )


def _whole(cycle: Cycle, numbers: int) -> tuple[str, str]:
    return f"{cycle.state_bytes:,}", f"{cycle.state_bytes / numbers:,.0f}"


def state_parts(size: Size) -> Table:
    """Measure what each of a number's two resources costs in the state."""
    numbers = max(size.singles)
    beside = Lives.of(SINGLE, numbers).beside(size.often(numbers))
    rows = [_parts("VapiSmsNumber", beside.ours, "VapiSmsNumber", "OriginalRoutings")]
    rows.append(_parts("no-op with the same inputs", beside.noop, "noop:Number", "noop:Originals"))
    return Table(
        f"State of a number, bytes ({numbers} numbers)", ("", "number", "sibling", "both"), tuple(rows)
    )


def _parts(name: str, measured: Cycle, number: str, sibling: str) -> tuple[str, ...]:
    sizes = [resource_bytes(measured.state, type_) for type_ in (number, sibling)]
    return (name, *(f"{size:.0f}" for size in (*sizes, sum(sizes))))
