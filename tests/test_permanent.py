"""What must never change: the classes that users' states hold, their names and their pickles."""

from __future__ import annotations

import ast
import base64
from pathlib import Path
from typing import Any

import dill
import pytest
from pulumi.dynamic.dynamic import serialize_provider
from vapi_sms.resources import dynamic

# PERMANENT: what users' states hold. Never change these texts: if the test fails, the code is wrong.
PICKLED = {
    "Fleet": "gASVKwAAAAAAAACMGnZhcGlfc21zLnJlc291cmNlcy5keW5hbWljlIwFRmxlZXSUk5QpUpQu",
    "Number": "gASVLAAAAAAAAACMGnZhcGlfc21zLnJlc291cmNlcy5keW5hbWljlIwGTnVtYmVylJOUKVKULg==",
    "Originals": "gASVLwAAAAAAAACMGnZhcGlfc21zLnJlc291cmNlcy5keW5hbWljlIwJT3JpZ2luYWxzlJOUKVKULg==",
    "Route": "gASVKwAAAAAAAACMGnZhcGlfc21zLnJlc291cmNlcy5keW5hbWljlIwFUm91dGWUk5QpUpQu",
    "Service": "gASVLQAAAAAAAACMGnZhcGlfc21zLnJlc291cmNlcy5keW5hbWljlIwHU2VydmljZZSTlClSlC4=",
    "ServiceOriginal": "gASVNQAAAAAAAACMGnZhcGlfc21zLnJlc291cmNlcy5keW5hbWljlIwPU2VydmljZU9yaWdpbmFslJOUKVKULg==",
}


@pytest.mark.parametrize("name", PICKLED)
def test_providers_in_users_states_still_load(name: str) -> None:
    """PERMANENT: the references in states of the first release find their classes, and new ones are the same."""
    loaded = dill.loads(base64.b64decode(PICKLED[name]))  # noqa: S301 our own text

    assert type(loaded) is getattr(dynamic, name)
    assert serialize_provider(getattr(dynamic, name)()) == PICKLED[name]


def test_the_permanent_module_stays_tiny() -> None:
    """Classes that hold nothing and delegate everything: no function of its own, no import of ours at its top."""
    file = Path(dynamic.__file__)
    tree = ast.parse(file.read_text())
    at_top = {node.module for node in tree.body if isinstance(node, ast.ImportFrom)}

    assert {provider.__name__ for provider in _providers()} == set(PICKLED)
    assert len(file.read_text().splitlines()) <= 110
    assert at_top == {"__future__", "typing", "pulumi.dynamic"}
    assert [node.name for node in tree.body if isinstance(node, ast.FunctionDef)] == []
    assert all(vars(provider()) == {} for provider in _providers())
    assert all(provider.serialize_as_secret_always is False for provider in _providers())


def _providers() -> list[Any]:
    return [
        value
        for name, value in vars(dynamic).items()
        if isinstance(value, type) and value.__module__ == dynamic.__name__ and not name.startswith("_")
    ]
