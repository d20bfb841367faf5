"""Diagnostics: what keeps `up` from working, what people should know, and what is only noise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

from vapi_sms.cli.review.reading import Diagnostic, Preview
from vapi_sms.resources.engine.notices import DRIFT, HAPPENS, NOT_LOOKED, REFUSED

NOTICE = "vapi-sms: "
_GENERIC = re.compile(
    r"(preview|update) failed"
    r"|an unhandled error occurred: [Pp]rogram exited with .*"
    r"|Program failed with an unhandled exception:.*",
    re.DOTALL,
)
_HAS_A_PROBLEM = re.compile(
    r"^\S+ resource '[^']*'(?:: property (\S+) value \{.*\})? has a problem: ", re.DOTALL
)
_ERROR = "error: "
_CRASHED = "error: Program failed with an unhandled exception:"
_INTERRUPTED = "KeyboardInterrupt"
# What a traceback begins with: the second of two that belong together, and one that Python only mentions, too.
_TRACEBACK = re.compile(
    r"Traceback \(most recent call last\):"
    r"|During handling of the above exception, another exception occurred:"
    r"|The above exception was the direct cause of the following exception:"
    r"|Exception ignored in.*"
)
_EXECUTOR = "pulumi-language-python-exec"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Why `up` would fail: a resource that refuses, or the program itself (`resource` is empty)."""

    resource: str
    text: str


def problems(preview: Preview) -> tuple[Problem, ...]:
    """Give what keeps `up` from working, each once."""
    said = [said for said in preview.diagnostics if said.severity == "error"]
    told = sorted({Problem(each.name, text) for each in said if (text := _told(each.message))})
    if not any(problem.resource for problem in told):
        # Once a resource is refused, the engine interrupts the program: what that says then is no trouble of its own.
        told += [Problem("", text) for text in _of_the_program(preview)]
    return tuple(dict.fromkeys(told))


def warnings(preview: Preview) -> tuple[str, ...]:
    """Give the provider's notices and the engine's warnings, each once."""
    said = (
        line for line in output(preview) if line.startswith(NOTICE) and not line.startswith((REFUSED, DRIFT))
    )
    notices = {line.removeprefix(NOTICE) for line in said}
    engine = {
        _one_line(said.message).removeprefix("warning: ")
        for said in preview.diagnostics
        if said.severity == "warning"
    }
    return tuple(sorted(notices | engine))


def set_aside(preview: Preview) -> tuple[str, ...]:
    """Give what is refused of some numbers while the others go on, each once."""
    return tuple(sorted({line.removeprefix(REFUSED) for line in output(preview) if line.startswith(REFUSED)}))


def drift_told(preview: Preview) -> Mapping[str, tuple[str, ...]]:
    """Give the drift by number that no check could know, and a diff told."""
    by_number: dict[str, dict[str, None]] = {}
    for told in output(preview):
        if told.startswith(DRIFT):
            number, _, text = told.removeprefix(DRIFT).partition(": ")
            by_number.setdefault(number, {})[text.removesuffix(".")] = None
    return {number: tuple(texts) for number, texts in by_number.items()}


def happenings(preview: Preview) -> Mapping[str, str]:
    """Give by number what the preview said beside the stack: who answers now, as it was read, and who will."""
    lines = [
        line.removeprefix(HAPPENS).partition(": ") for line in _printed(preview) if line.startswith(HAPPENS)
    ]
    return {number: change for number, _, change in lines}


def why_not_looked(preview: Preview) -> str:
    """Give why no vendor was asked, so that nothing is known of what is there; empty where they were."""
    told = (line.removeprefix(NOT_LOOKED) for line in output(preview) if line.startswith(NOT_LOOKED))
    return min(told, default="")


def output(preview: Preview) -> list[str]:
    """Give the lines that the program and the providers printed, without an interrupted program's last words."""
    # What happens to numbers is what a review is made of.
    return list(_uninterrupted([line for line in _printed(preview) if not line.startswith(HAPPENS)]))


def _printed(preview: Preview) -> list[str]:
    return [
        line
        for said in preview.diagnostics
        if said.severity.startswith("info")
        for line in said.message.splitlines()
        if line.strip()
    ]


def _uninterrupted(lines: Iterable[str]) -> Iterator[str]:
    """Leave out every traceback that ends with an interrupt; the notices of the providers may stand in between."""
    traceback: list[str] = []
    for line in lines:
        if line.rstrip(": ") == _INTERRUPTED:
            yield from _notices(traceback)
            traceback = []
        elif traceback or _TRACEBACK.fullmatch(line):
            traceback.append(line)
        else:
            yield line
    yield from _notices(traceback) if _is_cut_off(traceback) else traceback


def _notices(traceback: Iterable[str]) -> Iterator[str]:
    return (said for said in traceback if said.startswith(NOTICE))


def _is_cut_off(traceback: Iterable[str]) -> bool:
    """Tell whether the executor was killed while it told that it was interrupted: no exception stands at the end."""
    frames = [said for said in traceback if not said.startswith(NOTICE)]
    return any(_EXECUTOR in said for said in frames) and frames[-1].startswith(" ")


def errors(preview: Preview) -> list[str]:
    """Give the lines of all errors in one order."""
    told = [said for said in preview.diagnostics if said.severity in ("error", "warning")]
    return [line for said in sorted(told, key=_order) for line in said.message.splitlines() if line.strip()]


def _order(said: Diagnostic) -> tuple[str, str]:
    return said.urn, said.message


def _told(message: str) -> str:
    text = _one_line(message).removeprefix(_ERROR).removeprefix("Preview failed: ")
    text = re.sub(r"(^|: )VapiSms: ", r"\1", text)
    problem = _HAS_A_PROBLEM.match(text)
    if problem:
        text = (f"{problem[1]}: " if problem[1] else "") + text[problem.end() :]
    return "" if _GENERIC.fullmatch(text) else text


def _of_the_program(preview: Preview) -> list[str]:
    """Give what a program said that ended in trouble: its exception, or its own words from the first error on."""
    printed = [line for line in output(preview) if not line.startswith(NOTICE)]
    for lines in (errors(preview), printed):
        if _CRASHED in lines:
            said = takewhile(lambda line: not line.startswith(_ERROR), lines[lines.index(_CRASHED) + 1 :])
            *_, last = ("", *(line for line in said if not line.startswith(" ")))
            return [f"the program failed: {_one_line(last)}"]
    start = next((at for at, line in enumerate(printed) if line.startswith(_ERROR)), len(printed))
    return [text for line in printed[start:] if (text := _told(line))]


def _one_line(text: str) -> str:
    return " ".join(text.split())
