"""What only a native provider gives for reading: functions, get, refresh, `pulumi do`, and a schema for tools."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.engine.project import Run
from tests.engine.world import BIN, OLD_APP, STUDIO, STUDIO_FLOW, WEBHOOK
from tests.native.stack import PLUGIN, YamlStack, block


def asks(function: str, **arguments: Any) -> dict[str, Any]:
    """Give a variable of a program that a function answers."""
    return {"fn::invoke": {"function": f"vapi-sms:{function}", "arguments": arguments}}


def test_a_program_asks_who_answers_and_reads_what_it_does_not_declare(stack: YamlStack) -> None:
    """Functions and `get` are answered from the vendors, beside a block; nothing is written for them, ever."""
    kept = {"type": "vapi-sms:TwilioSmsRoute", "get": {"id": BIN}}
    program: dict[str, Any] = {
        "variables": {"who": asks("whoAnswers", number=WEBHOOK), "all": asks("numbers")},
        "outputs": {"who": "${who.answeredBy}", "all": "${all.numbers}", "kept": "${kept.answeredBy}"},
    }
    stack.program({"kept": kept}, **program)

    stack.up()

    outputs = stack.project.outputs()
    answered = {each["number"]: each["answeredBy"] for each in outputs["all"]}
    assert outputs["who"].startswith("Webhook https://***@old.example.com/sms")
    assert outputs["who"] == answered[WEBHOOK]
    assert answered[STUDIO] == STUDIO_FLOW
    assert outputs["kept"].startswith("TwiML Bin ")
    assert stack.writes() == []

    stack.program({"kept": kept, "support": block(number=WEBHOOK, assistant="Support")}, **program)
    stack.up()
    refreshed = stack.refresh().text
    assert "updated" not in refreshed
    stack.destroy()
    assert stack.snapshot() == stack.before
    assert stack.answers(WEBHOOK) == OLD_APP


def test_a_number_that_is_no_key_is_refused_by_a_function_too(stack: YamlStack) -> None:
    """In one line, with what it takes."""
    stack.program({}, variables={"who": asks("whoAnswers", number="Support")}, outputs={"who": "${who}"})

    told = stack.fail("preview").text

    assert "'Support' is no number in E.164 form (+14155550100), and no SID of one (PN...)" in told


def test_refresh_takes_an_edit_made_elsewhere_into_the_state_and_up_puts_it_right(stack: YamlStack) -> None:
    """As with dynamic resources: what is told of it stays told until somebody decides."""
    stack.program({"support": block(number=WEBHOOK, assistant="Support")})
    stack.up()
    stack.sandbox.outside_number(WEBHOOK, sms_url="https://other.example.com/sms")
    stack.writes()

    refreshed = stack.refresh().text
    assert "1 updated" in refreshed
    assert stack.writes() == []

    stack.up()
    assert stack.answers(WEBHOOK) == "Vapi assistant Support"
    stack.settled()


@pytest.fixture
def did(stack: YamlStack) -> Any:
    """Run `pulumi do` with our provider, which writes nothing."""

    def do(token: str, *words: str) -> Run:
        ran = stack.run("do", "--package", str(PLUGIN), f"vapi-sms:{token}", *words)
        assert stack.writes() == []
        return ran

    return do


def test_pulumi_do_reads_without_a_program(did: Any) -> None:
    """One number's routing and who answers; what is secret stays so."""
    read = did("TwilioSmsRoute", "read", STUDIO).text
    asked = did("whoAnswers", "--number", WEBHOOK)

    assert f'answeredBy     : "{STUDIO_FLOW}, as before"' in read
    assert "original       : [secret]" in read
    assert asked.json()["answeredBy"].startswith("Webhook https://***@old.example.com/sms")


def test_the_schema_is_given_to_tools_and_passes_pulumis_own_check(stack: YamlStack) -> None:
    """`pulumi package get-schema` starts the provider; what it gives has its version."""
    given = stack.run("package", "get-schema", str(PLUGIN))
    file = stack.project.folder / "schema.json"
    file.write_text(given.stdout)

    checked = stack.run("schema", "check", str(file)).text

    assert "warning" not in checked.lower()
    assert {"version", "config", "resources", "functions"} <= json.loads(given.stdout).keys()
