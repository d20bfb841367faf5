"""What an export writes: the text, and beside it the values that must not stand in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vapi_sms.core.inert import Line, line
from vapi_sms.core.redact import redacted_url

if TYPE_CHECKING:
    from vapi_sms.cli.export.selecting import LeftOut


@dataclass(frozen=True, slots=True)
class Written:
    """A file's text, and the secrets that it reads from the stack's config, by their keys."""

    text: str
    secrets: dict[str, str] = field(default_factory=dict, repr=False)


def holds_secret(value: str) -> bool:
    """Tell whether a value may hold a secret: a password, or anything in a query or a fragment of its own."""
    return redacted_url(value) != value


def remark(text: str) -> Line:
    """Give a comment of one line, whatever somebody called their number."""
    return line(f"# {' '.join(line(text).split())}")


def left_out_remarks(left_out: Iterable[LeftOut]) -> list[str]:
    """Give comments that name what is left out, and why."""
    named = [remark(f"{each.number}: {each.why.removeprefix(each.number).lstrip()}") for each in left_out]
    return ["# Left out:", *named] if named else []
