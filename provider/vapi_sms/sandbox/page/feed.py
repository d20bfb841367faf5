"""What the page shows, as it changes: all of it for who comes, then changes alone, the same for everybody.

While somebody looks, the sandbox is compared with what was told of it, several times a second. While nobody does,
nothing is done.
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from vapi_sms.sandbox.page import happenings
from vapi_sms.sandbox.page.changes import DrawnNumbers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from vapi_sms.sandbox.control.journal import Entry
    from vapi_sms.sandbox.texts.heard import Heard
    from vapi_sms.sandbox.world import World

_PAUSE = 0.15
_MOST_WAITING = 200
"""How many changes wait for a browser that does not read; then it has to come again."""
MOST_SHOWN = 200
"""How many texts, and how many requests, are told at once: the latest."""

Told = dict[str, Any]


class _Item(Protocol):
    @property
    def n(self) -> int: ...
    @property
    def done(self) -> bool: ...


Item = TypeVar("Item", bound=_Item)


class _Tail(Generic[Item]):
    """What comes one after the other: told when it comes, and again when it is done.

    Of each kind as many are told at once as are shown: a thousand readings push no write away.
    """

    def __init__(
        self,
        after: Callable[[int], list[Item]],
        last: Callable[[], int],
        kind: Callable[[Item], object] = lambda _: None,
    ) -> None:
        self._after, self._last, self._kind, self._told = after, last, kind, last()
        self._under_way: list[Item] = []

    def begin(self) -> None:
        """Tell nothing of what is there."""
        self._told = self._last()
        self._under_way = [each for each in self.latest() if not each.done]

    def latest(self) -> list[Item]:
        """Return what came last."""
        return self._shown(self._after(0))

    def news(self) -> list[Item]:
        """Return what is new, and what is done by now."""
        new = self._shown(self._after(self._told))
        self._told = self._last()
        seen = [*self._under_way, *new]
        told = [each for each in self._under_way if each.done] + new
        self._under_way = [each for each in seen if not each.done]
        return told

    def _shown(self, items: list[Item]) -> list[Item]:
        kinds: dict[object, list[Item]] = {}
        for each in items:
            kinds.setdefault(self._kind(each), []).append(each)
        return sorted(
            (each for kind in kinds.values() for each in kind[-MOST_SHOWN:]), key=lambda each: each.n
        )


class Feed:
    """Tells everybody who looks at the page what has changed."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._numbers = DrawnNumbers(world)
        self._texts: _Tail[Heard] = _Tail(world.heard.after, lambda: world.heard.last)
        self._journal: _Tail[Entry] = _Tail(
            world.journal.after, lambda: world.journal.last, lambda entry: entry.method == "GET"
        )
        self._listeners: set[asyncio.Queue[str | None]] = set()
        self._looking: asyncio.Task[None] | None = None
        self._began: object = None
        self._switches: Told = {}

    async def events(self) -> AsyncIterator[str]:
        """Yield server-sent events until the browser is gone or the sandbox ends."""
        self._look()
        queue: asyncio.Queue[str | None] = asyncio.Queue(_MOST_WAITING)
        queue.put_nowait(_event("whole", self._whole()))
        self._listeners.add(queue)
        if self._looking is None:
            self._looking = asyncio.get_running_loop().create_task(self._keep_looking())
        try:
            while (event := await queue.get()) is not None:
                yield event
        finally:
            self._listeners.discard(queue)

    def close(self) -> None:
        """End all streams: the sandbox stops."""
        for queue in self._listeners:
            _end(queue)
        self._listeners.clear()

    async def _keep_looking(self) -> None:
        try:
            took = 0.0
            while self._listeners:
                # A change that thousands of numbers hang on takes a while: the vendors are to get their turn.
                await asyncio.sleep(max(_PAUSE, 3 * took))
                began = time.perf_counter()
                self._look()
                took = time.perf_counter() - began
        finally:
            self._looking = None
            # Whoever is still there, since a look failed, is to come again.
            self.close()

    def _look(self) -> None:
        """Tell everybody what has changed, if anything has."""
        # A reset makes both vendors anew, and a clearing takes back what was told of the journal.
        began = (self._world.twilio, self._world.journal.clearings)
        if began != self._began:
            self._began = began
            self._begin()
            return
        changes = self._numbers.look()
        told: Told = {
            "numbers": changes.numbers,
            "gone": changes.gone,
            "texts": [_text(text) for text in self._texts.news()],
            "journal": [self._entry(entry) for entry in self._journal.news()],
        }
        switches = self._switched()
        if switches != self._switches:
            self._switches = switches
            told |= switches
        told = {name: value for name, value in told.items() if value or name in switches}
        if told:
            self._tell(_event("change", told))

    def _begin(self) -> None:
        self._numbers.forget()
        self._numbers.look()
        self._texts.begin()
        self._journal.begin()
        self._switches = self._switched()
        if self._listeners:
            self._tell(_event("whole", self._whole()))

    def _tell(self, event: str) -> None:
        for queue in list(self._listeners):
            if queue.full():
                self._listeners.discard(queue)
                _end(queue)
            else:
                queue.put_nowait(event)

    def _whole(self) -> Told:
        return {
            "numbers": self._numbers.all(),
            "texts": [_text(text) for text in self._texts.latest()],
            "journal": [self._entry(entry) for entry in self._journal.latest()],
            **self._switches,
        }

    def _switched(self) -> Told:
        behaviour, seeded = self._world.behaviour, self._world.seed.behaviour
        return {
            "happenings": happenings.shown(behaviour, seeded),
            "switches": happenings.switched(behaviour, seeded),
            "faults": [f"fault {fault['n']}: {_spoken(fault)}" for fault in self._world.faults.listed()],
        }

    def _entry(self, entry: Entry) -> Told:
        return {
            "n": entry.n,
            "time": entry.time,
            "vendor": entry.vendor,
            "method": entry.method,
            "path": entry.path,
            "number": self._world.number_at(entry.path),
            "parameters": entry.parameters,
            "status": entry.status,
            "fault": entry.fault,
            "refused": entry.refused,
            "done": entry.done,
        }


def _text(heard: Heard) -> Told:
    return {
        "n": heard.n,
        "from": heard.sender,
        "to": heard.to,
        "body": heard.body,
        "pictures": heard.pictures,
        "done": heard.done,
        "answeredBy": heard.answer.get("answered_by"),
        "reply": heard.answer.get("reply"),
        "trace": heard.answer.get("trace", []),
    }


def _spoken(fault: Told) -> str:
    what = [str(fault[name]) for name in ("vendor", "method", "path") if name in fault]
    does = [f"{name}={fault[name]}" for name in ("status", "drop", "hold", "delay_ms") if name in fault]
    return " ".join([*what, *does])


def _event(name: str, told: Told) -> str:
    return f"event: {name}\ndata: {json.dumps(told, ensure_ascii=False, separators=(',', ':'))}\n\n"


def _end(queue: asyncio.Queue[str | None]) -> None:
    """End a stream, whatever still waits in it."""
    while not queue.empty():
        queue.get_nowait()
    queue.put_nowait(None)
