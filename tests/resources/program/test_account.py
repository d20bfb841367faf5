"""account(): what it registers, what it refuses, and how a provider process behaves that was configured by it."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from vapi_sms import account
from vapi_sms.resources.inputs.words import EXPLICIT
from vapi_sms.resources.program.registering import Mistake
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import standing, written
from tests.resources.program.test_program import PRELUDE, SECRET, SIGNATURE, clear, run
from tests.resources.provider import ProviderError
from tests.resources.stack import Refused, Stack
from tests.sandbox.world import (
    AC,
    IN_OTHER,
    KEY,
    KEY_SECRET,
    ORG,
    ORG2,
    ORG2_KEY,
    OTHER,
    OTHER_TOKEN,
    WEBHOOK,
)

ASSISTANT = "a5000000-0000-4000-8000-000000000009"
ACCOUNTS = f"""
    sid = {AC!r}
    for name, token in {{
        "text": "canary",
        "output": pulumi.Output.from_input("canary"),
        "secret": pulumi.Output.secret("canary"),
    }}.items():
        account(name, twilio_account_sid=sid, twilio_auth_token=token, vapi_api_key=token)
    account(
        "whole",
        twilio_account_sid=sid,
        twilio_auth_token="",
        twilio_api_key={KEY!r},
        twilio_api_secret="s1",
        vapi_api_key="s2",
        vapi_twilio_api_key={KEY!r},
        vapi_twilio_api_secret="s3",
        twilio_base_url="http://127.0.0.1:1",
        vapi_base_url=None,
    )
"""


@pytest.fixture(scope="module")
def registered() -> dict[str, Any]:
    """Give what a program with four accounts registers."""
    return run(ACCOUNTS)


@pytest.mark.parametrize("name", ["text", "output", "secret"])
def test_a_token_is_a_secret_whatever_was_passed(registered: dict[str, Any], name: str) -> None:
    """A plain text would be in clear in previews and in the state."""
    found = registered[name]

    for key in ("twilio:authToken", "vapi:apiKey"):
        assert found[key] == {SIGNATURE: SECRET, "value": "canary"}
    assert found["twilio:accountSid"] == AC


def test_everything_that_can_be_said_is_registered(registered: dict[str, Any]) -> None:
    """Keys are those of a stack's configuration; what is None or empty is not there."""
    found = registered["whole"]

    assert clear(found) == {
        "twilio:accountSid": AC,
        "twilio:apiKey": KEY,
        "twilio:apiSecret": "s1",
        "vapi:apiKey": "s2",
        "vapi:twilioApiKey": KEY,
        "vapi:twilioApiSecret": "s3",
        "twilio:baseUrl": "http://127.0.0.1:1",
        EXPLICIT: "true",
    }
    secret = {key for key, value in found.items() if isinstance(value, dict)}
    assert secret == {"twilio:apiSecret", "vapi:apiKey", "vapi:twilioApiSecret"}


USUAL = {"twilio_account_sid": AC, "twilio_auth_token": "canary", "vapi_api_key": "canary"}


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"twilio_account_sid": ""},
            "twilio_account_sid is empty: write the SID of the Twilio account that owns the numbers",
        ),
        ({"vapi_api_key": " "}, "vapi_api_key is empty: write the private key of the Vapi org"),
        (
            {"twilio_auth_token": None},
            (
                "nothing to reach Twilio with: write twilio_auth_token, or twilio_api_key and "
                "twilio_api_secret"
            ),
        ),
        (
            {"twilio_auth_token": None, "twilio_api_key": "canary"},
            "twilio_api_key is given without twilio_api_secret: an API key needs both",
        ),
        (
            {"twilio_auth_token": None, "twilio_api_secret": "canary", "twilio_api_key": " "},
            "twilio_api_secret is given without twilio_api_key: an API key needs both",
        ),
        (
            {"twilio_api_secret": "canary"},
            "twilio_auth_token and twilio_api_key or its secret are both given: leave one out",
        ),
        (
            {"vapi_twilio_api_secret": "canary"},
            "vapi_twilio_api_secret is given without vapi_twilio_api_key: an API key needs both",
        ),
    ],
)
def test_half_given_credentials_are_one_line(changes: dict[str, Any], line: str) -> None:
    """It names the account and the argument, and no value."""
    with pytest.raises(Mistake) as caught:
        account("b", **{**USUAL, **changes})

    assert str(caught.value) == f"account 'b': {line}"
    assert "canary" not in line


def test_one_number_declared_with_two_providers_is_refused() -> None:
    """Two providers are two processes that cannot see each other: the program tells, for numbers and fleets."""
    body = (
        f"    b, c = (account(name, **{USUAL!r}) for name in 'bc')\n"
        "    VapiSmsNumber('first', number='+14155550100', assistant='S', "
        "opts=pulumi.ResourceOptions(provider=b))\n"
        "    VapiSmsFleet('second', numbers={'+1 415-555-0100': {'assistant': 'S'}}, "
        "opts=pulumi.ResourceOptions(provider=c))\n"
    )
    code = PRELUDE.replace("ORGANIZATION", ', organization="organization"').replace("BODY", body)

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert "Mistake: +14155550100 is declared twice, by 'first' and by 'second'" in ended.stderr


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("number='+14155550100'", "twilio_sid='PN1'", "by 'first' and by 'second'"),
        ("twilio_sid='PN1'", "number='+14155550100'", "by 'second' and by 'first'"),
        ("number=pulumi.Output.from_input('+14155550100')", "twilio_sid='PN1'", "by 'second' and by 'first'"),
    ],
    ids=["the second by its SID", "the first by its SID", "the first by an output"],
)
def test_one_number_declared_in_two_ways_is_refused_once_recorded(one: str, other: str, told: str) -> None:
    """Who declares a number by its E.164 form is known at once, everybody else by the record of that number."""
    body = (
        f"    b, c = (account(name, **{USUAL!r}) for name in 'bc')\n"
        f"    VapiSmsNumber('first', {one}, assistant='S', opts=pulumi.ResourceOptions(provider=b))\n"
        f"    VapiSmsNumber('second', {other}, assistant='S', opts=pulumi.ResourceOptions(provider=c))\n"
    )
    recorded = "{**args.inputs, 'originals': {'PN1': {'number': '+14155550100'}}}"
    code = PRELUDE.replace("ORGANIZATION", ', organization="organization"').replace("BODY", body)
    code = code.replace("dict(args.inputs)", recorded)

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert f"Mistake: +14155550100 is declared twice, {told}" in ended.stderr


@pytest.fixture
def there(sandbox: RunningSandbox) -> dict[str, str]:
    """Give what account() makes the configuration of another company's provider; its org gets an assistant."""
    sandbox.outside_vapi("create", kind="assistant", org=ORG2, id=ASSISTANT)
    return {
        "twilio:accountSid": OTHER,
        "twilio:authToken": OTHER_TOKEN,
        "vapi:apiKey": ORG2_KEY,
        EXPLICIT: "true",
    }


def test_an_account_switches_its_own_numbers(
    spawn: Spawn, there: dict[str, str], sandbox: RunningSandbox
) -> None:
    """The environment's credentials are another company's, and not used."""
    before = standing(sandbox)
    stack = Stack(spawn(there))

    stack.up(number=IN_OTHER, assistant=ASSISTANT)
    outs = stack.state["number"].outs
    stack.destroy()

    assert outs["accountSid"] == OTHER
    assert outs["orgId"] != ORG
    assert standing(sandbox) == before


def test_a_number_that_moved_to_another_account_is_refused(
    spawn: Spawn, there: dict[str, str], sandbox: RunningSandbox
) -> None:
    """The engine calls it unchanged; every call that would touch it names both accounts and writes nothing (law 14)."""
    stack = Stack(spawn())
    stack.up(number=WEBHOOK, assistant="Support")
    before = standing(sandbox)
    sandbox.clear_journal()
    stack.provider = spawn(there)
    line = f"was set up in Twilio account {AC}, and these credentials are for {OTHER}"

    for attempt in (stack.preview, stack.up):
        with pytest.raises(Refused, match=line):
            attempt(number=WEBHOOK, assistant=ASSISTANT)
    for kind, held in stack.state.items():
        with pytest.raises(ProviderError, match=line):
            stack.life(kind).delete(held.id, held.outs)
    with pytest.raises(ProviderError, match=line):
        stack.refresh()

    assert standing(sandbox) == before
    assert written(sandbox) == []


def test_another_credential_of_the_same_account_is_no_move(
    spawn: Spawn, env: dict[str, str], sandbox: RunningSandbox
) -> None:
    """From the stack's token to an account() with a key of the same account: unchanged, and it puts back."""
    before = standing(sandbox)
    stack = Stack(spawn())
    stack.up(number=WEBHOOK, assistant="Support")
    key = {"twilio:accountSid": AC, "twilio:apiKey": KEY, "twilio:apiSecret": KEY_SECRET}

    stack.provider = spawn({**key, "vapi:apiKey": env["VAPI_API_KEY"], EXPLICIT: "true"})
    done = stack.up(number=WEBHOOK, assistant="Support")
    stack.destroy()

    assert done == {"originals": "same", "number": "same"}
    assert standing(sandbox) == before


def test_an_account_without_credentials_is_refused(spawn: Spawn, there: dict[str, str]) -> None:
    """A secret that turned out empty: those of the environment would be another company's."""
    stack = Stack(spawn({**there, "twilio:authToken": "", "vapi:apiKey": ""}))

    with pytest.raises(Refused, match=r"no credentials of its own: give vapi_sms\.account"):
        stack.preview(number=IN_OTHER, assistant=ASSISTANT)
