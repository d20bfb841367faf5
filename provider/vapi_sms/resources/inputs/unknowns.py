"""What is not known yet: Unknown in a preview, and an Output in a program; told without importing Pulumi's SDK.

A native provider speaks Pulumi's messages only. Where the SDK is there, its classes are known by their names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from inspect import isawaitable


class Unknown:
    """In place of a value that is not known yet."""


UNKNOWN = Unknown()


def is_unknown(value: object) -> bool:
    """Tell whether a value is not known yet, by our class or the SDK's."""
    return isinstance(value, Unknown) or _is_of_the_sdk(value, "Unknown")


def contains_unknowns(value: object) -> bool:
    """Tell whether a value, or anything in it, is not known yet."""
    if isinstance(value, dict | Mapping):  # dict alone would do, and is found out much faster: most are one
        inner: Iterable[object] = value.values()
    elif isinstance(value, list | tuple):
        inner = value
    else:
        return type(value) not in _KNOWN and is_unknown(value)
    # Records of thousands hold texts, nearly all of it: those are asked for nothing more. A list first, then a walk: as
    # one generator, each level would be two of Python's own, which takes 1,000.
    return any(map(contains_unknowns, [each for each in inner if type(each) not in _KNOWN]))


_KNOWN = frozenset({str, int, bool, float, type(None)})


def is_later(value: object) -> bool:
    """Tell whether a value is known only later: an Output, what is awaited, or Unknown."""
    if value is None or isinstance(value, str | bool | int | float):
        return False
    return is_unknown(value) or _is_of_the_sdk(value, "Output") or isawaitable(value)


def _is_of_the_sdk(value: object, name: str) -> bool:
    return any(each.__name__ == name and each.__module__ == "pulumi.output" for each in type(value).__mro__)
