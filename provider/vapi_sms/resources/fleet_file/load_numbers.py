"""`load_numbers`: a fleet file's numbers for a program. A program that does not call it pays nothing for it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from vapi_sms.resources.program.registering import Mistake


def load_numbers(path: str | os.PathLike[str], *, stack: str | None = None) -> dict[str, dict[str, Any]]:
    """Read a fleet file (YAML) and give what `VapiSmsFleet` takes as `numbers`: options by number, in order.

    Raises Mistake with all that is wrong in the file, one line for each.

    :param path: The file, from the folder that the program runs in, its own.
    :param stack: Whose part of the file counts too, such as pulumi.get_stack(); by default only what stands above all
        stacks.
    """
    # pydantic, YAML and the tables of phone numbers: only for programs that have a file.
    from vapi_sms.resources.fleet_file.mistakes import FleetFileMistakes  # noqa: PLC0415 as said
    from vapi_sms.resources.fleet_file.reading import read_fleet_file  # noqa: PLC0415 as said

    try:
        return read_fleet_file(Path(path)).numbers(stack)
    except FleetFileMistakes as mistakes:
        raise Mistake(*str(mistakes).splitlines()) from None
