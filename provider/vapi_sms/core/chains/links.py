"""Links: the places on a text's way from its number to who answers, and what each does with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vapi_sms.core.inert import Line, line
from vapi_sms.core.routings.handlers import Kind

NUMBER, SERVICE, APPLICATION = "Number", "Messaging Service", "TwiML App"
OWN_URL, URL, FALLBACK, ORIGINAL = "the number's own URL", "URL", "Fallback", "Original"
AT_VAPI, BESIDE = "Vapi's record", "Beside"

DEFERS, ANSWERS = "defers to the sender's webhook", "answers for all of its numbers"
IN_PLACE = "decides in place of the number's own URL"
NO_URL = "there is no URL: nothing is called"
IF_IT_FAILS = "only asked where the URL before it fails"

_OF_VAPI = ("Vapi assistant", "Vapi squad", "Vapi workflow")
_NAMED = (
    *_OF_VAPI,
    Kind.WEBHOOK,
    Kind.TWIML_BIN,
    Kind.STUDIO_FLOW,
    Kind.FUNCTION,
    Kind.PROXY,
    Kind.TWIML_APP,
)
_OTHERS = (("Vapi", "Vapi"), (Kind.DEMO, "Demo"))


class State(StrEnum):
    """What a link does with a text; these words are those of the drawing. One link at most decides."""

    DECIDES = "decides"
    PASSES = "passes"
    SKIPPED = "skipped"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Link:
    """One place, in words without a secret: of which kind, what it is called, its address, what it does and why."""

    what: Line
    label: Line
    state: State
    why: Line
    detail: Line


Chain = tuple[Link, ...]


def link(what: str, label: str, state: State, why: str = "", detail: str = "") -> Link:
    """Make a link of texts that others wrote."""
    return Link(line(what), line(label), state, line(why), line(detail))


def handler_link(answer: str, state: State, why: str = "", detail: str = "", *, place: str = "") -> Link:
    """Make the link of a handler, from the line that tells of it; `place` is where it is if it does not answer."""
    kind = next((kind for kind in _NAMED if answer.startswith(f"{kind} ")), "")
    other = next((what for start, what in _OTHERS if answer.startswith(start)), "Handler")
    what, label = (kind, answer.removeprefix(f"{kind} ")) if kind else (other, answer)
    shown = "" if detail and detail in label else detail
    return link(": ".join(filter(None, (place, what))), label, state, why, shown)
