"""Two people of one team, each with an engine of their own, at one stack whose backend locks it."""

from __future__ import annotations

from typing import Generic, TypeVar

from tests.engine.project import Running
from tests.engine.stack import Stack

IMPORT = {"vendor": "vapi", "method": "POST", "path": "/phone-number"}
LOCKED = "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or "
LOCKED += "delete the lock file with `pulumi cancel`."
Stacks = TypeVar("Stacks", bound=Stack)


class Team(Generic[Stacks]):
    """Two people with a checkout each, and one stack, of whatever language."""

    def __init__(self, mine: Stacks, theirs: Stacks) -> None:
        self.mine, self.theirs = mine, theirs
        with mine.with_env(PULUMI_STACK=None):
            mine.run("stack", "init", "dev")

    def start_and_hold(self) -> Running:
        """Let the first engine work until its import waits for the answer."""
        self.mine.sandbox.fault(**IMPORT, hold="after", count=1)
        running = self.mine.project.start("up")
        self.mine.wait_for_held()
        return running

    def hold_refused(self, command: str) -> None:
        """Hold that the other engine is refused by the lock, before it asks the vendors anything."""
        self.theirs.requests()
        told = self.theirs.fail(command, "--yes", "--skip-preview").text
        assert LOCKED in told, told
        assert self.theirs.requests() == []
