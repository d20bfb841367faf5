"""Asking assistants by themselves, before any text goes to them: the model, its keys and the card at Vapi.

The words are the user's, since an assistant may call its tools. Each assistant is asked once, however many numbers it
has, and the chat is deleted after.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from vapi_sms.core.errors import EngineGone, ProviderError
from vapi_sms.core.inert import line
from vapi_sms.live.vapi.client import VapiClient
from vapi_sms.live.vapi.names import Names

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """One assistant or squad, by what people call it: what it answered, or why it did not; `cost` in US dollars."""

    who: str
    answer: str
    trouble: str = ""
    cost: float | None = None
    left: str = ""
    """Why the chat is still at Vapi, where it could not be deleted."""

    @property
    def bill(self) -> str:
        """What Vapi says that it cost; nothing where it does not."""
        return "" if self.cost is None else f" (${self.cost:.4f})"

    @property
    def still_there(self) -> str:
        """Say so where the chat could not be deleted."""
        return f" The chat is still there: {self.left}" if self.left else ""

    @property
    def answered(self) -> bool:
        """Something was said."""
        return bool(self.answer)

    def __str__(self) -> str:
        if self.answered:
            said = self.answer if len(self.answer) <= _LONGEST else f"{self.answer[:_LONGEST]} [...]"
            return f"{self.who} answers{self.bill}: {said}{self.still_there}"
        return f"{self.who} does not answer{self.bill}: {self.trouble}{self.still_there}"


class Questions:
    """Asks on behalf of one process: nobody is asked the same thing twice, by whichever thread."""

    def __init__(self, vapi: VapiClient, names: Names) -> None:
        self._vapi, self._names = vapi, names
        self._lock = threading.Lock()
        self._asking: dict[tuple[str, str, str], threading.Lock] = {}
        self._asked: dict[tuple[str, str, str], Asked] = {}

    def is_asked(self, question: str, assistant_id: str, squad_id: str) -> bool:
        """Tell whether the answer is known already."""
        return (question, assistant_id, squad_id) in self._asked

    def ask(self, question: str, assistant_id: str, squad_id: str) -> Asked:
        """Ask an assistant, or a squad, and delete the chat."""
        key = (question, assistant_id, squad_id)
        with self._lock:
            asking = self._asking.setdefault(key, threading.Lock())
        with asking:
            if key not in self._asked:
                self._asked[key] = self._ask(*key)
            return self._asked[key]

    def _ask(self, question: str, assistant_id: str, squad_id: str) -> Asked:
        names = self._names.by_id()
        kind, id_ = ("squad", squad_id) if squad_id else ("assistant", assistant_id)
        who = f"Vapi {kind} {names.get(id_, id_)}"
        try:
            chat = self._vapi.start_chat(question, assistant_id=assistant_id, squad_id=squad_id)
        except EngineGone:
            raise
        except ProviderError as trouble:
            return Asked(who, "", str(trouble))
        left = ""
        try:
            self._vapi.delete_chat(chat.id)
        except EngineGone:
            raise
        except ProviderError as trouble:
            left = str(trouble)
        return Asked(who, line(chat.answer), "its answer is empty", chat.cost, left)
