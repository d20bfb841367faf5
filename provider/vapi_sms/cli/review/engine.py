"""The engine: one real `pulumi preview`, as JSON, and its view as text, a line a resource, in one order."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from vapi_sms.cli.review.diagnostics import NOTICE, errors, output
from vapi_sms.cli.review.reading import UNKNOWN, Preview, Step, spoken
from vapi_sms.cli.trouble import CannotGoOn

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
    type_ = step.kind or step.type
    unseen = _REPEATED if step.kind else frozenset[str]()
    reasons = sorted(set(step.reasons or ()) - unseen)
    differs = f" [{', '.join(reasons)}]" if reasons else ""
    yield f"{_SIGNS.get(step.op, '?')} {type_} {step.name} {step.op}{differs}"
    if step.kind:
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


# It would turn the one JSON document into a stream of events.
_STREAMING = "PULUMI_ENABLE_STREAMING_JSON_PREVIEW"
_MOST_REASONS = 20


@dataclass(frozen=True, slots=True)
class Ran:
    """How a preview ended, and what it printed."""

    code: int
    json: str
    errors: str

    @property
    def last_error(self) -> str:
        """What pulumi said last, on one line."""
        return self.reasons()[0]

    def reasons(self, said: Sequence[str] = ()) -> list[str]:
        """Give all that pulumi said, what it said last first: that is its verdict; `said` is what it said elsewhere."""
        *before, last = spoken(self.errors) or [*said] or [f"exit code {self.code}"]
        return list(dict.fromkeys([last, *said, *before]))[:_MOST_REASONS]


def preview(stack: str | None, folder: Path, args: Sequence[str]) -> Ran:
    """Run `pulumi preview` on a stack (None: the selected one); raises CannotGoOn where it shows nothing."""
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        raise CannotGoOn(
            "there is no `pulumi` on PATH: install Pulumi, or run this with script/bootstrap's engine"
        )
    if not os.path.isdir(folder):  # noqa: PTH112 pathlib raises where it may not look
        raise CannotGoOn(f"there is no folder {folder}: write --cwd with the folder of a Pulumi project")
    chosen = ["--stack", stack] if stack else []
    done = subprocess.run(  # noqa: S603 what was typed is for pulumi
        [pulumi, "preview", "--json", "--show-sames", "--non-interactive", *chosen, *args],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != _STREAMING},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    ran = Ran(done.returncode, done.stdout, done.stderr)
    if not ran.json.strip():
        verdict, *others = ran.reasons()
        raise CannotGoOn(f"pulumi preview showed nothing: {verdict}", *others)
    return ran
