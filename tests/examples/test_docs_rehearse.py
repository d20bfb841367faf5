"""docs/how-to/rehearse.md, typed from its first command to its last against a program of one's own."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import httpx
import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.examples import readme
from tests.examples.playing import ACCOUNT, ORG, SEED

pytestmark = [pytest.mark.engine, pytest.mark.slow]

PROGRAM = readme.REPOSITORY / "examples/quickstart/__main__.py"


def test_a_rehearsal_from_its_first_command_to_its_last(tmp_path: Path) -> None:
    """A text is answered, somebody's change is told and put right beyond a fault, and at the end all is as it was."""
    serve, *blocks = readme.blocks("sh", "docs/how-to/rehearse")
    assert serve == "vapi-sms sandbox --seed sandbox.yaml\n"
    python = {"name": "python", "options": {"virtualenv": str(readme.REPOSITORY / ".venv")}}
    tmp_path.joinpath("Pulumi.yaml").write_text(f"{{name: desks, runtime: {python}}}\n")
    tmp_path.joinpath("__main__.py").write_text(PROGRAM.read_text())
    tmp_path.joinpath("state").mkdir()

    with RunningSandbox(SEED) as sandbox:
        ran = subprocess.run(
            ["/bin/bash", "-euo", "pipefail", "-c", typed("".join(blocks), sandbox.url)],
            cwd=tmp_path,
            env={
                **{name: os.environ[name] for name in ("HOME", "VAPI_SMS_CACHE") if name in os.environ},
                "PATH": f"{engine()}:/usr/local/bin:/usr/bin:/bin",
                "PULUMI_HOME": str(tmp_path / "home"),
                "PULUMI_BACKEND_URL": f"file://{tmp_path}/state",
                "PULUMI_CONFIG_PASSPHRASE": "only for tests",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        faults = httpx.get(f"{sandbox.url}/_sandbox/faults").json()

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert '"answered_by": "Vapi assistant Support"' in ran.stdout
    assert "drift: texts are answered by Webhook https://new.example.com/sms, not by Vapi" in ran.stdout
    assert ran.stdout.count("date_updated") == 1, "what the sandbox answered to whoever routed the number"
    assert not faults
    assert "Stack 'rehearsal' has been removed!" in ran.stdout + ran.stderr


def typed(commands: str, url: str) -> str:
    """Put the seed's credentials where the page leaves them open, and say yes where pulumi would ask."""
    secrets = {
        "TWILIO_ACCOUNT_SID": ACCOUNT["sid"],
        "TWILIO_AUTH_TOKEN": ACCOUNT["auth_token"],
        "VAPI_API_KEY": ORG["api_key"],
    }
    for name, value in secrets.items():
        commands = commands.replace(f"{name}=...", f"{name}={value}")
    assert "..." not in commands
    commands = re.sub(r"pulumi (up|destroy|stack rm)", r"pulumi \1 --yes", commands)
    commands = commands.replace("pulumi ", "pulumi --non-interactive --color=never ")
    return commands.replace("curl ", "curl --fail-with-body ").replace("http://localhost:8787", url)


def engine() -> str:
    """Give the folder with pulumi."""
    asked = (str(readme.REPOSITORY / "script/bootstrap"), "--engine-dir")
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
