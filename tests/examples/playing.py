"""Programs of README and docs/, played by a sandbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml
from vapi_sms.sandbox import RunningSandbox

from tests.engine.project import Project, Run
from tests.examples import readme

SEED: dict[str, Any] = yaml.safe_load(
    readme.REPOSITORY.joinpath("examples/quickstart/sandbox.yaml").read_text()
)
ACCOUNT, ORG = SEED["twilio"]["accounts"][0], SEED["vapi"]["orgs"][0]
Play = Callable[[str, RunningSandbox], Project]


def succeeded(run: Run) -> Run:
    """Show what a failed command said."""
    assert run.code == 0, run.text
    return run
