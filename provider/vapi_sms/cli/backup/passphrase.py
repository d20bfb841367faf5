"""The passphrase: from an environment variable, or typed at a terminal; never an argument, which others could see."""

from __future__ import annotations

import os

from vapi_sms.cli.backup.sealing import refuse_unable
from vapi_sms.cli.doctor.reaching import NothingToTell
from vapi_sms.cli.printing import ask_secret, can_ask
from vapi_sms.core.inert import line


def passphrase(variable: str | None, name: str, *, is_new: bool) -> str:
    """Give the passphrase of a file; a new one is typed twice. Raises NothingToTell where there is none."""
    refuse_unable()
    if variable is not None:
        return _of(variable)
    if not can_ask():
        otherwise = ", or leave secrets out with --without-secrets" if is_new else ""
        raise NothingToTell(
            f"{name} needs a passphrase, and there is no terminal to ask for it: name the environment variable that "
            f"holds it with --passphrase-env{otherwise}"
        )
    return ask_secret(line(f"Passphrase for {name}"), is_new=is_new)


def _of(variable: str) -> str:
    found = os.environ.get(variable, "")
    if not found:
        raise NothingToTell(f"the environment variable {variable} holds no passphrase: set it")
    return found
