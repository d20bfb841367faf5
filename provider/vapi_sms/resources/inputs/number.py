"""Parsing: from the engine's property bags to declared numbers, once, with every mistake named.

And back: what a number's bag declares, once its names are resolved to ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vapi_sms.core.errors import BadInput
from vapi_sms.core.numbers import (
    is_short_code,
    parse_any_number,
    parse_number_sid,
    parse_routed_sid,
    parse_us_number,
)
from vapi_sms.core.proof.demand import Prove
from vapi_sms.core.routings.describe import without_declared_fallback
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.values import Desired, Fallback, VapiSettings, Voice
from vapi_sms.resources.inputs.demands import as_meant, parse_prove
from vapi_sms.resources.inputs.routing import parse_fallback
from vapi_sms.resources.inputs.unknowns import contains_unknowns
from vapi_sms.resources.inputs.words import (
    ONE_ANSWER,
    ONE_NUMBER,
    both_or_neither,
    is_a_sid,
    no_option,
    to_camel,
    to_snake,
)

DECLARED = (
    "number",
    "twilioSid",
    "assistant",
    "squad",
    "smsEnabled",
    "name",
    "voice",
    "adopt",
    "messagingService",
    "fallback",
    "prove",
)
BESIDE = ("owner", "formerOwners", "original")
KEY_AT_VAPI = "twilioKeyAtVapi"
"""The fingerprint of the key that Vapi was given to reach Twilio, where it is one of Vapi's own; else not there."""
COMPUTED = (
    "assistantId",
    "squadId",
    "answeredBy",
    "originalSummary",
    "accountSid",
    "orgId",
    KEY_AT_VAPI,
)


def desired_of(props: Mapping[str, Any]) -> Desired:
    """Read back what checked inputs, or outputs, declare."""
    settings = VapiSettings(
        assistant_id=props.get("assistantId") or "",
        squad_id=props.get("squadId") or "",
        sms_enabled=bool(props.get("smsEnabled", True)),
        name=props.get("name") or "",
    )
    return Desired(settings, Voice(props.get("voice", Voice.KEEP)), fallback_of(props))


def fallback_of(props: Mapping[str, Any]) -> Fallback | Routing:
    """Give who is declared to answer where Vapi fails."""
    written = props.get("fallback")
    return Fallback.KEEP if written is None else parse_fallback(_subject(props), written)


def demand_of(props: Mapping[str, Any]) -> Prove | None:
    """Give what checked inputs, or outputs, demand of a switch; None where they demand nothing."""
    written = props.get("prove")
    return None if written is None else as_meant(written)


def who_answers_alone(props: Mapping[str, Any]) -> str:
    """Give `answeredBy` without the fallback that is declared beside it."""
    answered_by = str(props.get("answeredBy") or "")
    declared = props.get("fallback") not in (None, Fallback.KEEP) and props.get("smsEnabled", True)
    return without_declared_fallback(answered_by) if declared else answered_by


def without_computed(props: Mapping[str, Any]) -> dict[str, Any]:
    """Give what the program itself wrote."""
    return {key: value for key, value in props.items() if key not in (*COMPUTED, "drift", "__provider")}


def kept(props: Mapping[str, Any]) -> dict[str, Any]:
    """Give what outputs keep of checked inputs: all but what belongs to one check, and Pulumi's own entry."""
    return {key: value for key, value in props.items() if key not in ("drift", "__provider")}


NAME_LENGTH = 40  # the longest display name that Vapi takes
STRICT = ConfigDict(
    extra="forbid", strict=True, frozen=True, alias_generator=to_camel, populate_by_name=False
)
ServiceSid = Annotated[str, Field(pattern=r"^MG[0-9a-fA-F]{32}$")]


class NumberInputs(BaseModel):
    """One declared number as written; what is not yet known is absent and named in `unknown`."""

    model_config = STRICT

    number: str | None = None
    twilio_sid: str | None = None
    assistant: str | None = Field(default=None, min_length=1)
    squad: str | None = Field(default=None, min_length=1)
    sms_enabled: bool = True
    name: str | None = Field(default=None, max_length=NAME_LENGTH)
    voice: Literal["keep", "vapi"] = "keep"
    adopt: bool = False
    messaging_service: ServiceSid | None = None
    fallback: Any = None
    prove: Any = None
    unknown: frozenset[str] = Field(default=frozenset(), alias="__unknown")

    @property
    def key(self) -> str | None:
        """What the number is looked up by; None while that is not known."""
        return self.number or self.twilio_sid


class WishInputs(BaseModel):
    """What is written about one number's original, apart from `restore_to`, which is secret."""

    model_config = STRICT

    adopt: bool = False
    messaging_service: ServiceSid | None = None
    on_remove: Literal["restore", "leave"] = "restore"
    protect: bool = False


_NOTHING_SAID = WishInputs()


def parse_number(props: Mapping[str, Any]) -> NumberInputs:
    """Parse one number's inputs; raises BadInput that names the input and what is allowed."""
    known, unknown = split_unknown(props)
    given = known.keys() | unknown
    subject = _subject(known)
    if ("number" in given) == ("twilioSid" in given):
        raise BadInput(subject, f"{ONE_NUMBER}: {both_or_neither('number' in given)}")
    if ("assistant" in given) == ("squad" in given):
        raise BadInput(subject, f"{ONE_ANSWER}: {both_or_neither('assistant' in given)}")
    try:
        inputs = NumberInputs.model_validate({**known, "__unknown": frozenset(unknown)})
    except ValidationError as invalid:
        raise BadInput(subject, mistakes(invalid)) from None
    parse_key(inputs.number, inputs.twilio_sid)
    if inputs.fallback is not None:
        parse_fallback(subject, inputs.fallback)
    if inputs.prove is not None:
        parse_prove(subject, inputs.prove)
    return inputs


def parse_key(number: str | None, sid: str | None) -> None:
    """Raise BadInput unless the number is a US number in E.164 form, or the SID one of a phone number."""
    if number is not None:
        parse_us_number(number)
    if sid is not None:
        parse_number_sid(sid)


def is_a_key(text: str) -> bool:
    """Tell whether Twilio can be asked about what stands in place of a number, or its SID."""
    return text.startswith(("+1", "PN"))


def parse_wish(key: str, options: object, *, routed: bool = False) -> WishInputs:
    """Parse what is said of a number's original, by E.164 form or SID; raises BadInput.

    `routed`: of a route's, which may be of any country, or a short code.
    """
    is_sid = is_a_sid(key)
    if not routed:
        parse_key(None if is_sid else key, key if is_sid else None)
    elif not is_short_code(key):
        (parse_routed_sid if is_sid else parse_any_number)(key)
    if options == {}:
        return _NOTHING_SAID  # of each of thousands of numbers, mostly
    try:
        return WishInputs.model_validate(options)
    except ValidationError as invalid:
        raise BadInput(key, mistakes(invalid)) from None


def split_unknown(props: Mapping[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """Part what is known from the names of what is not known yet."""
    # Most values are texts and flags, and Pulumi's search through them costs more than all else here.
    unknown = {
        key for key, value in props.items() if not isinstance(value, str | bool) and contains_unknowns(value)
    }
    return {key: value for key, value in props.items() if key not in unknown}, unknown


def mistakes(invalid: ValidationError) -> str:
    """Tell all that is wrong with what was written, without showing values."""
    return "; ".join(
        _mistake(error["type"], error["loc"], error.get("ctx", {})) for error in invalid.errors()
    )


_MISTAKES = {
    "bool_type": "{name} must be True or False",
    "string_type": "{name} must be a string",
    "string_too_long": "{name} is longer than {max_length} characters, which is the most that Vapi takes",
    "string_too_short": "{name} must not be empty",
    "string_pattern_mismatch": "{name} must be a MessagingServiceInbound, or the SID of a Messaging Service (MG...)",
    "literal_error": "{name} must be {expected}",
    "model_type": "it must be a map of options",
}


def _mistake(kind: str, loc: Iterable[int | str], context: Mapping[str, Any]) -> str:
    name = to_snake(".".join(str(part) for part in loc))
    if kind == "extra_forbidden":
        return no_option(name)
    return _MISTAKES.get(kind, "{name} cannot be read").format(name=name, **context)


def _subject(known: Mapping[str, Any]) -> str:
    for key in ("number", "twilioSid"):
        if isinstance(known.get(key), str):
            return str(known[key])
    return "number"
