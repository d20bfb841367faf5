"""What becomes of several stacks that share an account's numbers, and its limit, and run at the same time."""

from __future__ import annotations

from contextlib import ExitStack

from vapi_sms.sandbox import RunningSandbox

from benchmarks import programs
from benchmarks.cycle import PATIENCE, succeed
from benchmarks.size import Size
from benchmarks.tables import Table
from benchmarks.waiting import FEW, measured, writes_to


def stacks(size: Size) -> Table:
    """Switch an account's numbers by several stacks at once, and put them back the same way."""
    count, rate, numbers = size.stacks
    limits = {"twilio": rate, "vapi": rate, "retry_after": False}
    rows: list[tuple[str, ...]] = []
    violations: list[str] = []
    with ExitStack() as open_:
        sandbox = open_.enter_context(RunningSandbox(programs.seed(count * numbers, limits=limits)))
        shapes = [programs.share(stack, numbers) for stack in range(count)]
        projects = [open_.enter_context(programs.ours(shape, numbers, sandbox)) for shape in shapes]
        for command in ("up", "destroy"):
            sandbox.clear_journal()
            for running in [project.start(command, "--yes", "--skip-preview") for project in projects]:
                succeed(running.wait(PATIENCE))
            journal = sandbox.journal()
            for vendor in ("twilio", "vapi"):
                cells, _, over = measured(writes_to(vendor, journal), rate)
                kept = "BROKEN" if over else "yes"
                rows.append(
                    (command, vendor.capitalize(), f"{rate:g}", f"{count} x {numbers:,}", *cells, kept)
                )
                violations += [f"{command}, {vendor}: {each}" for each in over]
    return Table(
        "Stacks of one account at the same time, limited requests a second",
        ("command", "vendor", "limit", "numbers", "s", "taken", "of the limit", "turned away", "kept"),
        tuple(rows),
        (
            "A fleet and a process each, which know nothing of each other. Writes only; no number failed.",
            f"Turned away: at most {FEW:.0%} of the writes. No bound on the share: they take turns with the processor.",
        ),
        tuple(violations),
    )
