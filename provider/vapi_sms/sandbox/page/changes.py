"""What is drawn of all numbers, kept in step with what the vendors hold; only what may have changed is drawn anew.

Things are kept with a count of their changes. A number's own change, or that of its phone number at Vapi, concerns it
alone; of anything else that decides (services, apps, assistants, switches) all may hang.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vapi_sms.sandbox.page.chain import Drawn, drawn, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vapi_sms.sandbox.kept import Kept
    from vapi_sms.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of the numbers since the last look."""

    numbers: list[Drawn]
    gone: list[str]


class DrawnNumbers:
    """All numbers of one sandbox, drawn."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._drawn: dict[str, Drawn] = {}
        self._stamp: tuple[Any, ...] = ()
        self._counts: list[int] = []

    def all(self) -> list[Drawn]:
        """Return them as they were at the last look, in the order of the accounts."""
        return list(self._drawn.values())

    def look(self) -> Changes:
        """Draw anew what may have changed, and return what did."""
        stamp, own = self._everybodys(), self._own()
        # Counted first: a change in between is found by the next look.
        counts = [kept.changes for kept in own]
        concerned = self._concerned(own) if stamp == self._stamp else None
        self._stamp, self._counts = stamp, counts
        return self._redrawn(concerned)

    def _everybodys(self) -> tuple[Any, ...]:
        """Return what changes when anything does that may decide for many numbers; a reset brings another Twilio."""
        twilio, orgs = self._world.twilio, self._world.vapi.orgs.values()
        things: list[Kept[Any]] = [twilio.account_records]
        for account in twilio.accounts.values():
            things += [account.applications, account.services, account.short_codes]
        for org in orgs:
            things += [org.assistants, org.squads]
        return (twilio, self._world.vapi, self._world.behaviour, *(kept.changes for kept in things))

    def _own(self) -> list[Kept[Any]]:
        numbers = [account.numbers for account in self._world.twilio.accounts.values()]
        return [*numbers, *(org.phone_numbers for org in self._world.vapi.orgs.values())]

    def _concerned(self, own: list[Kept[Any]]) -> set[str] | None:
        """Return the numbers that something happened to; None where it is not known any more."""
        found: set[str] = set()
        for kept, count in zip(own, self._counts, strict=True):
            things = kept.changed_since(count)
            if things is None:
                return None
            found |= {
                str(thing.get("number")) if isinstance(thing, dict) else thing.phone_number
                for thing in things
            }
        return found

    def _redrawn(self, concerned: set[str] | None) -> Changes:
        twilio = self._world.twilio
        if concerned is None:
            now = {name_of(number): drawn(self._world, number) for number in self._recipients()}
            gone = [name for name in self._drawn if name not in now]
        else:
            there = (twilio.by_phone.get(name) for name in concerned)
            now = {number.phone_number: drawn(self._world, number) for number in there if number is not None}
            gone = [name for name in concerned if name in self._drawn and name not in now]
        for name in gone:
            del self._drawn[name]
        changed = [self._noted(name, number) for name, number in now.items() if not self._is_as(name, number)]
        return Changes(changed, gone)

    def _is_as(self, name: str, number: Drawn) -> bool:
        before = self._drawn.get(name)
        return before is not None and {**before, "was": None} == {**number, "was": None}

    def _noted(self, name: str, number: Drawn) -> Drawn:
        """Keep a number as it is drawn now, with who answered it before."""
        before = self._drawn.get(name)
        if before is None:
            was = None
        elif before["answeredBy"] == number["answeredBy"]:
            was = before["was"]
        else:
            was = before["answeredBy"]
        self._drawn[name] = {**number, "was": was}
        return self._drawn[name]

    def forget(self) -> None:
        """Forget who answered before, as after a reset."""
        self._drawn.clear()
        self._stamp = ()

    def _recipients(self) -> Iterator[Any]:
        for account in self._world.twilio.accounts.values():
            yield from account.numbers.values()
            yield from account.short_codes.values()
