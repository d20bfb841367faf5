"""Words that programs, the engine and the provider process share; imports next to nothing, since programs import it."""

from __future__ import annotations

import re
from difflib import get_close_matches

OURS = ("pulumi-python:dynamic/vapi:", "vapi-sms:index:")
"""Before the names of our kinds of resources: as a Python program's own, and as a native provider's."""


def kind_in(type_: str) -> str:
    """Give which kind of ours a type is, of either transport; nothing for others."""
    return next((type_.removeprefix(prefix) for prefix in OURS if type_.startswith(prefix)), "")


LEAVE_AT_VAPI = "leave-at-vapi"
"""As `restore_to`: texts stay at Vapi when the resource goes."""

UNRECORDED = "not recorded yet"
"""In place of a record that check has not filled in: never to be taken for one."""

IS_UP = "isUp"
"""Set in the inputs of a run that applies what it checks: only the program knows. No check lets it into the state."""

MISTAKE = "mistake"
"""Set in the inputs of a resource that check is to refuse, with this text: only the program knows why."""

EXPLICIT = "vapi-sms:explicit"
"""Set in the configuration of the providers that vapi_sms.account() makes: they use no other credentials."""


ENTRY_OPTIONS = (
    "adopt",
    "assistant",
    "fallback",
    "messaging_service",
    "name",
    "on_remove",
    "protect",
    "prove",
    "restore_calls_to",
    "restore_to",
    "sms_enabled",
    "squad",
    "voice",
)
"""What may be said of each number of a fleet."""


CHOICES = {"voice": ("keep", "vapi"), "onRemove": ("restore", "leave")}
"""Inputs that are one of some words, as the engine spells them; the first is as if nothing were said."""

FALLBACKS = ("keep", "original")
"""What `fallback` may be, if no Routing; the first is as if nothing were said."""

ONE_NUMBER = "write number= or twilio_sid=, exactly one"
ONE_ROUTED = "write number=, twilio_sid= or short_code=, exactly one"
ONE_ANSWER = "write assistant= or squad=, exactly one"


def both_or_neither(are_there: bool) -> str:  # noqa: FBT001 its name asks
    """Say which of two that exclude each other were given."""
    return "both were given" if are_there else "neither was given"


def is_a_sid(key: str) -> bool:
    """Tell what looks like a SID of Twilio's from a number."""
    return re.fullmatch(r"[A-Z]{2}[0-9A-Za-z]+", key) is not None


def no_option(name: str) -> str:
    """Say that a fleet's entries have no such option, and what may be meant."""
    if to_snake(name) in ("number", "twilio_sid"):
        return f"there is no option {name}: an entry's key says which number it is about"
    meant = get_close_matches(name, ENTRY_OPTIONS, n=1)
    ways = f"did you mean {meant[0]}?" if meant else f"there are {', '.join(ENTRY_OPTIONS)}"
    return f"there is no option {name}: {ways}"


def to_snake(name: str) -> str:
    """Give the engine's name as Python spells it: smsEnabled, sms_enabled."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


BETWEEN = ", "
"""Parts the numbers that a program tells a service of: one line, which the engine cuts; a list would be 400."""


def to_camel(name: str) -> str:
    """Give a Python name as the engine spells it: sms_enabled, smsEnabled."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)
