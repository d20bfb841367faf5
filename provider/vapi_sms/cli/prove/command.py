"""The command `vapi-sms prove`: what is typed, what is printed, and the exit code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from vapi_sms.cli.printing import say
from vapi_sms.cli.trouble import CannotGoOn

FAILED, INCONCLUSIVE = 3, 4
_SPAN = re.compile(r"([1-9][0-9]{0,5})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class NoSpan(CannotGoOn):
    """A span of time that is none."""

    exit_code = 2


def prove(  # noqa: PLR0913 an option each
    numbers: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NUMBER]...", help="E.164 numbers or PN SIDs; else all that Vapi answers."),
    ] = None,
    *,
    stack: Annotated[str | None, typer.Option(help="The numbers that this Pulumi stack declares.")] = None,
    cwd: Annotated[Path, typer.Option(help="The folder of the stack's Pulumi project.")] = Path(),
    since: Annotated[
        str, typer.Option(metavar="SPAN", help="How far back to look, such as 90m, 24h or 7d.")
    ] = "24h",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown, for a pull request.")] = False,
) -> None:
    """Tell whether texts to each number were answered, by whom, how fast, and why not. Reads, and writes nothing.

    Exits with 0 where texts were answered, with 3 where any was not, with 4 where nothing follows, such as where no
    text came in, and with 2 where nothing could be told.
    """
    # Vendors' libraries: `vapi-sms --help` does without.
    from vapi_sms.cli.prove import proving, report  # noqa: PLC0415 as said

    proven = proving.prove_numbers(numbers or [], stack, cwd, seconds(since))
    if as_json:
        say(*report.as_json(proven))
    elif markdown:
        say(*report.as_markdown(proven))
    else:
        report.show(proven)
    if proven.failed or not proven.answered:
        raise typer.Exit(FAILED if proven.failed else INCONCLUSIVE)


def seconds(span: str) -> int:
    """Give the seconds of a span such as 90m; raises NoSpan."""
    found = _SPAN.fullmatch(span.strip().lower())
    if found is None:
        raise NoSpan(f"{span!r} is no span of time: write it like 90m, 24h or 7d")
    return int(found[1]) * _SECONDS[found[2]]
