"""The functions: who answers now, one number's texts or all of an account's; vendors are only read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from vapi_sms.core.errors import BadInput
from vapi_sms.core.inert import line

Props = dict[str, Any]

_STRING = {"type": "string"}
_LINES = (
    ("number", "The number in E.164 form."),
    ("twilioSid", "Its SID at Twilio, PN and 32 hex digits."),
    ("answeredBy", "One readable line: who answers its texts."),
    ("vapiId", "Its id at Vapi, a UUID; empty where Vapi does not know it."),
)
_ANSWER: Props = {name: {**_STRING, "description": said} for name, said in _LINES} | {
    "problems": {
        "type": "array",
        "items": _STRING,
        "description": "What keeps texts from being answered, and what to do, a line each.",
    }
}
_ALL = list(_ANSWER)


@dataclass(frozen=True, slots=True)
class Function:
    """One function: what the schema says of it, and what answers it."""

    described: Props
    answer: Callable[[Props], Props]


def _who_answers(given: Props) -> Props:
    number = given.get("number")
    if not isinstance(number, str):
        raise BadInput("whoAnswers", "write number:, in E.164 form or by its SID (PN...)")
    (found,) = _read([number])
    return found


def _numbers(_given: Props) -> Props:
    return {"numbers": _read([])}


def _read(keys: list[str]) -> list[Props]:
    # Only a process that is asked for this needs it.
    from vapi_sms.core.doctor.diagnosis import Diagnosis, diagnose  # noqa: PLC0415 as said
    from vapi_sms.live.calling.many import Nobody  # noqa: PLC0415 as said
    from vapi_sms.live.survey import survey  # noqa: PLC0415 as said
    from vapi_sms.resources.engine import session  # noqa: PLC0415 as said
    from vapi_sms.resources.inputs.number import is_a_key, parse_key  # noqa: PLC0415 as said
    from vapi_sms.resources.record.readable import of_answer  # noqa: PLC0415 as said

    for key in keys:
        if not is_a_key(key):
            raise BadInput(
                key, f"{key!r} is no number in E.164 form (+14155550100), and no SID of one (PN...)"
            )
        parse_key(*((None, key) if key.startswith("PN") else (key, None)))
    vendors = session.vendors_to_read(keys[0] if keys else "the account")
    found = survey(vendors, keys, Nobody())

    def told(diagnosis: Diagnosis) -> Props:
        observed = diagnosis.reading.observed
        return {
            "number": diagnosis.reading.number,
            "twilioSid": observed.twilio.sid if observed.twilio else "",
            **of_answer(line(diagnosis.answering.line)),
            "vapiId": observed.vapi.id if observed.vapi else "",
            "problems": [line(f"{each.says}: {each.do}") for each in diagnosis.problems],
        }

    return [told(diagnose(reading, found.names)) for reading in found.readings]


FUNCTIONS: Mapping[str, Function] = {
    "whoAnswers": Function(
        {
            "description": "Tells who answers a number's texts now, declared here or not.",
            "inputs": {
                "type": "object",
                "properties": {
                    "number": {**_STRING, "description": "The number in E.164 form, or its SID (PN...)."}
                },
                "required": ["number"],
            },
            "outputs": {"type": "object", "properties": _ANSWER, "required": _ALL},
        },
        _who_answers,
    ),
    "numbers": Function(
        {
            "description": "Tells who answers the texts of each number of the Twilio account now.",
            "inputs": {"type": "object", "properties": {}},
            "outputs": {
                "type": "object",
                "properties": {
                    "numbers": {
                        "type": "array",
                        "items": {"$ref": "#/types/vapi-sms:index:Answer"},
                        "description": "Each number, in their order.",
                    }
                },
                "required": ["numbers"],
            },
        },
        _numbers,
    ),
}
ANSWER: Props = {
    "type": "object",
    "description": "Who answers a number now.",
    "properties": _ANSWER,
    "required": _ALL,
}
