"""The life of a MessagingServiceInbound with numbers that rely on it: what each step of it has to lead to."""

from __future__ import annotations

import re
from typing import Any

from vapi_sms.core.services.pool import ServiceOriginal
from vapi_sms.resources.record.state import records_of
from vapi_sms.resources.service.state import load_service
from vapi_sms.sandbox import RunningSandbox

from tests.reliability.bench import Lost, Record
from tests.reliability.judging import (
    FOREIGN,
    is_fit,
    is_told_of,
    nothing_else_is_touched,
    texts,
    texts_of,
)
from tests.reliability.living import Life, release_and_buy
from tests.reliability.operations import AnyStack, Declared, Operation
from tests.resources.service_stack import NumberStack, ServiceStack
from tests.resources.stack import Held, Kind
from tests.sandbox.pool import POOL, answers, pool_seed, service_record
from tests.sandbox.world import MG, VAPI_SMS

VAPI = "Vapi"
Answers = dict[str, str]


class ServiceLife(Life):
    """A stack of one service and of VapiSmsNumbers in its pool.

    What no step may do: change who answers a number that nobody declares, unless somebody changed that number, or the
    service, by hand since the last step that succeeded.
    """

    def __init__(self, sandbox: RunningSandbox) -> None:
        super().__init__(
            sandbox, Operation("MessagingServiceInbound", "any sequence", None, None, seed=pool_seed)
        )
        self._numbers_held: dict[str, dict[Kind, Held]] = {}
        self._excused: set[str] = set()
        self._set_elsewhere: dict[str, set[str]] = {}
        self._came: set[str] = set()
        """Numbers that came into the pool, of whom destroy tells that the service answers for them, too."""
        self._answers_alone: Answers = {}
        """Who answers numbers that were bought again, where nothing is declared of them and no service hides them."""
        self._first = {number: texts_of(held) for number, held in self._numbers().items()}

    def set_elsewhere(self, number: str, url: str) -> None:
        """Take notice that somebody routed a number's own texts to a URL."""
        self._set_elsewhere.setdefault(number, set()).add(url)
        self._excused.add(number)

    def bought_again(self, number: str, *, joins: bool) -> None:
        """Let a number be released, and bought again: it has another SID, nothing of what it had, and no service."""
        release_and_buy(self.sandbox, number)
        self._first[number] = texts_of(self._numbers()[number])
        self._set_elsewhere.pop(number, None)
        self._came.discard(number)
        self._answers_alone[number] = answers(self.sandbox, (number,))[number]
        if joins:
            self.sandbox.outside("number", number=number, messaging_service=MG)
            self._came.add(number)

    def excuse(self, *numbers: str) -> None:
        """Take notice that somebody changed who answers these numbers, which the next step may change back."""
        self._excused |= {*numbers}

    def up(self, service: Declared, numbers: dict[str, Declared], *, kill: Record | None = None) -> str:
        """Go up; give what was told where it failed. `numbers` has options of VapiSmsNumbers."""
        before, held, answered = self._numbers(), self._record(), answers(self.sandbox)
        ours, sids = {*numbers, *self._numbers_held}, self._recorded_sids()
        step = self._step(
            lambda stack: self._bring_up(_service(stack), service, numbers),
            kill,
            lambda stack: self._left_to_do(_service(stack), service, numbers),
        )
        self._holds_always(before, held, answered, ours)
        if step.told is not None:
            if step.told:
                is_fit(step.told)
            return step.told
        step.is_whole()
        self._is_declared(service, numbers)
        self._is_told_of_bought_again(sids, step.said)
        self._bench.keeps_the_laws()
        self._excused = set()
        return ""

    def destroy(self) -> None:
        """Destroy: the service and every number are as recorded, but for what is somebody else's by now."""
        self._fault = {}
        before, held, answered = self._numbers(), self._record(), answers(self.sandbox)
        service, ours, sids = self._service(), {*self._numbers_held}, self._recorded_sids()
        step = self._step(lambda stack: self._tear_down(_service(stack)))
        if step.told is not None:
            raise Lost(f"destroy failed: {step.told}")
        if self._bench.state or self._numbers_held:
            raise Lost(f"left in the state: {sorted(self._bench.state)}, {sorted(self._numbers_held)}")
        self._holds_always(before, held, answered, ours)
        if held is not None:
            self._service_is_back(held, service, step.said)
        for number, now in self._numbers().items():
            self._number_is_back(number, before[number], now)
        self._is_told_of_bought_again(sids, step.said)
        self._is_told_of_those_that_came(answered, ours, step.said)
        self._bench.keeps_the_laws()
        self._excused = set()

    def _bring_up(self, stack: ServiceStack, service: Declared, numbers: dict[str, Declared]) -> None:
        """Go up as the engine does: the service, what relies on it, and at last what is declared no more."""
        stack.up(MG, **service, declared=sorted(numbers))
        for number, options in numbers.items():
            self._number(stack, number).up(number=number, messaging_service=MG, **options)
        for number in self._numbers_held.keys() - numbers.keys():
            self._number(stack, number).destroy()
            del self._numbers_held[number]

    def _left_to_do(
        self, stack: ServiceStack, service: Declared, numbers: dict[str, Declared]
    ) -> dict[Any, str]:
        found: dict[Any, str] = {**stack.preview(MG, **service, declared=sorted(numbers))}
        for number, options in numbers.items():
            left = self._number(stack, number).preview(number=number, messaging_service=MG, **options)
            found |= {(number, kind): done for kind, done in left.items()}
        return found

    def _tear_down(self, stack: ServiceStack) -> None:
        for number in [*self._numbers_held]:
            self._number(stack, number).destroy()
            del self._numbers_held[number]
        stack.destroy()

    def _number(self, stack: ServiceStack, number: str) -> NumberStack:
        found = NumberStack(stack.provider, name=number)
        found.state = self._numbers_held.setdefault(number, {})
        return found

    def _record(self) -> ServiceOriginal | None:
        held = self._bench.state.get("original")
        return load_service(held.outs["original"]) if held else None

    def _recorded_sids(self) -> dict[str, str]:
        """Give by which SIDs the numbers that rely on the service are recorded, which may be others by now."""
        there = {number["sid"] for number in self._numbers().values()}
        return {
            record.number: record.sid
            for held in self._numbers_held.values()
            if "originals" in held
            for record in sorted(
                records_of(held["originals"].outs["originals"]).by_sid.values(),
                key=lambda each: each.sid in there,
            )
        }

    def _is_told_of_bought_again(self, sids: dict[str, str], said: str) -> None:
        """Hold that people are told of declared numbers that are others by now, and that Vapi knows each once."""
        at_vapi = [record["number"] for record in self.sandbox.vapi_numbers()]
        for number, now in self._numbers().items():
            if number in sids and sids[number] != now["sid"]:
                is_told_of(number, said)
            if at_vapi.count(number) > 1:
                raise Lost(f"Vapi knows {number} {at_vapi.count(number)} times")

    def _is_told_of_those_that_came(self, answered: Answers, ours: set[str], said: str) -> None:
        """Hold that people are told for which numbers that came meanwhile the service answers, too."""
        for number, now in answers(self.sandbox).items():
            is_told = re.search(f"answers for .*{re.escape(number)}", said)
            if number in self._came - ours and _short(now) != _short(answered[number]) and not is_told:
                raise Lost(f"nobody was told that the service answers for {number}, too: {said!r}")

    def _service(self) -> Record:
        return service_record(self.sandbox)

    def _holds_always(
        self, before: dict[str, Record], held: ServiceOriginal | None, answered: Answers, ours: set[str]
    ) -> None:
        """Hold what is so after every step, whether it succeeded, failed or was killed."""
        kept = {each.number for each in held.kept.values()} if held else set()
        nothing_else_is_touched(before, self._numbers(), {*self._service()["numbers"], *kept, *ours})
        self._record_lasts(before, held)
        service = answered_by_service(answered)
        for number, now in answers(self.sandbox).items():
            alone = self._answers_alone.get(number, answered[number])
            allowed = {answered[number], VAPI, service, alone} if number in ours else {answered[number]}
            allowed |= {service} if number in self._came else set()
            # Somebody's own handler that is awake sleeps again once the service answers, which destroy tells.
            # A service that was found deferring gives numbers of ours to their own handlers, which is held elsewhere.
            deferred = number in ours and held is not None and held.inbound.defers
            excused = number in self._excused or FOREIGN in answered[number] or deferred
            if not excused and _short(now) not in {_short(each) for each in allowed}:
                raise Lost(f"{number} was answered by {answered[number]}, and is by {now}")

    def _record_lasts(self, before: dict[str, Record], held: ServiceOriginal | None) -> None:
        """Hold that what is recorded stays so, and that a new record is what was there."""
        record = self._record()
        if record is None:
            return
        if held is not None and held.inbound != record.inbound:
            raise Lost(f"the record of the service changed: {held.inbound} is now {record.inbound}")
        for sid, kept in record.kept.items():
            found, was = texts(kept.messaging), held.kept.get(sid) if held else None
            if (was is None or was != kept) and found != texts_of(before[kept.number]):
                raise Lost(f"{kept.number} is recorded as {found}, and was {texts_of(before[kept.number])}")
            if was is not None and was != kept and not found[0].startswith(FOREIGN):
                raise Lost(f"the record of {kept.number} changed: {was} is now {kept}")

    def _is_declared(self, service: Declared, numbers: dict[str, Declared]) -> None:
        """Hold that both vendors hold what is declared."""
        defers = self._service()["use_inbound_webhook_on_number"]
        if defers != service["defer_to_sender"]:
            raise Lost(f"the service defers: {defers}, and is declared as {service}")
        found = answers(self.sandbox)
        for number, options in numbers.items():
            if options["sms_enabled"] and not found[number].startswith(VAPI):
                raise Lost(f"{number} is answered by {found[number]}, and declared as {options}")

    def _service_is_back(self, held: ServiceOriginal, before: Record, said: str) -> None:
        now, wanted = self._service(), held.inbound
        if now["use_inbound_webhook_on_number"] != wanted.defers:
            raise Lost(
                f"the service defers: {now['use_inbound_webhook_on_number']}, and did: {wanted.defers}"
            )
        url, was = now["inbound_request_url"], before["inbound_request_url"]
        if was.startswith(FOREIGN) and was != wanted.handler.url:
            if url != was or "keeps Webhook" not in said:
                raise Lost(f"the service's {was} is {url}; said was {said!r}")
        elif url != wanted.handler.url:
            raise Lost(f"the service calls {url}, and called {wanted.handler.url}")

    def _number_is_back(self, number: str, before: Record, now: Record) -> None:
        """Hold that a number has the own routing that it had at first, or one that somebody set since."""
        found, elsewhere = texts_of(now), self._set_elsewhere.get(number, set())
        # Of a handler that was recorded, and is set again with another method, the whole routing comes back (law 4).
        if texts_of(before)[0] in elsewhere and found[0] != texts_of(before)[0]:
            raise Lost(f"somebody else's texts to {number} were taken: {texts_of(before)}, now {found}")
        if found != self._first[number] and found[0] not in elsewhere:
            raise Lost(f"texts to {number} are at {found}, and were at {self._first[number]}")
        if now["vapi"] or VAPI_SMS in found:
            raise Lost(f"{number} is still in Vapi: {now['vapi']}, {found}")


def answered_by_service(answered: Answers) -> str:
    """Give who answers the number that has the service's handler as its own."""
    return answered[POOL[-1]]


def _service(stack: AnyStack) -> ServiceStack:
    assert isinstance(stack, ServiceStack)
    return stack


def _short(answer: str) -> str:
    return VAPI if answer.startswith(VAPI) else answer
