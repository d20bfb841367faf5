"""Things that remember for a while what they were, so that a reading can be answered as a lagging replica would.

What is kept is never changed in place: a change puts another value there. That makes a memory of one reference a
change, and the past a matter of taking back what came after it.
"""

from __future__ import annotations

import itertools
import time
from collections import UserDict, deque
from typing import TYPE_CHECKING, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import ItemsView, ValuesView

MOST_LAG_MS = 60_000
"""How far back anything is remembered."""

MOST_RECENT = 10_000
"""How many things that come without end are kept; Twilio lists no more alerts either."""

Thing = TypeVar("Thing")


class Kept(UserDict[str, Thing]):
    """Things by SID or id, in the order in which they came."""

    def __init__(self) -> None:
        self._past: deque[tuple[float, str, Thing | None]] = deque()
        self.changes = 0
        super().__init__()

    def __setitem__(self, name: str, thing: Thing) -> None:
        self._note(name)
        self.data[name] = thing

    def __delitem__(self, name: str) -> None:
        self._note(name)
        del self.data[name]

    def items(self) -> ItemsView[str, Thing]:
        """Return names and things, as fast as a dict does."""
        return self.data.items()

    def values(self) -> ValuesView[Thing]:
        """Return the things, as fast as a dict does."""
        return self.data.values()

    def as_of(self, instant: float) -> Self:
        """Return what was here at an instant of the monotonic clock; it takes no part in changes from now on."""
        then = type(self)()
        then.data = dict(self.data)
        for when, name, before in reversed(self._past):
            if when <= instant:
                break
            if before is None:
                then.data.pop(name, None)
            else:
                then.data[name] = before
        return then

    def settle(self) -> None:
        """Let what is here now count as what was always here."""
        self._past.clear()

    def age(self, seconds: float) -> None:
        """Let what happened have happened so many seconds earlier: the clock was moved on."""
        self._past = deque((when - seconds, name, before) for when, name, before in self._past)

    def changed_since(self, changes: int) -> list[Thing] | None:
        """Return what changed after so many changes, as it was and as it is; None where that is forgotten."""
        new = self.changes - changes
        if new > len(self._past):
            return None
        past = list(itertools.islice(reversed(self._past), new))
        before = [thing for _, _, thing in past if thing is not None]
        return before + [self.data[name] for name in {name for _, name, _ in past} if name in self.data]

    def _note(self, name: str) -> None:
        self.changes += 1
        now = time.monotonic()
        while self._past and self._past[0][0] < now - MOST_LAG_MS / 1000:
            self._past.popleft()
        self._past.append((now, name, self.data.get(name)))


class Recent(Kept[Thing]):
    """Things that come without end: of more than are kept the oldest is forgotten."""

    most = MOST_RECENT

    def __setitem__(self, name: str, thing: Thing) -> None:
        super().__setitem__(name, thing)
        if len(self.data) > self.most:
            del self[next(iter(self.data))]
