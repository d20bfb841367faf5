"""Assistants and squads by the names in VapiAI/gitops' state files, in each form that tool has written so far."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from vapi_sms import assistant_from_gitops, squad_from_gitops
from vapi_sms.resources.program.registering import Mistake

SUPPORT, SALES, DESK = (f"a5000000-0000-4000-8000-00000000000{digit}" for digit in range(3))
STATE = {
    "credentials": {"crm": {"uuid": SALES}},
    "assistants": {
        "support": {"uuid": SUPPORT, "latestVersion": "v8"},
        "desks/sales-a5000000": {"uuid": SALES.upper()},
    },
    "squads": {"front-desk": {"uuid": DESK}},
    "tools": {},
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run the program in a folder that holds the state file of one org."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / ".vapi-state.dev.json", STATE)
    return tmp_path


def write(path: Path, content: object) -> None:
    """Write a state file."""
    path.write_text(content if isinstance(content, str) else json.dumps(content))


def test_a_name_becomes_the_id_of_that_org(folder: Path) -> None:
    """By the org's name or by the file's, here or in another folder; folders in a name are part of it."""
    other = folder / "other"
    other.mkdir()
    write(other / ".vapi-state.prod.json", {"assistants": {"support": {"uuid": SALES}}})

    assert assistant_from_gitops("support", org="dev") == SUPPORT
    assert assistant_from_gitops("support", state_file=".vapi-state.dev.json") == SUPPORT
    assert assistant_from_gitops("desks/sales-a5000000", org="dev") == SALES
    assert assistant_from_gitops("support", org="prod", folder="other") == SALES
    assert assistant_from_gitops("support", state_file=other / ".vapi-state.prod.json") == SALES
    assert squad_from_gitops("front-desk", org="dev") == DESK


def test_files_of_older_versions_hold_the_id_itself(folder: Path) -> None:
    """Until they are pulled again, files hold `name: id`."""
    write(folder / ".vapi-state.old.json", {"assistants": {"support": SUPPORT}})

    assert assistant_from_gitops("support", org="old") == SUPPORT


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("suport", "did you mean 'support'?"),
        ("Support", "did you mean 'support'?"),
        ("Sales", "did you mean 'desks/sales-a5000000'?"),
        ("front-desk", "it has desks/sales-a5000000, support"),
        ("", "it has desks/sales-a5000000, support"),
    ],
)
def test_a_name_that_is_not_there_is_told_with_those_that_are(name: str, hint: str) -> None:
    """One line names the file, and the names that look alike, or some of all."""
    with pytest.raises(Mistake) as caught:
        assistant_from_gitops(name, org="dev")

    assert str(caught.value) == f".vapi-state.dev.json has no assistant {name!r}: {hint}"


def test_of_many_names_some_are_told(folder: Path) -> None:
    """A hundred names would be no line."""
    write(folder / ".vapi-state.big.json", {"assistants": {f"desk-{n:03}": SUPPORT for n in range(100)}})

    with pytest.raises(
        Mistake, match=r"it has desk-000, desk-001, desk-002, desk-003, desk-004 and 95 more$"
    ):
        assistant_from_gitops("zebra", org="big")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (
            "{\n  oops",
            (
                ".vapi-state.bad.json is not JSON (line 2: Expecting property name enclosed in double quotes): "
                "restore it from git"
            ),
        ),
        (
            [],
            ".vapi-state.bad.json is no state file of VapiAI/gitops: it holds no map of assistants and squads",
        ),
        (
            {"assistants": []},
            ".vapi-state.bad.json: assistants is no map from names to ids: restore it from git",
        ),
        (
            {},
            ".vapi-state.bad.json has no assistant 'support': it has no assistants at all; is it the right org?",
        ),
        *(
            (
                {"assistants": {"support": entry}},
                (
                    ".vapi-state.bad.json: assistant 'support' has no id (a UUID): pull it again with "
                    "VapiAI/gitops"
                ),
            )
            for entry in (None, 7, "nonsense", {"uuid": "nonsense"}, {"id": SUPPORT})
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line(folder: Path, content: Any, line: str) -> None:
    """Whatever it holds, the line names it and says what to do."""
    write(folder / ".vapi-state.bad.json", content)

    with pytest.raises(Mistake) as caught:
        assistant_from_gitops("support", org="bad")

    assert str(caught.value) == line


def test_bytes_that_are_no_text_are_one_line(folder: Path) -> None:
    """A file in another encoding, or no text at all."""
    folder.joinpath(".vapi-state.bad.json").write_bytes(b"\xff\xfe{")

    with pytest.raises(Mistake, match=r"^\.vapi-state\.bad\.json is not UTF-8 text: restore it from git$"):
        assistant_from_gitops("support", org="bad")


def test_a_missing_file_is_told_with_those_that_are_there(folder: Path) -> None:
    """Most often the org is written wrong, or the folder."""
    with pytest.raises(Mistake) as wrong_org:
        assistant_from_gitops("support", org="prod")
    with pytest.raises(Mistake) as wrong_folder:
        squad_from_gitops("front-desk", org="dev", folder=folder / "nowhere")

    cannot = "cannot be read (No such file or directory): name the state file of VapiAI/gitops"
    assert (
        str(wrong_org.value)
        == f".vapi-state.prod.json {cannot}; in that folder there are .vapi-state.dev.json"
    )
    assert str(wrong_folder.value) == f"{folder}/nowhere/.vapi-state.dev.json {cannot}"


def test_org_or_file_exactly_one() -> None:
    """Neither, or both, is a mistake of the program."""
    with pytest.raises(Mistake, match="exactly one, for what VapiAI/gitops keeps: neither was given"):
        assistant_from_gitops("support")
    with pytest.raises(Mistake, match="exactly one, for what VapiAI/gitops keeps: both were given"):
        squad_from_gitops("front-desk", org="dev", state_file=".vapi-state.dev.json")
