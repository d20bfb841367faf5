"""`vapi-sms prove`: whether texts are answered, told to people and machines, and by its exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.prove.running import NO_CAMPAIGN, QUESTION, proven, run
from tests.sandbox.world import (
    BRITISH,
    SENDER,
    SILENT,
    STUDIO,
    WEBHOOK,
)

if TYPE_CHECKING:
    from vapi_sms.sandbox import RunningSandbox


def test_answered_texts_are_a_table_and_exit_code_0(at_vapi: RunningSandbox) -> None:
    """Texts, answers, seconds, the last one, the verdict; all numbers that Vapi answers where none is named."""
    at_vapi.text(SENDER, WEBHOOK)
    at_vapi.text(SENDER, STUDIO)
    before = at_vapi.routing_snapshot()

    ran = run(at_vapi, "prove")

    titles, row = ran.stdout.splitlines()[:2]
    assert titles.split() == ["number", "texts", "answered", "median", "last", "text", "verdict"]
    assert row.split()[:5] == [WEBHOOK, "1", "1", "0", "s"]
    assert row.split()[-1] == "answered"
    assert "1 text to 1 number since" in ran.stdout
    assert "nothing was written" in ran.stdout
    assert (ran.returncode, ran.stderr, at_vapi.routing_snapshot()) == (0, "", before)


def test_an_unanswered_text_is_named_with_why_and_exit_code_3(at_vapi: RunningSandbox) -> None:
    """By its SID, its moment and two digits of who wrote it; no body, no customer's number."""
    at_vapi.behaviour(no_card=True)
    at_vapi.text(SENDER, WEBHOOK, "canary")

    ran = run(at_vapi, "prove", WEBHOOK)

    assert ran.returncode == 3
    assert f"{WEBHOOK} failed" in ran.stdout
    assert "11200: the handler could not be reached" in ran.stdout
    assert "...23" in ran.stdout
    assert SENDER not in ran.stdout + ran.stderr
    assert "canary" not in ran.stdout + ran.stderr


def test_a_quiet_night_is_exit_code_4(at_vapi: RunningSandbox) -> None:
    """Nothing follows from nothing."""
    number, code = proven(at_vapi, WEBHOOK)

    assert (number["verdict"], number["reasons"], code) == ("inconclusive", ["no text came in"], 4)


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (
            ["--since", "yesterday"],
            "vapi-sms: 'yesterday' is no span of time: write it like 90m, 24h or 7d\n",
        ),
        (["+14155559999"], "vapi-sms: +14155559999 is not a number of this Twilio account\n"),
        (["--wait", "1"], "vapi-sms: one text goes to one number: name one number\n"),
        (
            ["--assistant", "Support"],
            "vapi-sms: an assistant may call its tools: write with --ask what it is to be asked\n",
        ),
        (
            [WEBHOOK, "--from", STUDIO],
            "vapi-sms: an assistant may call its tools: write with --ask what it is to be asked\n",
        ),
        (
            [WEBHOOK, "--from", WEBHOOK, "--ask", QUESTION],
            f"vapi-sms: {WEBHOOK} cannot text itself (Twilio 21266): name another number with --from\n",
        ),
        (
            [WEBHOOK, "--from", BRITISH, "--ask", QUESTION],
            "vapi-sms: texts from one number of the account to another are tried within the US only\n",
        ),
        (
            [WEBHOOK, "--from", SILENT, "--ask", QUESTION],
            f"vapi-sms: a text from {SILENT} would cost and may not arrive: {NO_CAMPAIGN}\n",
        ),
        (
            [WEBHOOK, "--from", "+14155559999", "--ask", QUESTION],
            "vapi-sms: +14155559999 is not a number of this Twilio account: name one of its own with --from\n",
        ),
    ],
)
def test_what_cannot_be_proven_is_one_line_and_exit_code_2(
    at_vapi: RunningSandbox, args: list[str], told: str
) -> None:
    """Nothing is sent, asked or written."""
    ran = run(at_vapi, "prove", *args)

    assert (ran.stderr, ran.stdout, ran.returncode) == (told, "", 2)
    assert {entry["method"] for entry in at_vapi.journal()} <= {"GET"}


def test_two_that_answer_each_other_are_never_set_going(at_vapi: RunningSandbox) -> None:
    """The probe's own handler would answer the answer."""
    ran = run(at_vapi, "prove", WEBHOOK, "--from", STUDIO, "--ask", QUESTION)

    assert ran.stderr.startswith(f"vapi-sms: {STUDIO} is answered by Studio Flow FW")
    assert ran.stderr.endswith(": two that answer each other never end\n")
    assert ran.returncode == 2


def test_without_a_right_to_read_messages_nothing_is_told(at_vapi: RunningSandbox) -> None:
    """The line says which one."""
    at_vapi.fault(vendor="twilio", path="*/Messages.json*", status=403, count=None)

    ran = run(at_vapi, "prove", WEBHOOK)

    assert ran.stderr.startswith("vapi-sms: messages could not be read: this key may not read messages: ")
    assert (len(ran.stderr.splitlines()), ran.returncode) == (1, 2)


def test_without_a_right_to_read_sessions_nothing_follows(at_vapi: RunningSandbox) -> None:
    """Texts are answered, and by whom is not known."""
    at_vapi.text(SENDER, WEBHOOK)
    at_vapi.fault(vendor="vapi", path="/session*", status=403, count=None)

    number, code = proven(at_vapi, WEBHOOK)

    assert (number["verdict"], code) == ("inconclusive", 4)
    assert "this key may not read sessions" in number["reasons"][0]


def test_without_a_key_of_vapis_a_route_is_proven_all_the_same(
    at_vapi: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who answers a flow's texts is Twilio's matter alone; whether Vapi answered is left open, and no chat starts."""
    monkeypatch.setattr("tests.cli.prove.running.ORG_KEY", "")
    at_vapi.text(SENDER, STUDIO)
    at_vapi.text(SENDER, WEBHOOK)

    assert run(at_vapi, "prove").stderr.startswith(
        "vapi-sms: which numbers Vapi answers only its key shows: "
    )
    assert proven(at_vapi, STUDIO)[1] == 0
    number, code = proven(at_vapi, WEBHOOK)
    asked = run(at_vapi, "prove", WEBHOOK, "--ask", QUESTION)

    assert number["reasons"] == [
        "texts are answered, and by whom is not known: there is no key of Vapi's (VAPI_API_KEY)"
    ]
    assert (code, asked.returncode) == (4, 2)
    assert asked.stderr == "vapi-sms: an assistant is asked with the key of its org: set VAPI_API_KEY\n"


def test_markdown_is_a_table_and_a_list(at_vapi: RunningSandbox) -> None:
    """For a pull request."""
    at_vapi.behaviour(replies_lost=True)
    at_vapi.text(SENDER, WEBHOOK)

    ran = run(at_vapi, "prove", "--markdown")

    assert "| number | texts | answered | median | last text | verdict |" in ran.stdout
    assert "- 1 of 1 texts: no reply" in ran.stdout.replace("\\", "")
    assert ran.returncode == 3
