"""Wrong answers at every call of a number's life, through the real provider process: one line, never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from vapi_sms.sandbox import RunningSandbox
from vapi_sms.sandbox.control.gate import Exchange

from tests.live.mutations import wrong_answer
from tests.reliability.bench import Bench, calls_of
from tests.reliability.killing import EXPECTED
from tests.reliability.operations import BY_KEY, AnyStack
from tests.sandbox.world import seed

CREATE = BY_KEY["VapiSmsNumber create"]
ACTS: dict[str, Callable[[AnyStack], object]] = {
    "up": lambda stack: stack.up(**CREATE.declared),
    "refresh": lambda stack: stack.refresh(),
    "destroy": lambda stack: stack.destroy(),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_wrong_answer_at_any_call_is_one_line(act: str) -> None:
    """Check, create, read and delete: told in a line that people can read, and the next run finishes."""
    exchanges: list[Exchange] = []
    with RunningSandbox(seed(), on_exchange=exchanges.append) as sandbox:
        bench = Bench(sandbox, CREATE)
        if act != "up":
            with bench.process() as provider:
                bench.run(provider, CREATE.declared)
        start, chance = bench.moment(), Random(act)
        sandbox.clear_journal()
        exchanges.clear()
        with bench.process() as provider:
            ACTS[act](bench.stack(provider))
        calls = list(zip(calls_of(sandbox.journal()), list(exchanges), strict=True))

        assert calls
        for call, exchange in calls:
            bench.go_back(start)
            wrong = wrong_answer(exchange.answer_body, chance)
            body = wrong.body.decode(errors="replace")
            sandbox.fault(**call.fault, body=body, status=wrong.status, effect=True, count=None)
            with bench.process() as provider:
                try:
                    ACTS[act](bench.stack(provider))
                    told = ""
                except EXPECTED as error:
                    told = str(error)
                said = "".join(provider.stderr())
            assert told.isprintable()
            for sign in ("Traceback", "a bug in vapi-sms", "canary"):
                assert sign not in told + said
            sandbox.clear_faults()
            bench.give_back()
