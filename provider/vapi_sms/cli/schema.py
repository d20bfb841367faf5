"""`vapi-sms schema`: the JSON Schema of a fleet file, or of the sandbox's seed, for editors."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from vapi_sms.cli.files import write_over
from vapi_sms.cli.printing import say
from vapi_sms.cli.trouble import no_sandbox
from vapi_sms.core.inert import json_lines


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
    lines = json_lines(_schema_of(of))
    if output is None:
        say(*lines)
    else:
        write_over(output, "".join(f"{each}\n" for each in lines))


def _schema_of(of: Of) -> dict[str, Any]:
    # pydantic, and the tables of phone numbers or a server: no other command should wait for them.
    if of is Of.NUMBERS:
        from vapi_sms.resources.fleet_file.schema import json_schema

        return json_schema()
    try:
        from vapi_sms.sandbox import json_schema as seed_schema
    except ImportError:
        raise no_sandbox() from None
    return seed_schema()
