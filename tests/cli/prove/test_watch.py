"""`vapi-sms watch`: the same verdicts again, told when they change."""

from __future__ import annotations

import json
import subprocess
import time
from typing import TYPE_CHECKING

from tests.cli.command import COMMAND
from tests.cli.prove.running import environment, run
from tests.sandbox.world import (
    SENDER,
    WEBHOOK,
)

if TYPE_CHECKING:
    from vapi_sms.sandbox import RunningSandbox


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
