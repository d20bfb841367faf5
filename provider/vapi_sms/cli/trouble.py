"""How a command says that it cannot go on: one line, seldom some, and an exit code."""

from __future__ import annotations

from vapi_sms.core.inert import Line, line


class CannotGoOn(Exception):
    """Expected trouble of a command, for a person; whatever it names is inert."""

    exit_code = 1

    def __init__(self, *texts: str) -> None:
        self.lines: tuple[Line, ...] = tuple(map(line, texts))
        super().__init__("\n".join(self.lines))


def no_sandbox() -> CannotGoOn:
    """Say that the extra with the sandbox is missing."""
    return CannotGoOn("the sandbox is not installed: pip install 'vapi-sms[sandbox]'")
