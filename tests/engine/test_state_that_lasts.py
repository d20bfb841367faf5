"""States that earlier versions wrote: the code of the day goes on from them, and gives everything back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.backup.company import vapi_sms
from tests.engine.world import CANARIES
from tests.fixtures.write_state import FOLDER, stack_of, write

if TYPE_CHECKING:
    from vapi_sms.sandbox import RunningSandbox

FIXTURES = ("state-v1",)


@pytest.mark.slow
@pytest.mark.parametrize("name", FIXTURES)
def test_a_state_of_an_earlier_version_is_gone_on_from(
    name: str, sandbox: RunningSandbox, tmp_path: Path
) -> None:
    """Import, refresh, up without changes, destroy: both vendors end as they were before that version's first `up`."""
    fixture = FOLDER / name
    before, switched = (json.loads((fixture / f"{when}.json").read_text()) for when in ("before", "switched"))
    sandbox.reset(before)
    stack = stack_of(tmp_path / "stack", sandbox, before)
    sandbox.reset(switched)
    stack.project.write((fixture / "program.py").read_text())
    stack.run("stack", "import", "--file", str(fixture / "export.json"))
    state = stack.resources()

    stack.refresh("--expect-no-changes")
    stack.up("--expect-no-changes")
    drift = [resource for resource in stack.resources().values() if "drift" in resource["outputs"]]
    writes = stack.writes()
    stack.destroy()

    assert len(state) == 12
    assert (drift, writes) == ([], [])
    assert stack.snapshot() == stack.before
    assert stack.leaked() == []


@pytest.mark.parametrize("name", FIXTURES)
def test_a_state_of_an_earlier_version_can_be_restored_from(
    name: str, sandbox: RunningSandbox, tmp_path: Path
) -> None:
    """`vapi-sms restore` reads the records of that version."""
    fixture = FOLDER / name
    before, switched = (json.loads((fixture / f"{when}.json").read_text()) for when in ("before", "switched"))
    sandbox.reset(before)
    stack = stack_of(tmp_path / "stack", sandbox, before)
    sandbox.reset(switched)
    stack.run("stack", "import", "--file", str(fixture / "export.json"))
    exported = stack.project.run("stack", "export", "--show-secrets").stdout

    restored = vapi_sms(sandbox, "restore", "-", "--yes", stdin=exported, **stack.env)

    assert restored.code == 0, restored.words
    assert stack.snapshot() == stack.before


@pytest.mark.parametrize("name", FIXTURES)
def test_a_fixture_holds_no_secret_in_clear(name: str) -> None:
    """Law 8: nor did the version that wrote it."""
    exported = FOLDER.joinpath(name, "export.json").read_text()

    assert [canary for canary in CANARIES if canary in exported] == []


def test_a_fixture_is_never_written_again(tmp_path: Path) -> None:
    """It stands for what users' states hold: a folder that is there stops the writer before it does anything."""
    folder = tmp_path / "state-v1"
    folder.mkdir()

    with pytest.raises(FileExistsError):
        write(folder)

    assert list(folder.iterdir()) == []
