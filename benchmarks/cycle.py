"""One life of many numbers on the real engine: from the first preview to destroy, timed, counted and recorded.

Ours and the no-op take turns, command by command, so that what else the machine does falls on both.
"""

from __future__ import annotations

import functools
import json
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

from vapi_sms.sandbox import RunningSandbox
from vapi_sms.sandbox.control.gate import Exchange

from benchmarks import programs
from benchmarks.budget import Requests
from benchmarks.programs import Shape
from benchmarks.replay import Bare, Sent, replayed
from benchmarks.size import Often
from tests.engine.project import Project, Run

_YES = ("--yes", "--skip-preview")
_SAME = "--expect-no-changes"
_NEW = "preview of new numbers"
_COMMANDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (_NEW, ("preview",)),
    ("up", ("up", *_YES)),
    ("preview without changes", ("preview", _SAME)),
    ("unchanged up", ("up", *_YES, _SAME)),
    ("changed", ("up", *_YES)),
    ("refresh", ("refresh", *_YES)),
    ("destroy", ("destroy", *_YES)),
)
PATIENCE = 3600.0


@dataclass(frozen=True, slots=True)
class Stage:
    """One command: how long it took, what it kept processors busy, and what it asked of the vendors."""

    name: str
    seconds: float
    cpu_seconds: float
    sent: tuple[Sent, ...] = ()

    @property
    def requests(self) -> Requests:
        """Count what it asked."""
        return Requests.counted(map(asdict, self.sent))

    def least(self, other: Stage) -> Stage:
        """Take the shorter times of two runs of the same command."""
        return replace(
            self,
            seconds=min(self.seconds, other.seconds),
            cpu_seconds=min(self.cpu_seconds, other.cpu_seconds),
        )


@dataclass(frozen=True, slots=True)
class Cycle:
    """All commands of one life, and the state after `up`."""

    stages: tuple[Stage, ...]
    state: dict[str, Any]
    state_bytes: int

    def least(self, other: Cycle) -> Cycle:
        """Take the shorter times of two lives."""
        pairs = zip(self.stages, other.stages, strict=True)
        return replace(self, stages=tuple(mine.least(theirs) for mine, theirs in pairs))

    def stage(self, name: str) -> Stage:
        """Give one command."""
        return next(stage for stage in self.stages if stage.name == name)


class Lives:
    """The lives of one shape and size, each lived once and kept."""

    _all: dict[tuple[str, int], Lives] = {}  # noqa: RUF012 shared on purpose: several tables show one life

    def __init__(self, shape: Shape, numbers: int) -> None:
        self.shape, self.numbers = shape, numbers
        self._ours: Cycle | None = None
        self._noop: Cycle | None = None
        self._bare: list[Bare] | None = None

    @classmethod
    def of(cls, shape: Shape, numbers: int) -> Lives:
        """Give the lives of this shape and size."""
        return cls._all.setdefault((shape.name, numbers), cls(shape, numbers))

    def ours(self) -> Cycle:
        """Give our life."""
        if self._ours is None:
            (self._ours,) = self._lived((_ours,), 1)
        return self._ours

    def beside_noop(self, often: Often) -> tuple[Cycle, Cycle]:
        """Give our life and the no-op's, the least of some in turns."""
        if self._ours is None or self._noop is None:
            runs = [self._lived((_ours, _noop), often.looks) for _ in range(often.lives)]
            ours, noop = runs[0]
            for again in runs[1:]:
                ours, noop = ours.least(again[0]), noop.least(again[1])
            self._ours, self._noop = ours, noop
        return self._ours, self._noop

    def bare(self, threads: int, often: Often) -> dict[str, Bare]:
        """Give what each command's requests cost alone, the least of some runs."""
        if self._bare is None:
            stages = [stage.sent for stage in self.ours().stages]
            runs = [self._replayed(stages, threads) for _ in range(often.lives)]
            self._bare = [
                Bare(min(cost.seconds for cost in costs), min(cost.cpu_seconds for cost in costs))
                for costs in zip(*runs, strict=True)
            ]
        return dict(zip((stage.name for stage in self.ours().stages), self._bare, strict=True))

    def _replayed(self, stages: list[tuple[Sent, ...]], threads: int) -> list[Bare]:
        with RunningSandbox(programs.seed(self.numbers)) as sandbox:
            return replayed(sandbox.url, stages, threads)

    def _lived(self, kinds: tuple[Kind, ...], looks: int) -> list[Cycle]:
        with ExitStack() as stack:
            worlds = [stack.enter_context(kind(self.shape, self.numbers)) for kind in kinds]
            return live(self.shape.change, worlds, looks)


@dataclass(frozen=True, slots=True)
class World:
    """A project, its program with changed assistants, and what was sent to the vendors since that was last asked."""

    project: Project
    changed: str
    taken: Callable[[], tuple[Sent, ...]]


Kind = Callable[[Shape, int], Any]


@contextmanager
def vendors(numbers: int) -> Iterator[tuple[RunningSandbox, Callable[[], tuple[Sent, ...]]]]:
    """Play both vendors; give what tells the requests since it was last called, too."""
    exchanges: list[Exchange] = []

    def taken() -> tuple[Sent, ...]:
        found = tuple(Sent.recorded(exchange) for exchange in exchanges)
        exchanges.clear()
        return found

    with RunningSandbox(programs.seed(numbers), on_exchange=exchanges.append) as sandbox:
        yield sandbox, taken


@contextmanager
def _ours(shape: Shape, numbers: int) -> Iterator[World]:
    with vendors(numbers) as (sandbox, taken), programs.ours(shape, numbers, sandbox) as project:
        yield World(project, shape.written("vapi_sms", numbers, changed=True), taken)


@contextmanager
def _noop(shape: Shape, numbers: int) -> Iterator[World]:
    with programs.noop(shape, numbers) as project:
        yield World(project, shape.written("noop", numbers, changed=True), tuple)


def succeed(run: Run) -> Run:
    """Give back a run that ended well; else stop, with all it said."""
    if run.code:
        raise SystemExit(f"the engine failed:\n{run.text}")
    return run


def timed(project: Project, *command: str) -> tuple[float, float]:
    """Run a command; give its time and the processor time of engine, program and provider, not of the sandbox."""
    start, busy = time.perf_counter(), _cpu_seconds()
    succeed(project.start(*command).wait(PATIENCE))
    return time.perf_counter() - start, _cpu_seconds() - busy


def live(change: str, worlds: list[World], looks: int) -> list[Cycle]:
    """Live one life in each world, in turns; `change` is the name of the command that changes assistants."""
    stages: list[list[Stage]] = [[] for _ in worlds]
    states: list[tuple[dict[str, Any], int]] = []
    for name, command in _COMMANDS:
        if name == "changed":
            for world in worlds:
                world.project.write(world.changed)
        called = change if name == "changed" else name
        # What changes nothing can be done again at once.
        again = looks if name == _NEW or _SAME in command else 1
        turns = [[_stage(called, world, command) for world in worlds] for _ in range(again)]
        for done, runs in zip(stages, zip(*turns, strict=True), strict=True):
            done.append(functools.reduce(Stage.least, runs))
        if name == "up":
            states = [(world.project.stack_export(), _state_bytes(world.project)) for world in worlds]
    return [Cycle(tuple(done), *state) for done, state in zip(stages, states, strict=True)]


def _stage(name: str, world: World, command: tuple[str, ...]) -> Stage:
    return Stage(name, *timed(world.project, *command), world.taken())


def _state_bytes(project: Project) -> int:
    return max(file.stat().st_size for file in project.folder.glob("state/.pulumi/stacks/**/*.json"))


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def resource_bytes(state: dict[str, Any], type_: str) -> float:
    """Give the mean size of a type's resources in the state, as compact JSON."""
    sizes = [
        len(json.dumps(entry, separators=(",", ":")))
        for entry in state["deployment"]["resources"]
        if entry["type"].endswith(type_)
    ]
    return sum(sizes) / len(sizes)
