"""Gathering: telling of many numbers in few lines, the first ones by name; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

LINES = 20  # the most that people read
_ALONE = 3  # so many of a kind are told each by itself
_NAMED = 3
# In what one number's text may differ from another's of the same kind: numbers, their SIDs, ids, requests.
_VARYING = re.compile(
    r"\+\d{6,15}|(?:PN|IG)[0-9a-fA-F]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|request \w+"
)


def gathered(texts: Mapping[str, str], lines: int = LINES) -> tuple[str, ...]:
    """Tell what is said of each number, in the order of their keys and in `lines` lines at most.

    What is the same for many is told of the first one, with the names of some others and the count of all.
    """
    kinds: dict[str, list[str]] = {}
    for key in sorted(texts):
        kinds.setdefault(_VARYING.sub("*", texts[key]), []).append(key)
    told = [part for keys in kinds.values() for part in _parts(keys)]
    if len(told) > lines:
        told, rest = told[: lines - 1], [key for keys in told[lines - 1 :] for key in keys]
    else:
        rest = []
    shown = [_line(keys, texts) for keys in told]
    return tuple([*shown, f"and {len(rest):,} more numbers: {named(rest)}"] if rest else shown)


def named(keys: Iterable[str]) -> str:
    """Name the first few, and count the others."""
    found = list(keys)
    if len(found) <= _NAMED + 1:
        return ", ".join(found)
    return f"{', '.join(found[:_NAMED])} and {len(found) - _NAMED:,} others"


def _parts(keys: Sequence[str]) -> list[Sequence[str]]:
    return [keys] if len(keys) > _ALONE else [[key] for key in keys]


def _line(keys: Sequence[str], texts: Mapping[str, str]) -> str:
    first, *others = keys
    return f"{texts[first].rstrip('.')} (the same for {named(others)})" if others else texts[first]
