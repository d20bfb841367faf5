"""A small engine: one VapiSmsNumber with its sibling, a dict as state, the rules of Pulumi's reference (5, 6, 9).

check -> diff -> create, update, or delete and create; the sibling first, on destroy last. A failed create records
nothing, a failed update keeps what was, and nothing that depends on what failed is tried.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from vapi_sms.resources.inputs.demands import engine_prove
from vapi_sms.resources.inputs.words import UNRECORDED, to_camel
from vapi_sms.resources.program.restore_to import engine_value, imports_of

from tests.resources.provider import UNKNOWN, Failure, Life, Props, Provider
from tests.sandbox.world import WEBHOOK

Kind = Literal["originals", "number"]
PROPS: Props = {"number": WEBHOOK, "assistant": "Support"}
"""What most tests declare."""
SAME = {"originals": "same", "number": "same"}
CHANGED = {"originals": "same", "number": "update"}


class Refused(Exception):
    """A check failed: what the engine prints as one line a failure."""

    def __init__(self, kind: Kind, failures: tuple[Failure, ...]) -> None:
        super().__init__("; ".join(failure.reason for failure in failures))
        self.kind, self.failures = kind, failures


@dataclass(slots=True)
class Held:
    """A resource in the state."""

    id: str
    inputs: Props
    outs: Props


class Stack:
    """The state of one declared number; `provider` can be replaced by another process at any time.

    Each run that may write has a process of its own, as with the engine; but for an `up` that is a part of another
    stack's (`is_part`).
    """

    is_part = False

    def __init__(
        self, provider: Provider, name: str = "support", owner: str = "organization/test/dev"
    ) -> None:
        self.provider = provider
        self.state: dict[Kind, Held] = {}
        self._owner: Props = {"owner": f"{owner}/{name}"}
        self._wrote_by: Provider | None = None

    def preview(self, **declared: Any) -> dict[Kind, str]:
        """Tell what `up` would do: same, create, update or replace."""
        return self._run(declared, (), dry=True)

    def up(self, *, replace: Collection[Kind] = (), **declared: Any) -> dict[Kind, str]:
        """Bring the state to what is declared, in the words of VapiSmsNumber; tell what was done."""
        if not self.is_part:
            self._begin()
        return self._run(declared, replace, dry=False)

    def refresh(self) -> None:
        """Read everything; what is gone leaves the state."""
        for kind, held in list(self.state.items()):
            id_, outs, inputs = self.life(kind).read(held.id, held.outs)
            if id_:
                self.state[kind] = Held(id_, inputs, outs)
            else:
                del self.state[kind]

    def destroy(self) -> None:
        """Delete what the state knows, dependents first."""
        self._begin()
        for kind in ("number", "originals"):
            self.delete(kind)

    def _begin(self) -> None:
        """Start a run: a process that has written in the one before is another run's."""
        if self._wrote_by is self.provider:
            self.provider.renew()
        self._wrote_by = None

    def life(self, kind: Kind) -> Life:
        """Give the calls of a resource's class."""
        return self.provider.number if kind == "number" else self.provider.originals

    def checked(self, kind: Kind, news: Props, *, afresh: bool = False) -> Props:
        """Check inputs against the old ones; raises Refused."""
        olds = {} if afresh or kind not in self.state else self.state[kind].inputs
        checked = self.life(kind).check(olds, news)
        if checked.failures:
            raise Refused(kind, checked.failures)
        return checked.inputs

    def sibling_props(self, *, adopt: object = False, restore_to: object = None, **given: object) -> Props:
        """Give what the program registers for the sibling."""
        number = given.get("number")
        key = number if number is not None else given.get("twilio_sid")
        return {
            **self._owner,
            "numbers": _by_key(key, {"adopt": adopt}),
            "restoreTo": None if restore_to is None else _by_key(key, restore_to),
            "imports": imports_of([(key, imported(given))]),
            "originals": UNRECORDED,
        }

    def number_props(self, originals: object, **given: object) -> Props:
        """Give what the program registers for the number."""
        usual = {"smsEnabled": True, "voice": "keep", "adopt": False}
        apart = ("restore_to", "prove")
        camel = {to_camel(name): engine_value(given[name]) for name in given if name not in apart}
        prove = engine_prove(given.get("prove"))
        return {**self._owner, **usual, **camel, **prove, "original": originals}

    def _run(self, declared: Props, replace: Collection[Kind], *, dry: bool) -> dict[Kind, str]:
        done, outs = self._step("originals", self.sibling_props(**declared), replace, dry=dry)
        news = self.number_props(outs["originals"], **declared)
        return {"originals": done, "number": self._step("number", news, replace, dry=dry)[0]}

    def _step(self, kind: Kind, news: Props, replace: Collection[Kind], *, dry: bool) -> tuple[str, Props]:
        inputs, held = self.checked(kind, news), self.state.get(kind)
        if held is None:
            return "create", self._create(kind, inputs, dry=dry)
        found = self.life(kind).diff(held.id, held.outs, inputs, held.inputs)
        if found.replaces or kind in replace:
            inputs = self.checked(kind, news, afresh=True)
            if not dry:
                self.delete(kind)
            return "replace", self._create(kind, inputs, dry=dry)
        if found.changes or (found.changes is None and inputs != held.inputs):
            return "update", inputs if dry else self._update(kind, held, inputs)
        held.inputs = held.inputs if dry else inputs
        return "same", held.outs

    def _create(self, kind: Kind, inputs: Props, *, dry: bool) -> Props:
        if not dry:
            self._wrote_by = self.provider
            id_, outs = self.life(kind).create(inputs)
            self.state[kind] = Held(id_, inputs, outs)
            return outs
        return inputs

    def _update(self, kind: Kind, held: Held, inputs: Props) -> Props:
        self._wrote_by = self.provider
        outs = self.life(kind).update(held.id, held.outs, inputs)
        self.state[kind] = Held(held.id, inputs, outs)
        return outs

    def delete(self, kind: Kind) -> None:
        """Delete one of the two, as a destroy does that is cut short after it."""
        if kind in self.state:
            self._wrote_by = self.provider
            self.life(kind).delete(self.state[kind].id, self.state[kind].outs)
            del self.state[kind]


def imported(given: Mapping[str, object]) -> Props:
    """Give the options that a number is to be imported with, as far as they are known, in the engine's words."""
    usual = {"smsEnabled": True}
    return usual | {to_camel(name): value for name, value in given.items() if value != UNKNOWN}


def _by_key(key: object, value: object) -> object:
    if key is None:
        return {}
    return UNKNOWN if key == UNKNOWN else {str(key): value}
