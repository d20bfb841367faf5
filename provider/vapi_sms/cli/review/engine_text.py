"""The engine's view of a preview as text: one line a resource that changes, and what was said, in one order."""

from __future__ import annotations

import json
from collections.abc import Iterator

from vapi_sms.cli.review.diagnostics import NOTICE, errors, output
from vapi_sms.cli.review.holders import OURS
from vapi_sms.cli.review.reading import UNKNOWN, Preview, State, Step

_SIGNS = {"create": "+", "delete": "-", "update": "~", "replace": "+-", "import": "=", "discard": "-"}
_KINDS = {"add": "+", "delete": "-", "update": "~"}


def engine_text(preview: Preview) -> tuple[str, ...]:
    """Give the lines; values only of our own resources, where the engine names what differs."""
    changing = sorted(
        (step for step in preview.steps if step.changes), key=lambda step: (step.name, step.urn)
    )
    printed = output(preview)
    # Notices come whenever a provider gets to them; what a program prints belongs together.
    notices = sorted({line for line in printed if line.startswith(NOTICE)})
    said = [*errors(preview), *notices, *(line for line in printed if not line.startswith(NOTICE))]
    return tuple(
        [line for step in changing for line in _lines(step)] + (["", "Diagnostics:", *said] if said else [])
    )


def _lines(step: Step) -> Iterator[str]:
    type_ = step.type.removeprefix(OURS)
    differs = f" [{', '.join(sorted(step.reasons))}]" if step.reasons else ""
    yield f"{_SIGNS.get(step.op, '?')} {type_} {step.name} {step.op}{differs}"
    if step.type.startswith(OURS):
        for path, difference in sorted((step.paths or {}).items()):
            kind = difference.get("kind", "") if isinstance(difference, dict) else ""
            before, after = _at(step.old, path), _at(step.new, path)
            values = " => ".join(value for value in (before, after) if value)
            yield f"    {_KINDS.get(kind.removesuffix('-replace'), '?')} {path}: {values}"


def _at(state: State | None, path: str) -> str:
    """Give the value at a path such as `numbers["+14155550100"].assistant` as JSON; empty where there is none."""
    found: object = state.inputs if state else {}
    for key in _keys(path):
        found = found.get(key) if isinstance(found, dict) else None
    if found == UNKNOWN:
        return "known only during up"
    return "" if found is None else json.dumps(found, ensure_ascii=False, sort_keys=True)


def _keys(path: str) -> Iterator[str]:
    head, bracket, rest = path.partition('["')
    yield from (key for key in head.split(".") if key)
    if bracket:
        key, _, rest = rest.partition('"]')
        yield key
        yield from _keys(rest)
