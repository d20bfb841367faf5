"""Golden comments: what the real engine printed, as Markdown, word by word."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from vapi_sms.cli.review.comment import MOST

from tests.cli.review.many import COUNT, many_numbers
from tests.cli.review.record import GOLDEN, PREVIEWS, rendered, scrubbed
from tests.cli.review.test_markdown import html, tags
from tests.engine.world import CANARIES

RECORDED = sorted(path.stem for path in PREVIEWS.glob("*.json"))
ALL = sorted(path.stem for path in GOLDEN.glob("*.md"))
REMEDY = "if this is meant: python -m tests.cli.review.record golden, and read the difference"


def test_every_scene_is_there() -> None:
    """A golden file that nobody compares would prove nothing."""
    scenes = {"create", "drift", "fleet", "mixed", "no-changes", "refused", "removed", "services"}
    scenes.add("without-show-sames")

    assert set(RECORDED) == scenes
    assert set(ALL) == scenes | {"many"}


@pytest.mark.parametrize("name", RECORDED)
def test_golden(name: str) -> None:
    """The comment on a recorded preview."""
    preview = PREVIEWS.joinpath(f"{name}.json").read_text()

    assert rendered(preview) == GOLDEN.joinpath(f"{name}.md").read_text(), REMEDY


def test_golden_of_many_numbers() -> None:
    """5,000 numbers: grouped, then cut with counts, and nobody's secrets."""
    comment = rendered(many_numbers())

    assert comment == GOLDEN.joinpath("many.md").read_text(), REMEDY
    assert f"{COUNT:,}" == "5,000"
    for said in (
        "1,100 numbers will",
        "800 numbers will",
        "200 numbers will again",
        "2,900 numbers stay",
        " more",
    ):
        assert said in comment


@pytest.mark.parametrize("name", ALL)
def test_comment_fits_and_hides_secrets(name: str) -> None:
    """Short enough for GitHub, its marker first, no canary, and no element but ours."""
    comment = GOLDEN.joinpath(f"{name}.md").read_text()

    assert len(comment) <= MOST
    assert comment.startswith("<!-- vapi-sms preview: ")
    assert not any(canary in comment for canary in (*CANARIES, "canary"))
    table = {"table", "thead", "tbody", "tr", "th", "td", "br"}
    folded = {"details", "summary", "pre", "code", "comment"}
    assert tags(html(comment)) <= {"h3", "h4", "p", "ul", "li"} | table | folded


@pytest.mark.parametrize("name", RECORDED)
def test_same_preview_same_bytes(name: str) -> None:
    """The engine works in parallel and names its steps in any order; time and ids do not matter."""
    preview = json.loads(PREVIEWS.joinpath(f"{name}.json").read_text())
    for order in (preview["steps"], preview.get("diagnostics", [])):
        random.Random(7).shuffle(order)
    preview["duration"] = 1234567
    for step in preview["steps"]:
        step["newField"] = {"of": "a later engine"}

    assert rendered(json.dumps(preview)) == GOLDEN.joinpath(f"{name}.md").read_text()


@pytest.mark.parametrize("name", RECORDED)
def test_recordings_hold_nothing_of_one_machine(name: str) -> None:
    """They are as the recorder leaves them, without paths and secrets."""
    text = PREVIEWS.joinpath(f"{name}.json").read_text()

    assert scrubbed(json.loads(text)) == json.loads(text)
    assert str(Path.home()) not in text
    assert "canary" not in text
