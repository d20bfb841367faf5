"""Names that somebody chose to be obeyed: by a terminal, by a build's log, by whoever reads from right to left."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Record = dict[str, Any]

EVIL = "\x1b]0;x\x07\n::error::y\u202e##[z]\x9b1m"
"""The title of a terminal, a line of its own that fails a build, a change of direction, and more; 24 letters."""
ASSISTANT, SALES, SQUAD, AT_VAPI = f"A{EVIL}", f"B{EVIL}", f"Q{EVIL}", f"V{EVIL}"
NUMBER, SERVICE, APPLICATION = f"N{EVIL}", f"S{EVIL}", f"T{EVIL}"
FIRST = "::error::first"
"""One that needs no line feed where it is printed first."""

_OBEYED = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_COMMAND = re.compile(r"^\s*::|##(?:vso|teamcity)?\[", re.IGNORECASE)


def obeyed(printed: bytes | str) -> list[str]:
    """Give what somebody would obey of what was printed, which must be UTF-8."""
    text = printed.decode() if isinstance(printed, bytes) else printed
    return [
        *(repr(found[0]) for found in _OBEYED.finditer(text)),
        *(line for line in text.split("\n") if _COMMAND.search(line)),
    ]


def named_by_a_stranger(seed: Record) -> Record:
    """Give a seed in which a stranger chose every name of its first account and org."""
    account, org = seed["twilio"]["accounts"][0], seed["vapi"]["orgs"][0]
    for kind, name in (
        ("numbers", NUMBER),
        ("messaging_services", SERVICE),
        ("applications", APPLICATION),
        ("short_codes", NUMBER),
    ):
        for thing in account[kind]:
            thing["friendly_name"] = name
    account["numbers"][0]["friendly_name"] = FIRST
    for each, name in zip(org["assistants"][:2], (ASSISTANT, SALES), strict=True):
        each["name"] = name
    org["squads"] = [{**each, "name": SQUAD} for each in org["squads"]]
    for record in org.get("phone_numbers", ()):
        record["name"] = AT_VAPI
    return seed


def texts_in(value: object) -> Iterator[str]:
    """Give all texts in JSON, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)
