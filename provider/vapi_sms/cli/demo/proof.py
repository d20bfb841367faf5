"""Proof: what is compared at the end, and what is said when the story does not hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from vapi_sms.cli.trouble import CannotGoOn

_LONGEST = 2000
_SHOWN = ("sms_url", "sms_fallback_url", "voice_url", "voice_fallback_url", "status_callback")


class NotAsTold(CannotGoOn):
    """A step of the story did not go as told."""

    def __init__(self, claim: str, evidence: object = "") -> None:
        found = str(evidence)[:_LONGEST]
        super().__init__(f"not as told: {claim}" + (f" Found: {found}" if found else ""))


def routing_rows(
    before: Mapping[str, Any], during: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[str, str, str, str]]:
    """Give the fields that people know, in three moments."""
    for name in _SHOWN:
        with_vapi = "the same" if during[name] == before[name] else str(during[name])
        now = "as before" if after[name] == before[name] else str(after[name])
        yield name, str(before[name]), with_vapi, now


def equal_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> int:
    """Count the fields that are equal."""
    return sum(before[name] == after.get(name) for name in before)
