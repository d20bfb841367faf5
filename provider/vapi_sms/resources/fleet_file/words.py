"""What pydantic found, in our words: where, what is allowed there, and never a value that may be a secret."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from vapi_sms.resources.fleet_file.marks import Marked, NoText
from vapi_sms.resources.fleet_file.mistakes import MOST, Mistake, Path, shown
from vapi_sms.resources.fleet_file.models import File, Group, Options, Stack
from vapi_sms.resources.fleet_file.proof import ProofSaid
from vapi_sms.resources.fleet_file.restoring import KINDS, TAGGED

_MOST_COMPARED, _LONGEST_NAME = 500, 60
_TEXTS = {
    "bool_type": "must be true or false",
    "string_too_long": "is longer than {max_length} characters, which is the most that Vapi takes",
    "string_too_short": "must not be empty",
}


def mistakes(invalid: ValidationError, document: Marked) -> list[Mistake]:
    """Give a mistake for each error of a validation; only what may be told is put into words, the rest is counted."""
    found = [
        (document.line(path), path, error) for error, path in map(_placed, invalid.errors(include_url=False))
    ]
    found.sort(key=lambda each: each[:2])
    told = [Mistake(line, path, _text(path, error, document)) for line, path, error in found[:MOST]]
    return told + [Mistake(line, path, "is wrong, too") for line, path, _ in found[MOST:]]


def _placed(error: ErrorDetails) -> tuple[ErrorDetails, Path]:
    parts = map(str, error["loc"])
    return error, tuple(part for part in parts if part != "[key]" and not part.startswith(TAGGED))


def _text(path: Path, error: ErrorDetails, document: Marked) -> str:
    loc = tuple(map(str, error["loc"]))
    context = error.get("ctx", {})
    match error["type"]:
        case "said":
            text = error["msg"]
        case "extra_forbidden":
            text = _unknown(loc)
        case "string_type":
            text = _no_text(error["input"], document.unquoted.get(path, ""))
        case "string_pattern_mismatch":
            text = _pattern(context["pattern"])
        case "literal_error":
            text = f"must be {context['expected'].replace(chr(39), '')}"
        case "model_type" | "dict_type":
            text = _no_map(path)
        case kind:
            text = _TEXTS[kind].format(**context)
    return text


def closest(written: str, allowed: Iterable[str]) -> str:
    """Ask whether a name was meant that is written much like this one; nothing where there is none.

    Comparing takes as many steps as both have letters, multiplied: it is for names, and for so many as people write.
    """
    names = [name for name in islice(allowed, _MOST_COMPARED) if len(name) <= _LONGEST_NAME]
    found = get_close_matches(written, names, n=1) if len(written) <= _LONGEST_NAME else []
    return f"did you mean {shown(found[0])}?" if found else ""


def _unknown(loc: Path) -> str:
    *around, key = loc
    if key.startswith("+"):
        return "is unknown: a number stands below numbers:"
    allowed = list(_model(tuple(around)).model_fields)
    hint = closest(key, allowed) or f"allowed are {', '.join(allowed)}"
    return f"is unknown: {hint}"


def _model(at: Path) -> type[BaseModel]:
    match at:
        case ():
            return File
        case (*_, kind) if kind in KINDS:
            return KINDS[kind]
        case (*_, "prove"):
            return ProofSaid
        case ("stacks", _):
            return Stack
        case ("groups", _) | ("stacks", _, "groups", _):
            return Group
    return Options


def _no_text(given: object, unquoted: str) -> str:
    if isinstance(given, NoText | bool):
        kind = given.kind if isinstance(given, NoText) else "true or false"
        return f'must be a text, and YAML takes {shown(unquoted)} for {kind}: write "{shown(unquoted)}"'
    return "must be a text"


def _pattern(pattern: str) -> str:
    # Every pattern is that of a URL, or of a SID: two letters, then digits.
    return (
        "must be an absolute http(s) URL" if "tT" in pattern else f"must be {pattern[1:3]} and 32 hex digits"
    )


def _no_map(path: Path) -> str:
    match path:
        case ():
            return f"must be a map with {', '.join(File.model_fields)}"
        case (*_, "numbers"):
            return "must be a list of numbers, or a map from numbers to their options"
        case (*before, "numbers", _):
            left_out = ", or false to leave it out in this stack" if before[:1] == ["stacks"] else ""
            return f"must be a map of options, or the name of an assistant{left_out}"
        case ("groups",) | ("stacks",) | ("stacks", _, "groups"):
            return "must be a map of names"
    return "must be a map of options"
