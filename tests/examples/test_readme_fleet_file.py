"""The docs' file of numbers, on the real engine and the sandbox."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from vapi_sms.resources.fleet_file.reading import read_fleet_file
from vapi_sms.sandbox import RunningSandbox

from tests.examples import readme
from tests.examples.playing import SEED, Play, succeeded

pytestmark = pytest.mark.engine


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    """Run the quickstart's sandbox."""
    with RunningSandbox(SEED) as running:
        yield running


def test_file_of_numbers_goes_up_as_each_stack_has_it(play: Play, sandbox: RunningSandbox) -> None:
    """Stack dev leaves one number out and has options of its own; prod reads what stands above."""
    (program,) = [
        block for block in readme.blocks("python") if "load_numbers" in block and "get_stack" in block
    ]
    (file,) = [block for block in readme.blocks("yaml") if "defaults:" in block]
    project = play(program, sandbox)
    path = project.folder / "numbers.yaml"
    path.write_text(file)
    before = sandbox.routing_snapshot()

    succeeded(project.up())

    answers = [sandbox.text("+12025550143", f"+1415555010{digit}")["answered_by"] for digit in (1, 2)]
    assert answers == ["Vapi assistant Sales", "Vapi assistant Support"]
    assert sandbox.routing_snapshot()["numbers"]["+14155550100"] == before["numbers"]["+14155550100"]
    assert set(read_fleet_file(path).numbers("prod")) == {f"+1415555010{digit}" for digit in range(3)}
