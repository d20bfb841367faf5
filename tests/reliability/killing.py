"""The kill matrix over gRPC: the provider process dies at a point of an operation, and the next run finds its way.

Points are every request that the undisturbed operation makes: before the vendor saw it, and for writes also when the
vendor has done it and the answer is under way (a read leaves the vendors alike before and after); and every answer to
the engine: given, but lost before the checkpoint.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass

from vapi_sms.sandbox import RunningSandbox

from tests.reliability.bench import Bench, Call, Lost
from tests.reliability.operations import BY_KEY
from tests.reliability.table import Result
from tests.resources.provider import ProviderDied, ProviderError
from tests.resources.service_stack import Refused as ServiceRefused
from tests.resources.stack import Refused
from tests.waiting import until

EXPECTED = (ProviderError, Refused, ServiceRefused)
BEFORE, AFTER, CHECKPOINT = "before the vendor", "before the answer", "before the checkpoint"
POINTS = (BEFORE, AFTER, CHECKPOINT)


class NotTriedError(Exception):
    """The operation ended without the call at which it was to be killed."""


@dataclass(frozen=True)
class Point:
    """Where the process dies: at a call, or after its n-th answer to the engine (from 1)."""

    where: str
    call: Call | None = None
    answer: int = 0

    def __str__(self) -> str:
        """Say where."""
        return f"{self.where}, {self.call or f'answer {self.answer}'}"


def points_of(bench: Bench) -> list[Point]:
    """Give all points of an operation, in order."""
    found = []
    for call in bench.calls:
        found.append(Point(BEFORE, call))
        if call.writes:
            found.append(Point(AFTER, call))
    return found + [Point(CHECKPOINT, answer=n + 1) for n in range(bench.answers)]


def try_row(
    sandbox: RunningSandbox, row: str, chance: random.Random, most: int | None, cell: str
) -> list[Result]:
    """Try the points of one operation; at most so many, chosen by chance."""
    bench = Bench(sandbox, BY_KEY[row])
    bench.measure()
    points = [point for point in points_of(bench) if cell in str(point)]
    command = f'script/reliability --kill --only "{row}" --cell'
    return survive_some(bench, points, chance, most, lambda point: f'{command} "{point}"')


def survive_some(
    bench: Bench,
    points: list[Point],
    chance: random.Random,
    most: int | None,
    how: Callable[[Point], str],
) -> list[Result]:
    """Survive all points, or so many of them, chosen by chance.

    A call that was not made this time is no cell: what Twilio dates in whole seconds is written once more or not.
    """
    some = most is not None and most < len(points)
    found: list[Result] = []
    tried = 0
    for point in chance.sample(points, len(points)) if some else points:
        if some and tried == most:
            break
        results = survive(bench, point, how(point))
        tried += bool(results)
        found += results
    return found


def survive(bench: Bench, point: Point, how: str) -> list[Result]:
    """Kill at a point; then `up` and `destroy`, and from the same moment `destroy` at once.

    `how` is the command that tries it again. What is written late lands before the next run: an engine takes longer
    to start than a DELETE is waited for.
    """
    name = bench.operation.key
    try:
        _die(bench, point)
    except NotTriedError:
        return []
    bench.land()
    struck = bench.moment()
    found = []
    for series in ("up, destroy", "destroy"):
        bench.go_back(struck)
        lost = ""
        try:
            if series != "destroy":
                bench.reach_the_goal()
            bench.give_back()
            bench.keeps_the_laws()
        except (Lost, *EXPECTED) as broken:
            lost = f"{type(broken).__name__}: {broken}"
        found.append(Result(name, point.where, f"{how} (then {series})", lost))
    return found


def _die(bench: Bench, point: Point) -> None:
    """Run the operation in a process that dies at the point, and wait until nothing of it is under way."""
    bench.go_back(bench.start)
    if point.call is None:
        bench.fail_as_declared()
        with bench.process(point.answer) as provider:
            try:
                bench.run(provider, bench.operation.after)
            except EXPECTED:
                if provider.is_alive:
                    raise NotTriedError("it ended before that answer") from None
        return
    hold = "before" if point.where == BEFORE else "after"
    bench.sandbox.fault(**point.call.fault, hold=hold)
    bench.fail_as_declared()
    with bench.process() as provider:
        ended: list[BaseException | None] = []

        def work() -> None:
            try:
                bench.run(provider, bench.operation.after)
            except EXPECTED as error:
                ended.append(error)
            else:
                ended.append(None)

        thread = threading.Thread(target=work)
        thread.start()
        until(lambda: bench.sandbox.held() or not thread.is_alive())
        provider.kill()
        thread.join(30)
    bench.sandbox.clear_faults()
    bench.sandbox.release("drop")
    until(lambda: all(entry["done"] for entry in bench.sandbox.journal()))
    if not (ended and isinstance(ended[0], ProviderDied)):
        raise NotTriedError(f"the operation ended without that call: {ended}")
