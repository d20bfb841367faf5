"""For machines: the same as JSON. Keys are only ever added; docs/reference/commands/doctor.md names them all."""

from __future__ import annotations

from typing import Any

from vapi_sms.cli.doctor.examining import Examined
from vapi_sms.cli.doctor.report import facts
from vapi_sms.core.doctor.diagnosis import Diagnosis
from vapi_sms.core.doctor.findings import Finding
from vapi_sms.core.inert import Line, json_lines
from vapi_sms.core.values import VapiRecord

SCHEMA = 1


def as_json(examined: Examined) -> tuple[Line, ...]:
    """Give one JSON document, in the order of numbers; names are as they are, whatever they hold."""
    return json_lines(_document(examined))


def _document(examined: Examined) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "account": examined.account_sid,
        "org": examined.org_id,
        "requests": {"twilio": examined.twilio_requests, "vapi": examined.vapi_requests},
        "problems": examined.problems,
        "numbers": [_number(diagnosis, examined) for diagnosis in examined.told],
        "leftOut": list(examined.left_out),
        "facts": list(facts(examined)),
    }


def _number(diagnosis: Diagnosis, examined: Examined) -> dict[str, Any]:
    reading, answered, ready = diagnosis.reading, diagnosis.answering, diagnosis.readiness
    twilio, declared = reading.observed.twilio, reading.declared
    return {
        "number": reading.number,
        "sid": twilio.sid if twilio else None,
        "friendlyName": twilio.friendly_name if twilio else None,
        "answeredBy": answered.line,
        "step": str(answered.step),
        "why": answered.why,
        "fallback": answered.fallback or None,
        "canText": twilio.can_sms if twilio else None,
        "replies": {"prospect": str(ready.prospect), "says": ready.says, "do": ready.do or None}
        if ready
        else None,
        "service": {
            "sid": reading.service.sid,
            "name": reading.service.name,
            "defers": reading.service.defers,
        }
        if reading.service
        else None,
        "vapi": _record(reading.observed.vapi, examined) if reading.observed.vapi else None,
        "conversation": {"address": reading.address.sid, "type": reading.address.kind}
        if reading.address
        else None,
        "capture": {"id": reading.capture.id, "name": reading.capture.name or None}
        if reading.capture
        else None,
        "declared": {"resource": declared.resource, "answeredBy": declared.answered_by} if declared else None,
        "problems": [_finding(finding) for finding in diagnosis.problems],
        "notes": [_finding(finding) for finding in diagnosis.notes],
    }


def _record(record: VapiRecord, examined: Examined) -> dict[str, Any]:
    settings = record.settings
    attached = settings.assistant_id or settings.squad_id
    return {
        "id": record.id,
        "smsEnabled": settings.sms_enabled,
        "assistantId": settings.assistant_id or None,
        "squadId": settings.squad_id or None,
        "attachedTo": examined.names.get(attached),
        "name": settings.name or None,
    }


def _finding(finding: Finding) -> dict[str, str]:
    return {"code": str(finding.code), "says": finding.says, "do": finding.do}
