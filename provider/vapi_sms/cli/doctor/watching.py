"""Watching: a bar on stderr that moves while an account is read; on a terminal only, so that logs stay clean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from vapi_sms.cli.paper import watching
from vapi_sms.core.inert import line
from vapi_sms.live.calling.many import Watch


class _Bar:
    """Shows how many readings are done, how many are to come, and what was asked of the vendors so far."""

    def __init__(self, progress: Progress, requests: Callable[[], int]) -> None:
        self._progress, self._requests = progress, requests
        self._expected = 0
        self._task = progress.add_task("reading", total=None, requests=0)

    def expect(self, readings: int) -> None:
        """Let the bar grow."""
        self._expected += readings
        self._progress.update(self._task, total=self._expected)

    def done(self, what: str) -> None:
        """Move the bar."""
        self._progress.update(
            self._task, advance=1, description=line(f"read {what}"), requests=self._requests(), refresh=True
        )


@contextmanager
def watched(requests: Callable[[], int]) -> Iterator[Watch]:
    """Give a watch for one survey; the bar goes away at the end."""
    console = watching()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[requests]} requests"),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield _Bar(progress, requests)
