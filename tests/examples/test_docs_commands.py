"""The commands in README and docs/: each has its page, each option its row, and what is shown can be typed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import typer
from vapi_sms.cli.app import app
from vapi_sms.sandbox import RunningSandbox

from tests.examples import readme
from tests.examples.playing import SEED

COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined] # a group has them


def options(name: str) -> set[str]:
    """Give the options of a command."""
    params = [param for param in COMMANDS[name].params if param.param_type_name == "option"]
    return {option for param in params for option in (*param.opts, *param.secondary_opts)}


def shown() -> Iterator[list[str]]:
    """Yield the words of each command of ours that stands in a block or a code span, up to what is handed on."""
    spans = re.findall(r"`(vapi-sms [^`]+)`", readme.TEXT)
    lines = [
        line
        for language in ("sh", "bash")
        for block in readme.blocks(language)
        for line in block.splitlines()
    ]
    for line in spans + [line for line in lines if "vapi-sms " in line]:
        command = re.search(r"(?:^|\| )(?:\S*/)?vapi-sms (.*)", line)
        if command:
            words = shlex.split(command[1], comments=True)
            yield words[: words.index("--")] if "--" in words else words


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_page_with_every_option(name: str) -> None:
    """The table has a row for each option and each argument, with the help that the command prints."""
    rows = readme.table(f"Arguments and options of vapi-sms {name}")
    told = {option for row in rows for option in re.findall(r"`(--[a-z-]+)`", row[0])}

    assert told == options(name)
    assert [row[1] for row in rows] == [param.help or "" for param in COMMANDS[name].params]
    assert f"`vapi-sms {name}`" in readme.PAGES["docs/reference/commands/README"]


def test_the_options_of_all_commands_are_told() -> None:
    """Version, help and completion stand beside the table of commands."""
    page = readme.PAGES["docs/reference/commands/README"]

    for option in ("--version", "--help", "--install-completion", "--show-completion"):
        assert option in page


def test_what_is_shown_can_be_typed() -> None:
    """Each command that a page shows exists, and has the options that it is shown with."""
    commands = list(shown())

    assert len(commands) > 20
    for name, *words in commands:
        if name.startswith("--") or name == "COMMAND":
            continue
        unknown = {word for word in words if word.startswith("--")} - options(name) - {"--help"}
        assert not unknown, f"{name}: {unknown}"


def test_the_sandbox_is_told() -> None:
    """Every switch and every request of the control surface has its row."""
    page = readme.PAGES["docs/reference/sandbox"]
    with RunningSandbox(SEED) as sandbox:
        asked = httpx.get(f"{sandbox.url}/_sandbox").text
    requests = re.findall(r'"((?:GET|POST|DELETE) /_sandbox[^"]*)"', asked)

    assert len(requests) > 15
    assert [request for request in requests if f"| `{request}` |" not in page] == []
    told = {row[0].strip("`") for row in readme.table("Behaviour switches")}
    (body,) = re.findall(r'"patch_rewrites_sms[^"]*"', asked)
    assert told == set(body.strip('"').split(", "))
