"""The command `vapi-sms restore`: what is typed, and the exit code."""

from __future__ import annotations

from typing import Annotated

import typer

NOT_ALL = 1  # 2 is trouble: nothing was written


def restore(  # noqa: PLR0913 a command has as many parameters as it has options
    file: Annotated[
        str,
        typer.Argument(
            help="A backup, what `pulumi stack export --show-secrets` prints, or a fleet file with restore_to; - for "
            "stdin.",
        ),
    ],
    numbers: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NUMBER]...", help="E.164 numbers or SIDs; else all, with Messaging Services."
        ),
    ] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Put back without asking.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be put back, and stop.")
    ] = False,
    passphrase_env: Annotated[
        str | None,
        typer.Option(
            metavar="VAR", help="The environment variable with a backup's passphrase; else it is asked for."
        ),
    ] = None,
    stack: Annotated[
        str | None, typer.Option(help="Which stack's restore_to, where a fleet file tells stacks apart.")
    ] = None,
    without_vapi: Annotated[
        bool,
        typer.Option(
            "--without-vapi",
            help="Vapi's side is lost for good: put back Twilio's alone, and say what stays.",
        ),
    ] = False,
    to_account: Annotated[
        str | None,
        typer.Option(
            metavar="AC...",
            help="The numbers moved to this account, that of the credentials: put them back there, at Twilio alone.",
        ),
    ] = None,
) -> None:
    """Put numbers back as they were, without Pulumi. What is somebody else's by now is left, and told.

    Exits with 1 where something could not be put back, and with 2 where nothing was written.
    """
    # Vendors' libraries and cryptography: `vapi-sms --help` does without.
    from vapi_sms.cli.restore.restoring import Wish, put_back

    wish = Wish(
        file,
        numbers or [],
        stack,
        passphrase_env,
        yes=yes,
        dry_run=dry_run,
        without_vapi=without_vapi,
        to_account=to_account,
    )
    if not put_back(wish):
        raise typer.Exit(NOT_ALL)
