"""`vapi-sms prove`: whether texts are answered, told to people and machines, and by its exit code."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from vapi_sms.cli.app import main

from tests.cli.command import COMMAND
from tests.sandbox.world import (
    AC,
    BRITISH,
    ORG_KEY,
    SENDER,
    SILENT,
    STUDIO,
    SUPPORT,
    TOKEN,
    VAPI_SMS,
    WEBHOOK,
)

if TYPE_CHECKING:
    from vapi_sms.sandbox import RunningSandbox

AGO = 300_000  # milliseconds by which the vendors' clocks are behind, so that every deadline has passed
NO_CAMPAIGN = "in no Messaging Service, so in no 10DLC campaign: carriers block replies"
QUESTION = "Are you open on Sunday?"


@dataclass(frozen=True)
class Ran:
    """What a command left."""

    stdout: str
    stderr: str
    returncode: int


def environment(sandbox: RunningSandbox) -> dict[str, str]:
    """Give the environment of somebody who may do everything."""
    return {
        **os.environ,
        "COLUMNS": "100",
        "TWILIO_ACCOUNT_SID": AC,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "VAPI_API_KEY": ORG_KEY,
        "TWILIO_BASE_URL": sandbox.url,
        "VAPI_BASE_URL": sandbox.url,
        "VAPI_SMS_PATIENCE_SECONDS": "1",
    }


def run(sandbox: RunningSandbox, *args: str) -> Ran:
    """Run a command as people do, but in this process: another one would take a second of its own."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with (
        mock.patch.dict(os.environ, environment(sandbox)),
        mock.patch.object(sys, "argv", ["vapi-sms", *args]),
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    stdout, stderr = (stream.buffer.getvalue().decode() for stream in (out, err))
    return Ran(stdout, stderr, int(ended.value.code or 0))


@pytest.fixture
def at_vapi(sandbox: RunningSandbox) -> RunningSandbox:
    """Return vendors to whom all this happened minutes ago, with a number that Vapi answers."""
    sandbox.behaviour(clock_skew_ms={"twilio": -AGO, "vapi": -AGO})
    imported(sandbox)
    return sandbox


def imported(sandbox: RunningSandbox) -> None:
    """Let Vapi answer a number, as its own dashboard would."""
    sandbox.outside_vapi(
        "create",
        org="0a000000-0000-4000-8000-000000000001",
        set={
            "provider": "twilio",
            "number": WEBHOOK,
            "twilioAccountSid": AC,
            "twilioAuthToken": TOKEN,
            "assistantId": SUPPORT,
            "smsEnabled": True,
        },
    )
    sandbox.outside_number(WEBHOOK, sms_url=VAPI_SMS, sms_method="POST", sms_fallback_url="")


def proven(sandbox: RunningSandbox, *args: str) -> tuple[dict[str, Any], int]:
    """Give what machines read of one number, and the exit code."""
    ran = run(sandbox, "prove", "--json", *args)
    (number,) = json.loads(ran.stdout)["numbers"]
    return number, ran.returncode


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
    monkeypatch.setattr(f"{__name__}.ORG_KEY", "")
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


def test_an_assistant_is_asked_and_its_chat_is_deleted(at_vapi: RunningSandbox) -> None:
    """Each assistant once, in the user's words; what it says and costs is told."""
    ran = run(at_vapi, "prove", WEBHOOK, "--ask", QUESTION)

    assert ran.stdout.startswith("Vapi assistant Support answers ($0.00")
    assert QUESTION in ran.stdout
    assert ran.returncode == 0
    written = [
        f"{entry['method']} {entry['path'][:6]}" for entry in at_vapi.journal() if entry["method"] != "GET"
    ]
    assert written == ["POST /chat", "DELETE /chat/"]


def test_an_assistant_without_a_card_is_refused_before_the_switch(at_vapi: RunningSandbox) -> None:
    """By name, with no number at hand: the reason is Vapi's."""
    at_vapi.behaviour(no_card=True)

    ran = run(at_vapi, "prove", "--ask", QUESTION, "--assistant", "Support")

    assert ran.stdout.startswith(
        f"Vapi assistant Support does not answer: Asking Vapi's assistant {SUPPORT}: "
    )
    assert "a card is saved" in ran.stdout
    assert (len(ran.stdout.splitlines()), ran.returncode) == (1, 3)


def test_an_assistant_that_says_nothing_is_a_failure(at_vapi: RunningSandbox) -> None:
    """A chat without output is no answer."""
    at_vapi.behaviour(assistant_silent=True)

    ran = run(at_vapi, "prove", WEBHOOK, "--ask", QUESTION)

    assert ("does not answer" in ran.stdout, ran.returncode) == (True, 3)


def test_a_text_from_a_phone_is_followed(sandbox: RunningSandbox) -> None:
    """Each step as it happens: the text, the reply, the session."""
    imported(sandbox)
    phone = threading.Timer(2, lambda: sandbox.text(SENDER, WEBHOOK))
    phone.start()

    ran = run(sandbox, "prove", WEBHOOK, "--wait", "20")

    phone.join()
    told = ran.stdout.splitlines()
    assert told[0] == f"text {WEBHOOK} from your phone now"
    assert "a text from ...23 came in (SM" in told[1]
    assert "is delivered, after 0 s" in told[2]
    assert told[3:] == ["Vapi has a session of it", f"{WEBHOOK}: answered"]
    assert ran.returncode == 0


def test_no_text_from_a_phone_is_inconclusive(sandbox: RunningSandbox) -> None:
    """Nobody texted."""
    imported(sandbox)

    ran = run(sandbox, "prove", WEBHOOK, "--wait", "1")

    assert ran.stdout.splitlines()[-1] == "no text came in within 1 s"
    assert ran.returncode == 4


def test_a_number_is_watched_once(at_vapi: RunningSandbox) -> None:
    """For cron: one line a number, a line a text that was not answered, and the exit code that was asked for."""
    at_vapi.behaviour(reply_error=30007)
    at_vapi.text(SENDER, WEBHOOK)

    ran = run(at_vapi, "watch", "--fail-on", "unanswered")

    first, second = ran.stdout.splitlines()
    assert f"{WEBHOOK} failed (0 of 1 texts" in first
    assert "the reply did not arrive (reply SM" in second
    assert second.endswith("Change what the assistant writes; ask Twilio why")
    assert ran.returncode == 3
    assert run(at_vapi, "watch").returncode == 0
    assert {entry["method"] for entry in at_vapi.journal()} <= {"GET"}


def test_what_changes_while_it_is_watched_is_told_once(at_vapi: RunningSandbox) -> None:
    """Answered, then not: a line of JSON for each change, none for what stays."""
    at_vapi.text(SENDER, WEBHOOK)
    command = [str(COMMAND), "watch", "--every", "1s", "--json", "--fail-on", "unanswered"]
    with subprocess.Popen(command, env=environment(at_vapi), stdout=subprocess.PIPE, text=True) as watching:
        assert watching.stdout is not None
        first = json.loads(watching.stdout.readline())
        time.sleep(2)
        at_vapi.behaviour(replies_lost=True)
        at_vapi.text("+12125550199", WEBHOOK)
        second = json.loads(watching.stdout.readline())
        assert watching.wait(20) == 3
        assert watching.stdout.read() == ""

    assert (first["verdict"], second["verdict"]) == ("answered", "failed")
    assert [each["from"] for each in second["unanswered"]] == ["...99"]
