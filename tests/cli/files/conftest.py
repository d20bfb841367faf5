"""Nothing half-written stays, whatever a test of files does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _nothing_beside(tmp_path: Path) -> Iterator[None]:
    """Hold that no unfinished file stays, whatever happened."""
    yield
    assert list(tmp_path.rglob(".vapi-sms-*")) == []
