"""The docs' section on scale: the workflow that runs many stacks is one for GitHub, beside ours."""

from __future__ import annotations

import importlib.resources
import json
from typing import Any

import jsonschema
import yaml
from vapi_sms.live.calling.limiter import FIRST, MOST
from vapi_sms.live.settings import MOST_AT_ONCE
from vapi_sms.live.sources import _NAMES

from tests.examples import readme
from tests.examples.workflows import EXAMPLE, WORKFLOWS, steps


def matrix_job() -> dict[str, Any]:
    """Give the job that the docs show."""
    (block,) = [block for block in readme.blocks("yaml") if "matrix" in block]
    job: dict[str, Any] = yaml.safe_load(block)["jobs"]["up"]
    return job


def test_the_matrix_is_one_for_github() -> None:
    """Put into up.yml, with that workflow's steps before it, it is valid by the schema of GitHub's workflows."""
    schemas = importlib.resources.files("check_jsonschema.builtin_schemas.vendor")
    schema = json.loads(schemas.joinpath("github-workflows.json").read_text())
    workflow = yaml.safe_load(EXAMPLE.joinpath(".github/workflows/up.yml").read_text())
    workflow["on"] = workflow.pop(True)  # YAML 1.1 reads `on` as true
    ours, shown = workflow["jobs"]["up"], matrix_job()
    workflow["jobs"]["up"] = {**ours, **shown, "steps": [*ours["steps"][:-1], *shown["steps"]]}

    jsonschema.Draft7Validator(schema).validate(workflow)


def test_the_matrix_runs_what_up_runs() -> None:
    """Its command is the workflow's, for the stack of the matrix; no script is expanded, no `up` cancelled."""
    shown = matrix_job()
    (step,) = shown["steps"]
    ours = next(step["run"] for step in steps("up") if "pulumi up" in step.get("run", ""))

    assert step["run"] == ours.replace("--stack prod", '--stack "$STACK"')
    assert shown["env"] == {"STACK": "${{ matrix.stack }}"}
    assert shown["concurrency"]["group"] == "up-${{ matrix.stack }}"
    assert shown["concurrency"]["cancel-in-progress"] is False
    assert WORKFLOWS["up"]["concurrency"]["cancel-in-progress"] == "false"


def test_the_setting_for_concurrency_is_told_as_it_is() -> None:
    """Its names, its default, its range, and with how many a process begins."""
    variable, key = _NAMES["concurrency"]

    assert f"`{variable}` (config `{key}`), from 1 to {MOST_AT_ONCE}," in readme.TEXT
    assert FIRST == 8
    assert "Eight requests are under way at a time at first, at each vendor" in readme.TEXT
    assert f"up to {MOST}" in readme.TEXT
