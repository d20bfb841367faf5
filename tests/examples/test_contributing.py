"""What CONTRIBUTING says is so."""

from __future__ import annotations

import re

from tests.examples import readme

TEXT = readme.REPOSITORY.joinpath("CONTRIBUTING.md").read_text()


def test_the_sample_is_a_test_of_ours() -> None:
    """It stands in the file that is named before it, word for word."""
    (file, sample) = re.findall(r"`(tests/[^`]+\.py)`:\n\n```python\n(.*?)```", TEXT, flags=re.DOTALL)[0]

    assert sample in readme.REPOSITORY.joinpath(file).read_text()


def test_the_layers_are_those_there_are() -> None:
    """Each folder of tests has its row, here and in the picture of the house."""
    folders = {
        f"tests/{path.parent.relative_to(readme.REPOSITORY / 'tests').parts[0]}"
        for path in readme.REPOSITORY.glob("tests/*/**/test_*.py")
    }

    for text in (TEXT, readme.PAGES["docs/inside/architecture"]):
        assert [folder for folder in folders if f"`{folder}`" not in text] == []


def test_links_lead_somewhere() -> None:
    """Every link of the three files beside README goes to a file that exists."""
    for name in ("CHANGELOG", "CONTRIBUTING", "SECURITY"):
        text = readme.REPOSITORY.joinpath(f"{name}.md").read_text()
        for target in re.findall(r"\]\(([^)]+)\)", text):
            assert target.startswith("https://") or readme.REPOSITORY.joinpath(target).is_file(), target
