"""The README as data: its blocks of code, and its tables."""

from __future__ import annotations

import re
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
TEXT = REPOSITORY.joinpath("README.md").read_text()


def blocks(language: str) -> list[str]:
    """Give the blocks of one language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, flags=re.MULTILINE | re.DOTALL)


def table(section: str) -> list[list[str]]:
    """Give the rows below the head of the first table of a section."""
    body = TEXT.split(f"# {section}\n", 1)[1].split("\n#", 1)[0]
    rows = [line.strip("|").split("|") for line in body.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]
