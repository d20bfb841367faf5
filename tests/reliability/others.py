"""The matrix of others, over gRPC: at each call of each operation one thing happens outside, and nothing is lost.

It survives when nobody else's change is lost without a word, nothing of ours is left behind unnamed, and each original
is on a vendor or in the state: after the operation, after one more `up`, and after destroy. A reading is believed for
READING seconds here, and each event takes longer; so what is overwritten all the same was changed between the first and
the last of a number's own writes, where no vendor has a way to hold another one off.
"""

from __future__ import annotations

import json
import random
import threading
import time
from dataclasses import dataclass, field

from vapi_sms.sandbox import RunningSandbox

from tests.reliability.bench import Bench, Call, Lost, Record, compare
from tests.reliability.judging import is_fit
from tests.reliability.killing import EXPECTED
from tests.reliability.operations import BY_KEY, Declared
from tests.reliability.outside_events import EVENTS, FOREIGN_URL, THEIRS, Target, events_of, record_of, undone
from tests.reliability.table import Result
from tests.sandbox.world import MG, VAPI_SMS
from tests.waiting import until

READING, GRACE = 0.3, 1.0
"""Seconds that a reading is believed, and those that a plan made of it may wait for its first write."""
ENV = {"VAPI_SMS_READING_SECONDS": str(READING), "VAPI_SMS_PATIENCE_SECONDS": "0.6"}
WITHOUT_VAPI = {"VAPI_SMS_WITHOUT_VAPI": "1"}
_OUTLIVES = {"key revoked", "assistant deleted"}
"""After these Vapi's half cannot be put back, and a person says so."""


@dataclass
class Outside:
    """What happened, and all that was said since: notices, and what failed."""

    event: str
    target: Target
    said: list[str] = field(default_factory=list)
    in_between: bool = False
    theirs: Record | None = None
    bought: Record | None = None
    routed: Record | None = None

    @property
    def told(self) -> str:
        """Give everything that people could read."""
        return "\n".join(self.said)


class Ground:
    """Where operations are run: over gRPC, each run in a process of its own; the bench holds what they lead to."""

    option = "--others"

    def __init__(self, bench: Bench) -> None:
        self.bench = bench

    def begin(self) -> None:
        """Make all as it was before the operation."""
        self.bench.go_back(self.bench.start)

    def run(self, declared: Declared | None, env: dict[str, str]) -> tuple[list[str], str]:
        """Let the engine run; give what was said, and what failed, which is one line."""
        failed = ""
        with self.bench.process(env=env) as provider:
            try:
                self.bench.run(provider, declared)
            except EXPECTED as error:
                failed = str(error)
            self.end()
            said = provider.stderr()
        is_fit(failed)
        return said, failed

    def end(self) -> None:
        """Let no fault outlive a run, and wait until nothing is under way."""
        self.bench.sandbox.clear_faults()
        until(lambda: all(entry["done"] for entry in self.bench.sandbox.journal()))


def try_row(
    sandbox: RunningSandbox, row: str, chance: random.Random, most: int | None, cell: str
) -> list[Result]:
    """Try the events of one operation; at most so many, chosen by chance."""
    bench = Bench(sandbox, BY_KEY[row])
    bench.measure()
    found = [stand(Ground(bench), event, call) for event, call in cells_of(bench, chance, most, cell)]
    return [result for result in found if result is not None]


def cells_of(bench: Bench, chance: random.Random, most: int | None, cell: str) -> list[tuple[str, Call]]:
    """Give each event with each call, or some of them."""
    cells = [(event, call) for call in bench.calls for event in events_of(bench.operation)]
    cells = [pair for pair in cells if cell in f"{pair[0]} at {pair[1]}"]
    return chance.sample(cells, most) if most is not None and most < len(cells) else cells


def stand(ground: Ground, event: str, call: Call) -> Result | None:
    """Let it happen; then run again and destroy. None where it could not happen there."""
    bench = ground.bench
    command = f'script/reliability {ground.option} --only "{bench.operation.key}" --cell "{event} at {call}"'
    outside = Outside(event, Target.of(bench.operation))
    lost = ""
    try:
        if not _happened(ground, outside, call):
            return None
        _live_on(ground, outside)
        bench.keeps_the_laws()
    except (Lost, *EXPECTED) as broken:
        lost = f"{type(broken).__name__}: {broken}"
    finally:
        undone(bench.sandbox)
        bench.sandbox.clear_faults()
    return Result(bench.operation.resource, event, command, lost)


def _happened(ground: Ground, outside: Outside, call: Call) -> bool:
    """Run the operation with the call held, until the event is over and what was read before is old."""
    ground.begin()
    bench, sandbox = ground.bench, ground.bench.sandbox
    sandbox.fault(**call.fault, hold="before")
    bench.fail_as_declared()
    done: list[bool] = []
    over = threading.Event()

    def happen() -> None:
        until(lambda: over.is_set() or sandbox.held())
        if over.is_set():
            return
        outside.in_between = _is_between_writes(bench, outside.target)
        done.append(EVENTS[outside.event](sandbox, outside.target))
        outside.theirs = _theirs(sandbox, outside.target)
        if outside.event == "routed elsewhere":
            outside.routed = bench.standing()["numbers"][outside.target.number]
        if outside.event == "released and bought again":
            outside.bought = bench.standing()["numbers"][outside.target.number]
        time.sleep(READING + GRACE + 0.1)
        sandbox.release("go")

    others = threading.Thread(target=happen)
    others.start()
    try:
        _run(ground, outside, bench.operation.after)
    finally:
        over.set()
        others.join()
    if done == [True]:
        _judge(bench, outside, is_repairing=not outside.in_between and _repairs(bench))
    return done == [True]


def _repairs(bench: Bench) -> bool:
    """Tell whether what was routed elsewhere before the first write is drift, which a preview shows."""
    return bench.operation.before is not None and not any(_touched(bench, Target.of(bench.operation)))


def _live_on(ground: Ground, outside: Outside) -> None:
    """Go up once more, which may be refused, and destroy."""
    bench = ground.bench
    _run(ground, outside, bench.operation.declared)
    _judge(bench, outside, is_repairing=True)
    failed = _run(ground, outside, None)
    if failed and outside.event in _OUTLIVES:
        held = record_of(bench.sandbox, outside.target.number)
        is_new = held is not None and held["id"] not in bench.baseline["vapi"]
        if is_new and outside.target.number not in failed + json.dumps(bench.state, default=str):
            raise Lost(f"failed, and {outside.target.number} is neither named nor recorded: {failed}")
        # One that an `up` that failed has switched is put back by the sibling, which goes after this one.
        _twilio_is_back(bench, outside, named_in=failed)
        failed = _run(ground, outside, None, **WITHOUT_VAPI)
    if failed:
        raise Lost(f"destroy failed: {failed}")
    undone(bench.sandbox)
    if bench.state:
        raise Lost(f"left in the state: {sorted(bench.state)}")
    _twilio_is_back(bench, outside)
    _vapi_is_back(bench, outside)


def _run(ground: Ground, outside: Outside, declared: Declared | None, **env: str) -> str:
    """Run; give what failed, and keep what was said."""
    said, failed = ground.run(declared, {**ground.bench.operation.env, **ENV, **env})
    outside.said += [*said, failed]
    return failed


def _touched(bench: Bench, target: Target) -> list[bool]:
    """Tell of each write of the run so far whether it touches the number."""
    sandbox = bench.sandbox
    if target.is_service:
        marks = (MG,)
    else:
        ids = {r["id"] for r in sandbox.vapi_numbers() if r["number"] == target.number}
        ids |= {id_ for id_, r in bench.at_start["vapi"].items() if r["number"] == target.number}
        marks = (sandbox.number(target.number)["sid"], target.number, *ids)
    writes = [entry for entry in sandbox.journal() if entry["method"] != "GET"]
    return [any(mark in f"{entry['path']} {entry['parameters']}" for mark in marks) for entry in writes]


def _is_between_writes(bench: Bench, target: Target) -> bool:
    """Tell whether the first of the number's own writes is under way, or done; the held call is in the journal."""
    return any(_touched(bench, target))


def _theirs(sandbox: RunningSandbox, target: Target) -> Record | None:
    found = record_of(sandbox, target.number)
    return found if found is not None and found.get("name") == THEIRS else None


def _judge(bench: Bench, outside: Outside, *, is_repairing: bool) -> None:
    """Hold that what others did is there, recorded or named, and every original too."""
    now, state = bench.standing(), json.dumps(bench.state, default=str)
    target = outside.target
    if outside.event == "routed elsewhere" and not (is_repairing or outside.in_between):
        url = (
            now["messaging_services"][MG]["inbound_request_url"]
            if target.is_service
            else _sms_url(now, target.number)
        )
        if url != FOREIGN_URL and FOREIGN_URL not in state:
            raise Lost(f"routed elsewhere, and now at {url}; said was {outside.told!r}")
    if outside.theirs is not None and bench.operation.name != "adopt":
        held = record_of(bench.sandbox, target.number)
        if held != outside.theirs:
            raise Lost(f"somebody else's record {outside.theirs} is now {held}; said was {outside.told!r}")
    for number, held in now["numbers"].items():
        before = bench.baseline["numbers"].get(number, held)
        at_vapi = held["sms_url"] == VAPI_SMS and before["sms_url"] != VAPI_SMS
        is_theirs = number == target.number and outside.event == "another one imports it"
        if at_vapi and not is_theirs and number not in state and held["sid"] not in state:
            raise Lost(f"{number} is at Vapi, and its original is nowhere; said was {outside.told!r}")


def _sms_url(standing: Record, number: str) -> str:
    return str(standing["numbers"][number]["sms_url"])


def _twilio_is_back(bench: Bench, outside: Outside, *, named_in: str | None = None) -> None:
    """Hold that Twilio is as before, but for what others did there; given a text, only of the numbers it names."""
    wanted, found = ({**s, "vapi": {}} for s in (bench.baseline, bench.standing()))
    wanted = json.loads(json.dumps(wanted))
    if outside.event in ("joined a service", "left a service"):
        for service in (*wanted["messaging_services"].values(), *found["messaging_services"].values()):
            service.pop("numbers", None)
    if not outside.target.is_service:
        _leave_theirs(outside, wanted["numbers"], found["numbers"])
    elif outside.event == "routed elsewhere":
        before, now = (each["messaging_services"][MG] for each in (wanted, found))
        _allow(before, now, {"inbound_request_url": FOREIGN_URL})
    if named_in is not None:
        for standing in (wanted, found):
            standing["numbers"] = {n: held for n, held in standing["numbers"].items() if n in named_in}
    compare("Twilio after destroy", wanted, found)


def _leave_theirs(outside: Outside, wanted: Record, found: Record) -> None:
    """Take what others did to the number for wanted, where it is there."""
    number = outside.target.number
    if outside.bought is not None:
        # Sold while its import was on its way: Vapi wrote on its new owner's number, and all to do is to say so.
        is_named = outside.in_between and number in outside.told
        wanted[number] = found[number] if is_named else outside.bought
    elif outside.routed is not None:
        # What somebody set beside a fallback of ours, or none, stays as a whole.
        theirs = {name: value for name, value in outside.routed.items() if name.startswith("sms_")}
        _allow(wanted[number], found[number], theirs)
    elif outside.event == "another one imports it":
        _allow(wanted[number], found[number], {"sms_url": VAPI_SMS, "sms_application_sid": ""})
    elif outside.event == "moved to a subaccount":
        wanted[number].update({name: found[number].get(name) for name in ("account_sid", "uri")})


def _settings(record: Record) -> Record:
    """Give what a person sees of a record at Vapi."""
    return {name: record.get(name, "") for name in ("number", "name", "assistantId", "squadId", "smsEnabled")}


def _allow(wanted: Record, found: Record, change: Record) -> None:
    """Take what somebody else put there for wanted, where it is there."""
    if all(found.get(name) == value for name, value in change.items()):
        wanted.update(change)


def _vapi_is_back(bench: Bench, outside: Outside) -> None:
    """Hold that Vapi is as before: but for what others did there, and for what was named and left."""
    before, now = bench.baseline["vapi"], bench.standing()["vapi"]
    number = outside.target.number
    for id_, record in now.items():
        if id_ in before or record.get("name") == THEIRS:
            continue
        if any(_settings(record) == _settings(each) for each in before.values()):
            continue  # adopted, deleted by somebody, imported again, and left with its former settings
        if not (
            outside.event in (*_OUTLIVES, "readings lag by 12 s")
            and (id_ in outside.told or record["number"] in outside.told)
        ):
            raise Lost(f"left at Vapi and not named: {record}; said was {outside.told!r}")
    for id_, record in before.items():
        mine = record["number"] == number
        if now.get(id_) != record and not (mine or outside.event in _OUTLIVES):
            raise Lost(f"{record} is {now.get(id_)} at Vapi; said was {outside.told!r}")
    if outside.theirs is not None:
        held = {**(record_of(bench.sandbox, number) or {}), "updatedAt": outside.theirs["updatedAt"]}
        if held != outside.theirs:
            raise Lost(f"somebody else's record {outside.theirs} is in the end {held}")
