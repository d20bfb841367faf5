"""A route as the engine's property bag has it: parsed once with every mistake named, and resolved to its account."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from vapi_sms.core.errors import BadInput
from vapi_sms.core.numbers import parse_any_number, parse_routed_sid, parse_short_code
from vapi_sms.core.routings.handlers import on_account
from vapi_sms.core.values import Regulatory, Routed
from vapi_sms.resources.inputs.number import STRICT, ServiceSid, mistakes, split_unknown
from vapi_sms.resources.inputs.routing import HANDLER, parse_routing
from vapi_sms.resources.inputs.words import ONE_ROUTED

Props = Mapping[str, Any]

KEYS = ("number", "twilioSid", "shortCode")
REGULATORY = ("identitySid", "addressSid", "bundleSid")
DECLARED = (*KEYS, "handler", *REGULATORY, "messagingService")

_PREFIXES = {"identitySid": "RI", "addressSid": "AD", "bundleSid": "BU"}


class RouteInputs(BaseModel):
    """One declared route as written; what is not yet known is absent and named in `unknown`."""

    model_config = STRICT

    number: str | None = None
    twilio_sid: str | None = None
    short_code: str | None = None
    handler: dict[str, Any] = Field(default_factory=dict)
    identity_sid: str = ""
    address_sid: str = ""
    bundle_sid: str = ""
    messaging_service: ServiceSid | None = None
    unknown: frozenset[str] = Field(default=frozenset(), alias="__unknown")

    @property
    def key(self) -> str | None:
        """What the number is looked up by; None while that is not known."""
        return self.number or self.twilio_sid or self.short_code

    @property
    def is_known(self) -> bool:
        """All that decides who answers is known."""
        return not self.unknown


def parse_route(props: Props) -> RouteInputs:
    """Parse one route's inputs; raises BadInput that names the input and what is allowed."""
    known, unknown = split_unknown(props)
    given = known.keys() | unknown
    subject = str(next((known[key] for key in KEYS if key in known), "route"))
    if sum(key in given for key in KEYS) != 1:
        raise BadInput(subject, ONE_ROUTED)
    if "handler" not in given:
        raise BadInput(subject, f"write handler=, who is to answer: {HANDLER.ways}")
    try:
        inputs = RouteInputs.model_validate({**known, "__unknown": frozenset(unknown)})
    except ValidationError as invalid:
        raise BadInput(subject, mistakes(invalid)) from None
    _refuse_malformed(subject, inputs, known)
    return inputs


def routed_of(props: Props, account_sid: str) -> Routed:
    """Read what checked inputs, or outputs, declare, for a number of this account."""
    handler = on_account(parse_routing("handler", HANDLER, props.get("handler")), account_sid)
    return Routed(handler, Regulatory(*(props.get(name) or "" for name in REGULATORY)))


def _refuse_malformed(subject: str, inputs: RouteInputs, known: Props) -> None:
    if inputs.number is not None:
        parse_any_number(inputs.number)
    if inputs.twilio_sid is not None:
        parse_routed_sid(inputs.twilio_sid)
    if inputs.short_code is not None:
        parse_short_code(inputs.short_code)
    if "handler" in known:
        parse_routing(subject, HANDLER, inputs.handler)
    for name, prefix in _PREFIXES.items():
        sid = known.get(name, "")
        if sid and not re.fullmatch(rf"{prefix}[0-9a-fA-F]{{32}}", sid):
            written = name.removesuffix("Sid")
            raise BadInput(subject, f"{written}_sid is no {written}'s SID: write {prefix} and 32 hex digits")
        if sid and inputs.short_code is not None:
            raise BadInput(subject, f"a short code takes no {name.removesuffix('Sid')}_sid: leave it out")
    if inputs.messaging_service and inputs.short_code is not None:
        raise BadInput(
            subject, "a short code takes no messaging_service: its services are not read. Leave it out"
        )
