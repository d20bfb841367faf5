"""The chain of a number of which only a line is known, as previews tell it: who answers, in `describe`'s words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vapi_sms.core.chains.links import (
    ANSWERS,
    DEFERS,
    FALLBACK,
    IF_IT_FAILS,
    IN_PLACE,
    NO_URL,
    NUMBER,
    ORIGINAL,
    SERVICE,
    URL,
    Chain,
    Link,
    State,
    handler_link,
    link,
)
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


def served(name: str, sid: str = "", *, defers: bool) -> Link:
    """Give the link of a Messaging Service that is known to answer itself, or to defer."""
    return link(SERVICE, name, State.PASSES, DEFERS if defers else ANSWERS, sid)


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
        return (link(NUMBER, number, State.BROKEN, answer.partition(": ")[2]),)
    if told := _SERVICE.fullmatch(answer):
        service, answer = served(told["name"], told["sid"], defers=False), told["who"]
        answer = str(classify_url(answer)) if _A_URL.match(answer) else answer
    return (
        link(NUMBER, number, State.PASSES),
        *((service,) if service else ()),
        _end(answer, kind),
        *_asleep(answer, fallback, original),
    )


def _end(answer: str, kind: Kind | None) -> Link:
    if kind is None:
        return handler_link(answer, State.PASSES)
    if kind is Kind.NOTHING:
        return link(URL, "none", State.BROKEN, NO_URL)
    if kind is Kind.TWIML_APP:
        return handler_link(answer, State.DECIDES, IN_PLACE)
    why = _why_not(answer, kind)
    return handler_link(answer, State.BROKEN if why else State.DECIDES, why)


def _why_not(answer: str, kind: Kind) -> str:
    """Say why who answers by Twilio's word does not; nothing where they do."""
    if kind in UNANSWERED:
        return "nobody is known to answer there"
    return "texts are switched off at Vapi" if answer.endswith(OFF_THERE) else _DEAD_ENDS.get(answer, "")


def _asleep(answer: str, fallback: str, original: str) -> Iterator[Link]:
    if fallback:
        yield handler_link(fallback, State.SKIPPED, IF_IT_FAILS, place=FALLBACK)
    if original not in ("", answer):
        yield handler_link(original, State.SKIPPED, "recorded, and put back on destroy", place=ORIGINAL)
