"""Parsing: from the engine's property bags to a declared Messaging Service, with every mistake named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vapi_sms.core.errors import BadInput
from vapi_sms.core.services.pool import ServiceWish
from vapi_sms.resources.inputs.number import mistakes, split_unknown
from vapi_sms.resources.inputs.words import BETWEEN, to_camel

_SERVICE_SID = re.compile(r"MG[0-9a-fA-F]{32}")


class ServiceInputs(BaseModel):
    """One declared service as written; what is not known yet is absent, and named in `unknown`."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, alias_generator=to_camel, populate_by_name=False
    )

    service: str = Field(default="", min_length=1)
    defer_to_sender: bool = True
    keep_others: bool = False
    declared: str = ""
    unknown: frozenset[str] = Field(default=frozenset(), alias="__unknown")

    @property
    def wish(self) -> ServiceWish:
        """What it asks for."""
        declared = frozenset(self.declared.split(BETWEEN)) - {""}
        return ServiceWish(self.defer_to_sender, self.keep_others, declared)


DECLARED = ("service", "deferToSender", "keepOthers", "declared")
BESIDE = ("owner", "formerOwners", "original")


def parse_service(props: Mapping[str, Any]) -> ServiceInputs:
    """Parse a service's inputs; raises BadInput that names the input and what is allowed."""
    known, unknown = split_unknown({key: value for key, value in props.items() if key in DECLARED})
    subject = str(known.get("service") or "service")
    if not known.get("service") and "service" not in unknown:
        raise BadInput(
            subject, "write service=, the Messaging Service's SID (MG...) or its exact, unique name"
        )
    try:
        return ServiceInputs.model_validate({**known, "__unknown": frozenset(unknown)})
    except ValidationError as invalid:
        raise BadInput(subject, mistakes(invalid)) from None


def is_service_sid(text: str) -> bool:
    """Tell a Messaging Service's SID from a name."""
    return bool(_SERVICE_SID.fullmatch(text))
