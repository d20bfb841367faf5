"""The fault matrix over gRPC: every call of every operation fails in every way, once or until the operation has ended.

It survives when the operation reaches its goal all the same; or ends in one line, with every number as it was or named
in that line, and the next run, in another process, finishes it. In both cases destroy leaves both vendors as before
the first run, no import is sent twice without a look in between, and no number is released.
"""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass
from typing import Any

from vapi_sms.sandbox import RunningSandbox

from tests.reliability.bench import Bench, Call, Lost, anonymous, compare, differing_numbers
from tests.reliability.killing import EXPECTED
from tests.reliability.operations import BY_KEY
from tests.reliability.table import Result
from tests.waiting import until

ENV = {"VAPI_SMS_PATIENCE_SECONDS": "0.6", "VAPI_SMS_TIMEOUT_SECONDS": "20"}
SHORT_TIMEOUT = "1.5"
HASTY = ("time-out", "time-out after the effect", "endless drip")
"""The faults that a short time-out is waited for."""
LATE_MS = 2500
FAULTS: dict[str, dict[str, Any]] = {
    "429, Retry-After": {"status": 429, "headers": {"Retry-After": "1"}},
    "429": {"status": 429},
    "500": {"status": 500},
    "502 in HTML": {"status": 502, "body": "<html><body>Bad Gateway</body></html>"},
    "503": {"status": 503},
    "connect refused": {"hold": "before"},
    "reset before the answer": {"drop": "before"},
    "answer lost after the effect": {"drop": "after"},
    "500 after the effect": {"status": 500, "effect": True},
    "time-out": {"delay_ms": LATE_MS, "drop": "before"},
    "time-out after the effect": {"delay_answer_ms": LATE_MS},
    "slow drip": {"slow_drip": 1},
    "endless drip": {"endless_drip": 200},
    "truncated JSON": {"truncate": 30},
    "JSON of another shape": {"body": {"unexpected": [1]}, "effect": True},
    "401 halfway": {"status": 401},
}
"""What goes wrong, as fields of the sandbox's faults."""
OF_WRITES = frozenset({"answer lost after the effect", "500 after the effect", "slow drip"})
"""Those that differ from others for writes only; a whole list at a byte a millisecond would take a minute."""


@dataclass(frozen=True)
class Strike:
    """A fault at a call, once or for as long as the operation runs."""

    fault: str
    call: Call
    lasting: bool

    def __str__(self) -> str:
        """Say what, where and for how long."""
        return f"{self.fault} {'from' if self.lasting else 'once at'} {self.call}"


def strikes_of(calls: list[Call]) -> list[Strike]:
    """Give every fault at every call; a revoked key stays revoked."""
    return [
        Strike(fault, call, lasting)
        for call in calls
        for fault in FAULTS
        for lasting in (False, True)
        if (call.writes or fault not in OF_WRITES) and (lasting or fault != "401 halfway")
    ]


def try_row(
    sandbox: RunningSandbox, row: str, chance: random.Random, most: int | None, cell: str
) -> list[Result]:
    """Try the faults of one operation; at most so many, chosen by chance."""
    bench = Bench(sandbox, BY_KEY[row])
    bench.measure()
    strikes = [strike for strike in strikes_of(bench.calls) if cell in str(strike)]
    if most is not None and most < len(strikes):
        strikes = chance.sample(strikes, most)
    return [stand(bench, strike) for strike in strikes]


def stand(bench: Bench, strike: Strike) -> Result:
    """Let it strike; then run again and destroy."""
    resource = bench.operation.resource
    command = f'script/reliability --fault --only "{bench.operation.key}" --cell "{strike}"'
    try:
        _struck(bench, strike)
        bench.reach_the_goal_and_give_back()
        bench.keeps_the_laws()
    except (Lost, *EXPECTED) as broken:
        return Result(strike.fault, resource, command, f"{type(broken).__name__}: {broken}")
    return Result(strike.fault, resource, command)


def _struck(bench: Bench, strike: Strike) -> None:
    bench.go_back(bench.start)
    timing = {"VAPI_SMS_TIMEOUT_SECONDS": SHORT_TIMEOUT} if strike.fault in HASTY else {}
    bench.sandbox.fault(**_fields(bench, strike))
    bench.fail_as_declared()
    refusing = threading.Event()
    with bench.process(env={**bench.operation.env, **ENV, **timing}) as provider:
        closer = threading.Thread(target=_refuse, args=(bench, strike, refusing))
        if strike.fault == "connect refused":
            closer.start()
        try:
            bench.run(provider, bench.operation.after)
        except EXPECTED as error:
            told = str(error)
        else:
            told = ""
        refusing.set()
        if closer.ident is not None:
            closer.join()
    bench.sandbox.clear_faults()
    until(lambda: all(entry["done"] for entry in bench.sandbox.journal()))
    _judge(bench, told)


def _fields(bench: Bench, strike: Strike) -> dict[str, Any]:
    """Give the fault; of a revoked key, for all that is asked of that vendor from the call on."""
    kind = FAULTS[strike.fault]
    # One that is refused lasts by the port being closed: the hold only tells when.
    count = None if strike.lasting and strike.fault != "connect refused" else 1
    if strike.fault != "401 halfway":
        return {**strike.call.fault, **kind, "count": count}
    of_vendor = [call for call in bench.calls if call.vendor == strike.call.vendor]
    return {"vendor": strike.call.vendor, "skip": of_vendor.index(strike.call), **kind, "count": None}


def _refuse(bench: Bench, strike: Strike, over: threading.Event) -> None:
    """Close the vendors' port when the call is there, for a moment or until the operation is over."""
    until(lambda: over.is_set() or bench.sandbox.held())
    if over.is_set():
        return
    bench.sandbox.stop()
    over.wait(60 if strike.lasting else 0.1)
    bench.sandbox.start()


def _judge(bench: Bench, told: str) -> None:
    """Hold that the operation did what it should, or told in one line what is left."""
    now = bench.standing()
    if not told:
        compare("after an up that succeeded", anonymous(bench.goal), anonymous(now))
        return
    for sign in ("\n", "Traceback", "a bug in vapi-sms", "canary"):
        if sign in told:
            raise Lost(f"told with {sign!r}: {told}")
    started, reached = differing_numbers(bench.at_start, now), differing_numbers(bench.goal, now)
    halfway = [number for number in started & reached if number not in told]
    if halfway:
        raise Lost(f"left halfway and not named: {', '.join(sorted(halfway))}; told was: {told}")
