"""Links: the places on a text's way from its number to who answers, and what each does with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vapi_sms.core.inert import Line, line


class Place(StrEnum):
    """Where a text comes by, in the words that people see."""

    NUMBER = "Number"
    SERVICE = "Messaging Service"
    APPLICATION = "TwiML App"
    URL = "URL"
    ANSWER = "Answers"
    FALLBACK = "Fallback"
    ORIGINAL = "Original"
    VAPI = "Vapi's record"
    BESIDE = "Beside"


class State(StrEnum):
    """What a link does with a text; these words are those of the drawing."""

    DECIDES = "decides"
    PASSES = "passes"
    SKIPPED = "skipped"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Link:
    """One place, in words without a secret: what it is called, its address, and why it does what it does."""

    what: Place
    label: Line
    state: State
    why: Line
    detail: Line


def link(what: Place, label: str, state: State, why: str = "", detail: str = "") -> Link:
    """Make a link of texts that others wrote."""
    return Link(what, line(label), state, line(why), line(detail))


Chain = tuple[Link, ...]
