"""`vapi-sms schema`: the JSON Schema of a fleet file, or of the sandbox's seed, for editors."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from vapi_sms.cli.trouble import CannotGoOn, no_sandbox


class Of(StrEnum):
    """What there is a schema of."""

    NUMBERS = "numbers"
    SEED = "seed"


def schema(
    of: Annotated[
        Of, typer.Argument(help="A fleet file (numbers.yaml), or a seed of the sandbox.")
    ] = Of.NUMBERS,
    output: Annotated[
        Path | None, typer.Option(help="Write it to this file instead of standard output.")
    ] = None,
) -> None:
    """Print the JSON Schema of a fleet file: numbers.yaml names it in its first line, and editors complete it.

    The line is: # yaml-language-server: $schema=numbers.schema.json
    """
    text = json.dumps(_schema_of(of), indent=2)
    if output is None:
        typer.echo(text)
        return
    try:
        output.write_text(f"{text}\n", encoding="utf-8")
    except OSError as unwritable:
        raise CannotGoOn(f"{output}: cannot be written: {unwritable.strerror}") from None


def _schema_of(of: Of) -> dict[str, Any]:
    # pydantic, and the tables of phone numbers or a server: no other command should wait for them.
    if of is Of.NUMBERS:
        from vapi_sms.resources.fleet_file import json_schema  # noqa: PLC0415 as said

        return json_schema()
    try:
        from vapi_sms.sandbox import json_schema as seed_schema  # noqa: PLC0415 as said
    except ImportError:
        raise no_sandbox() from None
    return seed_schema()
