"""What a program does before any provider runs: small pickles, many resources, few imports, the props we think."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from typing import Any

import dill  # type: ignore[import-untyped] # has no py.typed
import pytest
from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider
from vapi_sms.resources.dynamic import Number, Originals

# What Pulumi wraps a secret in.
SIGNATURE, SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"
PRELUDE = """
import json, pulumi
REGISTERED = {}
class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        REGISTERED[args.name] = args.inputs
        return args.name, dict(args.inputs)
    def call(self, args):
        return {}
pulumi.runtime.set_mocks(Mocks(), project="test", stack="dev"ORGANIZATION)
from vapi_sms import *
@pulumi.runtime.test
def program():
BODY
program()
import asyncio
print(json.dumps({"registered": REGISTERED}, default=str))
"""

IS_UP = {"isUp": True}
"""What the classes add outside of a preview."""


def run(body: str, organization: str = ', organization="organization"') -> dict[str, Any]:
    """Run a program under Pulumi's mocks in a process of its own; give what it registered, by name."""
    code = PRELUDE.replace("ORGANIZATION", organization).replace("BODY", body)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])["registered"]
    return found


def clear(value: Any) -> Any:  # noqa: ANN401 JSON
    """Give a value without the engine's envelopes for secrets."""
    if isinstance(value, dict) and SIGNATURE in value:
        return clear(value["value"])
    if isinstance(value, dict):
        return {key: clear(entry) for key, entry in value.items() if key != "__provider"}
    return value


@pytest.mark.parametrize("provider", [Number(), Originals()], ids=["number", "originals"])
def test_a_pickled_provider_is_small_and_comes_back(provider: ResourceProvider) -> None:
    """It travels by reference: 64 bytes at most, the same every time, in every user's state for ever."""
    text = serialize_provider(provider)

    assert len(base64.b64decode(text)) <= 64
    assert text == serialize_provider(provider)
    assert type(dill.loads(base64.b64decode(text))) is type(provider)  # noqa: S301 our own
    assert provider.serialize_as_secret_always is False


@pytest.mark.parametrize(
    ("provider", "path"),
    [(Number, "vapi_sms.resources.dynamic.Number"), (Originals, "vapi_sms.resources.dynamic.Originals")],
)
def test_the_paths_in_users_states_stay(provider: type[ResourceProvider], path: str) -> None:
    """Moving a class would break `pulumi destroy` for everybody."""
    assert f"{provider.__module__}.{provider.__qualname__}" == path


def test_two_thousand_resources_in_one_program() -> None:
    """Pulumi wraps its pickler once more each time: by value it would end in a RecursionError."""
    found = run(
        "    for n in range(1000):\n"
        "        VapiSmsNumber(f'n{n}', number=f'+1415555{n:04}', assistant='Support')\n"
    )

    assert len(found) == 2000


def test_importing_costs_no_vendor_library() -> None:
    """A program pays for Pulumi and for us, not for what only the provider process needs."""
    code = (
        "import sys, vapi_sms\n"
        "bad = {'twilio', 'httpx', 'phonenumbers', 'requests', 'starlette', 'uvicorn', 'pydantic'}\n"
        "print(sorted(bad & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_the_class_registers_what_the_tests_engine_does() -> None:
    """The small engine of these tests writes props by hand: they are those of the class."""
    from tests.resources.provider import _kept  # noqa: PLC0415 imports gRPC
    from tests.resources.stack import Stack  # noqa: PLC0415 imports gRPC

    declared: dict[str, Any] = {
        "number": "+14155550100",
        "assistant": "Support",
        "name": "Front desk",
        "adopt": True,
        "restore_to": {"url": "https://a.example", "method": "GET"},
    }
    found = run(f"    VapiSmsNumber('support', **{declared!r})\n")

    stack = Stack(None)  # type: ignore[arg-type] # only its props are asked for
    sibling = stack.sibling_props(**declared)
    assert clear(found["support-original"]) == _kept(sibling | IS_UP)
    assert clear(found["support"]) == _kept(stack.number_props(sibling["originals"], **declared) | IS_UP)


def test_what_may_be_secret_is_registered_as_a_secret() -> None:
    """The record and `restore_to` are secrets from the first moment; numbers and names are read by people."""
    found = run(
        "    VapiSmsNumber('support', number='+14155550100', assistant='Support',\n"
        "                  restore_to=Routing('https://a.example'))\n"
    )

    assert json.dumps(found["support-original"]).count(SECRET) == 2
    assert found["support-original"]["numbers"] == {"+14155550100": {"adopt": False}}
    assert (
        found["support"]["original"]["4dabf18193072939515e22adb298388d"] == "1b47061264138c4ac30d75fd1eb44270"
    )
    assert found["support"]["number"] == "+14155550100"


def test_a_program_runs_under_mocks_as_people_write_them() -> None:
    """`set_mocks` names no organization unless it is told one."""
    found = run("    VapiSmsNumber('support', number='+14155550100', assistant='Support')\n", organization="")

    assert found.keys() == {"support", "support-original"}


@pytest.mark.parametrize(
    "number",
    ["14155550100", "pulumi.Output.from_input(14155550100)", "5.5"],
    ids=["int", "output", "float"],
)
@pytest.mark.parametrize("key", ["number", "twilio_sid"])
def test_a_number_that_is_no_string_is_one_line(key: str, number: str) -> None:
    """It is registered, so that check refuses it, or it is a Mistake: never a traceback out of Pulumi."""
    code = PRELUDE.replace("ORGANIZATION", ', organization="organization"').replace(
        "BODY", f"    VapiSmsNumber('support', {key}={number}, assistant='Support')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0 or "Mistake: " in done.stderr.splitlines()[-1], done.stderr[-500:]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (
            (
                "    VapiSmsNumber('a', number='+14155550100', assistant='S')\n"
                "    VapiSmsNumber('b', number='+14155550100', assistant='S')\n"
            ),
            (
                "+14155550100 is declared twice, by 'a' and by 'b': one resource answers for a number. To "
                "move it, declare it "
                "in 'b' with restore_to=a.original, and give 'a' retain_on_delete=True (a fleet's entry: "
                "on_remove='leave')"
            ),
        ),
        (
            (
                "    VapiSmsNumber('a', number='+14155550100', assistant='S', "
                "opts=pulumi.ResourceOptions(ignore_changes="
                "['number']))\n"
            ),
            "a: ignore_changes=['number'] would keep one number, or service, with another one's original: remove it",
        ),
    ],
    ids=["declared twice", "ignore_changes"],
)
def test_a_mistake_of_the_program_is_one_line(body: str, line: str) -> None:
    """What the program alone can tell is told before anything is registered."""
    code = PRELUDE.replace("ORGANIZATION", ', organization="organization"').replace("BODY", body)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stderr.splitlines()[-1] == f"vapi_sms.resources.program.Mistake: {line}"


def test_restore_to_may_hold_an_output() -> None:
    """A webhook's URL carries a token, so it is a secret of the configuration; it stays one."""
    registered = run(
        """    url = pulumi.Output.secret("https://mine.example/sms?token=1")
    VapiSmsNumber("support", number="+14155550100", assistant="Support", restore_to=Handler.webhook(url))"""
    )

    declared = registered["support-original"]["restoreTo"]
    assert SIGNATURE in declared
    assert clear(declared)["+14155550100"]["url"] == "https://mine.example/sms?token=1"
