"""What an export writes: the text, and beside it the values that must not stand in it.

A fleet file holds no handler, so no secret: it is the numbers that Vapi answers, as YAML for load_numbers. A program
reads URLs from its stack's encrypted config.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from vapi_sms.cli.doctor.stack import Stack
from vapi_sms.cli.export.selecting import Selected
from vapi_sms.cli.trouble import CannotGoOn
from vapi_sms.core.inert import Line, line, quoted, redacted_url

if TYPE_CHECKING:
    from vapi_sms.cli.export.selecting import LeftOut


@dataclass(frozen=True, slots=True)
class Written:
    """A file's text, and the secrets that it reads from the stack's config, by their keys."""

    text: str
    secrets: dict[str, str] = field(default_factory=dict, repr=False)


def holds_secret(value: str) -> bool:
    """Tell whether a value may hold a secret: a password, or anything in a query or a fragment of its own."""
    return redacted_url(value) != value


def remark(text: str) -> Line:
    """Give a comment of one line, whatever somebody called their number."""
    return line(f"# {' '.join(line(text).split())}")


def left_out_remarks(left_out: Iterable[LeftOut]) -> list[str]:
    """Give comments that name what is left out, and why."""
    named = [remark(f"{each.number}: {each.why.removeprefix(each.number).lstrip()}") for each in left_out]
    return ["# Left out:", *named] if named else []


_HEAD = """\
# Twilio account {account}: the numbers that Vapi answers, as `vapi-sms export` found them.
# In a program: VapiSmsFleet("numbers", numbers=load_numbers("FILE.yaml"))
# The first `pulumi up` records every number as it is, and writes nothing to Twilio or Vapi.
"""
_DEFAULTS = """\
defaults:
  adopt: true
  # Who answered before is not known: on destroy texts stay at Vapi. A number may say what
  # shall answer then, such as restore_to: {studio_flow: FW...}
  restore_to: leave_at_vapi
"""


def written(selected: Selected) -> Written:
    """Write the file; numbers that others answer stand in it as comments, since a fleet is Vapi's."""
    lines = [_HEAD.format(account=selected.account_sid) + _DEFAULTS.rstrip("\n")]
    lines.append("numbers:" if selected.adopted else "numbers: {}")
    for number in selected.adopted:
        kind, attached = number.attached
        said = remark(number.twilio.friendly_name)
        lines.append(f"  {_text(number.twilio.number)}: {{{kind}: {_text(attached)}}}  {said}")
    if selected.routes:
        lines.append("# Answered by others than Vapi: `--format program` declares them as TwilioSmsRoute.")
        lines += [remark(f"{route.twilio.number}: {route.answered_by}") for route in selected.routes]
    lines += left_out_remarks(selected.left_out)
    return Written("\n".join(lines) + "\n")


_text = quoted


def put(secrets: Mapping[str, str], stack_name: str, folder: Path) -> None:
    """Put secrets into a stack's config, through a pipe, so that no process list shows them; overwrite nothing."""
    stack = Stack(stack_name, folder)
    # Keys come as project:key; that one of another project has such a name is no reason to overwrite it either.
    held = {name.partition(":")[2]: value for name, value in stack.config().items()}
    if other := sorted(key for key, value in secrets.items() if held.get(key, value) != value):
        raise CannotGoOn(
            f"the config of stack {stack_name} has another value for {', '.join(other)}: remove it with "
            f"`pulumi config rm`, or leave out --stack"
        )
    for key, value in secrets.items():
        if key not in held:
            stack.set_secret(key, value)


def said(secrets: Mapping[str, str], stack: str | None) -> list[str]:
    """Say what became of the secrets, or what has to be done about them."""
    if not secrets:
        return []
    one = len(secrets) == 1
    count = f"{len(secrets)} URL{'' if one else 's'} with a password or query {'is' if one else 'are'}"
    if stack is not None:
        return [f"{count} in the encrypted config of stack {stack}."]
    how = "`--stack NAME` puts them into a stack's encrypted config, or set them yourself; pulumi asks for the value"
    lines = [f"  pulumi config set --secret {key}  # {redacted_url(url)}" for key, url in secrets.items()]
    return [f"{count} not in the program: {how}:", *lines]
