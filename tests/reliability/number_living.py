"""The life of declared numbers: what each step of it has to lead to, by what both vendors hold."""

from __future__ import annotations

import time

from vapi_sms.core.values import Original, Source
from vapi_sms.resources.record.state import records_of
from vapi_sms.sandbox import RunningSandbox

from tests.reliability import judging
from tests.reliability.bench import Lost, Record
from tests.reliability.judging import THEIRS, is_fit, nothing_else_is_touched, records_last, texts_of
from tests.reliability.living import Life, release_and_buy
from tests.reliability.operations import Declared, Operation
from tests.sandbox.world import AC, APPLICATION, DEMO, ORG, SILENT, STUDIO, TRUNK, WEBHOOK, seed

POOL = (WEBHOOK, STUDIO, APPLICATION, SILENT, DEMO)
"""The numbers that are declared: a webhook with everything, one in Vapi already, an app, a trunk, the demo reply."""


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
    sandbox.settle()  # no reading that lags shows what was before all that


class NumberLife(Life):
    """A stack of a VapiSmsNumber or a VapiSmsFleet."""

    texts_only = False
    """Calls, and what Vapi knows, are not recorded."""

    def __init__(self, sandbox: RunningSandbox, resource: str) -> None:
        super().__init__(
            sandbox, Operation(resource, "any sequence", None, None, prepare=prepare, seed=company)
        )
        self._left: set[str] = set()
        """Numbers that have left as declared: as they were; their records stay until the next change."""
        self._parted: dict[str, str] = {}
        """What was said when numbers went whose records stay until then: it is not said once more."""
        self._back: set[str] = set()
        """Those of them that are back as recorded: what becomes of them after that is not ours to tell."""

    def is_declared(self, number: str, options: Declared, now: Record, record: Original) -> None:
        """Hold that both vendors hold what is declared of a number."""
        judging.is_declared(number, options, now, record)

    def is_back(self, record: Original, before: Record, now: Record, said: str) -> None:
        """Hold that a number is as recorded, but for what somebody else had taken."""
        judging.is_back(record, before, now, said)

    def is_another(self, record: Original, before: Record, now: Record, said: str) -> None:
        """Hold that a number that was bought again is its new owner's, and our import gone."""
        judging.is_left_alone(record, before, now, said)
        judging.is_back_at_vapi(record, before, now)

    def is_ours_alone(self, before: dict[str, Record], now: dict[str, Record], ours: set[str]) -> None:
        """Hold that nothing was written that is not ours to write."""
        nothing_else_is_touched(before, now, ours)

    def _was_written(self, sid: str) -> bool:
        """Tell whether texts to a number were ever to be routed by us; the journal holds all of a life."""
        return any(
            entry["method"] == "POST" and sid in entry["path"] and "SmsUrl" in entry["parameters"]
            for entry in self.sandbox.journal()
        )

    def records(self) -> dict[str, Original]:
        """Give what the state remembers, by number: of one that was bought again, what it is now."""
        held = self._bench.state.get("originals")
        found = records_of(held.outs["originals"]).by_sid.values() if held else ()
        there = {str(number["sid"]) for number in self._numbers().values()}
        return {record.number: record for record in sorted(found, key=lambda each: each.sid in there)}

    def bought_again(self, number: str) -> None:
        """Let a number be released, and bought again: it has another SID, and nothing of what it had."""
        release_and_buy(self.sandbox, number)

    def _own_records(self) -> dict[str, Original]:
        """Give what the resource itself remembers: of a number that it is still to be replaced for, it alone does."""
        held = [each.outs.get("original") for each in self._bench.state.values()]
        return {each.number: each for outs in held if outs for each in records_of(outs).by_sid.values()}

    def up(self, declared: dict[str, Declared], program: Declared, *, kill: Record | None = None) -> str:
        """Go up; give what was told where it failed. `declared` has options by number, `program` what is written."""
        before, held, own = self._numbers(), self.records(), self._own_records()
        leave, begun = self._leaving(held), time.monotonic()
        step = self._step(lambda stack: stack.up(**program), kill, lambda stack: stack.preview(**program))
        now, records = self._numbers(), self.records()
        records_last(before, held, records, texts_only=self.texts_only, seen=self._seen_since(begun))
        self.is_ours_alone(before, now, {*declared, *held, *own})
        gone = records.keys() - declared.keys()
        self._back = (self._back - declared.keys()) | {
            each for each in gone if self._is_back_now(records[each], now)
        }
        if step.told is not None:
            self._failed(step.told, before, now, declared)
            return step.told
        step.is_whole()
        for number, options in declared.items():
            self.is_declared(number, options, now[number], records[number])
            if number in held and held[number].sid != records[number].sid:
                judging.is_told_of(number, step.said)
                self._is_one_at_vapi(number)
        for number in held.keys() - records.keys():
            if number not in leave:
                self._is_let_go(held[number], before[number], now[number], step.said)
        self._parted = {number: self._parted.get(number, "") + step.said for number in gone}
        self._left = (self._left | (leave - declared.keys())) - declared.keys()
        self._bench.keeps_the_laws()
        return ""

    def destroy(self) -> None:
        """Destroy: every recorded number is back, but for what is somebody else's by now."""
        self._fault = {}
        before, held = self._numbers(), {**self._own_records(), **self.records()}
        leave = self._leaving(held)
        step = self._step(lambda stack: stack.destroy())
        if step.told is not None:
            raise Lost(f"destroy failed: {step.told}")
        now = self._numbers()
        self.is_ours_alone(before, now, {*held})
        for number, record in held.items():
            if number not in leave | self._left:
                self._is_let_go(record, before[number], now[number], step.said)
        if self._bench.state:
            raise Lost(f"left in the state: {sorted(self._bench.state)}")
        self._bench.keeps_the_laws()

    def _is_let_go(self, record: Original, before: Record, now: Record, said: str) -> None:
        if self.texts_only and not self._was_written(record.sid) and texts_of(before) == texts_of(now):
            return  # no write of ours ever reached it, so nobody is owed a word
        if record.number in self._back and before == now:
            return
        judge = self.is_another if judging.is_bought_again(record, now) else self.is_back
        judge(record, before, now, self._parted.get(record.number, "") + said)

    def _is_back_now(self, record: Original, now: dict[str, Record]) -> bool:
        """Tell whether a number is as recorded, so that nobody has to be told of anything."""
        try:
            self.is_back(record, now[record.number], now[record.number], "")
        except Lost:
            return False
        return True

    def _is_one_at_vapi(self, number: str) -> None:
        """Hold that the import of the number that it was before is gone."""
        found = [record["id"] for record in self.sandbox.vapi_numbers() if record["number"] == number]
        if len(found) > 1:
            raise Lost(f"{number} was bought again, and Vapi knows it as {found}")

    def _leaving(self, held: dict[str, Original]) -> set[str]:
        """Give the recorded numbers that were declared to be left as they are, or at Vapi, when they go."""
        declared = self._bench.state["originals"].outs.get("numbers", {}) if held else {}
        dropped = {number for number, options in declared.items() if options.get("onRemove") == "leave"}
        return dropped | {number for number, record in held.items() if record.source is Source.LEAVE}

    def _failed(
        self, told: str, before: dict[str, Record], now: dict[str, Record], declared: dict[str, Declared]
    ) -> None:
        """Hold that it was told in one line; what changed and is not as declared is named in it."""
        if not told:
            return  # killed: nobody could tell
        is_fit(told)
        records = self.records()
        for number, was in before.items():
            if was == now[number] or number in told:
                continue
            try:
                self.is_declared(number, declared[number], now[number], records[number])
            except (Lost, KeyError) as halfway:
                if number in declared:
                    raise Lost(
                        f"{number} was changed and is not named: {halfway}; told was: {told}"
                    ) from None
