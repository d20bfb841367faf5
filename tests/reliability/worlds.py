"""Both worlds: whole life cycles in every combination of what nobody knows about the vendors.

Vapi's PATCH rewrites texts or not, and calls or not; its DELETE leaves, clears or resets Twilio's URLs; an import
clears applications, fallbacks and trunks or not; Vapi's writes land at once or late. Where they land late, what they
overwrote may show as drift, which the next `up` repairs; a DELETE's are waited for.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from vapi_sms.sandbox import RunningSandbox

from tests.reliability.bench import Bench, Lost, Record, anonymous, compare
from tests.reliability.killing import EXPECTED
from tests.reliability.operations import Declared, Operation, adopted
from tests.reliability.table import Result
from tests.sandbox.world import APPLICATION, SILENT, STUDIO, TRUNK, WEBHOOK

World = dict[str, Any]
LATE_MS = 30
WRITES = ("writes at once", "late writes")
# In force for a process from its first DELETE on; a busy machine's late write is later than it should be.
SETTLE = {"VAPI_SMS_SETTLE_SECONDS": "0.3"}
SWITCHES: dict[str, tuple[Any, ...]] = {
    "patch_rewrites_sms": (False, True),
    "patch_rewrites_voice": (False, True),
    "delete": ("leaves", "clears", "resets"),
    "import_clears_application": (False, True),
    "import_clears_fallback": (False, True),
    "import_clears_trunk": (False, True),
    "late_writes_ms": (0, LATE_MS),
}
_SINGLE: Declared = {"number": WEBHOOK, "assistant": "Support", "name": "Front desk"}
_FLEET = (WEBHOOK, STUDIO, APPLICATION, SILENT)


def _single(**options: object) -> Declared:
    return {**_SINGLE, **options}


def _fleet(*numbers: str, **options: object) -> Declared:
    return {"numbers": {number: {} for number in numbers}, "defaults": {"assistant": "Support", **options}}


def _on_trunk(sandbox: RunningSandbox) -> None:
    """Let a number's calls go to a SIP trunk."""
    sandbox.outside_number(SILENT, trunk_sid=TRUNK)


CYCLES: dict[str, tuple[Operation, tuple[Declared, ...]]] = {
    "VapiSmsNumber": (
        Operation("VapiSmsNumber", "life", None, _SINGLE),
        (
            _single(assistant="Sales"),
            _single(sms_enabled=False),
            _SINGLE,
            _single(number=APPLICATION),
            _single(number=APPLICATION, voice="vapi"),
        ),
    ),
    "VapiSmsNumber adopted": (
        Operation("VapiSmsNumber", "life", None, _single(adopt=True), prepare=adopted(WEBHOOK)),
        (_single(adopt=True, sms_enabled=False), _single(adopt=True, assistant="Sales")),
    ),
    "VapiSmsFleet": (
        Operation("VapiSmsFleet", "life", None, _fleet(*_FLEET), prepare=_on_trunk),
        (
            _fleet(*_FLEET, assistant="Sales"),
            _fleet(*_FLEET, sms_enabled=False),
            _fleet(*_FLEET[1:]),
            _fleet(*_FLEET),
        ),
    ),
}
"""Life cycles: the first `up`, and what is declared after it; then destroy."""
USUAL: World = {name: values[0] for name, values in SWITCHES.items()}


def all_worlds() -> Iterator[World]:
    """Give every combination."""
    for values in itertools.product(*SWITCHES.values()):
        yield dict(zip(SWITCHES, values, strict=True))


def pairwise(chance: random.Random) -> list[World]:
    """Give few worlds in which any two values of two switches meet at least once."""
    everything = list(all_worlds())
    chance.shuffle(everything)
    chosen: list[World] = []
    met: set[tuple[object, ...]] = set()
    while new := max(everything, key=lambda world: len(pairs_of(world) - met)):
        if not pairs_of(new) - met:
            break
        chosen.append(new)
        met |= pairs_of(new)
    return chosen


def pairs_of(world: World) -> set[tuple[object, ...]]:
    """Give all pairs of two switches with their values."""
    return {(*one, *other) for one, other in itertools.combinations(world.items(), 2)}


def try_row(
    sandbox: RunningSandbox, row: str, chance: random.Random, most: int | None, cell: str
) -> list[Result]:
    """Live one life in every world; or in so many, the pairwise ones first."""
    found = [world for world in in_order(chance) if cell in spoken(world)]
    usual = lived(sandbox, row, USUAL)
    return [
        compared(row, world, "--worlds", usual, partial(lived, sandbox, row, world)) for world in found[:most]
    ]


def in_order(chance: random.Random) -> list[World]:
    """Give every world, the pairwise ones first."""
    worlds = pairwise(chance)
    return worlds + [world for world in all_worlds() if world not in worlds]


def spoken(world: World) -> str:
    """Give a world in few words: what is not as in the usual one."""
    unusual = {name: value for name, value in world.items() if value != SWITCHES[name][0]}
    return ", ".join(f"{name} {value}" for name, value in unusual.items()) or "the usual one"


def compared(
    row: str, world: World, option: str, usual: list[Record], living: Callable[[], list[Record]]
) -> Result:
    """Live a life in a world; each step leads to what it does in the usual one, destroy to what was before."""
    command = f'script/reliability {option} --only "{row}" --cell "{spoken(world)}"'
    column = WRITES[bool(world["late_writes_ms"])]
    try:
        for n, (wanted, found) in enumerate(zip(usual, living(), strict=True)):
            compare(f"after step {n + 1}", wanted, found)
    except (Lost, TimeoutError, *EXPECTED) as broken:
        return Result(row, column, command, f"{type(broken).__name__}: {broken}")
    return Result(row, column, command)


def lived(sandbox: RunningSandbox, row: str, world: World) -> list[Record]:
    """Live a life, each step in processes of its own; give what both vendors held after each."""
    operation, then = CYCLES[row]
    bench = Bench(sandbox, operation, world, SETTLE)
    sandbox.clear_journal()
    found = []
    for declared in (operation.declared, *then):
        bench.go_up(declared)
        bench.stand_still(declared)
        found.append(anonymous(bench.standing()))
    bench.give_back()
    bench.keeps_the_laws()
    return found
