"""Secrets: URLs that a program reads from its stack's encrypted config, and how they get there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vapi_sms.cli.doctor.stack import Stack
from vapi_sms.cli.trouble import CannotGoOn
from vapi_sms.core.redact import redacted_url


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
