"""The command `vapi-sms prove`: what is typed, what is printed, and the exit code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from vapi_sms.cli.printing import say
from vapi_sms.cli.trouble import CannotGoOn

if TYPE_CHECKING:
    from vapi_sms.core.proof.verdict import Outcome

_CODES = {"answered": 0, "failed": 3, "inconclusive": 4}
_SPAN = re.compile(r"([1-9][0-9]{0,5})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class NoSpan(CannotGoOn):
    """A span of time that is none."""

    exit_code = 2


def prove(  # noqa: PLR0913 an option each
    numbers: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NUMBER]...", help="E.164 numbers or PN SIDs; else all that Vapi answers."),
    ] = None,
    *,
    stack: Annotated[str | None, typer.Option(help="The numbers that this Pulumi stack declares.")] = None,
    cwd: Annotated[Path, typer.Option(help="The folder of the stack's Pulumi project.")] = Path(),
    since: Annotated[
        str, typer.Option(metavar="SPAN", help="How far back to look, such as 90m, 24h or 7d.")
    ] = "24h",
    ask: Annotated[
        str | None,
        typer.Option(
            metavar="QUESTION",
            help="Ask each number's assistant this, in a chat at Vapi, which charges for it; it may call its tools.",
        ),
    ] = None,
    assistant: Annotated[
        str | None, typer.Option(help="With --ask: ask this assistant, by name or id, and look at no number.")
    ] = None,
    wait: Annotated[
        int | None,
        typer.Option(
            metavar="SECONDS",
            min=1,
            max=3600,
            help="Wait for a text from your phone to one number, and follow it.",
        ),
    ] = None,
    sender: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="NUMBER",
            help="With --ask: text the question from this number of the account, which costs, and follow it.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown, for a pull request.")] = False,
) -> None:
    """Tell whether texts to each number were answered, by whom, how fast, and why not.

    Reads, and writes nothing; --ask starts a chat at Vapi and deletes it, --from sends one text.
    Exits with 0 where texts were answered, with 3 where any was not, with 4 where nothing follows, such as where no
    text came in, and with 2 where nothing could be told.
    """
    # Vendors' libraries: `vapi-sms --help` does without.
    from vapi_sms.cli.prove import proving, report

    whom = proving.Whom(tuple(numbers or ()), stack, cwd)
    if sender is not None or wait is not None:
        _exit(proving.follow_text(whom, wait, sender, ask))
    if ask is not None or assistant is not None:
        _exit(proving.ask_assistants(whom, ask, assistant))
    proven = proving.prove_numbers(whom, seconds(since))
    if as_json:
        say(*report.as_json(proven))
    elif markdown:
        say(*report.as_markdown(proven))
    else:
        report.show(proven)
    _exit(proven.outcome)


def _exit(outcome: Outcome) -> NoReturn:
    raise typer.Exit(_CODES[str(outcome)])


def seconds(span: str) -> int:
    """Give the seconds of a span such as 90m; raises NoSpan."""
    found = _SPAN.fullmatch(span.strip().lower())
    if found is None:
        raise NoSpan(f"{span!r} is no span of time: write it like 90m, 24h or 7d")
    return int(found[1]) * _SECONDS[found[2]]
