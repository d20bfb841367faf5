"""Wrong answers at every call of a number's life, through the real provider process: one line, never a traceback."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from random import Random

import pytest
from pydantic import ValidationError
from vapi_sms.live.twilio.readings import NumberReading
from vapi_sms.sandbox import RunningSandbox
from vapi_sms.sandbox.control.gate import Exchange

from tests.live.mutations import Answer, wrong_answer
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
        calls = zip(calls_of(sandbox.journal()), list(exchanges), strict=True)
        # Lists are asked for side by side: in an order of our own, each call gets the same wrong answer in each run.
        in_order = sorted(calls, key=lambda each: str(each[0]))

        assert in_order
        for call, exchange in in_order:
            bench.go_back(start)
            wrong = wrong_answer(exchange.answer_body, chance)
            while _is_a_lie(wrong, exchange):
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


def _is_a_lie(wrong: Answer, exchange: Exchange) -> bool:
    """Tell whether an answer is a sound one of another number: nobody could tell, and it would be put back."""
    read, sound = _numbers(wrong.body), _numbers(exchange.answer_body)
    return wrong.status == exchange.status and bool(read) and read != sound


def _numbers(body: bytes) -> list[NumberReading]:
    """Give the numbers that can be read of an answer of Twilio's."""
    try:
        answer = json.loads(body)
    except ValueError:
        return []
    listed = answer.get("incoming_phone_numbers") if isinstance(answer, dict) else None
    found = []
    for entry in listed if isinstance(listed, list) else [answer]:
        with contextlib.suppress(ValidationError):
            found.append(NumberReading.model_validate(entry))
    return found
