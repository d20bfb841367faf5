"""The examples in YAML run as they stand, and give back what they found."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from vapi_sms.sandbox import RunningSandbox

from tests.engine.project import REPOSITORY
from tests.engine.stack import normal
from tests.examples import readme
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


def test_the_page_and_readme_show_what_runs() -> None:
    """The page has the example whole; README its resource, without what makes it configurable."""
    text = REPOSITORY.joinpath("examples/quickstart-yaml/Pulumi.yaml").read_text()
    whole = readme.blocks("yaml", "docs/how-to/other-languages")
    (excerpt,) = readme.blocks("yaml", "README")
    both = REPOSITORY.joinpath("examples/multi-environment-yaml/Pulumi.yaml").read_text()

    assert whole[0] == text
    assert whole[1] in both
    shown = yaml.safe_load(excerpt)["resources"]
    assert shown["support"]["properties"].pop("assistant") == "Support"
    ran = yaml.safe_load(text)["resources"]
    assert ran["support"]["properties"].pop("assistant") == "${assistant}"
    assert shown == ran


def test_the_commands_of_the_page_work_in_a_checkout(sandbox: RunningSandbox, tmp_path: Path) -> None:
    """Where nothing is installed or activated; home, state and stack are this test's own."""
    before = sandbox.routing_snapshot()
    (commands,) = readme.blocks("console", "docs/how-to/other-languages")
    stack = f"test-{secrets.token_hex(4)}"
    made = f'../../script/pulumi stack init "{stack}"'
    script = re.sub(r"(pulumi (?:up|destroy))", r"\1 --yes --non-interactive", commands)
    script = script.replace("sandbox.env\n", f"sandbox.env\n{made}\n")

    ran = subprocess.run(
        ["/bin/bash", "-euo", "pipefail", "-c", script],
        cwd=REPOSITORY,
        env={
            **{name: os.environ[name] for name in ("HOME", "VAPI_SMS_CACHE") if name in os.environ},
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "SANDBOX_PORT": sandbox.url.rpartition(":")[2],
            "PULUMI_HOME": str(tmp_path / "home"),
            "PULUMI_BACKEND_URL": f"file://{tmp_path}",
            "PULUMI_CONFIG_PASSPHRASE": "only for tests",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    (REPOSITORY / f"examples/quickstart-yaml/Pulumi.{stack}.yaml").unlink(missing_ok=True)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Vapi assistant Support, instead of Webhook http://127.0.0.1:8788/sms?tenant=***" in ran.stdout
    assert sandbox.routing_snapshot() == before


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


DESKS = {"dev": "+14155550100", "prod": "+12125550100"}
NIGHT = {"dev": "+13125550108", "prod": "+13125550109"}
ACCOUNTS = {"dev": "d1", "prod": "e1"}


@pytest.fixture
def three_companies() -> Iterator[RunningSandbox]:
    """Play the vendors of both environments, and of the company that answers after hours."""
    with RunningSandbox(REPOSITORY / "examples/multi-environment-yaml/sandbox.yaml") as running:
        yield running


def asked(journal: list[dict[str, Any]]) -> set[str]:
    """Give the last two digits of each Twilio account that was asked for anything."""
    return {
        found[1][-2:]
        for entry in journal
        if (found := re.search("/Accounts/(AC[0-9a-f]{32})", entry["path"]))
    }


def test_two_environments_have_accounts_of_their_own(tmp_path: Path, three_companies: RunningSandbox) -> None:
    """Each stack reaches its own account and the explicit provider's, no other; both are given back."""
    sandbox = three_companies
    before = normal(sandbox.routing_snapshot())
    example = Example("multi-environment-yaml", tmp_path, sandbox, PULUMI_CONFIG_PASSPHRASE="sandbox")
    asked_before = 0

    for name in ("dev", "prod"):
        example.stack(name)
        example.does(*UP)
        assert answered(sandbox, DESKS[name]) == "Vapi assistant Concierge"
        assert answered(sandbox, NIGHT[name]) == "Vapi assistant After hours"
        journal = sandbox.journal(asked_before)
        asked_before = max(entry["n"] for entry in journal)
        assert asked(journal) == {ACCOUNTS[name], "f1"}

    settings = example.folder / "Pulumi.prod.yaml"
    settings.write_text(
        settings.read_text().replace('"+12125550100": {}', '"+12125550100": { assistant: Orders }')
    )
    changed = example.does("preview", "--diff")
    (change,) = set(re.findall("change: (.+)", changed))
    assert change == "+12125550100: Vapi assistant Concierge -> Vapi assistant Orders"
    for name in ("prod", "dev"):
        example.env["PULUMI_STACK"] = name
        example.does(*DESTROY)
    assert normal(sandbox.routing_snapshot()) == before
