"""How a command says that it cannot go on: one line, and an exit code."""

from __future__ import annotations


class CannotGoOn(Exception):
    """Expected trouble of a command: its text is for a person."""

    exit_code = 1


def no_sandbox() -> CannotGoOn:
    """Say that the extra with the sandbox is missing."""
    return CannotGoOn("the sandbox is not installed: pip install 'vapi-sms[cli,sandbox]'")
