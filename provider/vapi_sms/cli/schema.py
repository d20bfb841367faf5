"""`vapi-sms schema`: the JSON Schema of a fleet file, for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from vapi_sms.cli.trouble import CannotGoOn


def schema(
    output: Annotated[
        Path | None, typer.Option(help="Write it to this file instead of standard output.")
    ] = None,
) -> None:
    """Print the JSON Schema of a fleet file: numbers.yaml names it in its first line, and editors complete it.

    The line is: # yaml-language-server: $schema=numbers.schema.json
    """
    # pydantic and the tables of phone numbers: no other command should wait for them.
    from vapi_sms.resources.fleet_file import json_schema  # noqa: PLC0415 as said

    text = json.dumps(json_schema(), indent=2)
    if output is None:
        typer.echo(text)
        return
    try:
        output.write_text(f"{text}\n", encoding="utf-8")
    except OSError as unwritable:
        raise CannotGoOn(f"{output}: cannot be written: {unwritable.strerror}") from None
