"""What README says about the code is so: its programs, its inputs and outputs, and what refusals say."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest
from vapi_sms import (
    MessagingServiceInbound,
    OriginalRoutings,
    OriginalService,
    TwilioSmsRoute,
    VapiSmsFleet,
    VapiSmsNumber,
)
from vapi_sms.live.sources import _NAMES

from tests.examples import readme

PACKAGE = readme.REPOSITORY / "provider/vapi_sms"


def templates() -> set[str]:
    """Collect every text of the package, with `…` in place of what differs."""
    found = set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            if isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else "…" for part in node.values]
                found.add("".join(map(str, parts)))
    return found


def named(cell: str) -> set[str]:
    """Give what stands in code spans, without defaults."""
    return {span.partition("=")[0] for span in re.findall(r"`([^`]+)`", cell)}


def test_first_program_is_short() -> None:
    """The first program has twelve lines of code or fewer."""
    lines = [line for line in readme.blocks("python")[0].splitlines() if line.strip()]

    assert len(lines) <= 12


@pytest.mark.slow
def test_programs_are_typed(tmp_path: Path) -> None:
    """Every program passes the strict type checker."""
    for number, block in enumerate(readme.blocks("python")):
        tmp_path.joinpath(f"program_{number}.py").write_text(block)

    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--cache-dir", tmp_path / "cache", *tmp_path.glob("*.py")],
        cwd=readme.REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout


def test_all_inputs_are_told_and_no_others() -> None:
    """The table of inputs has the constructor's arguments, with their defaults."""
    arguments = list(inspect.signature(VapiSmsNumber.__init__).parameters.values())[2:]
    cells = [row[0] for row in readme.table("Inputs")]

    assert {name for cell in cells for name in named(cell)} == {argument.name for argument in arguments}
    for argument in arguments:
        if argument.default not in (None, inspect.Parameter.empty):
            default = str(argument.default).replace("keep", '"keep"')
            assert f"`{argument.name}={default}`" in cells


def test_all_outputs_are_told_and_no_others() -> None:
    """The table of outputs has the declared outputs of the class."""
    told = {name for row in readme.table("Outputs") for name in named(row[0])}

    assert told == set(VapiSmsNumber.__annotations__)


def test_the_outputs_of_the_other_resources_are_told_and_no_others() -> None:
    """Each resource has its rows in the second table; a route's are those of a number, without Vapi's."""
    told: dict[str, set[str]] = {}
    resource = ""
    for row in readme.table("Outputs of the others"):
        resource = next(iter(re.findall(r"`([A-Z]\w+)`", row[0])), resource)
        told.setdefault(resource, set()).update(named(row[1]))
    of_vapi = {"vapi_id", "org_id", "assistant_id", "squad_id", "texts_url"}

    resources = (VapiSmsFleet, MessagingServiceInbound, OriginalRoutings, OriginalService)
    assert told == {each.__name__: set(each.__annotations__) for each in resources}
    assert set(TwilioSmsRoute.__annotations__) == set(VapiSmsNumber.__annotations__) - of_vapi


def test_refusals_are_quoted_as_they_are_said() -> None:
    """Each refusal in the table is a text of the package, word for word."""
    said = templates()
    quotes = [row[0].strip("`") for row in readme.table("Refusals, and what to do")]

    assert len(quotes) > 15
    assert [quote for quote in quotes if not any(quote in text for text in said)] == []


def test_credentials_are_named_as_they_are_read() -> None:
    """Each variable and each config key of the table is one that is read."""
    rows = readme.table("Credentials")
    read = {name for pair in _NAMES.values() for name in pair}

    told = {name for row in rows for cell in row[1:3] for name in named(cell)}

    assert told
    assert told <= read
    assert {name for name in read if "_" not in name and not name.startswith("vapi-sms")} <= told


def test_links_lead_somewhere() -> None:
    """Every link within the repository goes to a file or a heading that exists."""
    headings = {
        re.sub(r"[^\w -]", "", line.lstrip("# ")).lower().replace(" ", "-")
        for line in readme.TEXT.splitlines()
        if line.startswith("#")
    }
    targets = re.findall(r"\]\(([^)]+)\)|src=\"([^\"]+)\"", readme.TEXT)

    for target in filter(None, (one for pair in targets for one in pair)):
        if target.startswith("https://"):
            continue  # nothing outside can be asked here
        assert target.lstrip("#") in headings or readme.REPOSITORY.joinpath(target).exists(), target
