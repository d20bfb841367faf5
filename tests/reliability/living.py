"""One life of a stack between what is declared and what others do: each step is judged by what both vendors hold.

The rules are written again here, apart from the product's: what is somebody else's is known by its address.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any

from vapi_sms.core.routing import Routing, VoiceRouting
from vapi_sms.core.values import Original, Source
from vapi_sms.resources.records import records_of
from vapi_sms.sandbox import RunningSandbox

from tests.engine.project import until
from tests.reliability.bench import Bench, Lost, Record
from tests.reliability.killing import EXPECTED
from tests.reliability.operations import AnyStack, Declared, Operation
from tests.resources.provider import Provider, ProviderDied
from tests.sandbox.world import (
    AC,
    APPLICATION,
    DEMO,
    ORG,
    SALES,
    SILENT,
    STUDIO,
    SUPPORT,
    TRUNK,
    VAPI_SMS,
    VAPI_VOICE,
    WEBHOOK,
    seed,
)

POOL = (WEBHOOK, STUDIO, APPLICATION, SILENT, DEMO)
"""The numbers that are declared: a webhook with everything, one in Vapi already, an app, a trunk, the demo reply."""
THEIRS = "a5000000-0000-4000-8000-000000000003"
FOREIGN = "https://foreign.example/"
ASSISTANTS = {"Support": SUPPORT, "Sales": SALES}
_ROUTING = ("url", "method", "fallback_url", "fallback_method", "application_sid")
SIGNS = ("\n", "Traceback", "a bug in vapi-sms", "canary")


def company() -> Record:
    """Give the seed: an assistant more, which nobody here declares."""
    found = seed()
    found["vapi"]["orgs"][0]["assistants"].append({"id": THEIRS, "name": "Theirs"})
    return found


def prepare(sandbox: RunningSandbox) -> None:
    """Let a number be in Vapi before us, and another's calls go to a trunk."""
    held = {"number": STUDIO, "twilioAccountSid": AC, "assistantId": THEIRS, "name": "Theirs"}
    sandbox.outside_vapi("create", org=ORG, set={**held, "smsEnabled": False})
    sandbox.outside_number(SILENT, trunk_sid=TRUNK)


class Life:
    """A stack from its first `up` to its destroy, judged at every step."""

    def __init__(self, sandbox: RunningSandbox, resource: str) -> None:
        self.sandbox = sandbox
        operation = Operation(resource, "any sequence", None, None, prepare=prepare, seed=company)
        self._bench = Bench(sandbox, operation)
        sandbox.clear_journal()
        self._left: set[str] = set()
        self._fault: Record = {}

    def records(self) -> dict[str, Original]:
        """Give what the state remembers, by number."""
        held = self._bench.state.get("originals")
        records = records_of(held.outs["originals"]).by_sid if held else {}
        return {record.number: record for record in records.values()}

    def fail(self, **fault: Any) -> None:  # noqa: ANN401 the fields of Fault
        """Let a fault strike the next step."""
        self._fault = fault

    def up(self, declared: dict[str, Declared], program: Declared, *, kill: Record | None = None) -> str:
        """Go up; give what was told where it failed. `declared` has options by number, `program` what is written."""
        before, held = self._numbers(), self.records()
        leave = {number for number in held if held[number].source is Source.LEAVE} | self._leaving(held)
        told, said, again = self._step(lambda stack: stack.up(**program), kill, program)
        now, records = self._numbers(), self.records()
        self._records_last(before, held, records)
        self._nothing_else_is_touched(before, now, {*declared, *held})
        if told is not None:
            self._failed(told, before, now, declared)
            return told
        if set(again.values()) != {"same"}:
            raise Lost(f"up again has more to do: {again}")
        for number, options in declared.items():
            self._is_declared(number, options, now[number], records[number])
        for number in held.keys() - records.keys():
            if number in leave:
                self._left.add(number)
            else:
                self._is_back(held[number], before[number], now[number], said)
        self._bench.keeps_the_laws()
        return ""

    def refresh(self) -> None:
        """Read everything, which writes nothing."""
        before = self._bench.standing()
        told, _, _ = self._step(lambda stack: stack.refresh(), None, None)
        if told is not None:
            _is_fit(told)
        if self._bench.standing() != before:
            raise Lost("refresh wrote")

    def destroy(self) -> None:
        """Destroy: every recorded number is back, but for what is somebody else's by now."""
        self._fault = {}
        before, held = self._numbers(), self.records()
        leave = {number for number in held if held[number].source is Source.LEAVE} | self._leaving(held)
        told, said, _ = self._step(lambda stack: stack.destroy(), None, None)
        if told is not None:
            raise Lost(f"destroy failed: {told}")
        now = self._numbers()
        self._nothing_else_is_touched(before, now, {*held})
        for number, record in held.items():
            if number in leave:
                self._left.add(number)
            else:
                self._is_back(record, before[number], now[number], said)
        if self._bench.state:
            raise Lost(f"left in the state: {sorted(self._bench.state)}")
        self._bench.keeps_the_laws()

    def _leaving(self, held: dict[str, Original]) -> set[str]:
        """Give the recorded numbers that were declared to be left as they are when they go."""
        declared = self._bench.state["originals"].outs.get("numbers", {}) if held else {}
        return {number for number, options in declared.items() if options.get("onRemove") == "leave"}

    def _step(
        self, act: Callable[[AnyStack], object], kill: Record | None, program: Declared | None
    ) -> tuple[str | None, str, dict[Any, str]]:
        """Let a process of its own act; give what failed, all that it said, and what `up` would do again."""
        told: str | None = None
        again: dict[Any, str] = {}
        with self._bench.process() as provider:
            if self._fault:
                self.sandbox.fault(**self._fault)
            try:
                self._act(provider, act, kill)
            except ProviderDied:
                told = ""
            except EXPECTED as error:
                told = str(error)
            self._fault = {}
            self.sandbox.clear_faults()
            until(lambda: all(entry["done"] for entry in self.sandbox.journal()))
            if told is None and program is not None:
                again = self._bench.stack(provider).preview(**program)
            said = "\n".join(provider.stderr())
        for sign in SIGNS[1:]:
            if sign in said:
                raise Lost(f"said with {sign!r}: {said}")
        return told, said, again

    def _act(self, provider: Provider, act: Callable[[AnyStack], object], kill: Record | None) -> None:
        stack = self._bench.stack(provider)
        if kill is None:
            act(stack)
            return
        self.sandbox.fault(**kill)
        over = threading.Event()

        def strike() -> None:
            until(lambda: over.is_set() or self.sandbox.held())
            if not over.is_set():
                provider.kill()
                self.sandbox.release("drop")

        killer = threading.Thread(target=strike)
        killer.start()
        try:
            act(stack)
        finally:
            over.set()
            killer.join()

    def _numbers(self) -> dict[str, Record]:
        """Give what both vendors hold of each number; Vapi's record without its id."""
        found = self._bench.standing()
        records = {record["number"]: record for record in found["vapi"].values()}
        return {
            number: {**held, "vapi": {k: v for k, v in records.get(number, {}).items() if k != "id"}}
            for number, held in found["numbers"].items()
        }

    def _records_last(
        self, before: dict[str, Record], held: dict[str, Original], records: dict[str, Original]
    ) -> None:
        """Hold that what was recorded stays recorded as it was, and that a new record is what was there."""
        for number, record in records.items():
            earlier = held.get(number)
            base = (record.found or record.messaging, record.voice, record.vapi)
            if earlier is not None:
                if base != (earlier.found or earlier.messaging, earlier.voice, earlier.vapi):
                    raise Lost(f"the record of {number} changed: {earlier} is now {record}")
            elif record.source is Source.CAPTURED and texts(record.messaging) != texts_of(before[number]):
                raise Lost(f"{number} is recorded as {record.messaging}, and was {texts_of(before[number])}")
            elif calls(record.voice) != calls_of(before[number]):
                raise Lost(f"{number} is recorded as {record.voice}, and was {calls_of(before[number])}")

    def _nothing_else_is_touched(
        self, before: dict[str, Record], now: dict[str, Record], ours: set[str]
    ) -> None:
        touched = [number for number in before if number not in ours and before[number] != now[number]]
        if touched:
            raise Lost(f"not ours, and changed: {touched}")

    def _failed(
        self, told: str, before: dict[str, Record], now: dict[str, Record], declared: dict[str, Declared]
    ) -> None:
        """Hold that it was told in one line; what changed and is not as declared is named in it."""
        if not told:
            return  # killed: nobody could tell
        _is_fit(told)
        records = self.records()
        for number, was in before.items():
            if was == now[number] or number in told:
                continue
            try:
                self._is_declared(number, declared[number], now[number], records[number])
            except (Lost, KeyError) as halfway:
                if number in declared:
                    raise Lost(
                        f"{number} was changed and is not named: {halfway}; told was: {told}"
                    ) from None

    def _is_declared(self, number: str, options: Declared, now: Record, record: Original) -> None:
        """Hold that both vendors hold what is declared of a number."""
        sms = options.get("sms_enabled", True)
        wanted = {"smsEnabled": sms, "assistantId": ASSISTANTS[options["assistant"]]}
        if options.get("name"):
            wanted["name"] = options["name"]
        found = {name: now["vapi"].get(name) for name in wanted}
        if found != wanted:
            raise Lost(f"{number} is {found} in Vapi, and declared as {wanted}")
        if sms and (now["sms_url"], now["sms_application_sid"]) != (VAPI_SMS, ""):
            raise Lost(f"texts to {number} are not at Vapi: {texts_of(now)}")
        if not sms and not is_foreign(texts_of(now)) and texts_of(now) != texts(record.messaging):
            raise Lost(f"texts to {number} are at {texts_of(now)}, and were at {record.messaging}")
        if options.get("voice") == "vapi":
            if answering(calls_of(now)) != VAPI_VOICE:
                raise Lost(f"calls to {number} are not at Vapi: {calls_of(now)}")
        elif not is_foreign(calls_of(now)) and calls_of(now) != calls(record.voice):
            raise Lost(f"calls to {number} are at {calls_of(now)}, and were at {record.voice}")

    def _is_back(self, record: Original, before: Record, now: Record, said: str) -> None:
        """Hold that a number is as recorded, but for channels that somebody else had taken, which is told."""
        number = record.number
        for channel, was, found, wanted in (
            ("texts", texts_of(before), texts_of(now), texts(record.messaging)),
            ("calls", calls_of(before), calls_of(now), calls(record.voice)),
        ):
            if is_foreign(was) and answering(was) != answering(wanted):
                if (
                    found[: len(found) - 2 * (channel == "calls")]
                    != was[: len(was) - 2 * (channel == "calls")]
                ):
                    raise Lost(f"somebody else's {channel} to {number} were taken: {was}, now {found}")
                if f"{channel} to {number} stay" not in said and not re.search(
                    f"{channel} to .*{channel} to", said
                ):
                    raise Lost(f"nobody was told that {channel} to {number} stay: {said!r}")
                if "api.vapi.ai" in str(found) and "api.vapi.ai" not in str(wanted):
                    raise Lost(f"{channel} to {number} still tell Vapi: {found}")
            elif found != wanted:
                raise Lost(f"{channel} to {number} are at {found}, and were at {wanted}")
        if record.vapi is None and now["vapi"]:
            raise Lost(f"{number} is still in Vapi: {now['vapi']}")
        if record.vapi is not None and before["vapi"]:
            settings = {"assistantId": record.vapi.assistant_id, "smsEnabled": record.vapi.sms_enabled}
            found_settings = {name: now["vapi"].get(name) for name in settings}
            if found_settings != settings or now["vapi"].get("name", "") != record.vapi.name:
                raise Lost(f"{number} is {now['vapi']} in Vapi, and was {record.vapi}")


def _is_fit(told: str) -> None:
    """Hold that people can read it."""
    for sign in SIGNS:
        if sign in told:
            raise Lost(f"told with {sign!r}: {told}")


def texts(routing: Routing) -> tuple[str, ...]:
    """Give a texts' routing as values that compare."""
    return (
        routing.url,
        routing.method or "POST",
        routing.fallback_url,
        routing.fallback_method or "POST",
        routing.application_sid,
    )


def texts_of(number: Record) -> tuple[str, ...]:
    """Give the same of what Twilio holds."""
    return tuple(number[f"sms_{name}"] for name in _ROUTING)


def calls(routing: VoiceRouting) -> tuple[str, ...]:
    """Give the calls' routing as values that compare, what is told of a call's end last."""
    callback = (routing.status_callback, routing.status_callback_method or "POST")
    return (*texts(routing), routing.trunk_sid, *callback)


def calls_of(number: Record) -> tuple[str, ...]:
    """Give the same of what Twilio holds."""
    others = ("trunk_sid", "status_callback", "status_callback_method")
    return (*(number[f"voice_{name}"] for name in _ROUTING), *(number[name] for name in others))


def answering(routing: tuple[str, ...]) -> str:
    """Give what answers: trunk and application come before the URL."""
    return "".join(routing[5:6]) or routing[4] or routing[0]


def is_foreign(routing: tuple[str, ...]) -> bool:
    """Tell what the outside put there, which everybody can tell from anything else."""
    return answering(routing).startswith(FOREIGN)
