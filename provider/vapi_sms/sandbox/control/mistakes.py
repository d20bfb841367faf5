"""What is wrong with a seed or with a control request: where, and what is allowed there; never a value."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

_WORDS = {
    "missing": "is missing",
    "string_too_short": "must not be empty",
    "string_too_long": "is longer than {max_length} characters",
    "bool_type": "has to be true or false",
    "bool_parsing": "has to be true or false",
    "int_type": "has to be a whole number",
    "int_parsing": "has to be a whole number",
    "int_from_float": "has to be a whole number",
    "float_type": "has to be a number",
    "float_parsing": "has to be a number",
    "greater_than": "has to be more than {gt:,.15g}",
    "greater_than_equal": "has to be at least {ge:,.15g}",
    "less_than": "has to be less than {lt:,.15g}",
    "less_than_equal": "has to be at most {le:,.15g}",
    "literal_error": "has to be {expected}",
    "tuple_type": "has to be a list",
    "list_type": "has to be a list",
    "dict_type": "has to have keys and values",
    "model_type": "has to have keys and values",
    "model_attributes_type": "has to have keys and values",
    "json_invalid": "is not JSON",
}
_FORMS = (
    (re.compile(r"\^([A-Z]{2})\[0-9a-fA-F\]\{32\}\$"), "{0} and 32 hex digits"),
    (re.compile(r"\^\\\+\[1-9\]\[0-9\]\{6,14\}\$"), 'a number such as "+14155550100"'),
    (re.compile(r"\^\(\\\+\[1-9\].*"), 'a number such as "+14155550100", or a short code'),
    (re.compile(r"\^\[0-9\]\{5,6\}\$"), "five or six digits"),
    (re.compile(r"\^\[A-Z\]\{2\}\$"), "the two capital letters of a country"),
    (re.compile(r"\^https\?.*"), "a URL such as https://api.vapi.ai, without a slash at its end"),
)
_UNQUOTED = (bool, int, float)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong: the steps that lead to it, and what is wrong there."""

    place: tuple[str | int, ...]
    what: str

    def __str__(self) -> str:
        return f"{spoken(self.place)} {self.what}" if self.place else self.what


def mistakes(error: ValidationError, model: type[BaseModel]) -> Iterator[Mistake]:
    """Yield everything that is wrong with what was read as this model."""
    schema = model.model_json_schema()
    for each in error.errors(include_url=False):
        yield Mistake(each["loc"], _told(each, schema))


def spoken(place: tuple[str | int, ...]) -> str:
    """Return a place as people write it: `twilio.accounts[0].sid`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")


def _told(error: ErrorDetails, schema: dict[str, Any]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown(str(error["loc"][-1]), _known(schema, error["loc"][:-1]))
    if kind == "string_type":
        hint = ": put it in quotes" if isinstance(error["input"], _UNQUOTED) else ""
        return f"has to be a text{hint}"
    if kind == "string_pattern_mismatch":
        return f"has to be {_form(context['pattern'])}"
    if kind == "value_error":
        return f"is wrong: {context['error']}"
    words = _WORDS.get(kind)
    return error["msg"] if words is None else words.format(**context)


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    meant = f", did you mean {near[0]}?" if near else "."
    return f"is not known here{meant} Known here: {', '.join(known)}" if known else "is not known here"


def _form(pattern: str) -> str:
    for known, words in _FORMS:
        if found := known.fullmatch(pattern):
            return words.format(*found.groups())
    return f"of the form {pattern}"


def _known(schema: dict[str, Any], place: tuple[str | int, ...]) -> list[str]:
    """Return the keys that an object at this place may have."""
    node: Mapping[str, Any] = schema
    for step in place:
        node = _object(schema, node)
        inner = node.get("items") if isinstance(step, int) else node.get("properties", {}).get(step)
        node = inner or node.get("additionalProperties") or {}
    return list(_object(schema, node).get("properties", ()))


def _object(schema: dict[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a reference leads to; of several, the one that has an inside."""
    if "$ref" in node:
        found: Mapping[str, Any] = schema["$defs"][node["$ref"].rpartition("/")[2]]
        return found
    inside = [_object(schema, each) for each in node.get("anyOf", ())]
    return next((each for each in inside if each.keys() & {"properties", "items"}), node)
