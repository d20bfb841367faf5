"""What a program tells of a service: its numbers, wherever they are declared, and what depends on it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.resources.program.test_program import PRELUDE, SECRET, SIGNATURE, clear, run
from tests.resources.provider import NO_PROCESS, _kept
from tests.resources.service_stack import Kind, ServiceStack
from tests.sandbox.world import MG

PROGRAM = """\
    us = MessagingServiceInbound("us", service="Campaigns", keep_others=True)
    VapiSmsFleet("fleet", defaults={"assistant": "Support", "messaging_service": us}, numbers={"+1 (415) 555-0100": {}})
    VapiSmsNumber("one", twilio_sid="PN" + "0" * 32, assistant="Support", messaging_service=us)
    VapiSmsNumber("text", number="+14155550102", assistant="Support", messaging_service=us.service_sid)
    VapiSmsNumber("free", number="+14155550103", assistant="Support")
    TwilioSmsRoute("route", number="+14155550104", handler=Handler.demo(), messaging_service="MG" + "a" * 32)
"""


def test_the_service_knows_the_numbers_that_are_declared_after_it() -> None:
    """By E.164 form or SID, of every kind of resource; both it and its record are told, in one line."""
    found = run(PROGRAM)

    declared = f"+14155550100, +14155550102, +14155550104, PN{'0' * 32}"
    assert found["us"]["declared"] == found["us-original"]["declared"] == declared


def test_the_class_registers_what_the_tests_engine_does() -> None:
    """The small engine of these tests writes props by hand: they are those of the class. The record is a secret."""
    found = run('    MessagingServiceInbound("us", service="Campaigns", keep_others=True)')
    stack = ServiceStack(provider=NO_PROCESS)

    both: tuple[tuple[str, Kind], ...] = (("us-original", "original"), ("us", "service"))
    for name, kind in both:
        assert found[name]["original"][SIGNATURE] == SECRET
        props = stack.props(
            kind, clear(found["us-original"]["original"]), service="Campaigns", keep_others=True
        )
        assert clear(found[name]) == _kept(props | {"isUp": True})


def test_numbers_name_their_service_to_their_record_too() -> None:
    """So that it is taken after the service defers, of what answers by then."""
    found = run(PROGRAM.replace("us.service_sid", repr(MG)))

    assert found["text"]["messagingService"] == MG
    assert found["text-original"]["numbers"]["+14155550102"]["messagingService"] == MG
    assert "messagingService" not in found["free-original"]["numbers"]["+14155550103"]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (
            '    for name in ("a", "b"):\n        MessagingServiceInbound(name, service="Campaigns")\n',
            "Messaging Service Campaigns is declared twice, by 'a' and by 'b': leave one of them out",
        ),
        (
            (
                '    opts = pulumi.ResourceOptions(ignore_changes=["service"])\n'
                '    MessagingServiceInbound("a", service="Campaigns", opts=opts)\n'
            ),
            "a: ignore_changes=['service'] would keep one number, or service, with another one's original: remove it",
        ),
    ],
    ids=["twice", "ignored"],
)
def test_a_program_that_contradicts_itself_is_a_mistake(body: str, line: str) -> None:
    """One line, before any provider runs."""
    code = PRELUDE.replace("ORGANIZATION", "").replace("BODY", body)

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stderr.strip().splitlines()[-1] == f"vapi_sms.resources.program.Mistake: {line}"
