"""`prove` as the engine keeps it, and back; light, since programs import it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from vapi_sms.core.errors import BadInput
from vapi_sms.core.proof.demand import Prove
from vapi_sms.resources.inputs.words import to_camel, to_snake

_DEFAULTS = {field.name: field.default for field in fields(Prove)}
_WHOLE = ("within", "at_least")


def engine_prove(prove: object) -> dict[str, Any]:
    """Give the input as the engine keeps it: what is as if nothing were said is not said."""
    if not isinstance(prove, Prove):
        return {}
    said = {name: getattr(prove, name) for name in _DEFAULTS}
    return {"prove": {to_camel(name): value for name, value in said.items() if value != _DEFAULTS[name]}}


def parse_prove(subject: str, written: object) -> Prove:
    """Read what was written; raises BadInput that names what is wrong."""
    if not isinstance(written, Mapping):
        raise BadInput(subject, "prove must be a Prove, such as Prove(within=300)")
    if unknown := sorted(name for name in map(to_snake, written) if name not in _DEFAULTS):
        raise BadInput(subject, f"prove has no {', '.join(unknown)}: there are {', '.join(_DEFAULTS)}")
    prove = as_meant(written)
    if mistakes := list(prove.mistakes()):
        raise BadInput(subject, "; ".join(f"prove: {text}" for text in mistakes))
    return prove


def as_meant(written: Mapping[str, Any]) -> Prove:
    """Give what was checked before."""
    said = {to_snake(name): value for name, value in written.items()}
    # The engine hands over every number as a float.
    whole = {name: int(said[name]) for name in _WHOLE if _is_whole(said.get(name))}
    return Prove(**{**said, **whole})


def _is_whole(value: object) -> bool:
    return isinstance(value, float) and value.is_integer()
