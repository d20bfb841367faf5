"""Outputs by their Python names.

Pulumi can translate names by itself, but it then translates the keys of nested maps too, which are numbers and SIDs.
"""

from __future__ import annotations

import inspect
from typing import Any, TypeVar

import pulumi

from vapi_sms.resources.inputs.words import to_camel

R = TypeVar("R", bound=pulumi.Resource)


def with_outputs(resource: type[R]) -> type[R]:
    """Let a class give its outputs by their Python names, and evaluate its annotations once.

    Pulumi reads annotations for each resource, and would compile their text anew. And type checkers shall see no more
    outputs than those that are annotated, so that a misspelled one is found: a `__getattr__` in the class hides it.
    """
    resource.__annotations__ = inspect.get_annotations(resource, eval_str=True)
    resource.__getattr__ = output_of  # type: ignore[attr-defined] # as said
    return resource


def output_of(resource: pulumi.Resource, name: str) -> Any:  # noqa: ANN401 an Output of whatever was declared
    """Give the output that the engine knows by this name's camelCase; raises AttributeError where there is none."""
    try:
        return resource.__dict__[to_camel(name)]
    except KeyError:
        raise AttributeError(f"{type(resource).__name__} has no output {name!r}") from None
