"""Record the scenes anew: `python -m tests.cli.review.record`, after a change to what previews or comments say.

Writes previews/*.json, as the real engine prints them, and golden/*.md, as they are rendered; read the difference
before committing it. What belongs to one run or machine (times, ids, stack traces) is left out of previews.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from vapi_sms.cli.review.comment import comment
from vapi_sms.cli.review.reading import parse
from vapi_sms.cli.review.review import review
from vapi_sms.sandbox import RunningSandbox

from tests.cli.review.many import many_numbers
from tests.cli.review.story import story
from tests.engine.stack import Stack
from tests.engine.world import seed

PREVIEWS = Path(__file__).with_name("previews")
GOLDEN = Path(__file__).with_name("golden")
_OF_ONE_RUN = ("sourcePosition", "stackTrace", "duration", "created", "modified", "__provider")
_ID = re.compile(r"\b(?!a5000000|0a000000|04da6b54)[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f-]{17}\b")


def rendered(preview: str) -> str:
    """Give the comment on a preview."""
    return comment(review(parse(preview, "the preview")))


def scrubbed(value: Any) -> Any:
    """Leave out what belongs to one run or one machine."""
    match value:
        case dict():
            return {key: scrubbed(inner) for key, inner in value.items() if key not in _OF_ONE_RUN}
        case list():
            return [scrubbed(inner) for inner in value]
        case str():
            return _ID.sub("00000000-0000-4000-8000-000000000000", value)
        case _:
            return value


def record_previews() -> None:
    """Play the story and keep what the engine printed."""
    with tempfile.TemporaryDirectory() as folder, RunningSandbox(seed()) as sandbox:
        stack = Stack(Path(folder, "stack"), sandbox)
        for scene in story(stack):
            found = scrubbed(stack.project.run("preview", "--json", *scene.args).json())
            found["steps"].sort(key=lambda step: step["urn"])
            PREVIEWS.joinpath(f"{scene.name}.json").write_text(json.dumps(found, indent=1) + "\n")


def record_golden() -> None:
    """Render what is recorded."""
    for preview in PREVIEWS.glob("*.json"):
        GOLDEN.joinpath(f"{preview.stem}.md").write_text(rendered(preview.read_text()))
    GOLDEN.joinpath("many.md").write_text(rendered(many_numbers()))


if __name__ == "__main__":
    if sys.argv[1:] != ["golden"]:
        record_previews()
    record_golden()
