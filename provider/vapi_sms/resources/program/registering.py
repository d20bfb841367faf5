"""What only the program can tell: who a resource is, and which of its numbers are declared, or declared twice."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi.runtime import settings

from vapi_sms.core.documents import unfold
from vapi_sms.core.e164 import E164
from vapi_sms.core.inert import line
from vapi_sms.resources.engine.interrupting import end_quietly
from vapi_sms.resources.inputs.contradictions import Contradiction
from vapi_sms.resources.inputs.words import IS_UP


class Mistake(pulumi.RunError):
    """A mistake in the program: Pulumi prints it as one line, or one for each text, without a traceback."""

    def __init__(self, *texts: str) -> None:
        super().__init__("\n".join(map(line, texts)))


# Python prints module and class before the text: people read where they are, not in which of its files.
Mistake.__module__ = "vapi_sms.resources.program"


@contextmanager
def mistakes() -> Iterator[None]:
    """Let what contradicts itself be the program's mistake."""
    try:
        yield
    except Contradiction as contradiction:
        raise Mistake(*contradiction.texts) from None


def project_and_stack() -> tuple[str, str]:
    """Give the names of the running project and stack."""
    return pulumi.get_project(), pulumi.get_stack()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a program declares a resource: below which parent, if any, and by which name. Its URN is made of that."""

    name: str
    parent: pulumi.Resource | None = None

    @classmethod
    def of(cls, name: str, opts: pulumi.ResourceOptions) -> Place:
        """Give the place of a resource with these options; the stack itself is nobody's parent."""
        parent = opts.parent
        return cls(name, None if parent is None or parent._type == _STACK else parent)  # noqa: SLF001 as Pulumi does

    @property
    def owner(self) -> Any:  # noqa: ANN401 a text, or an Output of one
        """Give what tells this resource from all others: org/project/stack/name, with its parents' types before a name.

        That is how the engine knows it: two components may each have a child of one name.
        """
        stack = "/".join((organization(), *project_and_stack()))
        if self.parent is None:
            return f"{stack}/{self.name}"
        urn = self.parent.urn
        # Without the dependency on the parent: of a component's child Pulumi would make a circle of it.
        known: pulumi.Output[str | None] = pulumi.Output(set(), urn.future(), urn.is_known(), urn.is_secret())
        return known.apply(lambda urn: f"{stack}/{str(urn).split('::')[2]}${self.name}")

    def __str__(self) -> str:
        above = f"{self.parent._name}/" if self.parent is not None else ""  # noqa: SLF001 as Pulumi does
        return f"{above}{self.name}"


def applying() -> dict[str, bool]:
    """Give the input that tells a check that what it finds is applied; a preview's checks are told nothing."""
    return {} if pulumi.runtime.is_dry_run() else {IS_UP: True}


_STACK = "pulumi:pulumi:Stack"


def organization() -> str:
    """Give the organization; Pulumi's own mocks have none."""
    return pulumi.get_organization() or "organization"


_declared: dict[str, Place] = {}
_deferred: set[str] = set()
_services: dict[str, Place] = {}
_run: list[Any] = [None]

_PATIENCE, _PAUSE = 10.0, 0.01  # seconds


def register(place: Place, *keys: object, moves: bool) -> None:
    """Note that a resource declares a number, by E.164 form or SID; raises Mistake where another one does too.

    What is not known yet cannot be compared here; the provider compares it. A number that moves here with the
    `original` of its old owner is the one duplicate allowed.
    """
    _start_anew()
    for key in keys:
        if not isinstance(key, str) or moves:
            continue
        _claim(place, key, key)


def are_all_registered(numbers: object) -> bool:
    """Tell whether `register` knows all of a resource's numbers by their E.164 forms, so that records tell no more.

    Each Output that waits for a record costs Pulumi time for every other one: they are made where they are needed.
    """
    return isinstance(numbers, Mapping) and all(map(E164.fullmatch, numbers))


def claimed(place: Place, originals: object, moving: Collection[str]) -> object:
    """Give on what a resource's sibling holds; raises Mistake where another resource declares the same number.

    This finds a number that is declared by its E.164 form there and by its SID here, which neither the constructors
    can tell, nor the providers where each resource has one of its own. `moving` are the numbers that move here.
    """
    if isinstance(held := unfold(originals), Mapping):
        for sid, record in held.items():
            number = str(record["number"])
            if sid not in moving and number not in moving:
                _claim(place, sid, number)
                _claim(place, number, number)
    return originals


def _claim(place: Place, key: str, subject: str) -> None:
    other = _declared.setdefault(key, place)
    if other != place:
        was, now = repr(str(other)), repr(str(place))
        raise Mistake(
            f"{subject} is declared twice, by {was} and by {now}: one resource answers for a number. To move it, "
            f"declare it in {now} with restore_to={other.name}.original, and give {was} retain_on_delete=True "
            "(a fleet's entry: on_remove='leave')"
        )


def register_service(place: Place, service: object) -> None:
    """Note that a resource declares a Messaging Service; raises Mistake where another one does too."""
    _start_anew()
    if isinstance(service, str):
        other = _services.setdefault(service, place)
        if other != place:
            was, now = repr(str(other)), repr(str(place))
            raise Mistake(
                f"Messaging Service {service} is declared twice, by {was} and by {now}: leave one of them out"
            )


def rely_on_service(*keys: object) -> None:
    """Note numbers, by E.164 form or SID, that are declared as deferred to by their Messaging Service."""
    _start_anew()
    _deferred.update(key for key in keys if isinstance(key, str))


async def relying_on_services() -> list[str]:
    """Give all those numbers, once the program is through and has declared the last of them.

    A service is declared before the numbers that rely on it. Whoever waits for it inside the program is not kept
    waiting for long: what is declared after that counts as declared by nobody, which refuses more, never less.
    """
    stack = settings.get_root_resource()
    for _ in range(int(_PATIENCE / _PAUSE)):
        # Pulumi's own mark that the program ended. It turns the event loop in the middle of one that looks things up.
        if getattr(stack, "_outputs_registered", True):
            break
        await asyncio.sleep(_PAUSE)
    return sorted(_deferred)


def _start_anew() -> None:
    """Forget the run before: inline programs run again and again in one process."""
    monitor = settings.get_monitor()
    if _run[0] is not monitor:
        _run[0] = monitor
        end_quietly()
        _declared.clear()
        _deferred.clear()
        _services.clear()
