"""`vapi-sms schema`: what editors complete and underline in a fleet file is what the program takes and refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from vapi_sms.resources.fleet_file.marks import marked
from vapi_sms.resources.fleet_file.mistakes import FleetFileMistakes
from vapi_sms.resources.fleet_file.models import Options
from vapi_sms.resources.fleet_file.reading import read_fleet_file
from vapi_sms.resources.fleet_file.schema import json_schema
from vapi_sms.sandbox import json_schema as seed_schema

from tests.cli.command import vapi_sms

SCHEMA = json_schema()
GOOD = {
    "empty": "numbers: {}",
    "list": "numbers: [+14155550100, +1 (415) 555-0101]\ndefaults: {assistant: A}",
    "short": "numbers: {+14155550100: A}",
    "nothing": "numbers: {+14155550100: }\ndefaults: {squad: A}\ngroups: {later: }\nstacks: {dev: }",
    "sid": "numbers: {PN00000000000000000000000000000001: A}",
    "options": """
        numbers:
          +14155550100:
            assistant: A
            squad: null
            sms_enabled: false
            name: Desk
            voice: vapi
            adopt: true
            on_remove: leave
            protect: true
            restore_to: demo
    """,
    "restore": """
        groups:
          a: {assistant: A, restore_to: leave_at_vapi, numbers: [+14155550100]}
          b: {assistant: A, restore_to: {studio_flow: FW00000000000000000000000000000001, method: GET}}
          c: {assistant: A, restore_to: {webhook: "https://a.example/?t=1#rc=2", fallback: "http://b.example"}}
          d: {assistant: A, restore_to: {url: "https://a.example", fallback_method: GET}}
    """,
    "stacks": """
        numbers: {+14155550100: A}
        groups: {g: {assistant: A, numbers: [+14155550101]}}
        stacks:
          prod:
            defaults: {assistant: B}
            groups: {g: {name: Desk, numbers: {+14155550101: false, +14155550102: }}}
            numbers: {+14155550100: false}
    """,
}
BAD = {
    "top": "number: {}",
    "list": "[+14155550100]",
    "option": "numbers: {+14155550100: {assistant: A, smsEnabled: true}}",
    "number": "numbers: {Support: A}",
    "abroad": "numbers: {+441632960961: A}",
    "listed": "numbers: [Support]",
    "twice": "numbers: [+14155550100, +14155550100]\ndefaults: {assistant: A}",
    "type": "numbers: {+14155550100: {assistant: A, sms_enabled: sure}}",
    "word": "numbers: {+14155550100: {assistant: A, voice: off}}",
    "long": f"numbers: {{+14155550100: {{assistant: A, name: {41 * 'n'}}}}}",
    "empty": "numbers: {+14155550100: {assistant: ''}}",
    "both": "numbers: {+14155550100: {assistant: A, squad: B}}",
    "false": "numbers: {+14155550100: false}",
    "handler": "numbers: {+14155550100: {assistant: A, restore_to: demon}}",
    "flow": "numbers: {+14155550100: {assistant: A, restore_to: {studio_flow: FW1}}}",
    "handlers": """
        numbers:
          +14155550100:
            assistant: A
            restore_to: {webhook: 'https://a.example', function: 'https://a-1.twil.io'}
    """,
    "url": "numbers: {+14155550100: {assistant: A, restore_to: {webhook: a.example}}}",
    "beside": """
        defaults: {assistant: A, restore_to: {twiml_app: AP00000000000000000000000000000001, method: GET}}
    """,
    "group": "groups: {a: {assistant: A, number: [+14155550100]}}",
    "stack": "numbers: {}\nstacks: {prod: {group: {}}}",
}


def underlined(text: str) -> list[str]:
    """Give what an editor would underline."""
    document = marked(text, "numbers.yaml")
    validator = jsonschema.Draft202012Validator(SCHEMA)
    repeated = [str(mistake) for mistake in document.mistakes]
    return repeated + [error.message for error in validator.iter_errors(document.value)]


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_a_good_file_is_not_underlined(tmp_path: Path, text: str) -> None:
    """What the program takes, the schema takes."""
    path = tmp_path / "numbers.yaml"
    path.write_text(text)

    assert read_fleet_file(path).name == str(path)
    assert underlined(text) == []


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_a_bad_file_is_underlined(tmp_path: Path, text: str) -> None:
    """What the program refuses of one value, the schema refuses; what only two places show, it cannot know."""
    path = tmp_path / "numbers.yaml"
    path.write_text(text)

    with pytest.raises(FleetFileMistakes):
        read_fleet_file(path)
    assert underlined(text) != []


def test_unquoted_numbers_are_not_underlined_by_editors() -> None:
    """An editor reads an unquoted +14155550100 as an integer, also as a key, and drops its plus."""
    validator = jsonschema.Draft202012Validator(SCHEMA)

    assert list(validator.iter_errors({"numbers": {"14155550100": "A"}})) == []
    assert list(validator.iter_errors({"numbers": [14155550100]})) == []


def test_the_command_prints_the_schema_or_writes_it(tmp_path: Path) -> None:
    """Standard output, or a file; one that cannot be written is one line."""
    printed = vapi_sms("schema")
    written = vapi_sms("schema", "--output", tmp_path / "numbers.schema.json")
    failed = vapi_sms("schema", "--output", tmp_path / "nowhere" / "numbers.schema.json")

    assert json.loads(printed.stdout) == SCHEMA
    assert (written.stdout, tmp_path.joinpath("numbers.schema.json").read_text()) == ("", printed.stdout)
    assert failed.stderr == (
        f"vapi-sms: cannot write {tmp_path}/nowhere/numbers.schema.json: No such file or directory\n"
    )


def test_the_command_prints_the_schema_of_a_seed(tmp_path: Path) -> None:
    """That of the sandbox's own models, for which its extra has to be there; nothing else has a schema."""
    printed = vapi_sms("schema", "seed")
    vapi_sms("schema", "seed", "--output", tmp_path / "seed.schema.json")

    assert json.loads(printed.stdout) == seed_schema()
    assert tmp_path.joinpath("seed.schema.json").read_text() == printed.stdout
    assert vapi_sms("schema", "nonsense").returncode == 2


def test_every_option_is_described() -> None:
    """The schema is one of its own draft, and an editor can say what each key means."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)

    undescribed = [
        f"{name}.{key}"
        for name, definition in {"File": SCHEMA, **SCHEMA["$defs"]}.items()
        for key, value in _properties(definition).items()
        if not value.get("description")
    ]
    assert undescribed == []
    assert _properties(SCHEMA["$defs"]["Options"]).keys() == Options.model_fields.keys()


def _properties(definition: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = definition["properties"]
    return properties
