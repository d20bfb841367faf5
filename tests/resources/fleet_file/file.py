"""Writes fleet files for tests, and reads them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from vapi_sms.resources.fleet_file.mistakes import FleetFileMistakes
from vapi_sms.resources.fleet_file.reading import read_fleet_file

Write = Callable[[str], Path]
ONE, TWO, THREE, FOUR = (f"+1415555010{digit}" for digit in range(1, 5))
FLOW = "FW00000000000000000000000000000001"


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write numbers.yaml into the working directory."""
    monkeypatch.chdir(tmp_path)

    def written(text: str) -> Path:
        path = Path("numbers.yaml")
        path.write_text(textwrap.dedent(text))
        return path

    return written


def numbers(path: Path, stack: str | None = None) -> dict[str, dict[str, object]]:
    """Give what a stack declares."""
    return read_fleet_file(path).numbers(stack)


def wrong(path: Path, stack: str | None = None) -> list[str]:
    """Give the lines that say what is wrong with a file."""
    with pytest.raises(FleetFileMistakes) as caught:
        numbers(path, stack)
    return str(caught.value).splitlines()


def as_yaml(content: dict[str, Any]) -> str:
    """Write a file from values, keys in the order given."""
    return yaml.safe_dump(content, sort_keys=False)
