"""The small engine with a MessagingServiceInbound, and numbers beside it that rely on it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Literal

from vapi_sms.resources.dynamic import Service, ServiceOriginal
from vapi_sms.resources.inputs.words import UNRECORDED, to_camel

from tests.resources.provider import Failure, Life, Props, Provider
from tests.resources.stack import Held, Stack
from tests.sandbox.world import HIDDEN, MG

Kind = Literal["original", "service"]
SAME = {"original": "same", "service": "same"}
CHANGED = {"original": "same", "service": "update"}
SERVICE = f"Messaging Service Campaigns ({MG})"
SET = f"POST twilio /v1/Services/{MG}"
_AFTER_THE_SWITCH = "vapi-sms: once Vapi answers"


class Refused(Exception):
    """A check failed: what the engine prints as one line a failure."""

    def __init__(self, kind: Kind, failures: tuple[Failure, ...]) -> None:
        super().__init__("; ".join(failure.reason for failure in failures))
        self.kind, self.failures = kind, failures


@dataclass
class ServiceStack:
    """The state of one declared service and of the numbers that rely on it; `provider` can be replaced at any time."""

    provider: Provider
    name: str = "us"
    owner: str = "organization/test/dev"
    state: dict[Kind, Held] = field(default_factory=dict)
    numbers: dict[str, Stack] = field(default_factory=dict)
    _wrote_by: Provider | None = None

    def life(self, kind: Kind) -> Life:
        """Give the calls of a resource's class."""
        provider = ServiceOriginal() if kind == "original" else Service()
        return self.provider.life(provider)

    def preview(self, service: str, **declared: Any) -> dict[Kind, str]:
        """Tell what `up` would do: same, create, update or replace."""
        return self._run({"service": service, **declared}, dry=True)

    def up(
        self,
        service: str,
        *,
        replace: Collection[Kind] = (),
        **declared: Any,
    ) -> dict[Kind, str]:
        """Bring the service to what is declared, in the words of MessagingServiceInbound; tell what was done."""
        done = self._run({"service": service, **declared}, dry=False, replace=replace)
        self._wrote_by = self.provider
        return done

    def number(self, number: str) -> Stack:
        """Give the state of a number that relies on the service."""
        return self.numbers.setdefault(number, NumberStack(self.provider, name=number))

    def refresh(self) -> None:
        """Read everything; what is gone leaves the state."""
        for kind, held in list(self.state.items()):
            id_, outs, inputs = self.life(kind).read(held.id, held.outs)
            if id_:
                self.state[kind] = Held(id_, inputs, outs)
            else:
                del self.state[kind]

    def destroy(self) -> None:
        """Delete what the state knows, dependents first, in a run of its own."""
        if self._wrote_by is self.provider:
            self.provider.renew()
        self._wrote_by = None
        for number in list(self.numbers):
            self.numbers[number].destroy()
            del self.numbers[number]
        for kind in ("service", "original"):
            self.delete(kind)

    def delete(self, kind: Kind) -> None:
        """Delete one resource."""
        if kind in self.state:
            self.life(kind).delete(self.state[kind].id, self.state[kind].outs)
            del self.state[kind]

    def restart(self, provider: Provider) -> None:
        """Go on with another process."""
        self.provider = provider
        for number in self.numbers.values():
            number.provider = provider

    def props(self, kind: Kind, original: object = None, **given: object) -> Props:
        """Give what the program registers."""
        usual = {"deferToSender": True, "keepOthers": False, "declared": ""}
        camel = {to_camel(name): value for name, value in given.items()}
        if isinstance(declared := camel.get("declared"), list):
            camel["declared"] = ", ".join(sorted(declared))
        held = UNRECORDED if kind == "original" else original
        return {"owner": f"{self.owner}/{self.name}", **usual, **camel, "original": held}

    def checked(self, kind: Kind, news: Props, *, afresh: bool = False) -> Props:
        """Check inputs against the old ones; raises Refused."""
        olds = {} if afresh or kind not in self.state else self.state[kind].inputs
        checked = self.life(kind).check(olds, news)
        if checked.failures:
            raise Refused(kind, checked.failures)
        return checked.inputs

    def _run(self, declared: Props, *, dry: bool, replace: Collection[Kind] = ()) -> dict[Kind, str]:
        done, outs = self._step("original", self.props("original", **declared), dry=dry, replace=replace)
        news = self.props("service", outs["original"], **declared)
        return {"original": done, "service": self._step("service", news, dry=dry, replace=replace)[0]}

    def _step(self, kind: Kind, news: Props, *, dry: bool, replace: Collection[Kind]) -> tuple[str, Props]:
        inputs, held = self.checked(kind, news), self.state.get(kind)
        if held is None:
            return "create", inputs if dry else self._create(kind, inputs)
        found = self.life(kind).diff(held.id, held.outs, inputs)
        if found.replaces or kind in replace:
            inputs = self.checked(kind, news, afresh=True)
            if dry:
                return "replace", inputs
            self.delete(kind)
            return "replace", self._create(kind, inputs)
        if found.changes or (found.changes is None and inputs != held.inputs):
            return "update", inputs if dry else self._update(kind, held, inputs)
        held.inputs = held.inputs if dry else inputs
        return "same", held.outs

    def _create(self, kind: Kind, inputs: Props) -> Props:
        id_, outs = self.life(kind).create(inputs)
        self.state[kind] = Held(id_, inputs, outs)
        return outs

    def _update(self, kind: Kind, held: Held, inputs: Props) -> Props:
        outs = self.life(kind).update(held.id, held.outs, inputs)
        self.state[kind] = Held(held.id, inputs, outs)
        return outs


class NumberStack(Stack):
    """A number that relies on a service: its sibling is told, too."""

    is_part = True

    def sibling_props(
        self,
        *,
        adopt: object = False,
        restore_to: object = None,
        messaging_service: object = None,
        **given: object,
    ) -> Props:
        """Give what the program registers for the sibling."""
        props = super().sibling_props(adopt=adopt, restore_to=restore_to, **given)
        entries = {
            key: {**entry, "messagingService": messaging_service} for key, entry in props["numbers"].items()
        }
        return {**props, "numbers": entries}


def hand_over(stack: ServiceStack, number: str = HIDDEN) -> None:
    """Let Vapi answer a number that relies on the service."""
    stack.number(number).up(number=number, assistant="Support", messaging_service=MG)


def notices(provider: Provider) -> list[str]:
    """Give what people were told beside the plan, without what every switch to Vapi tells."""
    return [line for line in provider.stderr() if not line.startswith(_AFTER_THE_SWITCH)]
