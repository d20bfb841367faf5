"""What only the program can tell: who a resource is, and which of its numbers are declared twice."""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi.runtime import settings


class Mistake(pulumi.RunError):
    """A mistake in the program: Pulumi prints it as one line, without a traceback."""


def project_and_stack() -> tuple[str, str]:
    """Give the names of the running project and stack."""
    return pulumi.get_project(), pulumi.get_stack()


def owner(name: str) -> str:
    """Give what tells this resource from all others: org/project/stack/name."""
    return "/".join((organization(), *project_and_stack(), name))


def organization() -> str:
    """Give the organization; Pulumi's own mocks have none."""
    return pulumi.get_organization() or "organization"


_declared: dict[str, str] = {}
_run: list[Any] = [None]


def register(name: str, *keys: object, moves: bool) -> None:
    """Note that a resource declares a number, by E.164 form or SID; raises Mistake where another one does too.

    What is not known yet cannot be compared here; the provider compares it. A number that moves here with the
    `original` of its old owner is the one duplicate allowed.
    """
    monitor = settings.get_monitor()
    if _run[0] is not monitor:
        # Inline programs run again and again in one process: each run starts anew.
        _run[0] = monitor
        _declared.clear()
    for key in keys:
        if not isinstance(key, str) or moves:
            continue
        other = _declared.setdefault(key, name)
        if other != name:
            raise Mistake(
                f"{key} is declared twice, by {other!r} and by {name!r}: one resource answers for a number. To move "
                f"it, declare it in {name!r} with restore_to={other}.original, and give {other!r} retain_on_delete=True"
            )
