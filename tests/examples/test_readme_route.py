"""The docs' route and its table of handlers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml
from vapi_sms import Handler, Routing
from vapi_sms.core.routings.spelled import from_spelled
from vapi_sms.sandbox import RunningSandbox

from tests.examples import readme
from tests.examples.playing import SEED, Play, succeeded


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    """Run the quickstart's sandbox."""
    with RunningSandbox(SEED) as running:
        yield running


@pytest.mark.engine
def test_dev_goes_to_the_assistant_and_prod_stays_on_studio(play: Play, sandbox: RunningSandbox) -> None:
    """One program says who answers both, writes nothing where the flow answers already, and gives all back."""
    before = sandbox.routing_snapshot()
    (program,) = [block for block in readme.blocks("python") if "prod = TwilioSmsRoute" in block]
    project = play(program, sandbox)

    succeeded(project.up())
    outputs = project.outputs()
    answers = [sandbox.text("+12025550143", f"+1415555010{digit}")["answered_by"] for digit in range(2)]
    succeeded(project.destroy())

    flow = "Studio Flow FW00000000000000000000000000000001"
    assert outputs["dev"].startswith("Vapi assistant Support, instead of Webhook ")
    assert outputs["prod"] == f"{flow}, as before"
    assert answers == ["Vapi assistant Support", flow]
    assert sandbox.routing_snapshot() == before


def test_table_of_handlers_says_what_they_are() -> None:
    """Each row's Python and YAML are the same routing, and hold what the row says that the number holds."""
    rows = readme.table("Handlers")

    for console, holds, python, in_file in rows:
        routing = eval(python.strip("`"), {"Handler": Handler})  # noqa: S307 our own README
        assert isinstance(routing, Routing)
        assert from_spelled(yaml.safe_load(in_file.strip("`"))) == routing, console
        held = (routing.application_sid or routing.url).replace("{account_sid}", "AC...")
        assert held == holds.strip("`"), console
    assert len(rows) == 8
