"""The command `vapi-sms export`: what is typed, where it is written, and what is said beside it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vapi_sms.cli.files import refuse_existing, write_new
from vapi_sms.cli.printing import complain, say
from vapi_sms.core.inert import line, lines


class Format(StrEnum):
    """What is written."""

    PROGRAM = "program"
    YAML = "yaml"


def export(
    numbers: Annotated[
        list[str] | None, typer.Argument(metavar="[NUMBER]...", help="E.164 numbers or PN SIDs; else all.")
    ] = None,
    *,
    format_: Annotated[
        Format, typer.Option("--format", help="A Pulumi program, or a fleet file for load_numbers.")
    ] = Format.PROGRAM,
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="Write here; else to stdout.")] = None,
    stack: Annotated[
        str | None, typer.Option(help="Put URLs that may hold secrets into this stack's encrypted config.")
    ] = None,
    cwd: Annotated[Path, typer.Option(help="The folder of the stack's Pulumi project.")] = Path(),
) -> None:
    """Write a program that declares each number as it is now: its first `up` adopts, and writes nothing to vendors.

    What is in this Vapi org and answered there becomes a VapiSmsNumber with adopt=True, all else a TwilioSmsRoute. A
    URL with a password or a query is not written down: the program reads it from the stack's encrypted config.
    """
    # Vendors' libraries: `vapi-sms --help` does without.
    from vapi_sms.cli.export import program, selecting, writing

    if output is not None:
        refuse_existing(output)
    selected = selecting.select(numbers or [])
    written = program.written(selected) if format_ is Format.PROGRAM else writing.written(selected)
    if stack is not None:
        writing.put(written.secrets, stack, cwd)
    if output is None:
        say(*lines(written.text))
    else:
        write_new(output, written.text)
    told = (*selected.said(), *writing.said(written.secrets, stack))
    complain(*(line(f"vapi-sms: {text}") for text in told))
