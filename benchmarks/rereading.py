"""What it costs that a write stands on a reading of its own: requests grow with seconds, not with numbers."""

from __future__ import annotations

import math

from vapi_sms.live.settings import READING
from vapi_sms.sandbox import RunningSandbox

from benchmarks import programs
from benchmarks.budget import PAGE, Requests, is_list
from benchmarks.cycle import timed
from benchmarks.programs import FLEET
from benchmarks.size import Size
from benchmarks.tables import Table

LATENCIES = (0.0, 0.1, 0.4)  # seconds
COMMANDS = {"up": ("up", "--yes", "--skip-preview"), "destroy": ("destroy", "--yes", "--skip-preview")}


def rereading(size: Size) -> Table:
    """Switch a fleet and put it back, where vendors are quick and where they are slow; count Twilio's list pages."""
    numbers, rows, broken = min(size.slow, PAGE), [], []
    for latency in LATENCIES:
        milliseconds = latency * 1000
        seed = programs.seed(numbers, latency_ms={"twilio": milliseconds, "vapi": milliseconds})
        with RunningSandbox(seed) as sandbox, programs.ours(FLEET, numbers, sandbox) as project:
            for name, command in COMMANDS.items():
                sandbox.clear_journal()
                seconds = timed(project, *command).seconds
                journal = sandbox.journal()
                pages = sum(
                    is_list(e["method"], e["path"]) and "IncomingPhoneNumbers" in e["path"] for e in journal
                )
                # The first reading, what proves the end, and one each time that the last one has grown old.
                allowed = 3 + math.ceil(seconds / READING)
                kept = pages <= allowed
                total = Requests.counted(journal).total
                row = (name, f"{numbers:,}", f"{milliseconds:.0f}", f"{seconds:.1f}", f"{total:,}")
                rows.append((*row, f"{pages}", f"{allowed}", "yes" if kept else "BROKEN"))
                if not kept:
                    broken.append(f"{name} at {milliseconds:.0f} ms: {pages} pages, allowed {allowed}")
    return Table(
        "Readings of their own: list pages of Twilio's numbers",
        ("command", "numbers", "ms a call", "s", "requests", "pages", "allowed", "kept"),
        tuple(rows),
        (
            f"Allowed: 3, and one for each {READING:g} s: however many numbers, and none where nothing is written.",
        ),
        tuple(broken),
    )
