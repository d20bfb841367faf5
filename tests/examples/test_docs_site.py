"""The pages in docs/ as a site."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples import readme

pytestmark = pytest.mark.slow


def built(pages: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """Build as script/test does."""
    return subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "--quiet", "-d", site / "read", pages, site],
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_page_is_in_the_navigation(tmp_path: Path) -> None:
    """The first page's navigation leads to each; whoever asks for the folder gets the first page."""
    build = built(readme.DOCS, tmp_path)

    assert build.returncode == 0, build.stderr
    first = tmp_path.joinpath("README.html").read_text()
    for page in readme.DOCS.rglob("*.md"):
        name = page.relative_to(readme.DOCS).with_suffix(".html").as_posix()
        assert page == readme.DOCS / "README.md" or f'href="{name}"' in first, name
    assert "url=README.html" in tmp_path.joinpath("index.html").read_text()


def test_a_link_that_leads_nowhere_fails(tmp_path: Path) -> None:
    """A warning is an error, and names the page."""
    pages = tmp_path / "docs"
    pages.mkdir()
    pages.joinpath("conf.py").write_text(readme.DOCS.joinpath("conf.py").read_text())
    pages.joinpath("README.md").write_text("# First\n\n[nowhere](nowhere.md)\n")

    build = built(pages, tmp_path / "site")

    assert build.returncode != 0
    assert "README.md:3: WARNING" in build.stderr
