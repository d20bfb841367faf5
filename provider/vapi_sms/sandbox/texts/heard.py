"""The texts that were sent to the sandbox's numbers, in order, with who answered: what a phone shows of them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vapi_sms.sandbox.texts.message import Text

MOST_HEARD = 500
"""How many texts are remembered: the latest."""


@dataclass(slots=True)
class Heard:
    """One text; who answered, with what and how is there once it is done."""

    n: int
    sender: str
    to: str
    body: str
    pictures: int
    answer: Mapping[str, Any] = field(default_factory=dict)
    done: bool = False

    def answered(self, answer: Mapping[str, Any]) -> None:
        """Note how the text ended."""
        self.answer, self.done = answer, True


class HeardTexts:
    """The latest texts; the numbering goes on when they are forgotten."""

    def __init__(self) -> None:
        self._texts: deque[Heard] = deque(maxlen=MOST_HEARD)
        self.last = 0

    def open(self, text: Text) -> Heard:
        """Note a text as it comes."""
        self.last += 1
        heard = Heard(self.last, text.sender, text.to, text.body, len(text.media))
        self._texts.append(heard)
        return heard

    def after(self, n: int) -> list[Heard]:
        """Return the texts after number n that are remembered."""
        return [heard for heard in list(self._texts) if heard.n > n]

    def clear(self) -> None:
        """Forget all of them."""
        self._texts.clear()
