"""What a program pays for, and what every state refers to, imports no vendor's library."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
import vapi_sms

from release import compiling

HEAVY = ("twilio", "httpx", "requests", "phonenumbers", "pydantic", "starlette", "uvicorn", "typer", "rich")


def test_importing_the_package_imports_no_vendor_library() -> None:
    """A program pays for Pulumi only."""
    found = _imported_by("import vapi_sms")

    assert [name for name in HEAVY if name in found] == []


def test_every_public_name_is_what_type_checkers_are_told() -> None:
    """Each is imported when first asked for, from where the imports for type checkers say; all are found by `dir`."""
    tree = ast.parse(Path(vapi_sms.__file__).read_text())
    said = {
        alias.name: node.module
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }

    assert sorted(said) == sorted(vapi_sms.__all__)
    assert {name: f"vapi_sms.{module}" for name, module in vapi_sms._AT.items()} == said
    assert set(vapi_sms.__all__) <= set(dir(vapi_sms))
    assert all(getattr(vapi_sms, name) is not None for name in vapi_sms.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'VapiSmsNumbr'"):
        vapi_sms.__getattr__("VapiSmsNumbr")


def test_importing_the_providers_imports_no_vendor_library() -> None:
    """The module that every state refers to is as light, with what carries its lives: these are imported later."""
    found = _imported_by("import vapi_sms.resources.dynamic, vapi_sms.resources.engine.carrying")

    assert [name for name in HEAVY if name in found] == []


def test_a_provider_process_that_was_asked_for_no_resource_imports_no_vendor_library() -> None:
    """Hosts of languages start one only to read the schema."""
    found = _imported_by("import vapi_sms.resources.native.serving")

    assert [name for name in HEAVY if name in found] == []


def test_a_native_provider_imports_of_pulumi_the_messages_alone() -> None:
    """Whatever it is asked: the SDK would be half of what it imports before it listens."""
    found = _imported_by(
        "from vapi_sms.resources.native.__main__ import speak_without_the_sdk\nspeak_without_the_sdk()\n"
        f"import {', '.join(compiling.IMPORTED)}"
    )

    of_pulumi = {name for name in found if name.startswith("pulumi.")}
    assert {name for name in of_pulumi if not name.startswith("pulumi.runtime.proto")} == {
        "pulumi.runtime",
        "pulumi.runtime._grpc_settings",
    }
    assert "vapi_sms.resources.program.registering" not in found


def _imported_by(statement: str) -> set[str]:
    command = [sys.executable, "-c", f"{statement}\nimport sys\nprint(*sys.modules, sep='\\n')"]
    return set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines())
