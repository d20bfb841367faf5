"""What becomes of a fleet's `up` where the vendors are slow, or turn away whoever asks too often."""

from __future__ import annotations

from datetime import datetime
from itertools import product
from typing import Any

from vapi_sms.live.calling.limiter import MOST
from vapi_sms.sandbox import RunningSandbox

from benchmarks import programs
from benchmarks.budget import FLEET_TIMES
from benchmarks.cycle import Lives, timed
from benchmarks.programs import FLEET
from benchmarks.size import Size
from benchmarks.tables import Table

LATENCY = 0.1  # seconds
SLOWER = 1.2  # times what the waiting alone takes
AT_ONCE = MOST // 2  # requests, from the few at first to the most
ENOUGH = 0.9  # of what a vendor takes
FEW = 0.1  # of the writes may be turned away
_TURNED_AWAY = 429


def latency(size: Size) -> Table:
    """Switch a new fleet where every answer takes its time."""
    numbers = size.slow
    milliseconds = LATENCY * 1000
    with (
        RunningSandbox(
            programs.seed(numbers, latency_ms={"twilio": milliseconds, "vapi": milliseconds})
        ) as sandbox,
        programs.ours(FLEET, numbers, sandbox) as project,
    ):
        seconds = timed(project, "up", "--yes", "--skip-preview").seconds
        calls = len(sandbox.journal())
    beside = Lives.of(FLEET, numbers).beside(size.often(numbers))
    alone = next(stage for stage in beside.bare if stage.name == "up")
    without = FLEET_TIMES["up"] * (beside.noop.stage("up").seconds + alone.seconds)
    waiting = calls * LATENCY / AT_ONCE
    allowed = SLOWER * waiting + without
    kept = "yes" if seconds <= allowed else "BROKEN"
    return Table(
        f"`up` of a new fleet, every answer {milliseconds:.0f} ms late",
        ("numbers", "requests", "s", "of waiting s", "without waiting s", "allowed s", "kept"),
        (
            (
                f"{numbers:,}",
                f"{calls:,}",
                *(f"{each:.1f}" for each in (seconds, waiting, without, allowed)),
                kept,
            ),
        ),
        (
            f"Of waiting: requests x {LATENCY:g} s / {AT_ONCE} at once. Without: the bound of `up` among times.",
            f"Allowed: {SLOWER:g} x the waiting, and that bound.",
        ),
        () if seconds <= allowed else (f"{seconds:.1f} s, allowed {allowed:.1f} s",),
    )


def limits(size: Size) -> Table:
    """Switch a new fleet where both vendors turn away whoever asks too often."""
    rows: list[tuple[str, ...]] = []
    violations: list[str] = []
    for (rate, numbers), retry_after in product(size.limits, (False, True)):
        seed = programs.seed(numbers, limits={"twilio": rate, "vapi": rate, "retry_after": retry_after})
        with RunningSandbox(seed) as sandbox, programs.ours(FLEET, numbers, sandbox) as project:
            timed(project, "up", "--yes", "--skip-preview")
            journal = sandbox.journal()
        for vendor in ("twilio", "vapi"):
            what = f"{vendor} at {rate:g} a second{' with Retry-After' if retry_after else ''}"
            row, over = limited(writes_to(vendor, journal), rate)
            said = "yes" if retry_after else "no"
            rows.append((vendor.capitalize(), f"{rate:g}", said, f"{numbers:,}", *row))
            violations += [f"{what}: {each}" for each in over]
    return Table(
        "`up` of a new fleet, limited requests a second",
        ("vendor", "limit", "Retry-After", "numbers", "s", "taken", "of the limit", "turned away", "kept"),
        tuple(rows),
        (
            "Writes only; no number failed. Seconds: from first to last. The sandbox saves up a second's worth.",
            f"Of the limit: taken, of what would have been taken in that time; at least {ENOUGH:.0%}.",
            f"Turned away: at most {FEW:.0%} of the writes.",
        ),
        tuple(violations),
    )


def writes_to(vendor: str, journal: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give one vendor's entries that are writes."""
    return [entry for entry in journal if entry["vendor"] == vendor and entry["method"] != "GET"]


def limited(writes: list[dict[str, Any]], rate: float) -> tuple[tuple[str, ...], list[str]]:
    """Give the cells of one vendor's writes, seconds first, and which bounds are broken."""
    cells, used, over = measured(writes, rate)
    if used < ENOUGH:
        over.insert(0, f"{used:.0%} of the limit used, {ENOUGH:.0%} wanted")
    return (*cells, "BROKEN" if over else "yes"), over


def measured(writes: list[dict[str, Any]], rate: float) -> tuple[tuple[str, ...], float, list[str]]:
    """Give the cells of one vendor's writes, their share of the limit, and whether too many were turned away."""
    moments = [datetime.fromisoformat(entry["time"]).timestamp() for entry in writes]
    seconds = max(moments) - min(moments)
    away = sum(entry["status"] == _TURNED_AWAY for entry in writes)
    taken = len(writes) - away
    used = used_share(taken, seconds, rate)
    over = [f"{away} of {len(writes)} turned away"] if away > FEW * len(writes) else []
    return (f"{seconds:.1f}", f"{taken:,}", f"{used:.0%}", f"{away:,}"), used, over


def used_share(taken: int, seconds: float, rate: float) -> float:
    """Give the share of what a token bucket of one second's worth, full at first, gives in so many seconds."""
    return taken / (rate * (seconds + 1))
