"""Diagnosis: from the reading of one number to who answers, whether replies get through, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from vapi_sms.core import findings_twilio, findings_vapi
from vapi_sms.core.answering import Answering, answering
from vapi_sms.core.findings import Case, Finding
from vapi_sms.core.readiness import Readiness, readiness
from vapi_sms.core.readings import Reading


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is to be told of one number; without readiness where it does not exist."""

    reading: Reading
    answering: Answering
    readiness: Readiness | None
    problems: tuple[Finding, ...]
    notes: tuple[Finding, ...] = ()


_Check = Callable[[Case], Finding | None]

_PROBLEMS: tuple[_Check, ...] = (
    findings_vapi.not_as_declared,
    findings_twilio.hidden_by_service,
    findings_twilio.service_drops,
    findings_twilio.application_overrides,
    findings_twilio.application_missing,
    findings_twilio.studio_executions,
    findings_vapi.enabled_elsewhere,
    findings_vapi.no_texts_at_address,
    findings_vapi.unknown_at_vapi,
    findings_vapi.off_at_vapi,
    findings_vapi.no_assistant,
    findings_vapi.assistant_missing,
    findings_vapi.not_us,
    findings_twilio.no_sms,
    findings_twilio.demo_reply,
    findings_twilio.stale_status_callback,
    findings_vapi.calls_unknown_at_vapi,
    findings_vapi.no_calls_at_address,
)
_NOTES: tuple[_Check, ...] = (
    findings_twilio.nobody_answers,
    findings_twilio.handler_asleep,
    findings_twilio.conversation_beside,
)


def diagnose(reading: Reading, names: Mapping[str, str]) -> Diagnosis:
    """Judge one number; `names` are what people call the org's assistants and squads, all of them, by id."""
    usual = reading.as_usual
    answered, twilio = answering(usual, names), usual.observed.twilio
    if twilio is None:
        return Diagnosis(reading, answered, None, (findings_vapi.not_on_account(reading.observed),))
    case = Case(usual, twilio, answered, names)
    return Diagnosis(
        reading,
        answered,
        readiness(twilio.number, reading.service, reading.registrations, can_sms=twilio.can_sms),
        problems=_found(_PROBLEMS, case),
        notes=_found(_NOTES, case),
    )


def _found(checks: tuple[_Check, ...], case: Case) -> tuple[Finding, ...]:
    return tuple(finding for finding in (check(case) for check in checks) if finding is not None)
