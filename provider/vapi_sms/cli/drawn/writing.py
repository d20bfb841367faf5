"""Writing a page: its option, and the file, which is whole or not there."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from vapi_sms.cli.files import Trouble, refuse_no_folder, write_over
from vapi_sms.cli.trouble import CannotGoOn
from vapi_sms.core.proof.verdict import moment

Html = Annotated[
    Path | None,
    typer.Option(
        "--html", metavar="FILE.html", help="Also draw it: one page for a browser, which loads nothing."
    ),
]


def refuse_nowhere(file: Path | None, trouble: Trouble) -> None:
    """Raise `trouble` where a page could not be written, before anybody waits for it."""
    if file is None:
        return
    refuse_no_folder(file, "the page", trouble)
    if os.path.isdir(file):  # noqa: PTH112 pathlib raises where it may not look
        raise trouble(f"cannot write {file}: it is a folder")
    if not os.access(file.absolute().parent, os.W_OK):
        raise trouble(f"cannot write {file}: its folder lets us write nothing")


def write_page(
    file: Path | None, drawn: Callable[[str], str], trouble: Trouble, tell: Callable[[], None]
) -> None:
    """Write a page, drawn as of now, in the place of one that may be there; then tell what else there is to tell.

    Whoever reads that through a pipe may stop reading, and has the page all the same; a page that cannot be written is
    told of after it.
    """
    try:
        if file is not None:
            write_over(file, drawn(moment(int(time.time()))), trouble)
    except CannotGoOn:
        tell()
        raise
    tell()
