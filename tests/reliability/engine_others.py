"""The matrix of others on the real engine: at a call of an operation one thing happens outside, and nothing is lost.

Operations, calls, events and what is held of them are those of the matrix over gRPC.
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from vapi_sms.sandbox import RunningSandbox

from tests.reliability.bench import Bench, Call, Lost
from tests.reliability.engine_kills import program, project_of, succeeds
from tests.reliability.judging import SIGNS
from tests.reliability.operations import BY_KEY, Declared
from tests.reliability.others import Ground, cells_of, stand
from tests.reliability.table import Result
from tests.resources.conftest import env_of

USUAL_MOST = 2
_STACK = "pulumi:pulumi:Stack"
_PROVIDER = "pulumi:providers:"


class EngineGround(Ground):
    """A project of its own for each cell; the bench's state is what the engine's says."""

    option = "--engine-others"

    def __init__(self, bench: Bench, folder: Path) -> None:
        super().__init__(bench)
        self._folder = folder

    def begin(self) -> None:
        """Bring a new stack to where the operation begins."""
        bench, operation = self.bench, self.bench.operation
        bench.sandbox.reset(operation.seed())
        operation.prepare(bench.sandbox)
        bench.baseline = bench.standing()
        usual = env_of(bench.sandbox) | {"VAPI_SMS_TIMEOUT_SECONDS": "30"}
        self._project = project_of()(self._folder, "", env=usual | operation.env_before)
        self._usual = {**self._project.env}
        if operation.before is not None:
            self._project.write(program(operation, operation.before))
            succeeds(self._project, "up")
        operation.disturb(bench.sandbox)
        bench.at_start = bench.standing()
        bench.sandbox.clear_journal()

    def run(self, declared: Declared | None, env: dict[str, str]) -> tuple[list[str], str]:
        """Let pulumi run; whoever fails says so without a trace."""
        project = self._project
        project.env = self._usual | env
        if declared is not None:
            project.write(program(self.bench.operation, declared))
        ran = project.start("destroy" if declared is None else "up").wait()
        self.end()
        for sign in SIGNS[1:]:
            if sign in ran.text:
                raise Lost(f"told with {sign!r}: {ran.text}")
        self.bench.state = self._state()
        return ran.text.splitlines(), ran.text if ran.code else ""

    def _state(self) -> dict[str, object]:
        exported = self._project.stack_export("--show-secrets")["deployment"]
        ours = [
            each
            for each in exported.get("resources") or ()
            if each["type"] != _STACK and not each["type"].startswith(_PROVIDER)
        ]
        return {each["urn"]: each for each in ours}


def try_row(
    sandbox: RunningSandbox, row: str, chance: random.Random, most: int | None, cell: str
) -> list[Result]:
    """Try the events of one operation; at most so many, chosen by chance, of those that can happen."""
    bench = Bench(sandbox, BY_KEY[row])
    bench.measure()
    most = USUAL_MOST if most is None else most
    found: list[Result] = []
    for event, call in cells_of(bench, chance, 2 * most, cell):
        if len(found) < most:
            found += _stand(bench, event, call)
    return found


def _stand(bench: Bench, event: str, call: Call) -> list[Result]:
    with tempfile.TemporaryDirectory(prefix="reliability-") as folder:
        result = stand(EngineGround(bench, Path(folder) / "project"), event, call)
    return [] if result is None else [result]
