"""Our own lines, read back as core/describe and core/drift write them: `answeredBy`, a record's summary, drift."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vapi_sms.core.routings.describe import NO_ASSISTANT, NOT_KNOWN_THERE, OFF_THERE

_FALLBACK = " (fallback "
_INSTEAD, _NOT_BY, _NOT_BY_VAPI = ", instead of ", ", not by ", ", not by Vapi"
_OF_A_ROUTE = re.compile(r", (as before|with another [\w ]+ than before)$")
_DECLARED = " (declared by restore_to)"
_DRIFT_OF_TEXTS = "texts are answered by "
_DRIFT_OF_VAPI = re.compile(r"Vapi's (assistant|squad|workflow) is (.+), not .+", re.DOTALL)
_GONE, _SWITCHED_OFF = "Vapi no longer knows the number", "Vapi's smsEnabled is false, not true"
_ID = re.compile(r" \([0-9a-f-]{36}\)$")


def who_answers(answered_by: str) -> str:
    """Give who answers, from `answeredBy`, without its fallback and without whom it took over from."""
    now = answered_by.rpartition(_INSTEAD)[0] or answered_by
    if now.endswith(_NOT_BY_VAPI):
        return without_fallback(now.removesuffix(_NOT_BY_VAPI))
    if _INSTEAD in answered_by or answered_by.startswith("Vapi "):
        return now
    return _OF_A_ROUTE.sub("", answered_by)


def instead_of_whom(answered_by: str) -> str:
    """Give whom it took over from, from `answeredBy`; empty where that is not said."""
    return answered_by.rpartition(_INSTEAD)[2] if _INSTEAD in answered_by else ""


def without_fallback(handler: str) -> str:
    """Leave out the fallback of a handler's line."""
    return handler.partition(_FALLBACK)[0] if handler.endswith(")") else handler


def who_answers_by_drift(lines: Sequence[str]) -> str:
    """Give who answers by the lines of drift of a number that Vapi should answer; empty where they do not tell."""
    for line in lines:
        if line.startswith(_DRIFT_OF_TEXTS):
            return line.removeprefix(_DRIFT_OF_TEXTS).rpartition(_NOT_BY)[0]
    if _GONE in lines:
        return NOT_KNOWN_THERE
    attached = [found for line in lines if (found := _DRIFT_OF_VAPI.fullmatch(line))]
    answers = [f"Vapi {found[1]} {_ID.sub('', found[2])}" for found in attached if found[2] != "empty"]
    answer = answers[0] if answers else NO_ASSISTANT if attached else ""
    return f"{answer or 'Vapi'}{OFF_THERE}" if _SWITCHED_OFF in lines else answer


@dataclass(frozen=True, slots=True)
class Record:
    """What a summary says of a record: who comes back on destroy; `texts` is empty where they stay at Vapi."""

    line: str
    texts: str
    declared: bool

    @classmethod
    def of(cls, line: str) -> Record:
        """Read a summary's line."""
        first = line.partition("; ")[0]
        texts = first.removeprefix("texts: ") if first.startswith("texts: ") else ""
        return cls(line, without_fallback(texts.removesuffix(_DECLARED)), texts.endswith(_DECLARED))

    @property
    def stays(self) -> bool:
        """Texts stay at Vapi when the resource goes."""
        return not self.texts
