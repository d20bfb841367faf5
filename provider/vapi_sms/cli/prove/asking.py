"""Asking assistants by themselves, before any text goes to them: the model, its keys and the card at Vapi.

The words are the user's, since an assistant may call its tools. Each assistant is asked once, however many numbers it
has, and the chat is deleted after.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vapi_sms.core.errors import ProviderError
from vapi_sms.core.inert import line
from vapi_sms.core.proof.evidence import Subject
from vapi_sms.live.vendors import Vendors

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
    def answered(self) -> bool:
        """Something was said."""
        return bool(self.answer)

    def __str__(self) -> str:
        cost = "" if self.cost is None else f" (${self.cost:.4f})"
        left = f" The chat is still there: {self.left}" if self.left else ""
        if self.answered:
            said = self.answer if len(self.answer) <= _LONGEST else f"{self.answer[:_LONGEST]} [...]"
            return f"{self.who} answers{cost}: {said}{left}"
        return f"{self.who} does not answer{cost}: {self.trouble}{left}"


def ask(vendors: Vendors, question: str, subjects: Iterable[Subject]) -> list[Asked]:
    """Ask each assistant or squad of these numbers once."""
    whom = dict.fromkeys((subject.assistant_id, subject.squad_id) for subject in subjects)
    return [ask_one(vendors, question, assistant, squad) for assistant, squad in whom if assistant or squad]


def ask_one(vendors: Vendors, question: str, assistant_id: str, squad_id: str) -> Asked:
    """Ask one assistant or squad, and delete the chat."""
    names = vendors.names.by_id()
    kind, id_ = ("squad", squad_id) if squad_id else ("assistant", assistant_id)
    who = f"Vapi {kind} {names.get(id_, id_)}"
    try:
        chat = vendors.vapi.start_chat(question, assistant_id=assistant_id, squad_id=squad_id)
    except ProviderError as trouble:
        return Asked(who, "", str(trouble))
    left = ""
    try:
        vendors.vapi.delete_chat(chat.id)
    except ProviderError as trouble:
        left = str(trouble)
    return Asked(who, line(chat.answer), "its answer is empty", chat.cost, left)
