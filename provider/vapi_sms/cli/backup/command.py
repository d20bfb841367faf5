"""The command `vapi-sms backup`: what is typed, and what is told."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vapi_sms.cli.printing import complain, say
from vapi_sms.core.inert import line


def backup(  # noqa: PLR0913 a command has as many parameters as it has options
    numbers: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NUMBER]...", help="E.164 numbers or SIDs; else all."),
    ] = None,
    *,
    output: Annotated[Path, typer.Option(help="The file to write; only its owner may read it.")],
    stack: Annotated[
        str | None, typer.Option(help="Keep the originals that this Pulumi stack holds.")
    ] = None,
    cwd: Annotated[Path, typer.Option(help="The folder of the stack's Pulumi project.")] = Path(),
    account: Annotated[
        bool, typer.Option("--account", help="Keep the Twilio account as it is now, before any change.")
    ] = False,
    without_secrets: Annotated[
        bool,
        typer.Option(
            "--without-secrets",
            help="Leave out passwords and query values of URLs; routings that have some cannot be put back from it.",
        ),
    ] = False,
    passphrase_env: Annotated[
        str | None,
        typer.Option(
            metavar="VAR", help="The environment variable with the passphrase; else it is asked for."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over an existing file.")] = False,
) -> None:
    """Write originals to a file, encrypted with a passphrase. Reads, and changes nothing at Twilio and Vapi.

    `vapi-sms restore` puts them back. Exits with 2 where nothing was written.
    """
    # Vendors' libraries and cryptography: `vapi-sms --help` does without.
    from vapi_sms.cli.backup.keeping import Wish, keep

    kept = keep(
        Wish(
            numbers or [],
            output,
            stack,
            cwd,
            account=account,
            without_secrets=without_secrets,
            passphrase_env=passphrase_env,
            force=force,
        )
    )
    say(*kept.lines())
    complain(*(line(f"vapi-sms: left out: {name}: {why}") for name, why in kept.held.unusable.items()))
