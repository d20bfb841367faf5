"""What docstrings say of arguments and outputs, in the words of programs in other languages."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from typing import Any

from vapi_sms.resources.inputs.words import to_camel


def params_of(documented: Any) -> dict[str, str]:  # noqa: ANN401 a function or a class
    """Give what a docstring says of each parameter, in the words of the engine."""
    text = inspect.getdoc(documented) or ""
    found = re.findall(r"^:param (\w+): (.+?)(?=^:|\Z)", text, re.DOTALL | re.MULTILINE)
    return {name: _said(body) for name, body in found}


def below_annotations(source: str) -> dict[str, str]:
    """Give what stands below each annotation of a class, in the words of the engine."""
    found = re.findall(r'^    (\w+): .+\n    """(.+?)"""', source, re.MULTILINE)
    return {name: _said(body) for name, body in found}


_SPELLED: Iterable[tuple[str, str]] = (
    (r"such as Handler\.studio_flow\(sid\)", "such as { url: a Studio Flow's }"),
    (r"Prove\(before=(\"[^\"]*\"), within=(\d+)\)", r"{ before: \1, within: \2 }"),
    (r"LEAVE_AT_VAPI", '"leave-at-vapi"'),
    (r"\bTrue\b", "true"),
    (r"\bFalse\b", "false"),
    (r"; load_numbers\(\)\s+reads one from a file", ""),
    (r" Options are `assistant`.*?protects the fleet\.", ""),
    (r"Its SIDs and URLs may be Outputs, and\s+so may all of it; it", "It"),
)


def _said(text: str) -> str:
    text = " ".join(text.split())
    for written, meant in _SPELLED:
        text = re.sub(written, meant, text, flags=re.DOTALL)
    return re.sub(r"`([a-z]+(?:_[a-z]+)+)`", lambda found: f"`{to_camel(found[1])}`", text)
