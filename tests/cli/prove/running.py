"""Runs the commands that prove, in this process, where Vapi answers a number."""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from vapi_sms.cli.app import main

from tests.sandbox.world import (
    AC,
    ORG_KEY,
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
