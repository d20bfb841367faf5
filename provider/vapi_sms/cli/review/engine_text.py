"""The engine's view of a preview as text: one line a resource that changes, and what was said, in one order."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice

from vapi_sms.cli.review.diagnostics import NOTICE, errors, output
from vapi_sms.cli.review.holders import OURS
from vapi_sms.cli.review.reading import UNKNOWN, Preview, Step

_SIGNS = {"create": "+", "delete": "-", "update": "~", "replace": "+-", "import": "=", "discard": "-"}
_KEY = re.compile(r'\["([^"]*)"\]|([^.\["]+)')  # of a path such as numbers["+14155550100"].assistant
_LONGEST = 500
_KINDS = {"add": "+", "delete": "-", "update": "~"}
# What a record is told of an import to come, once more than beside the number itself.
_REPEATED = frozenset({"imports"})


def engine_text(preview: Preview) -> tuple[str, ...]:
    """Give the lines; values only of our own resources, where the engine names what differs."""
    changing = sorted(
        (step for step in preview.steps if step.changes), key=lambda step: (step.name, step.urn)
    )
    printed = output(preview)
    # Notices come whenever a provider gets to them; what a program prints belongs together.
    notices = sorted({line for line in printed if line.startswith(NOTICE)})
    said = [*errors(preview), *notices, *(line for line in printed if not line.startswith(NOTICE))]
    values = _Values()
    return tuple(
        [line for step in changing for line in _lines(step, values)]
        + (["", "Diagnostics:", *said] if said else [])
    )


def _lines(step: Step, values: _Values) -> Iterator[str]:
    type_ = step.type.removeprefix(OURS)
    unseen = _REPEATED if step.type.startswith(OURS) else frozenset[str]()
    reasons = sorted(set(step.reasons or ()) - unseen)
    differs = f" [{', '.join(reasons)}]" if reasons else ""
    yield f"{_SIGNS.get(step.op, '?')} {type_} {step.name} {step.op}{differs}"
    if step.type.startswith(OURS):
        for path, difference in sorted((step.paths or {}).items()):
            if path in _REPEATED:
                continue
            kind = difference.get("kind", "") if isinstance(difference, dict) else ""
            both = (values.at(state.inputs if state else {}, path) for state in (step.old, step.new))
            told = " => ".join(value for value in both if value)
            yield f"    {_KINDS.get(kind.removesuffix('-replace'), '?')} {path}: {told}"


class _Values:
    """Values as JSON, each written once, however many paths lead to it, and only as far as it is shown."""

    def __init__(self) -> None:
        self._written: dict[int, str] = {}

    def at(self, inputs: object, path: str) -> str:
        """Give the value at a path; empty where there is none."""
        found = inputs
        for key in _KEY.finditer(path):
            if not isinstance(found, Mapping):
                return ""
            found = found.get(key[1] if key[1] is not None else key[2])
        if found == UNKNOWN:
            return "known only during up"
        if found is None:
            return ""
        if id(found) not in self._written:
            self._written[id(found)] = _as_json(found)
        return self._written[id(found)]


def _as_json(value: object) -> str:
    parts = json.JSONEncoder(ensure_ascii=False, sort_keys=True).iterencode(value)
    return "".join(islice(parts, _LONGEST))[:_LONGEST]
