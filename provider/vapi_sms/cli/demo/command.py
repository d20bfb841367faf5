"""The command `vapi-sms demo`: sets the stage, tells the story and saves its picture, or lets others click through."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import Annotated

import typer

from vapi_sms.cli.demo.telling import Teller
from vapi_sms.cli.files import refuse_no_folder, write_over
from vapi_sms.cli.interrupting import interruptible
from vapi_sms.cli.printing import can_ask
from vapi_sms.cli.trouble import CannotGoOn, no_sandbox


def demo(
    record: Annotated[
        Path | None, typer.Option(metavar="FILE.svg", help="Save the story as a picture.")
    ] = None,
    project: Annotated[
        Path, typer.Option(help="The Pulumi project that plays: its sandbox.yaml, old_app.py and program.")
    ] = Path("examples/quickstart"),
    *,
    page: Annotated[
        bool,
        typer.Option("--page", help="Open the sandbox's page and go through the story at your own pace."),
    ] = False,
) -> None:
    """Watch a text answered by the old app, by a Vapi assistant, and by the old app again."""
    try:
        from vapi_sms.cli.demo import stage, story, walk
    except ImportError:
        raise no_sandbox() from None
    _refuse_bad(record, project)
    teller = Teller()
    if page:
        if record is not None:
            raise CannotGoOn("a picture is made of the story that tells itself: leave out --page or --record")
        with contextlib.suppress(KeyboardInterrupt), interruptible(), stage.staged(project) as played:
            walk.walk(played, teller, opens=can_ask())
        return
    with interruptible(), stage.staged(project) as played:
        story.Story(played, teller).tell()
    if record is not None:
        write_over(record, teller.picture())


def _refuse_bad(record: Path | None, project: Path) -> None:
    if shutil.which("pulumi") is None:
        raise CannotGoOn("there is no `pulumi` on PATH: run script/demo in a checkout, or install Pulumi")
    for name in ("sandbox.yaml", "old_app.py", "Pulumi.yaml", "__main__.py"):
        if not os.path.isfile(project / name):  # noqa: PTH113 pathlib raises where it may not look
            raise CannotGoOn(f"there is no {name} in {project}: run this in a checkout, or write --project")
    if record is not None:
        refuse_no_folder(record, "the picture")
