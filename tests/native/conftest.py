"""What the tests of the native provider share with those of the engine: its sandbox, and stacks of YAML programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.engine.conftest import checker, project, sandbox
from tests.engine.stack import releases
from tests.native.stack import YamlStack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vapi_sms.sandbox import RunningSandbox

__all__ = ["checker", "project", "sandbox"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test beside this file as one of the engine: `-m "not engine"` leaves them out."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.engine)


@pytest.fixture
def stack(tmp_path: Path, sandbox: RunningSandbox) -> Iterator[YamlStack]:
    """Give a stack without resources; whatever it does, no number is released (law 7), no secret told (law 8)."""
    stack = YamlStack(tmp_path / "stack", sandbox)
    yield stack

    assert releases(sandbox.journal()) == []
    assert stack.leaked() == []
