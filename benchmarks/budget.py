"""The budget: what each command may cost in API requests and in time, and what it did cost; pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from typing import Any

PAGE = 1000  # the most numbers that either vendor lists at once

# The most that a command may take, as a multiple of what the no-op and, where it writes, the bare client take.
# Source: issue 4, "Speed at size".
SINGLE_TIMES = {"preview of new numbers": 1.2, "preview without changes": 1.2, "unchanged up": 1.2}
FLEET_TIMES = {
    "preview of new numbers": 1.3,
    "up": 1.3,
    "preview without changes": 1.3,
    "unchanged up": 1.3,
    "destroy": 1.3,
}


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests by vendor and kind: a GET of a collection is a list, any other GET a read, the rest are writes."""

    twilio_lists: int = 0
    twilio_reads: int = 0
    twilio_writes: int = 0
    messaging: int = 0
    conversations: int = 0
    vapi_lists: int = 0
    vapi_reads: int = 0
    vapi_writes: int = 0

    @classmethod
    def counted(cls, journal: Iterable[Mapping[str, Any]]) -> Requests:
        """Count requests as the sandbox's journal has them: `vendor`, `method` and `path` of each."""
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

    Source: issue 3, "Measured, in script/bench", and issue 4, "Speed at size". The one Twilio write beside those a
    number is the proof, once a run, that our key may write. Lists are bounded where nothing is written: a reading that
    a write rests on is younger than 30 s, so a run that takes longer lists once more. Addresses of Conversations are
    an API of their own, listed only where texts are handed over.
    """
    lists = 2 * math.ceil(numbers / PAGE)
    beside = {"conversations": 1 if stage in ("preview of new numbers", "up") else 0}
    reading = {"twilio_lists": lists, "messaging": 1 + services, "vapi_lists": lists} | beside
    no_single_reads = {"twilio_reads": 0, "vapi_reads": 0}
    no_writes = {"twilio_writes": 0, "vapi_writes": 0}
    match stage:
        case "up":
            return no_single_reads | beside | {"twilio_writes": numbers + 1, "vapi_writes": numbers}
        case "up, assistant changed":
            return {"twilio_writes": 0, "vapi_writes": numbers}
        case "up, one assistant changed":
            return {"twilio_writes": 0, "vapi_writes": 1}
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


def is_list(method: str, path: str) -> bool:
    """Tell whether a request reads a collection."""
    vapis = ("/phone-number", "/v2/phone-number", "/assistant", "/squad")
    twilios = ("/IncomingPhoneNumbers.json", "/Applications.json", "/Services", "/PhoneNumbers", "/Addresses")
    return method == "GET" and (path.endswith(twilios) or path.rstrip("/") in vapis)


def _kind(vendor: str, method: str, path: str) -> str:
    if path.startswith(("/v1/Configuration/", "/v2/ControlPlane/")):
        return "conversations"
    if path.startswith("/v1/"):
        return "messaging"
    if method != "GET":
        return f"{vendor}_writes"
    return f"{vendor}_{'lists' if is_list(method, path) else 'reads'}"
