"""`prove` in a fleet file: a map with the names of Prove's fields."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from vapi_sms.core.proof.demand import LONGEST, LONGEST_QUESTION, Prove
from vapi_sms.resources.fleet_file.marks import NoText
from vapi_sms.resources.fleet_file.restoring import STRICT


def _whole(written: object) -> object:
    if isinstance(written, NoText) and written.text.isdecimal():
        return int(written.text)
    raise PydanticCustomError("said", "must be a whole number, such as 300")


_Whole = Annotated[int, BeforeValidator(_whole, json_schema_input_type=int)]


class ProofSaid(BaseModel):
    """What proves a switch; at least `before` or `within`."""

    model_config = STRICT

    before: Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION)] | None = None
    """A question that each assistant is asked once before the first write to its numbers: no answer, no write."""
    within: Annotated[_Whole, Field(json_schema_extra={"minimum": 1, "maximum": LONGEST})] | None = None
    """For how many seconds after the switch texts that come in are watched."""
    at_least: Annotated[_Whole, Field(json_schema_extra={"minimum": 1})] = 1
    """How many answered texts make it sure."""
    on_failure: Literal["restore", "keep"] = "restore"
    """restore (as if not said): a number with an unanswered text is put back. keep: it stays, and `up` fails."""
    on_silence: Literal["keep", "restore"] = "keep"
    """keep (as if not said): a number without enough answered texts stays. restore: it is put back, and `up` fails."""


def _meant(said: ProofSaid) -> Prove:
    prove = Prove(**said.model_dump())
    for text in prove.mistakes():
        raise PydanticCustomError("said", "{said}", {"said": text})
    return prove


Proof = Annotated[ProofSaid, AfterValidator(_meant)]
"""Validated, a Prove."""
