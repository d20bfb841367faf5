"""What the tests with the real engine share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.engine.project import Project

if TYPE_CHECKING:
    from collections.abc import Callable


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
