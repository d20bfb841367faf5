"""Lives of any sequence of declared changes, outside changes, faults, kills and retries; hypothesis chooses."""

from __future__ import annotations

import random

from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis.errors import Flaky
from hypothesis.stateful import run_state_machine_as_test
from vapi_sms.sandbox import RunningSandbox

from tests.reliability.bench import Lost
from tests.reliability.killing import EXPECTED
from tests.reliability.machine import Machine
from tests.reliability.number_machine import Fleet, OneNumber
from tests.reliability.route_machine import Route
from tests.reliability.service_machine import Service
from tests.reliability.table import Result

MACHINES: dict[str, type[Machine]] = {each.row: each for each in (OneNumber, Fleet, Route, Service)}
ROWS = tuple(MACHINES)
COLUMN = "any sequence"
STEPS = 12
USUAL_EXAMPLES = 40
BATCH = 10


def try_row(
    sandbox: RunningSandbox, row: str, chance: random.Random, most: int | None, cell: str
) -> list[Result]:
    """Live many lives with one kind of resource, in batches that can each be lived again."""
    found: list[Result] = []
    left = USUAL_EXAMPLES if most is None else most
    seeds = [int(cell)] if cell else [chance.getrandbits(32) for _ in range(-(-left // BATCH))]
    for number in seeds:
        found += live(sandbox, row, min(left, BATCH), number)
        left -= BATCH
    return found


def live(sandbox: RunningSandbox, row: str, lives: int, number: int | None) -> list[Result]:
    """Live so many lives, chosen by a number or always the same; stop at the first that loses something."""
    chosen = MACHINES[row].in_a(sandbox)
    machine = chosen if number is None else seeded(number)(chosen)
    command = f'script/reliability --sequences {lives} --only "{row}" --cell {number}'
    lost: list[Result] = []
    try:
        run_state_machine_as_test(machine, settings=_settings(lives, always_the_same=number is None))
    except (Lost, Flaky, *EXPECTED) as broken:
        told = "\n".join([f"{type(broken).__name__}: {broken}", *getattr(broken, "__notes__", [])])
        lost = [Result(row, COLUMN, command, told)]
    return [Result(row, COLUMN, command)] * chosen.lived + lost


def _settings(lives: int, *, always_the_same: bool) -> settings:
    """Give what hypothesis is told: to find, and not to shrink, since a life of twelve steps is short enough."""
    return settings(
        max_examples=lives,
        stateful_step_count=STEPS,
        derandomize=always_the_same,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
