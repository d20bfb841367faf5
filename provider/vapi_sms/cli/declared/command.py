"""The command `vapi-sms declared`: it reads one fleet file or two, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vapi_sms.cli.printing import complain, say
from vapi_sms.core.inert import line, lines

if TYPE_CHECKING:
    from vapi_sms.resources.fleet_file.reading import FleetFile

# pydantic and the tables of phone numbers: no other command should wait for them, so functions import them.


def declared(
    file: Annotated[Path, typer.Argument(help="The fleet file.", show_default=False)],
    *,
    stack: Annotated[
        str | None, typer.Option(help="Only this stack; else all that the file tells apart.")
    ] = None,
    base: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            help="Show what changes since this file, such as the target branch's; an empty one declares nothing.",
        ),
    ] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print Markdown for a pull request; what is wrong, too.")
    ] = False,
) -> None:
    """Check a fleet file and show what it declares, without credentials, engine or passphrase.

    Exits with 1 where the file has mistakes, and tells all of them.
    """
    # The parser of fleet files: `vapi-sms --help` does without.
    from vapi_sms.cli.declared.comment import comment, mistakes_comment
    from vapi_sms.cli.declared.comparison import (
        compared,
        text,
        unlisted,
    )
    from vapi_sms.resources.fleet_file.mistakes import FleetFileMistakes
    from vapi_sms.resources.fleet_file.reading import read_fleet_file

    try:
        head = read_fleet_file(file)
        before, note = _base(base)
        stacks = compared(head, before, stack)
        notes = [*([note] if note else []), *unlisted(stacks)]
    except FleetFileMistakes as mistakes:
        if markdown:
            say(*lines(mistakes_comment(str(file), str(mistakes))))
        complain(*lines(str(mistakes)))
        raise typer.Exit(1) from None
    if markdown:
        say(*lines(comment(str(file), stacks, notes)))
        return
    complain(*map(line, notes))
    say(*text(stacks))


def _base(path: Path | None) -> tuple[FleetFile | None, str]:
    """Read what to compare with; where that has mistakes, which a pull request may be about, say so."""
    from vapi_sms.resources.fleet_file.mistakes import FleetFileMistakes
    from vapi_sms.resources.fleet_file.reading import EMPTY, read_fleet_file

    if path is None:
        return None, ""
    if os.path.isfile(path) and not os.path.getsize(path):  # noqa: PTH113, PTH202 pathlib raises where it may not look
        return EMPTY, ""
    try:
        return read_fleet_file(path), ""
    except FleetFileMistakes as mistakes:
        return None, f"Nothing is compared, since the file before has mistakes itself. {mistakes.first}"
