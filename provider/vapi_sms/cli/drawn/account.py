"""The page of `doctor`: each number of an account with its chain, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from vapi_sms.cli.doctor.examining import Examined
from vapi_sms.cli.doctor.report import facts, problems_told, summary
from vapi_sms.cli.drawn.numbers import Json, advised, answered, lines
from vapi_sms.core.chains.read import chain_read
from vapi_sms.core.doctor.diagnosis import Diagnosis
from vapi_sms.core.doctor.readiness import Prospect
from vapi_sms.core.telling import named
from vapi_sms.drawing import document


def page(examined: Examined, when: str) -> str:
    """Give the page, as of a moment."""
    whose = f"Twilio account {examined.account_sid}"
    if examined.asked_vapi:
        whose += f", Vapi org {examined.org_id}"
    problems = lines(_problems(examined))
    return document(
        "Who answers texts",
        [_number(each, examined) for each in examined.told],
        lines=lines([f"{whose}, read {when}.", summary(examined)]),
        sections=[
            (f"{len(problems)} problems, each told once" if len(problems) > 1 else "1 problem", problems),
            ("Not looked at", lines(examined.left_out)),
            ("Good to know", [] if examined.problems_only else lines(facts(examined))),
        ],
    )


def _number(diagnosis: Diagnosis, examined: Examined) -> Json:
    reading = diagnosis.reading
    twilio = reading.observed.twilio
    return {
        "number": lines([reading.number])[0],
        **answered(
            diagnosis.answering.line,
            diagnosis.answering.handler.kind,
            chain_read(diagnosis, examined.names),
            name=twilio.friendly_name if twilio else "",
            problem=[advised(each.says, each.do) for each in diagnosis.problems],
            note=_notes(diagnosis),
        ),
    }


def _notes(diagnosis: Diagnosis) -> Iterator[str]:
    declared, ready = diagnosis.reading.declared, diagnosis.readiness
    if declared is not None:
        yield f"declared by {declared.resource}: {declared.answered_by}"
    yield from (advised(each.says, each.do) for each in diagnosis.notes)
    if ready is not None and ready.prospect is not Prospect.PROBABLY_FINE:
        yield f"replies to US carriers: {ready.prospect}: {ready.says}"


def _problems(examined: Examined) -> Iterator[str]:
    for says, do, numbers in problems_told(examined):
        yield f"{named(numbers)}: {advised(says, do)}"
