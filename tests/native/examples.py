"""The examples in YAML, each as it stands: in a copy beside an environment, as it is beside .venv in a checkout."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from vapi_sms.sandbox import RunningSandbox

from tests.engine.project import REPOSITORY, Project, Run
from tests.native.stack import yaml_host


class Example(Project):
    """A copy of an example, with stacks of its own, whose vendors are a sandbox."""

    def __init__(self, name: str, checkout: Path, sandbox: RunningSandbox, **env: str) -> None:
        checkout.joinpath(".venv").symlink_to(sys.prefix)
        folder = checkout / "examples" / name
        super().__init__(checkout / "bare", "")
        self.folder = folder
        shutil.copytree(REPOSITORY / "examples" / name, folder)
        vendors = {"TWILIO_BASE_URL": sandbox.url, "VAPI_BASE_URL": sandbox.url}
        self.env |= {"VAPI_SMS_SETTLE_SECONDS": "0.1", **vendors, **env}
        self.env["PATH"] = f"{yaml_host()}:{self.env['PATH']}"
        del self.env["PULUMI_STACK"]

    def stack(self, name: str) -> None:
        """Make a stack, and work on it from now on."""
        self.does("stack", "init", name)
        self.env["PULUMI_STACK"] = name

    def does(self, *command: str) -> str:
        """Run a command that succeeds; give what a person reads."""
        ran: Run = self.run(*command)
        assert ran.code == 0, ran.text
        return ran.text
