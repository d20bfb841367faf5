"""What a program may write as `restore_to` and of its numbers, and how the engine is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

import pulumi

from vapi_sms.core.documents import unfold
from vapi_sms.core.routings.routing import Routing
from vapi_sms.resources.inputs.entries import IMPORTED, dumped, only
from vapi_sms.resources.inputs.unknowns import is_later
from vapi_sms.resources.inputs.words import to_camel

RestoreTo = Routing | pulumi.Input[str] | pulumi.Input[Mapping[str, Any]]
"""A routing, LEAVE_AT_VAPI, or the `original` output of the resource that a number moves from."""


def moves_here(restore_to: object) -> bool:
    """Tell whether a number may be moving here: neither a routing nor LEAVE_AT_VAPI, so another one's `original`."""
    if isinstance(restore_to, str):
        return isinstance(unfold(restore_to), Mapping)
    return restore_to is not None and not isinstance(restore_to, Routing)


def engine_value(restore_to: object) -> object:
    """Give `restore_to` as the engine keeps it."""
    if isinstance(restore_to, Routing):
        # Not asdict, which copies: a field may be an Output, such as a secret of the stack's configuration.
        return {to_camel(field.name): getattr(restore_to, field.name) for field in fields(restore_to)}
    return restore_to


def of_number(key: pulumi.Input[str] | None, restore_to: object) -> object:
    """Give `restore_to` as the engine keeps it for one number, of another resource's originals only that number's.

    Else each of a thousand numbers that move would carry the records of all.
    """
    if isinstance(key, str) and isinstance(restore_to, pulumi.Output):
        return restore_to.apply(lambda value: only(key, value))
    return engine_value(restore_to)


def imports_of(entries: Iterable[tuple[Any, Mapping[str, Any]]]) -> Any:  # noqa: ANN401 a text, or an Output of one
    """Give, as one text, with which options each number is to be imported.

    By them the sibling knows an import of ours whose id nobody was told: a text costs the engine less than a map.
    """
    said = [
        (key, {name: options[name] for name in IMPORTED if options.get(name) is not None})
        for key, options in entries
    ]
    if any(is_later(value) for key, options in said for value in (key, *options.values())):
        return pulumi.Output.from_input(said).apply(dumped)
    return dumped(said)


def by_key(key: pulumi.Input[str] | None, value: object) -> Any:  # noqa: ANN401 a map, or an Output of one
    """Map a number, which may not be known yet, to what is said of it."""
    if key is None:
        return {}
    if is_later(key):
        return pulumi.Output.all(key, value).apply(lambda pair: {str(pair[0]): pair[1]})
    return {str(key): value}
