"""Both vendors for every test that asks: one sandbox a worker, as new for each test."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.sandbox.world import seed
from tests.specs import Checker

if TYPE_CHECKING:
    from collections.abc import Iterator


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest: what is left for the end is shared among workers test by test."""
    items.sort(key=lambda item: not item.get_closest_marker("slow"))


@pytest.fixture(scope="session", autouse=True)
def _untraced_children() -> None:
    """Measure coverage in pytest's own processes alone.

    Providers, engines and commands are started by the hundred: tracing each would take a third of the suite's time.
    """
    for name in ("COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START"):
        os.environ.pop(name, None)


@pytest.fixture(scope="session", autouse=True)
def _interruptible_children() -> None:
    """Let what we start take SIGINT: a shell that runs us in the background has us ignore it, and all that we start."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def checker() -> Checker:
    """Check all exchanges of all tests."""
    return Checker()


@pytest.fixture(scope="session")
def running(checker: Checker) -> Iterator[RunningSandbox]:
    """Serve one sandbox for all tests."""
    with RunningSandbox(seed(), on_exchange=checker) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: RunningSandbox, checker: Checker) -> Iterator[RunningSandbox]:
    """Return the sandbox as new; fail when we or it broke a specification."""
    checker.complaints.clear()
    running.reset(seed())
    running.clear_journal()
    running.clear_faults()

    yield running

    assert checker.complaints == []
