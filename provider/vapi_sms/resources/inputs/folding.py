"""Records as one value: the engine pays for every nested value, each time it compares, diffs or saves a state.

So what travels through the engine is one JSON text for all records of a resource; a life sees them as they are. States
of before hold them nested: those are read as well, and folded with the next change of the resource. Folding is no
change by itself: the engine would show one, and nothing had changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

Props = dict[str, Any]
HELD = ("original", "originals")
"""The properties that hold records."""


def folded(props: Mapping[str, Any]) -> Props:
    """Give properties as the engine keeps them: records as one text, always the same for the same ones."""
    return {key: _text(value) if key in HELD else value for key, value in props.items()}


def unfolded(props: Mapping[str, Any]) -> Props:
    """Give properties with records as maps, however the engine kept them."""
    return {key: unfold(value) if key in HELD else value for key, value in props.items()}


def unfold(value: object) -> object:
    """Give records as a map; what is no text of ours, such as a placeholder, stays as it is."""
    if not (isinstance(value, str) and value.startswith("{")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _text(value: object) -> object:
    """Fold records; those that hold something unknown stay as they are, since no text could say so."""
    if not isinstance(value, Mapping):
        return value
    try:
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    except TypeError:
        return value
