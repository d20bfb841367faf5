"""The command line: which commands there are, and how trouble leaves it."""

from __future__ import annotations

import contextlib
import sys
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from vapi_sms.cli.backup import backup
from vapi_sms.cli.declared import declared
from vapi_sms.cli.demo import demo
from vapi_sms.cli.doctor import doctor
from vapi_sms.cli.export import export
from vapi_sms.cli.printing import CannotPrint, as_utf8, complain, say
from vapi_sms.cli.prove import prove
from vapi_sms.cli.rehearse import rehearse
from vapi_sms.cli.restore import restore
from vapi_sms.cli.review import comment, preview
from vapi_sms.cli.sandbox import sandbox
from vapi_sms.cli.schema import schema
from vapi_sms.cli.trouble import CannotGoOn
from vapi_sms.cli.watch import watch
from vapi_sms.core.inert import line


class _InPlainWords(TyperGroup):
    """The commands; what was typed wrong is told without the kind of error that newer versions of typer put first."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 what a context is changes with typer's version
        """Run a command."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as wrong:
            wrong.message = wrong.message.removeprefix("Value error, ")
            raise


app = typer.Typer(
    cls=_InPlainWords,
    help="Hand the texts of Twilio numbers to a Vapi assistant, and put the original routing back.",
    no_args_is_help=True,
    # A traceback with local variables would show tokens.
    pretty_exceptions_show_locals=False,
)
app.command()(sandbox)
app.command()(demo)
app.command()(doctor)
app.command()(prove)
app.command()(watch)
app.command()(rehearse)
app.command()(export)
app.command()(declared)
app.command()(schema)
app.command()(preview)
app.command()(comment)
app.command()(backup)
app.command()(restore)


def _show_version(wanted: bool) -> None:  # noqa: FBT001 typer passes it by position
    if wanted:
        say(line(f"vapi-sms {version('vapi-sms')}"))
        raise typer.Exit


@app.callback()
def _options(
    *,
    _: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command that was typed; expected trouble becomes one line and an exit code."""
    as_utf8()
    try:
        # By its name also where it runs as `python -m vapi_sms`: that is what shells complete.
        app(prog_name="vapi-sms")
    except CannotGoOn as trouble:
        first, *others = trouble.lines
        with contextlib.suppress(CannotPrint):
            complain(line(f"vapi-sms: {first}"), *others)
        sys.exit(trouble.exit_code)
