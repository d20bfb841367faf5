"""Stacks of YAML programs: the native provider under the real engine, whose vendors are the sandbox."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.engine.project import REPOSITORY
from tests.engine.stack import Stack

if TYPE_CHECKING:
    from vapi_sms.sandbox import RunningSandbox

PROVIDER = Path(sys.executable).parent
"""Where `pulumi-resource-vapi-sms` is, which Pulumi.yaml names."""


@functools.cache
def yaml_host() -> str:
    """Give the folder of the language host for YAML programs, which script/yaml-host builds where it is missing."""
    made = subprocess.run([REPOSITORY / "script/yaml-host"], check=True, stdout=subprocess.PIPE, text=True)
    return made.stdout.strip()


class YamlStack(Stack):
    """A stack as Stack has it, of a program in YAML; JSON is YAML too, and is what tests write."""

    def __init__(self, folder: Path, sandbox: RunningSandbox, **env: str) -> None:
        super().__init__(folder, sandbox, **env)
        self.project.env["PATH"] = f"{yaml_host()}:{self.project.env['PATH']}"
        self.project.folder.joinpath("__main__.py").unlink()
        self.program({})

    def program(self, resources: dict[str, Any], **beside: Any) -> None:
        """Write the program: its resources by name, and what stands beside them, such as outputs."""
        program = {
            "name": "test",
            "runtime": "yaml",
            "plugins": {"providers": [{"name": "vapi-sms", "path": str(PROVIDER)}]},
            "resources": resources,
            **beside,
        }
        self.project.folder.joinpath("Pulumi.yaml").write_text(json.dumps(program, indent=1))

    def urn(self, name: str = "support", kind: str = "VapiSmsNumber", parents: str = "") -> str:
        """Give the URN of a resource; of a component's child with its parent's kind before it."""
        above = f"vapi-sms:index:{parents}$" if parents else ""
        return f"urn:pulumi:dev::test::{above}vapi-sms:index:{kind}::{name}"


def block(
    kind: str = "Number", *, options: dict[str, Any] | None = None, **properties: Any
) -> dict[str, Any]:
    """Give one resource of a program."""
    made: dict[str, Any] = {"type": f"vapi-sms:{kind}", "properties": properties}
    return made if options is None else {**made, "options": options}
