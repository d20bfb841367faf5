"""Secrets in the matrices: every credential, and every token in a URL, is a canary that nobody may read in clear."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

CANARY = "canary"
_ENCRYPTED = frozenset({"original", "originals", "restoreTo", "handler", "routes", "fallback"})
"""What our programs mark as secret, so that the engine encrypts it."""


def leaks(lines: Iterable[str], state: Mapping[str, Any], journal: list[dict[str, Any]]) -> list[str]:
    """Name where a canary stands in clear: a provider's lines, what the state keeps unencrypted, the journal."""
    found = [f"told: {line}" for line in lines if CANARY in line]
    for kind, held in state.items():
        for key, value in {**held.inputs, **held.outs}.items():
            if key not in _ENCRYPTED and CANARY in json.dumps(value):
                found.append(f"in the state: {key} of {kind}")
    found += [
        f"in the journal: {entry['method']} {entry['path']}"
        for entry in journal
        if CANARY in json.dumps(entry)
    ]
    return found
