"""Names that strangers chose, through every command, as a process of its own: what leaves it is bytes nobody obeys."""

from __future__ import annotations

import ast
import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from vapi_sms.sandbox import RunningSandbox

from tests.cli.command import BORN
from tests.cli.export.company import AT_VAPI as ANSWERED
from tests.cli.export.company import seed
from tests.cli.review.steps import answered, number, said
from tests.engine.world import AC, APPLICATION, BIN, HIDDEN, ORG_KEY, STUDIO, TOKEN, WEBHOOK
from tests.hostile_names import (
    ASSISTANT,
    AT_VAPI,
    EVIL,
    FIRST,
    NUMBER,
    SALES,
    SERVICE,
    named_by_a_stranger,
    obeyed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.specs import Checker

PHRASE = ("--passphrase-env", "PHRASE")


@pytest.fixture
def company(checker: Checker) -> Iterator[RunningSandbox]:
    """Serve a company that is half-way to Vapi, in which a stranger chose the names."""
    checker.complaints.clear()
    with RunningSandbox(named_by_a_stranger(seed()), on_exchange=checker) as sandbox:
        yield sandbox

    assert checker.complaints == []


def run(
    company: RunningSandbox, *args: str | Path, stdin: bytes = b"", **env: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a command and give its bytes, of which nobody obeys any."""
    variables = {
        **{name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ},
        "TWILIO_ACCOUNT_SID": AC,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "VAPI_API_KEY": ORG_KEY,
        "TWILIO_BASE_URL": company.url,
        "VAPI_BASE_URL": company.url,
        "PHRASE": "a passphrase",
        "COLUMNS": "300",
        **env,
    }
    ran = subprocess.run(
        [BORN, *args], env=variables, input=stdin, capture_output=True, check=False, timeout=120
    )
    assert b"Traceback" not in ran.stderr, ran.stderr.decode()
    assert obeyed(ran.stdout) == []
    assert obeyed(ran.stderr) == []
    return ran


@pytest.mark.parametrize("columns", ["300", "80", "40"])
def test_doctor(company: RunningSandbox, columns: str) -> None:
    """All of them are in its report, and a question mark stands for what is not."""
    ran = run(company, "doctor", COLUMNS=columns)

    told = ran.stdout.decode()
    assert ran.returncode == 1
    if columns == "300":
        assert "A?]0;x? ::error::y?# #[z]" in told
        assert FIRST.replace("::", ": :", 1) in told


@pytest.mark.parametrize("columns", [80, 100, 200])
def test_no_width_makes_a_command_of_a_name(company: RunningSandbox, columns: int) -> None:
    """A name that is wrapped may begin a line with what was in its middle."""
    for number_ in company.state()["twilio"]["accounts"][AC]["numbers"]:
        company.outside_number(number_, friendly_name=f"{'a' * 20}::error::{'b' * 9} ::warning::x")

    told = run(company, "doctor", WEBHOOK, STUDIO, COLUMNS=str(columns)).stdout

    assert b": :error::b" in told


def test_doctor_for_machines(company: RunningSandbox) -> None:
    """Names are what they are, byte for byte."""
    told = json.loads(run(company, "doctor", "--json").stdout)

    found = {each["number"]: each for each in told["numbers"]}
    assert found[WEBHOOK]["friendlyName"] == FIRST
    assert found[STUDIO]["friendlyName"] == NUMBER
    assert found[HIDDEN]["service"]["name"] == SERVICE
    assert (found[ANSWERED]["vapi"]["attachedTo"], found[ANSWERED]["vapi"]["name"]) == (ASSISTANT, AT_VAPI)


def test_an_exported_program(company: RunningSandbox, tmp_path: Path) -> None:
    """It is right Python, to stdout and in a file, and its names are what they are."""
    printed = run(company, "export").stdout.decode()
    run(company, "export", "--output", tmp_path / "program.py")

    program = ast.parse(printed)
    constants = {node.value for node in ast.walk(program) if isinstance(node, ast.Constant)}
    assert {ASSISTANT, SALES} <= constants
    assert (tmp_path / "program.py").read_text(encoding="utf-8") == printed
    assert obeyed((tmp_path / "program.py").read_bytes()) == []


def test_an_exported_fleet_file(company: RunningSandbox, tmp_path: Path) -> None:
    """It is right YAML, and what `declared` tells of it is inert again."""
    file = tmp_path / "numbers.yaml"
    file.write_bytes(run(company, "export", "--format", "yaml").stdout)

    told = run(company, "declared", file)
    changes = run(company, "declared", file, "--base", os.devnull, "--markdown")

    found = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert found["numbers"][ANSWERED] == {"assistant": ASSISTANT}
    assert told.returncode == changes.returncode == 0
    assert b"assistant: A?]0;x?" in told.stdout
    assert b"`assistant: A?]0;x?" in changes.stdout or b"A?\\]0;x?" in changes.stdout


def test_what_is_wrong_with_a_fleet_file(company: RunningSandbox, tmp_path: Path) -> None:
    """Keys, stacks and the file's own name are strangers' too."""
    file = tmp_path / f"n{EVIL.replace('/', '')}.yaml"
    evil = json.dumps(EVIL)
    file.write_text(
        f"{evil}: 1\nnumbers: {{{evil}: {evil}}}\nstacks: {{{evil}: {{groups: {{{evil}: 1}}}}}}\n"
    )

    plain = run(company, "declared", file)
    markdown = run(company, "declared", file, "--markdown")
    restored = run(company, "restore", file, "--yes")

    assert (plain.returncode, markdown.returncode, restored.returncode) == (1, 1, 2)


def test_a_backup_and_its_restore(company: RunningSandbox, tmp_path: Path) -> None:
    """What is left out and why, the plan, and what was put back."""
    file = tmp_path / f"b{EVIL.replace('/', '')}.json"

    kept = run(company, "backup", "--account", "--output", file, *PHRASE)
    company.outside_number(BIN, sms_url="https://api.vapi.ai/twilio/sms")
    company.outside("service", sid=company_service(company), set={"use_inbound_webhook_on_number": True})
    planned = run(company, "restore", file, "--dry-run", *PHRASE)
    done = run(company, "restore", file, "--yes", *PHRASE)

    assert kept.returncode == planned.returncode == 0
    assert b"left out: " in kept.stderr
    assert b"S?]0;x?" in planned.stdout
    assert b"put back: Messaging Service S?]0;x?" in done.stdout
    assert obeyed(file.read_bytes()) == []
    names = [entry["name"] for entry in json.loads(file.read_bytes())["services"].values()]
    assert any(SERVICE in name for name in names)


def company_service(company: RunningSandbox) -> str:
    """Give the service that answers by itself."""
    services: dict[str, Any] = company.state()["twilio"]["accounts"][AC]["messaging_services"]
    return next(sid for sid, one in services.items() if not one["use_inbound_webhook_on_number"])


def test_a_comment(company: RunningSandbox) -> None:
    """Names, drift, refusals, what a program printed, the stack's own name: inert as Markdown, too."""
    steps = [
        *number(f"desk{EVIL}", answered(SALES), answered(ASSISTANT, EVIL, name=EVIL, drift=[f"x {EVIL}"])),
    ]
    diagnostics = [
        said(f"error: VapiSms: {EVIL}", "error", f"desk{EVIL}"),
        said(f"vapi-sms: {EVIL}"),
        said(f"warning: {EVIL}", "warning"),
        said(EVIL),
    ]
    preview = json.dumps({"steps": steps, "diagnostics": diagnostics, "changeSummary": {}}).replace(
        "shop", EVIL.replace("::", ":").encode("unicode_escape").decode().replace("\\x", "\\u00")
    )

    told = run(company, "comment", stdin=preview.encode()).stdout.decode()

    assert "A?]0;x?" in told
    assert "<!-- vapi-sms preview: " in told.splitlines()[0]


def test_a_wrong_seed(company: RunningSandbox, tmp_path: Path) -> None:
    """A key, and the file's own name."""
    file = tmp_path / f"s{EVIL.replace('/', '')}.yaml"
    file.write_text(json.dumps({"twilio": {EVIL: 1}, EVIL: 2}))

    ran = run(company, "sandbox", "--seed", file)

    assert ran.returncode == 1
    assert b"is not known here" in ran.stderr


def test_a_number_that_is_none(company: RunningSandbox) -> None:
    """What was typed is told as it is, which may come from a script that read it somewhere."""
    ran = run(company, "doctor", EVIL)

    assert (ran.returncode, ran.stderr.count(b"\n")) == (2, 1)
    assert APPLICATION.encode() not in ran.stderr
