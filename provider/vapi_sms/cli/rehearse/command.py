"""The command `vapi-sms rehearse`: what is typed, and the exit code."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def rehearse(  # noqa: PLR0913 a command has as many parameters as it has options
    number: Annotated[
        str, typer.Argument(metavar="NUMBER", help="A number that you can spare: E.164, or its PN SID.")
    ],
    *,
    backup: Annotated[
        Path,
        typer.Option(
            help="The file that keeps the number as found, before anything; what is found out stands beside it."
        ),
    ],
    assistant: Annotated[
        str | None, typer.Option(help="The assistant to attach, by name or id; else the only one of the org.")
    ] = None,
    patience: Annotated[
        int,
        typer.Option(
            metavar="SECONDS",
            min=0,
            max=600,
            help="How long to wait, after each step, for what Vapi writes late.",
        ),
    ] = 10,
    application: Annotated[
        str | None,
        typer.Option(metavar="AP...", help="A TwiML App: try, too, whether an import takes it off a number."),
    ] = None,
    trunk: Annotated[
        str | None,
        typer.Option(metavar="TK...", help="A SIP trunk: try, too, whether an import takes a number off it."),
    ] = None,
    it_is_spare: Annotated[
        bool,
        typer.Option(
            "--it-is-spare", help="Go on although something answers the number, which it will not meanwhile."
        ),
    ] = False,
    passphrase_env: Annotated[
        str | None,
        typer.Option(
            metavar="VAR", help="The environment variable with the backup's passphrase; else it is asked for."
        ),
    ] = None,
    without_secrets: Annotated[
        bool,
        typer.Option(
            "--without-secrets",
            help="Do not encrypt the backup; refused where the number's URLs hold passwords or query values.",
        ),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Begin without asking.")] = False,
) -> None:
    """Find out what Vapi does at Twilio, which nobody outside knows, with a number that you can spare.

    Imports it, changes it and deletes it again in every way that matters, reads Twilio after each step, and puts
    everything back. Exits with 3 where it was cut short and the number is back, with 1 where something could not be put
    back, and with 2 where nothing was done.
    """
    # Vendors' libraries and cryptography: `vapi-sms --help` does without.
    from vapi_sms.cli.rehearse.rehearsing import Wish, begin

    code = begin(
        Wish(
            number,
            backup,
            assistant,
            patience,
            application or "",
            trunk or "",
            passphrase_env,
            it_is_spare=it_is_spare,
            without_secrets=without_secrets,
            yes=yes,
        )
    )
    if code:
        raise typer.Exit(code)
