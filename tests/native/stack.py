"""Stacks of YAML programs: the native provider under the real engine, whose vendors are the sandbox."""

from __future__ import annotations

import functools
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vapi_sms import Prove, Routing
from vapi_sms.resources.inputs.demands import engine_prove
from vapi_sms.resources.inputs.words import to_camel
from vapi_sms.resources.native.kinds import KINDS
from vapi_sms.resources.program.restore_to import engine_value

from tests.engine.launch import STARTED
from tests.engine.nursery import native
from tests.engine.project import NAME, REPOSITORY, STACK, Project, Running
from tests.engine.stack import Stack

PLUGIN = native()
"""`pulumi-resource-vapi-sms`, born and not started (nursery.py)."""
PROVIDER = PLUGIN.parent
"""Where it is: the folder that Pulumi.yaml names."""


@functools.cache
def yaml_host() -> str:
    """Give the folder of the language host for YAML programs, which script/yaml-host builds where it is missing."""
    made = subprocess.run([REPOSITORY / "script/yaml-host"], check=True, stdout=subprocess.PIPE, text=True)
    return made.stdout.strip()


class YamlProject(Project):
    """A project of a program in YAML: JSON is YAML too, and is what tests write."""

    def __init__(self, folder: Path, program: str = "", **options: Any) -> None:
        super().__init__(folder, program or yaml_program({}), **options)
        self.env["PATH"] = f"{yaml_host()}:{self.env['PATH']}"

    def start(self, command: str, *args: str) -> Running:
        """Start a pulumi command as Project does: with processes that are started, not born."""
        begun, self.env = self.env, {**self.env, STARTED: "yes"}
        try:
            return super().start(command, *args)
        finally:
            self.env = begun

    def write(self, program: str) -> None:
        """Replace the program."""
        self.folder.joinpath("Pulumi.yaml").write_text(program)


def yaml_program(resources: dict[str, Any], **beside: Any) -> str:
    """Give a program: its resources by name, and what stands beside them, such as outputs."""
    plugins = {"providers": [{"name": "vapi-sms", "path": str(PROVIDER)}]}
    program = {"name": NAME, "runtime": "yaml", "plugins": plugins, "resources": resources, **beside}
    return json.dumps(program, indent=1)


class YamlStack(Stack):
    """A stack as Stack has it, of a program in YAML."""

    made = YamlProject

    def program(self, resources: dict[str, Any], **beside: Any) -> None:
        """Write the program."""
        self.project.write(yaml_program(resources, **beside))

    def urn(self, name: str = "support", kind: str = "VapiSmsNumber", parents: str = "") -> str:
        """Give the URN of a resource; of a component's child with its parent's kind before it."""
        above = f"vapi-sms:index:{parents}$" if parents else ""
        return f"urn:pulumi:{STACK}::{NAME}::{above}vapi-sms:index:{kind}::{name}"


def as_block(resource: str, declared: Mapping[str, Any]) -> dict[str, Any]:
    """Give the block that says what a Python program says of one of its resources."""
    return block(KINDS[resource].component, **_camel(declared))


def _camel(declared: Mapping[str, Any]) -> dict[str, Any]:
    return {to_camel(name): _plain(value) for name, value in declared.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Routing):
        routing = engine_value(value)
        assert isinstance(routing, dict)
        return {name: entry for name, entry in routing.items() if entry}
    if isinstance(value, Prove):
        return engine_prove(value)["prove"]
    if isinstance(value, Mapping):
        return _camel(value)
    return [str(each) for each in value] if isinstance(value, list) else value


def block(
    kind: str = "Number", *, options: dict[str, Any] | None = None, **properties: Any
) -> dict[str, Any]:
    """Give one resource of a program."""
    made: dict[str, Any] = {"type": f"vapi-sms:{kind}", "properties": properties}
    return made if options is None else {**made, "options": options}
