"""The examples in YAML run as they stand, and give back what they found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from vapi_sms.sandbox import RunningSandbox

from tests.engine.project import REPOSITORY
from tests.examples.playing import ACCOUNT, ORG, SEED
from tests.native.examples import Example

NUMBER, SENDER = "+14155550100", "+12025550143"
UP, DESTROY = (("up", "--yes", "--skip-preview"), ("destroy", "--yes", "--skip-preview"))


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    """Run the quickstart's sandbox."""
    with RunningSandbox(SEED) as running:
        yield running


@pytest.fixture
def quickstart(tmp_path: Path, sandbox: RunningSandbox) -> Example:
    """Give the quickstart, with the variables that its sandbox.env exports."""
    example = Example(
        "quickstart-yaml",
        tmp_path,
        sandbox,
        TWILIO_BASE_URL=sandbox.url,
        VAPI_BASE_URL=sandbox.url,
        TWILIO_ACCOUNT_SID=ACCOUNT["sid"],
        TWILIO_AUTH_TOKEN=ACCOUNT["auth_token"],
        VAPI_API_KEY=ORG["api_key"],
    )
    example.stack("dev")
    return example


def answered(sandbox: RunningSandbox, number: str = NUMBER) -> str:
    """Send a text; tell who answers."""
    return str(sandbox.text(SENDER, number, "Open?")["answered_by"])


def test_the_quickstart_is_about_twelve_lines() -> None:
    """One block is all there is to learn."""
    text = REPOSITORY.joinpath("examples/quickstart-yaml/Pulumi.yaml").read_text()

    assert len(text.splitlines()) <= 14
    assert list(yaml.safe_load(text)["resources"]) == ["support"]


def test_the_quickstart_shows_switches_changes_and_gives_back(
    quickstart: Example, sandbox: RunningSandbox
) -> None:
    """Preview says who answers now and who will; a config value changes the assistant; destroy is exact."""
    before = sandbox.routing_snapshot()

    shown = quickstart.does("preview", "--diff")
    assert "Vapi assistant Support, instead of Webhook http://127.0.0.1:8788/sms?tenant=***" in shown
    assert sandbox.routing_snapshot() == before
    quickstart.does(*UP)
    assert answered(sandbox) == "Vapi assistant Support"
    quickstart.does("config", "set", "assistant", "Sales")
    assert "Vapi assistant Sales" in quickstart.does(*UP)
    assert answered(sandbox) == "Vapi assistant Sales"

    quickstart.does(*DESTROY)
    assert sandbox.routing_snapshot() == before
