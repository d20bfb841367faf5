"""`vapi-sms schema`: the JSON Schema of a fleet file, for editors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vapi_sms.cli.files import write_over
from vapi_sms.cli.printing import say
from vapi_sms.core.inert import json_lines


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

    schema = json_lines(json_schema())
    if output is None:
        say(*schema)
    else:
        write_over(output, "".join(f"{each}\n" for each in schema))
