"""The chain of a number of which only a line is known, as previews tell it: who answers, in `describe`'s words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from vapi_sms.core.chains.links import Chain, Link, Place, State, link
from vapi_sms.core.inert import line
from vapi_sms.core.routings.describe import NO_ASSISTANT, NOT_KNOWN_THERE, NOT_ON_ACCOUNT, OFF_THERE
from vapi_sms.core.routings.handlers import UNANSWERED, Kind, classify_url

_SERVICE = re.compile(r"Messaging Service (?P<name>.*) \((?P<sid>MG\w+)\), by (?P<who>.+)", re.DOTALL)
_A_URL = re.compile(r"https?://", re.IGNORECASE)
_ARTICLE = re.compile(r"an? ")
# Some kinds begin as others do.
_LONGEST_FIRST = sorted(Kind, key=lambda kind: -len(kind))
_DEAD_ENDS = {
    NO_ASSISTANT: "Vapi's record has no assistant",
    NOT_KNOWN_THERE: "this Vapi org does not know the number",
}


def kind_told(answer: str) -> Kind | None:
    """Give what kind of handler a line names; None where it names none."""
    if told := _SERVICE.fullmatch(answer):
        who = told["who"]
        return classify_url(who).kind if _A_URL.match(who) else kind_told(who)
    if answer == NOT_ON_ACCOUNT:
        return Kind.NOTHING
    # "a Vapi assistant that is known only during up" is Vapi's, too.
    bare = answer[found.end() :] if (found := _ARTICLE.match(answer)) else answer
    return next((kind for kind in _LONGEST_FIRST if re.match(rf"{re.escape(kind)}(?![^ ,])", bare)), None)


def served(name: str, *, defers: bool) -> Link:
    """Give the link of a Messaging Service that is known to decide, or to defer."""
    if defers:
        return link(Place.SERVICE, name, State.PASSES, "it defers to its senders")
    return link(Place.SERVICE, name, State.DECIDES, "it handles texts itself")


def chain_told(  # noqa: PLR0913 each may be known beside a line, or not
    number: str,
    answer: str,
    kind: Kind | None,
    *,
    service: Link | None = None,
    fallback: str = "",
    original: str = "",
) -> Chain:
    """Give the chain of a number that is answered so; of no `kind` is what nobody knows yet.

    `service` is the Messaging Service that it is in; `fallback` is who answers where that fails, `original` who comes
    back on `destroy`.
    """
    if answer == NOT_ON_ACCOUNT:
        return (link(Place.NUMBER, number, State.BROKEN, answer.partition(": ")[2]),)
    return (
        link(Place.NUMBER, number, State.PASSES),
        *_decided(answer, kind, service),
        *_asleep(answer, fallback, original),
    )


def _asleep(answer: str, fallback: str, original: str) -> Iterator[Link]:
    if fallback:
        yield link(Place.FALLBACK, fallback, State.SKIPPED, "asked only where the one before fails")
    if original not in ("", answer):
        yield link(Place.ORIGINAL, original, State.SKIPPED, "recorded, and put back on destroy")


def _decided(answer: str, kind: Kind | None, service: Link | None) -> Iterator[Link]:
    if told := _SERVICE.fullmatch(answer):
        service = replace(served(told["name"], defers=False), detail=line(told["sid"]))
        answer = told["who"]
    if service is not None:
        yield service
    if service is None or service.state is State.PASSES:
        if kind is Kind.TWIML_APP:
            yield link(Place.APPLICATION, answer, State.DECIDES, "it wins over the number's own URL")
            return
        if kind not in (None, Kind.NOTHING):
            yield link(Place.URL, "messaging URL", State.DECIDES)
    why = _why_not(answer, kind)
    state = State.PASSES if kind is None else State.BROKEN if why or kind is Kind.NOTHING else State.DECIDES
    yield link(Place.ANSWER, answer, state, why)


def _why_not(answer: str, kind: Kind | None) -> str:
    """Say why who answers by Twilio's word does not; nothing where they do, or the line says it."""
    if kind in UNANSWERED:
        return "nobody is known to answer there"
    return "texts are switched off at Vapi" if answer.endswith(OFF_THERE) else _DEAD_ENDS.get(answer, "")
