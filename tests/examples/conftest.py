"""What the tests of README's and the docs' programs share."""

from __future__ import annotations

from pathlib import Path

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.engine.project import Project
from tests.examples.playing import ACCOUNT, ORG, Play


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Make a project that is played by a sandbox."""

    def make(program: str, sandbox: RunningSandbox) -> Project:
        env = {
            "TWILIO_BASE_URL": sandbox.url,
            "VAPI_BASE_URL": sandbox.url,
            "TWILIO_ACCOUNT_SID": ACCOUNT["sid"],
            "TWILIO_AUTH_TOKEN": ACCOUNT["auth_token"],
            "VAPI_API_KEY": ORG["api_key"],
            "VAPI_SMS_SETTLE_SECONDS": "0.05",
        }
        return Project(tmp_path / f"project-{len(list(tmp_path.iterdir()))}", program, env=env)

    return make
