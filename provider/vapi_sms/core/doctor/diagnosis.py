"""Diagnosis: from the reading of one number to who answers, whether replies get through, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from vapi_sms.core.doctor import findings_twilio, findings_vapi
from vapi_sms.core.doctor.answering import Answering, answering
from vapi_sms.core.doctor.findings import Case, Code, Finding
from vapi_sms.core.doctor.readiness import Readiness, readiness
from vapi_sms.core.readings import Reading


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is to be told of one number; without readiness where it does not exist."""

    reading: Reading
    answering: Answering
    readiness: Readiness | None
    problems: tuple[Finding, ...]
    notes: tuple[Finding, ...] = ()


_ANSWERING_AT_VAPI = (
    Code.UNKNOWN_AT_VAPI,
    Code.OFF_AT_VAPI,
    Code.BLOCKED_AT_VAPI,
    Code.NO_ASSISTANT,
    Code.ASSISTANT_MISSING,
)
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
    findings_vapi.blocked_at_vapi,
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
    findings_vapi.no_fallback,
    findings_twilio.conversation_beside,
    findings_twilio.captured_beside,
)


# Where the first is so, the others come of it, or are mended with it: one cause is told once, with what helps. What no
# `pulumi up` could mend, since its preview would refuse the number, comes before what it mends.
_CAUSES: tuple[tuple[Code, frozenset[Code]], ...] = (
    (Code.UNKNOWN_AT_VAPI, frozenset({Code.CALLS_UNKNOWN_AT_VAPI})),
    (Code.APPLICATION_MISSING, frozenset({Code.ENABLED_ELSEWHERE})),
    (Code.NO_SMS, frozenset(Code) - {Code.STALE_STATUS_CALLBACK, Code.CALLS_UNKNOWN_AT_VAPI}),
    (Code.NOT_US, frozenset({*_ANSWERING_AT_VAPI, Code.ENABLED_ELSEWHERE, Code.NOT_AS_DECLARED})),
    (Code.HIDDEN_BY_SERVICE, frozenset({Code.NOT_AS_DECLARED})),
    (Code.SERVICE_DROPS, frozenset({Code.NOT_AS_DECLARED})),
    (
        Code.NOT_AS_DECLARED,
        frozenset(
            {
                *_ANSWERING_AT_VAPI,
                Code.ENABLED_ELSEWHERE,
                Code.APPLICATION_OVERRIDES,
                Code.APPLICATION_MISSING,
                Code.DEMO_REPLY,
            }
        ),
    ),
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
        problems=_by_cause(_found(_PROBLEMS, case)),
        notes=_found(_NOTES, case),
    )


def _by_cause(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    for cause, effects in _CAUSES:
        if any(finding.code is cause for finding in found):
            found = tuple(each for each in found if each.code is cause or each.code not in effects)
    return found


def _found(checks: tuple[_Check, ...], case: Case) -> tuple[Finding, ...]:
    return tuple(finding for finding in (check(case) for check in checks) if finding is not None)
