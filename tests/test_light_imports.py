"""What a program pays for, and what every state refers to, imports no vendor's library."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("twilio", "httpx", "requests", "phonenumbers", "pydantic", "starlette", "uvicorn", "typer", "rich")


def test_importing_the_package_imports_no_vendor_library() -> None:
    """A program pays for Pulumi only."""
    found = _imported_by("import vapi_sms")

    assert [name for name in HEAVY if name in found] == []


def test_importing_the_providers_imports_no_vendor_library() -> None:
    """The module that every state refers to is as light, with whatever it delegates to."""
    found = _imported_by("import vapi_sms.resources.dynamic")

    assert [name for name in HEAVY if name in found] == []


def test_a_provider_process_that_was_asked_for_no_resource_imports_no_vendor_library() -> None:
    """Hosts of languages start one only to read the schema."""
    found = _imported_by("import vapi_sms.resources.native.serving")

    assert [name for name in HEAVY if name in found] == []


def _imported_by(statement: str) -> set[str]:
    command = [sys.executable, "-c", f"{statement}\nimport sys\nprint(*sys.modules, sep='\\n')"]
    return set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines())
