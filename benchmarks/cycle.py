"""One life of many numbers on the real engine: from the first preview to destroy, timed, counted and recorded.

Ours and the no-op take turns, command by command, so that what else the machine does falls on both: what is told are
the turns in the middle, and of ratios the one in the middle of all turns'.
"""

from __future__ import annotations

import functools
import json
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from statistics import median
from typing import Any

from vapi_sms.live.calling.limiter import FIRST
from vapi_sms.sandbox import RunningSandbox
from vapi_sms.sandbox.control.gate import Exchange

from benchmarks import programs
from benchmarks.budget import Requests
from benchmarks.programs import Shape
from benchmarks.replay import Sent, Took, replayed
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
    """One command: how long it took each time, and what it asked of the vendors."""

    name: str
    turns: tuple[Took, ...]
    sent: tuple[Sent, ...] = ()

    @property
    def requests(self) -> Requests:
        """Count what it asked."""
        return Requests.counted(map(asdict, self.sent))

    @property
    def seconds(self) -> float:
        """Give the time of the turn in the middle."""
        return median(each.seconds for each in self.turns)

    @property
    def cpu_seconds(self) -> float:
        """Give the processor time of the turn in the middle."""
        return median(each.cpu_seconds for each in self.turns)

    def and_again(self, later: Stage) -> Stage:
        """Add the turns of a later run of the same command."""
        return replace(self, turns=self.turns + later.turns)


@dataclass(frozen=True, slots=True)
class Cycle:
    """All commands of one life, and the state after `up`."""

    stages: tuple[Stage, ...]
    state: dict[str, Any]
    state_bytes: int

    def and_again(self, later: Cycle) -> Cycle:
        """Add the turns of a later life."""
        return replace(self, stages=_and_again(self.stages, later.stages))

    def stage(self, name: str) -> Stage:
        """Give one command."""
        return next(stage for stage in self.stages if stage.name == name)


def _and_again(stages: tuple[Stage, ...], later: tuple[Stage, ...]) -> tuple[Stage, ...]:
    return tuple(mine.and_again(theirs) for mine, theirs in zip(stages, later, strict=True))


@dataclass(frozen=True, slots=True)
class Beside:
    """Our life, the no-op's, and what each command's requests cost alone: sent again by a bare client."""

    ours: Cycle
    noop: Cycle
    bare: tuple[Stage, ...]

    def and_again(self, later: Beside) -> Beside:
        """Add the turns of later lives."""
        return Beside(
            self.ours.and_again(later.ours),
            self.noop.and_again(later.noop),
            _and_again(self.bare, later.bare),
        )


class Lives:
    """The lives of one shape and size, each lived once and kept."""

    _all: dict[tuple[str, int], Lives] = {}  # noqa: RUF012 shared on purpose: several tables show one life

    def __init__(self, shape: Shape, numbers: int) -> None:
        self.shape, self.numbers = shape, numbers
        self._ours: Cycle | None = None
        self._beside: Beside | None = None

    @classmethod
    def of(cls, shape: Shape, numbers: int) -> Lives:
        """Give the lives of this shape and size."""
        return cls._all.setdefault((shape.name, numbers), cls(shape, numbers))

    def ours(self) -> Cycle:
        """Give our life."""
        if self._ours is None:
            (self._ours,) = self._lived((_ours,), 1)
        return self._ours

    def beside(self, often: Often) -> Beside:
        """Give our lives, as many of the no-op, and our requests alone, in turns."""
        if self._beside is None:
            self._beside = functools.reduce(
                Beside.and_again, [self._turn(often.looks) for _ in range(often.lives)]
            )
            self._ours = self._beside.ours
        return self._beside

    def _turn(self, looks: int) -> Beside:
        ours, noop = self._lived((_ours, _noop), looks)
        with RunningSandbox(programs.seed(self.numbers)) as sandbox:
            alone = replayed(sandbox.url, [stage.sent for stage in ours.stages], FIRST)
        bare = tuple(
            Stage(stage.name, (took,) * len(stage.turns))
            for stage, took in zip(ours.stages, alone, strict=True)
        )
        return Beside(ours, noop, bare)

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


def timed(project: Project, *command: str) -> Took:
    """Run a command; give its time and the processor time of engine, program and provider, not of the sandbox."""
    start, busy = time.perf_counter(), _cpu_seconds()
    succeed(project.start(*command).wait(PATIENCE))
    return Took(time.perf_counter() - start, _cpu_seconds() - busy)


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
            done.append(functools.reduce(Stage.and_again, runs))
        if name == "up":
            states = [(world.project.stack_export(), _state_bytes(world.project)) for world in worlds]
    return [Cycle(tuple(done), *state) for done, state in zip(stages, states, strict=True)]


def _stage(name: str, world: World, command: tuple[str, ...]) -> Stage:
    return Stage(name, (timed(world.project, *command),), world.taken())


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
