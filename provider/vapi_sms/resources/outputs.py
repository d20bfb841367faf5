"""Outputs by their Python names.

Pulumi can translate names by itself, but it then translates the keys of nested maps too, which are numbers and SIDs.
"""

from __future__ import annotations

from typing import Any

import pulumi

from vapi_sms.resources.words import to_camel


def output_of(resource: pulumi.Resource, name: str) -> Any:  # noqa: ANN401 an Output of whatever was declared
    """Give the output that the engine knows by this name's camelCase; raises AttributeError where there is none."""
    try:
        return resource.__dict__[to_camel(name)]
    except KeyError:
        raise AttributeError(f"{type(resource).__name__} has no output {name!r}") from None
