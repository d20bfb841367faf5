"""Whatever a machine writes text in, such as Windows' cp1252: what commands print is UTF-8, and a mark is fine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
import yaml
from vapi_sms.resources.fleet_file.reading import read_fleet_file
from vapi_sms.resources.program.gitops import assistant_from_gitops
from vapi_sms.sandbox import RunningSandbox

from tests.cli.command import COMMAND, QUICKSTART
from tests.cli.export.company import AT_VAPI, seed
from tests.engine.world import AC, ORG_KEY, STUDIO, SUPPORT, TOKEN

if TYPE_CHECKING:
    from tests.specs import Checker

NAME = "Zoë 👩 شركة → ☎"
PREVIEWS = Path(__file__).parent / "review/previews"
MACHINES = {
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "ascii": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "utf-16": {"PYTHONIOENCODING": "utf-16"},
}
MARKS = {"UTF-8": "utf-8-sig", "UTF-16": "utf-16"}
ON_EACH = pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
WITH_EACH_MARK = pytest.mark.parametrize("encoding", MARKS.values(), ids=MARKS)


@pytest.fixture
def company(checker: Checker) -> Iterator[RunningSandbox]:
    """Serve a company that is half-way to Vapi, with names of every script."""
    checker.complaints.clear()
    world = seed()
    for number in world["twilio"]["accounts"][0]["numbers"]:
        number["friendly_name"] = NAME
    for assistant, name in zip(world["vapi"]["orgs"][0]["assistants"], (NAME, f"{NAME} 2"), strict=False):
        assistant["name"] = name
    with RunningSandbox(world, on_exchange=checker) as sandbox:
        yield sandbox

    assert checker.complaints == []


def run(
    machine: dict[str, str], *args: str | Path, company: RunningSandbox | None = None, stdin: bytes = b""
) -> tuple[int, str, str]:
    """Run a command on a machine; what it prints must be UTF-8."""
    url = company.url if company else "http://127.0.0.1:9"
    env = {
        **{name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ},
        "TWILIO_ACCOUNT_SID": AC,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "VAPI_API_KEY": ORG_KEY,
        "TWILIO_BASE_URL": url,
        "VAPI_BASE_URL": url,
        "PHRASE": "a passphrase",
        "COLUMNS": "200",
        **machine,
    }
    ran = subprocess.run(
        [COMMAND, *args], env=env, input=stdin, capture_output=True, check=False, timeout=120
    )
    return ran.returncode, ran.stdout.decode("utf-8"), ran.stderr.decode("utf-8")


@ON_EACH
def test_every_report_has_every_letter(
    company: RunningSandbox, tmp_path: Path, machine: dict[str, str]
) -> None:
    """Doctor, export as it is printed, and what declares it; a program that Python reads."""
    file = tmp_path / "numbers.yaml"

    report = run(machine, "doctor", company=company)
    program = run(machine, "export", company=company)
    fleet = run(machine, "export", "--format", "yaml", company=company)
    file.write_bytes(fleet[1].encode())
    declared = run(machine, "declared", file)

    assert (report[0], program[0], fleet[0], declared[0]) == (1, 0, 0, 0), (report[2], declared[2])
    assert all(NAME in printed for _, printed, _ in (report, program, declared))
    compile(program[1], "__main__.py", "exec")
    assert read_fleet_file(file).numbers(None)[AT_VAPI]["assistant"] == NAME


@ON_EACH
def test_what_is_put_back_is_put_back(
    company: RunningSandbox, tmp_path: Path, machine: dict[str, str]
) -> None:
    """A restore that ended while it told its plan put nothing back."""
    file = tmp_path / "before.json"
    phrase = ("--passphrase-env", "PHRASE")
    before = company.number(STUDIO)["sms_url"]
    kept = run(machine, "backup", "--account", STUDIO, "--output", file, *phrase, company=company)
    company.outside_number(STUDIO, sms_url="https://api.vapi.ai/twilio/sms")

    done = run(machine, "restore", file, "--yes", *phrase, company=company)

    assert (kept[0], done[0], done[2]) == (0, 0, "")
    assert f"{file} holds 1 number of account" in kept[1]
    assert f"Vapi assistant {NAME} 2, with texts" in done[1]
    assert f"put back: {STUDIO}" in done[1]
    assert company.number(STUDIO)["sms_url"] == before


@ON_EACH
def test_what_is_told_without_vendors(tmp_path: Path, machine: dict[str, str]) -> None:
    """A comment, a schema, the help, a line of trouble."""
    missing = tmp_path / "missing.yaml"
    golden = PREVIEWS.with_name("golden")

    comment = run(machine, "comment", PREVIEWS / "mixed.json")
    schema = run(machine, "schema")
    help_ = run(machine, "--help")
    trouble = run(machine, "declared", missing)

    assert comment == (0, golden.joinpath("mixed.md").read_text(encoding="utf-8"), "")
    assert schema[0] == help_[0] == 0
    assert "╭" in help_[1] or "Usage" in help_[1]
    assert trouble == (1, "", f"{missing}: cannot be read: No such file or directory\n")


@ON_EACH
def test_texts_are_told_whatever_is_written_in_them(tmp_path: Path, machine: dict[str, str]) -> None:
    """The sandbox and the old app tell each text: neither falls over one, and both serve on."""
    world = (QUICKSTART / "sandbox.yaml").read_text(encoding="utf-8")
    token = yaml.safe_load(world)["twilio"]["accounts"][0]["auth_token"]
    seeded = tmp_path / "sandbox.yaml"
    env = {**os.environ, **machine, "TWILIO_AUTH_TOKEN": token}
    with (
        _started([sys.executable, QUICKSTART / "old_app.py", "0"], env) as (old_app, app_url),
        seeded.open("w", encoding="utf-8") as file,
    ):
        file.write(world.replace("http://127.0.0.1:8788", app_url))
        file.flush()
        with _started([COMMAND, "sandbox", "--port", "0", "--seed", seeded], env) as (sandbox, url):
            text = {"from": "+12025550143", "to": "+14155550100", "body": NAME}
            sent = [httpx.post(f"{url}/_sandbox/texts", json=text, trust_env=False) for _ in range(2)]
            # The old app tells of an answer after it is given.
            told = [_ended(each, told_of) for each, told_of in ((old_app, 2), (sandbox, 4))]

    assert [answer.json()["reply"] for answer in sent] == [f"Acme front desk. You wrote: {NAME}"] * 2
    assert [(out.count(NAME), errors) for out, errors in told] == [(2, ""), (4, "")]


@contextmanager
def _started(command: list[str | Path], env: dict[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Start what serves; give it, and the address that it tells."""
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        told = process.stdout.readline().decode("utf-8").split()
        yield process, next(word for word in told if word.startswith("http"))
        process.kill()


def _ended(process: subprocess.Popen[bytes], mentions: int) -> tuple[str, str]:
    assert process.stdout
    assert process.stderr
    out = ""
    while out.count(NAME) < mentions and (line := process.stdout.readline()):
        out += line.decode("utf-8")
    process.terminate()
    out += process.stdout.read().decode("utf-8")
    return out, process.stderr.read().decode("utf-8")


@WITH_EACH_MARK
def test_a_mark_is_no_part_of_what_is_read(
    company: RunningSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    """Previews, from a file and piped; fleet files; backups; states of other tools; as shells of Windows write them."""
    preview, fleet, backup = (tmp_path / name for name in ("p.json", "numbers.yaml", "b.json"))
    preview.write_text(PREVIEWS.joinpath("create.json").read_text(encoding="utf-8"), encoding=encoding)
    fleet.write_text(f'numbers: {{+14155550101: "{NAME}"}}\n', encoding=encoding)
    run({}, "backup", "--account", STUDIO, "--output", backup, "--without-secrets", company=company)
    backup.write_text(backup.read_text(encoding="utf-8"), encoding=encoding)
    state = f'{{"assistants": {{"{NAME}": {{"uuid": "{SUPPORT}"}}}}}}'
    tmp_path.joinpath(".vapi-state.dev.json").write_text(state, encoding=encoding)
    monkeypatch.chdir(tmp_path)

    from_file = run({}, "comment", preview)
    piped = run({}, "comment", stdin=preview.read_bytes())
    declared = run({}, "declared", fleet)
    restored = run({}, "restore", backup, "--dry-run", company=company)

    assert from_file[0] == 0, from_file
    assert piped == from_file
    assert declared == (0, f"all stacks: 1 is declared\n  +14155550101  assistant: {NAME}\n", "")
    assert restored[0] == 0, restored
    assert assistant_from_gitops(NAME, org="dev") == SUPPORT


@WITH_EACH_MARK
def test_a_mark_is_no_part_of_a_seed(tmp_path: Path, encoding: str) -> None:
    """The quickstart's, saved by an editor of Windows."""
    file = tmp_path / "sandbox.yaml"
    file.write_text(QUICKSTART.joinpath("sandbox.yaml").read_text(encoding="utf-8"), encoding=encoding)

    with RunningSandbox(file) as sandbox:
        assert "+14155550100" in str(sandbox.state())


def test_nothing_is_printed_where_nobody_can_read(tmp_path: Path) -> None:
    """Standard output and error that are closed end no command."""
    code = (
        "import os, sys\nos.close(1); os.close(2)\nos.execv(sys.argv[1], sys.argv[1:])"
        if os.name == "posix"
        else ""
    )

    ran = subprocess.run(
        [sys.executable, "-c", code, COMMAND, "schema", "--output", tmp_path / "x.json"],
        check=False,
        timeout=60,
    )
    printed = subprocess.run([sys.executable, "-c", code, COMMAND, "schema"], check=False, timeout=60)

    assert ran.returncode == 0
    assert printed.returncode in (0, 74)
    assert tmp_path.joinpath("x.json").read_text(encoding="utf-8").startswith("{")
