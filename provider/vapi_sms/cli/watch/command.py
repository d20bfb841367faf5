"""The command `vapi-sms watch`: what is typed, and the exit code."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vapi_sms.cli.prove.command import seconds

FAILED = 3


class FailOn(StrEnum):
    """What ends watching with an exit code of its own."""

    UNANSWERED = "unanswered"


def watch(  # noqa: PLR0913 a command has as many parameters as it has options
    numbers: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NUMBER]...", help="E.164 numbers or PN SIDs; else all that Vapi answers."),
    ] = None,
    *,
    stack: Annotated[str | None, typer.Option(help="The numbers that this Pulumi stack declares.")] = None,
    cwd: Annotated[Path, typer.Option(help="The folder of the stack's Pulumi project.")] = Path(),
    every: Annotated[
        str | None,
        typer.Option(metavar="SPAN", help="Look again after each span, such as 5m; else look once."),
    ] = None,
    since: Annotated[
        str, typer.Option(metavar="SPAN", help="How far back each look goes, such as 90m, 24h or 7d.")
    ] = "1h",
    fail_on: Annotated[
        FailOn | None,
        typer.Option(help="End with exit code 3 once a text was not answered as it should have been."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a line of JSON for each change.")] = False,
) -> None:
    """Tell whether texts are answered, again and again, and what changes: unanswered, not delivered, by others.

    Reads both vendors, and writes nothing. On a terminal a table stays up to date; elsewhere each change is told once.
    """
    # Vendors' libraries: `vapi-sms --help` does without.
    from vapi_sms.cli.prove.proving import Whom
    from vapi_sms.cli.watch import watching

    whom = Whom(tuple(numbers or ()), stack, cwd)
    pause = None if every is None else seconds(every)
    failed = watching.watch(whom, seconds(since), pause, as_json=as_json, until_failed=fail_on is not None)
    if failed and fail_on is not None:
        raise typer.Exit(FAILED)
