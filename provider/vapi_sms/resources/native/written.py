"""What YAML, and the engine with values of a stack's config, make of a number: `+14155550100` arrives as 14155550100.

It is a number there, without its plus; and of at most 15 digits, so none is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def with_plus(given: Mapping[str, Any]) -> dict[str, Any]:
    """Give inputs in which numbers and short codes are the texts that a program wrote."""
    said = dict(given)
    if "number" in said:
        said["number"] = _text(said["number"], "+")
    if "shortCode" in said:
        said["shortCode"] = _text(said["shortCode"], "")
    if isinstance(said.get("numbers"), list):
        said["numbers"] = [_text(each, "+") for each in said["numbers"]]
    return said


def _text(value: object, plus: str) -> object:
    return f"{plus}{int(value)}" if isinstance(value, float) and value.is_integer() else value
