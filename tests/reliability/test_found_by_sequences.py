"""What any sequence of changes has found, each by itself."""

from __future__ import annotations

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.reliability.bench import Bench
from tests.reliability.operations import BY_KEY


@pytest.mark.parametrize("row", [row for row in BY_KEY if "repair drift" in row])
def test_the_same_drift_is_repaired_once_more(sandbox: RunningSandbox, row: str) -> None:
    """The inputs still hold the drift that the last `up` repaired: the same again must not look like no change."""
    operation = BY_KEY[row]
    bench = Bench(sandbox, operation)
    goals = []

    for _ in range(3):
        with bench.process() as provider:
            bench.run(provider, operation.declared)
        goals.append(bench.standing())
        operation.disturb(sandbox)

    assert goals[0] == goals[1] == goals[2] != bench.standing()
