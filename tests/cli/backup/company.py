"""The engine tests' company, whose originals are kept and put back, and the command as people run it there."""

from __future__ import annotations

import os
import pty
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner
from vapi_sms.cli.app import app
from vapi_sms.cli.trouble import CannotGoOn

from tests.cli.command import BORN
from tests.engine.stack import normal
from tests.engine.world import AC, CANARIES, ORG_KEY, SUPPORT, TOKEN
from tests.sandbox.world import vapi

if TYPE_CHECKING:
    from pathlib import Path

    from vapi_sms.sandbox import RunningSandbox

PASSPHRASE = "canary-passphrase"
SECRET = {"PHRASE": PASSPHRASE}
SEALED = ("--passphrase-env", "PHRASE")
SECRETS = (*CANARIES, PASSPHRASE)


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended, and what it told."""

    code: int
    out: str
    err: str

    @property
    def words(self) -> str:
        """All that was told, whatever way it was broken into lines."""
        return " ".join((self.out + self.err).split())


def environment(sandbox: RunningSandbox, **more: str | None) -> dict[str, str | None]:
    """Return the environment of somebody who may do everything; None takes a variable away."""
    return {
        "TWILIO_ACCOUNT_SID": AC,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "VAPI_API_KEY": ORG_KEY,
        "TWILIO_BASE_URL": sandbox.url,
        "VAPI_BASE_URL": sandbox.url,
        "VAPI_SMS_PATIENCE_SECONDS": "0",
        "VAPI_SMS_SETTLE_SECONDS": "0.1",
        "COLUMNS": "200",
        **SECRET,
        **more,
    }


def vapi_sms(sandbox: RunningSandbox, *args: str | Path, stdin: str = "", **env: str | None) -> Ran:
    """Run the command in this process; nobody sits at a terminal. No secret is ever told."""
    result = CliRunner().invoke(app, list(map(str, args)), input=stdin, env=environment(sandbox, **env))
    if isinstance(result.exception, CannotGoOn):
        ran = Ran(result.exception.exit_code, result.stdout, f"{result.stderr}vapi-sms: {result.exception}\n")
    else:
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        ran = Ran(result.exit_code, result.stdout, result.stderr)
    assert leaked(ran.out + ran.err) == []
    return ran


def at_a_terminal(sandbox: RunningSandbox, *args: str | Path, answers: dict[str, str]) -> Ran:
    """Run the command as a process of its own, without an engine on PATH; somebody answers what it asks."""
    env = {name: value for name, value in environment(sandbox).items() if value} | {"PATH": "/nowhere"}
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [BORN, *args],
        env=env,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        told, asked = b"", list(answers)
        while read := os.read(process.stdout.fileno(), 4096):
            told += read
            # Only now: what is typed before a hidden prompt is thrown away.
            if asked and told.decode().endswith(asked[0]):
                os.write(ours, f"{answers[asked.pop(0)]}\n".encode())
    os.close(ours)
    os.close(theirs)
    assert leaked(told.decode()) == []
    assert asked == []
    return Ran(process.returncode, told.decode(), "")


def leaked(text: str) -> list[str]:
    """Return the secrets that stand in a text in clear."""
    return [secret for secret in SECRETS if secret in text]


def import_by_hand(sandbox: RunningSandbox, *numbers: str) -> None:
    """Import numbers in Vapi's dashboard, which overwrites their webhooks."""
    with vapi(sandbox, ORG_KEY) as http:
        for number in numbers:
            given = {"provider": "twilio", "number": number, "twilioAccountSid": AC, "assistantId": SUPPORT}
            answer = http.post("/phone-number", json={**given, "twilioAuthToken": TOKEN, "smsEnabled": True})
            assert answer.status_code == 201, answer.text


def snapshot(sandbox: RunningSandbox) -> dict[str, Any]:
    """Return all that must be equal before and after."""
    found: dict[str, Any] = normal(sandbox.routing_snapshot())
    return found


def writes(sandbox: RunningSandbox) -> list[str]:
    """Return the writes so far, as `METHOD /path`, and forget them."""
    journal = sandbox.journal()
    sandbox.clear_journal()
    return [f"{entry['method']} {entry['path']}" for entry in journal if entry["method"] != "GET"]
