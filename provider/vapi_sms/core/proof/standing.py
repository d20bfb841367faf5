"""How far the proof of a switch is: what has to be proven, and what the texts since then show; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from vapi_sms.core.planning.plan import ImportNumber, Plan, RouteNumber, UpdateVapi
from vapi_sms.core.proof.demand import Prove
from vapi_sms.core.proof.evidence import Evidence, Subject, Text
from vapi_sms.core.proof.verdict import DEADLINE, Fate, Outcome, Verdict, judge
from vapi_sms.core.routings.shapes import TEXTS
from vapi_sms.core.values import VapiSettings


def is_to_prove(planned: Plan) -> bool:
    """Tell whether a plan changes who at Vapi answers texts, or that Vapi does; a new name proves nothing."""
    settings = planned.goal.vapi
    if not (isinstance(settings, VapiSettings) and settings.sms_enabled and TEXTS in planned.goal.at_vapi):
        return False
    return any(_answers_anew(step) for step in planned.steps)


def _answers_anew(step: object) -> bool:
    match step:
        case ImportNumber():
            return True
        case RouteNumber(messaging=messaging):
            return messaging is not None
        case UpdateVapi(record, after):
            return replace(record.settings, name=after.name) != after
        case _:
            return False


class Standing(StrEnum):
    """How far a number's proof is."""

    SURE = "sure"
    FAILED = "failed"
    OPEN = "open"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Switched:
    """A number whose texts are watched: what is demanded, and since when, in whole seconds of Twilio's clock."""

    subject: Subject
    demand: Prove
    since: int

    @property
    def last(self) -> int:
        """The last moment of the texts that count."""
        return self.since + (self.demand.within or 0)

    @property
    def deadline(self) -> int:
        """In how many seconds each text is to be answered."""
        return min(DEADLINE, self.demand.within or DEADLINE)

    def counts(self, text: Text) -> bool:
        """Tell whether a text is one of those that prove it."""
        return text.number == self.subject.number and self.since <= text.at <= self.last


def standings(watched: Iterable[Switched], evidence: Evidence) -> list[tuple[Standing, Verdict]]:
    """Judge, for each number, the texts since its switch, as of the evidence's end.

    Each text has as long as people wait, or as long as is watched at all where that is less; so one that comes at the
    very end is waited for.
    """
    watched = list(watched)
    by_number = {each.subject.number: each for each in watched}
    counted = [
        text for text in evidence.texts if text.number in by_number and by_number[text.number].counts(text)
    ]
    since_then = replace(evidence, texts=tuple(counted))
    verdicts: dict[str, Verdict] = {}
    for deadline in {each.deadline for each in watched}:
        subjects = [each.subject for each in watched if each.deadline == deadline]
        verdicts |= {verdict.number: verdict for verdict in judge(subjects, since_then, deadline=deadline)}
    return [_standing(each, verdicts[each.subject.number], evidence.until) for each in watched]


def _standing(each: Switched, verdict: Verdict, until: int) -> tuple[Standing, Verdict]:
    if verdict.outcome is Outcome.FAILED:
        return Standing.FAILED, verdict
    if verdict.outcome is Outcome.ANSWERED and verdict.count(Fate.ANSWERED) >= each.demand.at_least:
        return Standing.SURE, verdict
    is_over = until > each.last and not verdict.count(Fate.WAITING)
    return Standing.SILENT if is_over else Standing.OPEN, verdict
