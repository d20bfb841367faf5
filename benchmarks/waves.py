"""What a proof and waves cost an `up`: requests and seconds, beside one without either."""

from __future__ import annotations

from collections import Counter
from typing import Any

from vapi_sms.sandbox import RunningSandbox

from benchmarks import programs
from benchmarks.cycle import timed
from benchmarks.programs import Shape
from benchmarks.size import Size
from benchmarks.tables import Table

_PROGRAM = """
from {{module}} import Prove, VapiSmsFleet

numbers = {{{{f"+1{{{{4157000000 + i}}}}": {{{{}}}} for i in range({{numbers}})}}}}
VapiSmsFleet("fleet", numbers=numbers, defaults={{{{"assistant": "Support"}}}}{given})
"""
_WITHIN = 2
_WAYS = {
    "without": "",
    "a question before": ', prove=Prove(before="Open?")',
    f"texts watched, {_WITHIN} s": f", prove=Prove(within={_WITHIN})",
    f"in three waves, {_WITHIN} s each": f', prove=Prove(within={_WITHIN}), waves=["1%", "10%", "100%"]',
}


def waves(size: Size) -> Table:
    """Switch a fleet in each way; nobody texts it, so that each proof lasts as long as it may."""
    numbers = min(100, size.slow)
    rows: list[tuple[str, ...]] = []
    violations: list[str] = []
    usual = 0
    for way, given in _WAYS.items():
        shape = Shape("waves", "VapiSmsFleet", _PROGRAM.format(given=given), "")
        with (
            RunningSandbox(programs.seed(numbers)) as sandbox,
            programs.ours(shape, numbers, sandbox) as project,
        ):
            seconds = timed(project, "up", "--yes", "--skip-preview").seconds
            made = _made(sandbox.journal())
        rows.append((way, *(f"{made[kind]}" for kind in _KINDS), f"{seconds:.1f}"))
        usual = usual or made["writes"]
        if made["writes"] != usual:
            violations.append(f"{way}: {made['writes']} writes, where {usual} are allowed")
        if not given and made["asked"] + made["messages"]:
            violations.append(f"{way}: a proof was asked for, where none is declared")
    return Table(
        f"pulumi up of a fleet of {numbers:,} numbers, with and without a proof",
        ("proof", *_KINDS, "s"),
        tuple(rows),
        ("Asked: a chat and its deletion. Nobody texts the numbers, so each proof lasts as long as it may.",),
        tuple(violations),
    )


_KINDS = ("writes", "asked", "messages", "other reads")


def _made(journal: list[dict[str, Any]]) -> Counter[str]:
    """Count requests by what they are for."""
    return Counter(_kind(entry["method"], entry["path"]) for entry in journal)


def _kind(method: str, path: str) -> str:
    if path.startswith("/chat"):
        return "asked"
    if path.endswith("/Messages.json"):
        return "messages"
    return "other reads" if method == "GET" else "writes"
