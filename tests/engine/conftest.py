"""What the tests with the real engine share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.engine.project import Project
from tests.engine.stack import Stack, releases
from tests.engine.world import seed
from tests.specs import Checker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test beside this file: `-m "not engine"` leaves them out."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.engine)


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Project]:
    """Make projects, each in a folder of its own; arguments as for Project."""
    made: list[Project] = []

    def make(program: str, **options: dict[str, str]) -> Project:
        folder = tmp_path / f"project-{len(made)}"
        made.append(Project(folder, program, **options))
        return made[-1]

    return make


@pytest.fixture(scope="session")
def checker() -> Checker:
    """Read the vendors' specifications once."""
    return Checker()


@pytest.fixture
def sandbox(checker: Checker) -> Iterator[RunningSandbox]:
    """Serve both vendors; whatever is asked of them, and answered, is held against their specifications."""
    checker.complaints.clear()
    with RunningSandbox(seed(), on_exchange=checker) as sandbox:
        yield sandbox

    assert checker.complaints == []


@pytest.fixture
def stack(tmp_path: Path, sandbox: RunningSandbox) -> Iterator[Stack]:
    """Give a stack without resources; whatever it does, no number is released (law 7), no secret told (law 8)."""
    stack = Stack(tmp_path / "stack", sandbox)
    yield stack

    assert releases(sandbox.journal()) == []
    assert stack.leaked() == []
