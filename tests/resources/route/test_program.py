"""What a program registers of a route, and how it is compared with what was applied."""

from __future__ import annotations

from typing import Any

import pytest

from tests.resources.program.test_program import clear, run
from tests.resources.provider import NO_PROCESS, UNKNOWN, Diffed, Props, Provider, _kept
from tests.resources.routes import FLOW, ROUTE, RouteStack, engine_value_of, route_life
from tests.sandbox.world import AC, ADDRESS, BRITISH, CODE, WEBHOOK


def test_an_unknown_handler_is_no_error(prod: RouteStack) -> None:
    """At preview another resource's SID is not there yet: who answers is told by `up`."""
    sibling = prod.sibling_props(**ROUTE) | {"routes": {WEBHOOK: UNKNOWN}}
    checked = prod.checked("originals", sibling)
    assert checked["originals"] == {WEBHOOK: UNKNOWN}
    props = prod.number_props(UNKNOWN, **ROUTE) | {"handler": {**engine_value_of(FLOW), "url": UNKNOWN}}

    inputs = prod.checked("number", props)

    assert inputs["twilioSid"].startswith("PN")
    assert "answeredBy" not in inputs
    nothing = prod.checked("number", {**props, "number": UNKNOWN})
    assert "twilioSid" not in nothing


def _diffs() -> list[tuple[Props, Props, Diffed]]:
    olds: Props = {
        "number": WEBHOOK,
        "twilioSid": "PN1",
        "handler": {"url": "https://a.example"},
        "original": {
            "PN1": {
                "sid": "PN1",
                "number": WEBHOOK,
                "accountSid": AC,
                "messaging": {},
                "voice": {},
                "textsOnly": True,
            }
        },
        "answeredBy": "Webhook https://a.example, as before",
        "owner": "o/p/s/prod",
    }
    return [
        (olds, olds, Diffed(changes=False)),
        (olds, {**olds, "owner": "o/p/s/other"}, Diffed(changes=False)),
        (olds, {**olds, "handler": {"url": "https://b.example"}}, Diffed(changes=None)),
        (olds, {**olds, "addressSid": ADDRESS}, Diffed(changes=None)),
        (olds, {**olds, "answeredBy": "Webhook https://b.example"}, Diffed(changes=None)),
        (olds, {**olds, "drift": ["texts"]}, Diffed(changes=None)),
        (olds, {**olds, "original": UNKNOWN}, Diffed(changes=None)),
        (olds, {**olds, "shortCode": CODE}, Diffed(changes=None)),
        (olds, {**olds, "number": BRITISH}, Diffed(None, ("number",), delete_before_replace=True)),
    ]


@pytest.mark.parametrize(("olds", "news", "expected"), _diffs())
def test_diff(shared: Provider, olds: Props, news: Props, expected: Diffed) -> None:
    """Offline: what was applied against what is declared."""
    assert route_life(shared).diff("PN1", olds, news) == expected


def test_the_class_registers_what_the_tests_engine_does() -> None:
    """The small engine of these tests writes props by hand: they are those of the class."""
    declared: dict[str, Any] = {"number": "+14155550100", "handler": FLOW, "address_sid": ADDRESS}
    found = run(
        "    TwilioSmsRoute('prod', number='+14155550100', handler=Handler.studio_flow('FW' + 'e' * 32),\n"
        f"                   address_sid='{ADDRESS}')\n"
    )

    stack = RouteStack(NO_PROCESS, "prod")
    sibling = stack.sibling_props(**declared)
    assert clear(found["prod-original"]) == _kept(sibling | {"isUp": True})
    assert clear(found["prod"]) == _kept(
        stack.number_props(sibling["originals"], **declared) | {"isUp": True}
    )
    for props, secret in ((found["prod-original"], "routes"), (found["prod"], "handler")):
        assert props[secret]["4dabf18193072939515e22adb298388d"] == "1b47061264138c4ac30d75fd1eb44270"


def test_a_handler_may_be_known_later() -> None:
    """A flow of another resource, a URL from the configuration, or a whole handler as an Output."""
    found = run(
        "    sid = pulumi.Output.from_input('FW' + 'e' * 32)\n"
        "    TwilioSmsRoute('a', number='+14155550100', handler=Handler.studio_flow(sid))\n"
        "    TwilioSmsRoute('b', short_code='894546', handler=sid.apply(Handler.studio_flow))\n"
        "    TwilioSmsRoute('c', number=sid.apply(lambda _: '+14155550101'),\n"
        "                   handler=Handler.webhook(pulumi.Output.secret('https://a.example'), fallback=sid))\n"
    )

    url = clear(found["a"])["handler"]["url"]
    assert url == FLOW.url
    assert clear(found["b"])["handler"] == clear(found["a"])["handler"] == engine_value_of(FLOW)
    assert clear(found["b-original"])["routes"] == {"894546": engine_value_of(FLOW)}
    assert clear(found["c-original"])["routes"]["+14155550101"]["fallbackUrl"] == "FW" + "e" * 32
