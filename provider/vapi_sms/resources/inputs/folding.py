"""Records as one value: the engine pays for every nested value, each time it compares, diffs or saves a state.

So what travels through the engine is one JSON text for all records of a resource; a life sees them as they are. States
of before hold them nested: those are read as well, and the next `up` folds them.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import Any

from vapi_sms.resources.inputs.words import IS_UP

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


_applying: set[str] = set()
_lock = threading.Lock()


def note_run(news: Mapping[str, Any]) -> None:
    """Note for whom this process applies what it checks."""
    if news.get(IS_UP):
        with _lock:
            _applying.add(str(news.get("owner")))


def is_to_fold(olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """Tell whether this run moves a state of before over: an `up` does, and a preview does not speak of it."""
    nested = any(isinstance(olds.get(key), Mapping) for key in HELD)
    return nested and str(news.get("owner")) in _applying
