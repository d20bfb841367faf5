"""The command `vapi-sms doctor`: what is typed, what is printed, and the exit code."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from vapi_sms.cli.drawn.writing import Html, refuse_nowhere, write_page
from vapi_sms.cli.printing import say

PROBLEMS, UNTOLD = 1, 2  # problems; trouble: nothing could be told, or not of all


def doctor(  # noqa: PLR0913 a command has as many parameters as it has options
    numbers: Annotated[
        list[str] | None, typer.Argument(metavar="[NUMBER]...", help="E.164 numbers or PN SIDs; else all.")
    ] = None,
    *,
    stack: Annotated[
        str | None, typer.Option(help="The numbers of this Pulumi stack, compared with what it declares.")
    ] = None,
    cwd: Annotated[Path, typer.Option(help="The folder of the stack's Pulumi project.")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")] = False,
    problems: Annotated[bool, typer.Option(help="Tell problems, and nothing else.")] = False,
    html: Html = None,
) -> None:
    """Tell who answers texts to each number, why, and what is wrong. Reads both vendors, and writes nothing.

    Exits with 1 where there are problems, and with 2 where nothing can be told, or not of all that was asked for.
    """
    # Vendors' libraries: `vapi-sms --help` does without.
    from vapi_sms.cli.doctor import examining, machine, report
    from vapi_sms.cli.doctor.reaching import NothingToTell
    from vapi_sms.cli.drawn import account

    refuse_nowhere(html, NothingToTell)
    examined = examining.examine(numbers or [], stack, cwd)
    shown = replace(examined, problems_only=problems)

    def tell() -> None:
        if as_json:
            say(*machine.as_json(shown))
        else:
            report.show(shown)

    write_page(html, lambda when: account.page(shown, when), NothingToTell, tell)
    if examined.problems or examined.unseen:
        raise typer.Exit(PROBLEMS if examined.problems else UNTOLD)
