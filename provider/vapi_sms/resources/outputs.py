"""Outputs by their Python names.

Pulumi can translate names by itself, but it then translates the keys of nested maps too, which are numbers and SIDs.
"""

from __future__ import annotations

import inspect
from typing import Any, TypeVar

import pulumi

from vapi_sms.resources.words import to_camel

R = TypeVar("R", bound=pulumi.Resource)


def evaluated(resource: type[R]) -> type[R]:
    """Evaluate a class's annotations once: Pulumi reads them for each resource, and would compile their text anew."""
    resource.__annotations__ = inspect.get_annotations(resource, eval_str=True)
    return resource


def output_of(resource: pulumi.Resource, name: str) -> Any:  # noqa: ANN401 an Output of whatever was declared
    """Give the output that the engine knows by this name's camelCase; raises AttributeError where there is none."""
    try:
        return resource.__dict__[to_camel(name)]
    except KeyError:
        raise AttributeError(f"{type(resource).__name__} has no output {name!r}") from None
