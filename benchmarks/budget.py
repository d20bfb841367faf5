"""The budget: how many API requests each command may cost, and how many it did; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from typing import Any

STAGES = (
    "preview of new numbers",
    "up",
    "preview without changes",
    "unchanged up",
    "up, assistant changed",
    "refresh",
    "destroy",
)


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests by vendor and kind: a GET of a collection is a list, any other GET a read, the rest are writes."""

    twilio_lists: int = 0
    twilio_reads: int = 0
    twilio_writes: int = 0
    messaging: int = 0
    vapi_lists: int = 0
    vapi_reads: int = 0
    vapi_writes: int = 0

    @classmethod
    def counted(cls, journal: Iterable[Mapping[str, Any]]) -> Requests:
        """Count the sandbox's journal."""
        counts = dict.fromkeys((field.name for field in fields(cls)), 0)
        for entry in journal:
            counts[_kind(entry["vendor"], entry["method"], entry["path"])] += 1
        return cls(**counts)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(astuple(self))


def bounds(stage: str, numbers: int, services: int) -> dict[str, int]:
    """Give the most requests of each kind that a command on this many numbers may cost; what is not named is free.

    Source: issue 3, "Measured, in script/bench". The one Twilio write beside those a number is the proof, once a
    run, that our key may write. Lists are bounded where nothing is written: a reading that a write rests on is
    younger than 30 s, so a run that takes longer lists once more.
    """
    reading = {"twilio_lists": 2, "messaging": 1 + services, "vapi_lists": 2}
    no_single_reads = {"twilio_reads": 0, "vapi_reads": 0}
    no_writes = {"twilio_writes": 0, "vapi_writes": 0}
    match stage:
        case "up":
            return no_single_reads | {"twilio_writes": numbers + 1, "vapi_writes": numbers}
        case "up, assistant changed":
            return {"twilio_writes": 0, "vapi_writes": numbers}
        case "refresh":
            return no_writes
        case "destroy":
            return {}
        case _:
            return reading | no_single_reads | no_writes


def broken(counted: Requests, allowed: Mapping[str, int]) -> list[str]:
    """Name each kind of request of which there were more than allowed."""
    return [
        f"{kind.replace('_', ' ')}: {getattr(counted, kind)}, allowed {most}"
        for kind, most in allowed.items()
        if getattr(counted, kind) > most
    ]


def _kind(vendor: str, method: str, path: str) -> str:
    if path.startswith("/v1/"):
        return "messaging"
    if method != "GET":
        return f"{vendor}_writes"
    collection = path.endswith(("/IncomingPhoneNumbers.json", "/Applications.json")) or path.rstrip("/") in (
        "/phone-number",
        "/v2/phone-number",
        "/assistant",
        "/squad",
    )
    return f"{vendor}_{'lists' if collection else 'reads'}"
