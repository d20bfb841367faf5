"""What a program does before any provider runs: small pickles, many resources, few imports, the props we think."""

from __future__ import annotations

import base64
import inspect
import json
import re
import subprocess
import sys
from typing import Any

import dill
import pytest
import vapi_sms
from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider
from vapi_sms.resources.dynamic import Number, Originals
from vapi_sms.resources.inputs.words import ENTRY_OPTIONS

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


def clear(value: Any) -> Any:
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
    from tests.resources.provider import NO_PROCESS, _kept  # noqa: PLC0415 imports gRPC
    from tests.resources.stack import Stack  # noqa: PLC0415 imports gRPC

    declared: dict[str, Any] = {
        "number": "+14155550100",
        "assistant": "Support",
        "name": "Front desk",
        "adopt": True,
        "restore_to": {"url": "https://a.example", "method": "GET"},
    }
    found = run(f"    VapiSmsNumber('support', **{declared!r})\n")

    stack = Stack(NO_PROCESS)
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

    assert done.returncode == 0 or "Mistake: " in done.stderr, done.stderr[-500:]


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

    assert f"vapi_sms.resources.program.Mistake: {line}" in done.stderr.splitlines()


AS_A_MAP = "write a map from each number to its options, such as {'+14155550100': {'assistant': 'Support'}}"


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (
            "VapiSmsNumber('a', number='+14155550100', assistant='S', squad='T')",
            "a: write assistant= or squad=, exactly one: both were given",
        ),
        (
            "VapiSmsNumber('a', number='+14155550100')",
            "a: write assistant= or squad=, exactly one: neither was given",
        ),
        (
            "VapiSmsNumber('a', number='+14155550100', twilio_sid='PN1', assistant='S')",
            "a: write number= or twilio_sid=, exactly one: both were given",
        ),
        (
            "VapiSmsNumber('a', assistant='S')",
            "a: write number= or twilio_sid=, exactly one: neither was given",
        ),
        (
            "VapiSmsNumber('a', number='+14155550100', assistant='S', voice='off')",
            "a: voice must be 'keep' or 'vapi'",
        ),
        (
            "VapiSmsNumber('a', number='+14155550100.0', assistant='S')",
            (
                "a: '+14155550100.0' is not in E.164 form (+, country code, digits, nothing else): a spreadsheet wrote "
                'it as a decimal number: write "+14155550100"'
            ),
        ),
        (
            "TwilioSmsRoute('a', handler=Handler.demo(), number='+14155550100', short_code='12345')",
            "a: write number=, twilio_sid= or short_code=, exactly one",
        ),
        (
            "TwilioSmsRoute('a', handler=Handler.demo())",
            "a: write number=, twilio_sid= or short_code=, exactly one",
        ),
        (
            "TwilioSmsRoute('a', handler='demo', number='+14155550100')",
            "a: handler= is str: write a Routing, such as Handler.studio_flow('FW...')",
        ),
        (
            (
                "VapiSmsFleet('a', defaults={'assistant': 'S'}, numbers={'+14155550100': {'asistant': 'T'}, "
                "'+14155550101': {'squad': 'T', 'on_remove': 'drop'}, '4155550102': {}, 'PN1': {'assistant': 'S', "
                "'squad': 'T'}})"
            ),
            (
                "a: +14155550100: there is no option asistant: did you mean assistant?\n"
                "a: +14155550101: on_remove must be 'restore' or 'leave'\n"
                "a: 4155550102: '4155550102' is not in E.164 form (+, country code, digits, nothing else): write "
                '"+14155550102"\n'
                "a: PN1: write assistant= or squad=, exactly one: both were given"
            ),
        ),
        ("VapiSmsFleet('a', numbers=['+14155550100'])", f"a: numbers= is of type list: {AS_A_MAP}"),
        ("VapiSmsFleet('a', numbers=None)", f"a: numbers= is of type NoneType: {AS_A_MAP}"),
        (
            "VapiSmsFleet('a', numbers='numbers.yaml')",
            f"a: numbers= is of type str: {AS_A_MAP}, or load_numbers() with the name of a file",
        ),
        (
            "VapiSmsFleet('a', numbers=pulumi.Output.from_input({}))",
            f"a: numbers= is an Output: {AS_A_MAP} that the program knows; Outputs may stand in its options",
        ),
        (
            "VapiSmsFleet('a', numbers={}, defaults=['assistant'])",
            "a: defaults= is of type list: write a map of options, such as {'assistant': 'Support'}",
        ),
        (
            "VapiSmsFleet('a', numbers={'+14155550100': pulumi.Output.from_input({})})",
            "a: +14155550100 must map options to values, as in {'assistant': 'Support'}",
        ),
        (
            "VapiSmsFleet('a', numbers={pulumi.Output.from_input('+14155550100'): {}})",
            "a: a number among numbers= is an Output: a VapiSmsNumber takes one, a fleet has to know its numbers",
        ),
    ],
)
def test_what_contradicts_itself_is_told_under_mocks_as_well(body: str, lines: str) -> None:
    """Mocks have no provider that checks: what a program alone shows, its own tests shall show."""
    code = PRELUDE.replace("ORGANIZATION", ', organization="organization"').replace("BODY", f"    {body}\n")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    _, found, told = done.stderr.rpartition("vapi_sms.resources.program.Mistake: ")
    assert found, done.stderr
    assert told == f"{lines}\n"


def test_what_is_known_later_is_not_judged_by_the_program() -> None:
    """An Output may come to be anything: check judges it, once it is known."""
    found = run(
        "    later = pulumi.Output.from_input\n"
        "    VapiSmsNumber('a', number=later('1'), assistant=later('S'), voice=later('keep'))\n"
        "    VapiSmsFleet('b', numbers={'+14155550100': {'squad': later('T'), 'on_remove': later('leave')}})\n"
        "    TwilioSmsRoute('c', short_code=later('12345'), handler=later(Handler.demo()))\n"
    )

    assert {"a", "b", "c"} <= found.keys()


def test_every_argument_has_its_words() -> None:
    """What an editor shows beside each argument: its form, its default, what a change does."""
    constructors: list[Any] = [
        each.__init__
        for each in (
            vapi_sms.VapiSmsNumber,
            vapi_sms.VapiSmsFleet,
            vapi_sms.TwilioSmsRoute,
            vapi_sms.MessagingServiceInbound,
        )
    ]
    functions = [
        each
        for each in vars(vapi_sms.Handler).values()
        if isinstance(each, staticmethod) and inspect.signature(each.__func__).parameters
    ]
    others = [
        vapi_sms.account,
        vapi_sms.load_numbers,
        vapi_sms.assistant_from_gitops,
        vapi_sms.squad_from_gitops,
        vapi_sms.Routing,
    ]

    for each in (*constructors, *functions, *others):
        arguments = [name for name in inspect.signature(each).parameters if name != "self"]
        told = re.findall(r":param (\w+): \S", each.__doc__ or "")
        assert set(told) == set(arguments), each


def test_every_option_of_an_entry_has_its_words() -> None:
    """A fleet's entries are maps, of which an editor knows nothing but what the constructor says."""
    told = vapi_sms.VapiSmsFleet.__init__.__doc__ or ""

    assert [option for option in ENTRY_OPTIONS if f"`{option}`" not in told] == []


def test_restore_to_may_hold_an_output() -> None:
    """A webhook's URL carries a token, so it is a secret of the configuration; it stays one."""
    registered = run(
        """    url = pulumi.Output.secret("https://mine.example/sms?token=1")
    VapiSmsNumber("support", number="+14155550100", assistant="Support", restore_to=Handler.webhook(url))"""
    )

    declared = registered["support-original"]["restoreTo"]
    assert SIGNATURE in declared
    assert clear(declared)["+14155550100"]["url"] == "https://mine.example/sms?token=1"
