"""The command `vapi-sms demo`: sets the stage, tells the story, and saves its picture."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from vapi_sms.cli.demo.telling import Teller
from vapi_sms.cli.trouble import CannotGoOn, no_sandbox


def demo(
    record: Annotated[
        Path | None, typer.Option(metavar="FILE.svg", help="Save the story as a picture.")
    ] = None,
    project: Annotated[
        Path, typer.Option(help="The Pulumi project that plays: its sandbox.yaml, old_app.py and program.")
    ] = Path("examples/quickstart"),
) -> None:
    """Watch a text answered by the old app, by a Vapi assistant, and by the old app again."""
    try:
        from vapi_sms.cli.demo import stage, story  # noqa: PLC0415 they need the extra `sandbox`
    except ImportError:
        raise no_sandbox() from None
    _refuse_bad(record, project)
    teller = Teller()
    with stage.staged(project) as played:
        story.Story(played, teller).tell()
    if record is not None:
        _save(record, teller.picture())


def _save(file: Path, picture: str) -> None:
    try:
        file.write_text(picture, encoding="utf-8")
    except OSError as trouble:
        raise CannotGoOn(f"cannot write {file}: {trouble.strerror}") from None


def _refuse_bad(record: Path | None, project: Path) -> None:
    if shutil.which("pulumi") is None:
        raise CannotGoOn("there is no `pulumi` on PATH: run script/demo in a checkout, or install Pulumi")
    for name in ("sandbox.yaml", "old_app.py", "Pulumi.yaml", "__main__.py"):
        if not project.joinpath(name).is_file():
            raise CannotGoOn(f"there is no {name} in {project}: run this in a checkout, or write --project")
    if record is not None and not record.absolute().parent.is_dir():
        raise CannotGoOn(f"there is no folder {record.parent} for the picture")
