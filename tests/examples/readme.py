"""README and the pages in docs/ as data: their blocks of code, and their tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
README = REPOSITORY / "README.md"
DOCS = REPOSITORY / "docs"
PAGES = {
    page.relative_to(REPOSITORY).with_suffix("").as_posix(): page.read_text()
    for page in (README, *sorted(DOCS.rglob("*.md")))
}
TEXT = "\n".join(PAGES.values())


def blocks(language: str, page: str = "") -> list[str]:
    """Give the blocks of one language, in order: of one page, or of all."""
    text = PAGES[page] if page else TEXT
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def table(section: str) -> list[list[str]]:
    """Give the rows below the head of the first table of a section, which is called so on one page only."""
    (text,) = [text for text in PAGES.values() if f"# {section}\n" in text]
    body = text.split(f"# {section}\n", 1)[1].split("\n#", 1)[0]
    tables = [block for block in body.split("\n\n") if block.lstrip().startswith("|")]
    rows = [line.strip("|").split("|") for line in tables[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def headings(text: str) -> Iterator[str]:
    """Yield the headings of a page as code hosts call them in links."""
    outside = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    for heading in re.findall(r"^#+ (.*)$", outside, flags=re.MULTILINE):
        yield re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")
