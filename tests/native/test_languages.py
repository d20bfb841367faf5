"""Programs in TypeScript and Go fit the SDKs that the schema gives; what does not fit is told before anything runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.engine.project import REPOSITORY
from tests.examples import readme
from tests.native.languages import Go, TypeScript, sdks

# One worker: both need the generators, which are built once.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.xdist_group("sdks")]

EXAMPLES = REPOSITORY / "examples"


@pytest.mark.parametrize(
    ("language", "example", "written", "misspelled", "told"),
    [
        pytest.param(
            TypeScript,
            "quickstart-typescript",
            '{ number: "+14155550100", assistant }',
            '{ number: "+14155550100", asistant: assistant }',
            "'asistant' does not exist in type 'NumberArgs'",
            id="TypeScript",
        ),
        pytest.param(
            Go,
            "quickstart-go",
            "Assistant: pulumi",
            "Asistant: pulumi",
            "unknown field Asistant in struct literal of type vapisms.NumberArgs",
            id="Go",
        ),
    ],
)
def test_the_quickstart_fits_and_a_misspelled_input_does_not(
    tmp_path: Path, language: type[TypeScript | Go], example: str, written: str, misspelled: str, told: str
) -> None:
    """The example as it stands has no error; one letter less, and its checker names the input."""
    program = language(EXAMPLES / example, tmp_path)
    file = program.folder / program.file

    assert program.check() == ""
    text = file.read_text()
    assert text.count(written) == 1
    file.write_text(text.replace(written, misspelled))
    assert told in program.check()


def test_a_value_that_there_is_not_does_not_fit(tmp_path: Path) -> None:
    """TypeScript knows the values that an input may have, and its type."""
    program = TypeScript(EXAMPLES / "quickstart-typescript", tmp_path)
    file = program.folder / program.file
    wrong = file.read_text().replace("assistant })", 'assistant, voice: "vapy", smsEnabled: "no" })')
    file.write_text(wrong)

    told = program.check()

    assert '"vapy"\' is not assignable to type' in told
    assert "Type 'string' is not assignable to type 'Input<boolean" in told


@pytest.mark.parametrize(
    ("language", "file"),
    [
        ("typescript", "quickstart-typescript/index.ts"),
        ("go", "quickstart-go/main.go"),
        ("hcl", "quickstart-hcl/main.tf"),
    ],
)
def test_the_page_shows_the_program_as_it_stands(language: str, file: str) -> None:
    """Word for word."""
    assert readme.blocks(language, "docs/how-to/other-languages") == [EXAMPLES.joinpath(file).read_text()]


def test_in_csharp_no_member_has_the_name_of_its_class() -> None:
    """It would not compile, and no compiler for it is at hand."""
    schema = json.loads(REPOSITORY.joinpath("provider/vapi_sms/resources/native/schema.json").read_text())

    members = {
        (token.rpartition(":")[2], spec.get("language", {}).get("csharp", {}).get("name", key))
        for token, described in {**schema["resources"], **schema["types"]}.items()
        for properties in ("properties", "inputProperties")
        for key, spec in described.get(properties, {}).items()
    }

    assert ("Number", "PhoneNumber") in members
    assert not [(name, member) for name, member in members if name == member[0].upper() + member[1:]]


def test_a_hover_says_what_an_input_is_for_and_an_enum_which_values_there_are() -> None:
    """As the classes of Python programs say it."""
    said = "The Vapi assistant that answers, by its id or its exact, unique name; or `squad`."

    nodejs, go = sdks() / "nodejs", sdks() / "go/vapisms"

    assert f"* {said}" in nodejs.joinpath("number.ts").read_text()
    assert f"// {said}" in go.joinpath("number.go").read_text()
    assert '"restore"' in nodejs.joinpath("types/enums/index.ts").read_text()
