"""The kill matrix in every world: whatever the vendors' undocumented side is, the next run finds its way.

Cells are the points of an operation as it goes in a world, in all 192. A route and a service ask nothing of Vapi.
"""

from __future__ import annotations

import random

from vapi_sms.sandbox import RunningSandbox

from tests.reliability.bench import Bench, Lost, anonymous, compare
from tests.reliability.killing import EXPECTED, POINTS, points_of, survive_some
from tests.reliability.operations import BY_KEY
from tests.reliability.table import Result
from tests.reliability.worlds import SETTLE, World, in_order, spoken

ROWS = tuple(key for key, operation in BY_KEY.items() if operation.resource.startswith("Vapi"))
USUAL_MOST = 18


def try_row(
    sandbox: RunningSandbox, row: str, chance: random.Random, most: int | None, cell: str
) -> list[Result]:
    """Try so many points of one operation, chosen by chance, spread over the worlds: the pairwise ones first."""
    usual = Bench(sandbox, BY_KEY[row])
    usual.measure()
    of_world, _, of_point = cell.rpartition(": ")
    worlds = [world for world in in_order(chance) if of_world in spoken(world)]
    most = USUAL_MOST if most is None else most
    shares = [len(range(n, most, len(worlds))) for n in range(len(worlds))]
    return [
        result
        for world, share in zip(worlds, shares, strict=True)
        if share
        for result in _try_world(usual, world, chance, share, of_point)
    ]


def _try_world(usual: Bench, world: World, chance: random.Random, most: int, cell: str) -> list[Result]:
    row = usual.operation.key
    command = f'script/reliability --kill-worlds --only "{row}" --cell "{spoken(world)}'
    try:
        bench = Bench(usual.sandbox, usual.operation, world, SETTLE if world["late_writes_ms"] else None)
        bench.measure()
        compare("where nobody is killed", anonymous(usual.goal), anonymous(bench.goal))
    except (Lost, *EXPECTED) as broken:
        return [Result(row, POINTS[0], f'{command}: "', str(broken))]
    points = [point for point in points_of(bench) if cell in str(point)]
    return survive_some(bench, points, chance, most, lambda point: f'{command}: {point}"')
