"""examples/github-actions: workflows that GitHub takes, may do little, and call commands that exist."""

from __future__ import annotations

import importlib.resources
import json
import re
import shlex
from pathlib import Path

import jsonschema
import pytest
import typer.main
import yaml
from vapi_sms.cli.app import app

from tests.examples.workflows import EXAMPLE, WORKFLOWS, steps

WITHOUT_SECRETS = ("fork", "fork-comment")


def commands() -> list[str]:
    """Give every command line with vapi-sms in it, of workflows and scripts."""
    texts = [step.get("run", "") for name in WORKFLOWS for step in steps(name)]
    texts += [path.read_text() for path in EXAMPLE.glob(".github/*.sh")]
    texts += re.findall(r"`(vapi-sms [^`]+)`", EXAMPLE.joinpath("numbers.yaml").read_text())
    return [
        line.strip() for text in texts for line in text.splitlines() if line.strip().startswith("vapi-sms ")
    ]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_is_one_for_github(name: str) -> None:
    """Each file is valid by the schema of GitHub's workflows."""
    schemas = importlib.resources.files("check_jsonschema.builtin_schemas.vendor")
    schema = json.loads(schemas.joinpath("github-workflows.json").read_text())
    content = yaml.safe_load(EXAMPLE.joinpath(f".github/workflows/{name}.yml").read_text())
    content["on"] = content.pop(True)  # YAML 1.1 reads `on` as true

    jsonschema.Draft7Validator(schema).validate(content)


def test_there_is_a_workflow_for_each_promise() -> None:
    """Preview, up, drift, and two for forks: README has a row for each."""
    readme = EXAMPLE.joinpath("README.md").read_text()

    assert WORKFLOWS.keys() == {"preview", "up", "drift", *WITHOUT_SECRETS}
    assert all(f"| [{name}](.github/workflows/{name}.yml) |" in readme for name in WORKFLOWS)


@pytest.mark.parametrize("line", commands())
def test_every_command_exists_with_its_options(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each line is parsed by the real command line, which refuses what it does not know."""
    monkeypatch.chdir(tmp_path)
    tmp_path.joinpath("base.yaml").touch()
    words = shlex.split(re.split(r" [|>]", line)[0])[1:]
    root = typer.main.get_command(app)
    context = root.make_context("vapi-sms", words, resilient_parsing=True)

    _, command, rest = root.resolve_command(context, words)  # type: ignore[attr-defined] # it is a group
    command.make_context(command.name, rest, parent=context)


def test_all_commands_are_found() -> None:
    """The test above would pass without any."""
    assert len(commands()) == 4


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_may_do_no_more_than_it_must(name: str) -> None:
    """No token but the job's own, actions by major version, no expression in a script, secrets for one step each."""
    workflow = WORKFLOWS[name]
    (job,) = workflow["jobs"].values()
    writes = {"pull-requests": "write"} if name in ("preview", "fork-comment") else {}

    assert workflow["permissions"] == {}
    assert job["permissions"] == {"contents": "read", **writes}
    assert "pull_request_target" not in workflow["on"]
    assert "env" not in job
    assert int(job["timeout-minutes"]) <= 60
    for step in job["steps"]:
        assert re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step.get("uses", "a/b@v1"))
        assert "${{" not in step.get("run", ""), "what a stranger named would become a command"
        assert "secrets." not in str(step) or step["run"].startswith(("vapi-sms preview", "pulumi up"))
        assert "ref" not in step.get("with", {}), "checks out what somebody else may have written"
    if name in WITHOUT_SECRETS:
        assert "secrets" not in str(job)
        assert "environment" not in job


@pytest.mark.parametrize("name", ["preview", "drift"])
def test_the_page_is_kept_whatever_the_command_exits_with(name: str) -> None:
    """What `--html` writes is what is uploaded, also where something is refused or drifted."""
    (command,) = [
        line for step in steps(name) for line in [step.get("run", "")] if "vapi-sms preview" in line
    ]
    (upload,) = [step for step in steps(name) if step.get("uses", "").startswith("actions/upload-artifact@")]

    written = shlex.split(command)[shlex.split(command).index("--html") + 1]
    assert written.replace("$RUNNER_TEMP", "${{ runner.temp }}") == upload["with"]["path"]
    assert upload["if"] == "${{ !cancelled() }}"


def test_no_up_is_cancelled_or_raced() -> None:
    """Two ups wait for each other, and nothing else waits in their group, where it would push an up out."""
    groups = {
        name: workflow["concurrency"] for name, workflow in WORKFLOWS.items() if "concurrency" in workflow
    }

    assert groups["up"] == {"group": "up-prod", "cancel-in-progress": "false"}
    assert [name for name, group in groups.items() if group["group"] == "up-prod"] == ["up"]
