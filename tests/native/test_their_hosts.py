"""The quickstarts in other languages on Pulumi's own hosts for them, where those are on PATH."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.examples.playing import ACCOUNT, ORG, SEED
from tests.native.examples import Example

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

NUMBER, SENDER = "+14155550100", "+12025550143"
PROVIDER = "../../.venv/bin/pulumi-resource-vapi-sms"
SHOWN = "Vapi assistant Support, instead of Webhook http://127.0.0.1:8788/sms?tenant=***"


def _folder_of(runtime: str) -> Path:
    found = shutil.which(f"pulumi-language-{runtime}")
    if found is None:
        pytest.skip(f"no pulumi-language-{runtime} on PATH, and no module brings it: not run here")
    return Path(found).parent


@pytest.mark.parametrize(
    ("example", "runtime", "adds"),
    [
        pytest.param("quickstart-typescript", "nodejs", True, id="TypeScript"),
        pytest.param("quickstart-go", "go", True, id="Go"),
        pytest.param("quickstart-hcl", "hcl", False, id="HCL"),
    ],
)
def test_the_quickstart_switches_and_gives_back(
    tmp_path: Path, example: str, runtime: str, adds: bool
) -> None:
    """With the SDK that `pulumi package add` writes; another assistant by config, nothing to do, an exact destroy."""
    host = _folder_of(runtime)
    with RunningSandbox(SEED) as sandbox:
        before = sandbox.routing_snapshot()
        quickstart = Example(
            example,
            tmp_path,
            sandbox,
            HOME=os.environ["HOME"],
            TWILIO_ACCOUNT_SID=ACCOUNT["sid"],
            TWILIO_AUTH_TOKEN=ACCOUNT["auth_token"],
            VAPI_API_KEY=ORG["api_key"],
        )
        quickstart.env["PATH"] = f"{host}:{quickstart.env['PATH']}:{os.environ['PATH']}"
        quickstart.stack("dev")
        if adds:
            quickstart.does("package", "add", PROVIDER)

        assert SHOWN in quickstart.does("preview", "--diff")
        assert sandbox.routing_snapshot() == before
        quickstart.does("up", "--yes", "--skip-preview")
        assert sandbox.text(SENDER, NUMBER, "Open?")["answered_by"] == "Vapi assistant Support"
        quickstart.does("preview", "--expect-no-changes")
        quickstart.does("config", "set", "assistant", "Sales")
        quickstart.does("up", "--yes", "--skip-preview")
        assert sandbox.text(SENDER, NUMBER, "Open?")["answered_by"] == "Vapi assistant Sales"
        quickstart.does("destroy", "--yes", "--skip-preview")
        assert sandbox.routing_snapshot() == before
