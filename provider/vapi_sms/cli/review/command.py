"""The commands `vapi-sms preview` and `vapi-sms comment`: a preview as Markdown, and an exit code for gates."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vapi_sms.cli.drawn import previewed
from vapi_sms.cli.drawn.writing import Html, refuse_nowhere, write_page
from vapi_sms.cli.files import read, write_over
from vapi_sms.cli.printing import can_ask, complain, is_watched, say
from vapi_sms.cli.review import engine
from vapi_sms.cli.review.comment import comment as comment_on
from vapi_sms.cli.review.diagnostics import Problem
from vapi_sms.cli.review.reading import NoPreview, Preview, parse
from vapi_sms.cli.review.review import Review, review
from vapi_sms.cli.trouble import CannotGoOn
from vapi_sms.core.inert import line, lines


class FailOn(StrEnum):
    """What a gate may stand for."""

    CHANGES = "changes"
    DRIFT = "drift"
    REFUSALS = "refusals"


BLIND = 1
"""Nothing could be shown, or a gate would stand for what nobody looked at."""
# Beside 0 and 2 (typed wrongly). The first that applies counts.
EXIT_CODES = {FailOn.REFUSALS: 3, FailOn.DRIFT: 4, FailOn.CHANGES: 5}

_Output = Annotated[
    Path | None, typer.Option(metavar="FILE.md", help="Write the Markdown here, not to stdout.")
]
_FailOn = Annotated[
    list[FailOn] | None,
    typer.Option(
        help="Exit with 3 (refusals), 4 (drift) or 5 (any change) where there are; may be repeated."
    ),
]


def preview(  # noqa: PLR0913, PLR0917 a command has as many parameters as it has options
    pulumi_args: Annotated[
        list[str] | None, typer.Argument(metavar="-- ARGS", help="More options for `pulumi preview`.")
    ] = None,
    stack: Annotated[str | None, typer.Option(help="The stack; else the selected one.")] = None,
    cwd: Annotated[Path, typer.Option(help="The folder of the Pulumi project.")] = Path(),
    output: _Output = None,
    html: Html = None,
    fail_on: _FailOn = None,
) -> None:
    """Run `pulumi preview` and tell, in Markdown for a pull request, who answers each number now and who will.

    A preview that is refused is told too, and exits with 3.
    """
    refuse_nowhere(html, CannotGoOn)
    if is_watched():
        complain(line(f"previewing {f'stack {stack}' if stack else 'the selected stack'} ..."))
    ran = engine.preview(stack, cwd, pulumi_args or [])
    told = review(_previewed(ran))
    if ran.code and not told.problems:
        told = replace(told, problems=(Problem("", f"pulumi preview failed: {ran.last_error}"),))
    if _is_targeted(pulumi_args or []):
        told = replace(told, warnings=(*told.warnings, _TARGETED))
    _tell(told, output, html)
    _exit(EXIT_CODES[FailOn.REFUSALS] if told.is_refused else _code(told, fail_on or []))


def comment(
    file: Annotated[
        Path | None, typer.Argument(help="What `pulumi preview --json --show-sames` printed; else stdin.")
    ] = None,
    output: _Output = None,
    html: Html = None,
    fail_on: _FailOn = None,
) -> None:
    """Tell a preview that was made elsewhere, in Markdown for a pull request."""
    refuse_nowhere(html, CannotGoOn)
    told = review(parse(_read(file), str(file or "stdin")))
    _tell(told, output, html)
    _exit(_code(told, fail_on or []))


def _previewed(ran: engine.Ran) -> Preview:
    """Parse a preview; where Pulumi did not come to one, its own reason is what people need."""
    try:
        return parse(ran.json, "what `pulumi preview` printed")
    except NoPreview as none:
        if not ran.code:
            raise
        verdict, *others = ran.reasons(none.said)
        raise CannotGoOn(f"pulumi preview failed: {verdict}", *others) from None


def _read(file: Path | None) -> str:
    if file is None and can_ask():
        raise CannotGoOn("nothing to read: pulumi preview --json --show-sames | vapi-sms comment")
    return read(None if file is None else str(file))


def _is_targeted(pulumi_args: list[str]) -> bool:
    return any(each.partition("=")[0] in ("--target", "-t", "--exclude") for each in pulumi_args)


_TARGETED = (
    "with --target or --exclude Pulumi looks at a part of the stack only: of all else neither drift nor refusals are "
    "known"
)


def _tell(told: Review, output: Path | None, html: Path | None) -> None:
    def tell() -> None:
        markdown = lines(comment_on(told))
        if output is None:
            say(*markdown)
        else:
            write_over(output, "".join(f"{each}\n" for each in markdown))

    write_page(html, lambda when: previewed.page(told, when), CannotGoOn, tell)


def _code(told: Review, fail_on: list[FailOn]) -> int:
    """Give the exit code: of the first gate that applies, or of those that would stand for what nobody looked at."""
    if FailOn.REFUSALS in fail_on and told.is_refused:
        return EXIT_CODES[FailOn.REFUSALS]
    if told.not_looked and fail_on:
        return BLIND
    if FailOn.DRIFT in fail_on and (told.drift or told.drift_of_services):
        return EXIT_CODES[FailOn.DRIFT]
    if FailOn.CHANGES in fail_on and told.has_changes:
        return EXIT_CODES[FailOn.CHANGES]
    # The engine stopped at what was refused: what else there is it did not get to see.
    return BLIND if told.problems and fail_on else 0


def _exit(code: int) -> None:
    if code:
        raise typer.Exit(code)
