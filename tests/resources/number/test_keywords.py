"""STOP, START and HELP: what a webhook of one's own no longer sees is said where it is handed over."""

from __future__ import annotations

from vapi_sms.sandbox import RunningSandbox

from tests.resources.provider import Provider
from tests.resources.stack import PROPS, Stack
from tests.sandbox.world import STUDIO, WEBHOOK


def told(provider: Provider) -> list[str]:
    """Give what a process told of keywords."""
    return [said for said in provider.stderr() if "STOP" in said]


def test_a_webhook_that_is_handed_over_is_told_once(sandbox: RunningSandbox, stack: Stack) -> None:
    """With what to do about it; nothing is refused, and it says nothing of a number that Vapi has by then."""
    assert sandbox.number(WEBHOOK)["sms_url"]

    stack.preview(**PROPS)
    stack.preview(**PROPS)

    (said,) = told(stack.provider)
    assert said.startswith(
        "vapi-sms: once Vapi answers, a webhook of your own sees no STOP, START or HELP any more"
    )


def test_what_twilio_hosts_is_not_told(sandbox: RunningSandbox, stack: Stack) -> None:
    """A Studio Flow keeps no list of its own."""
    assert sandbox.number(STUDIO)["sms_url"]

    stack.preview(**PROPS | {"number": STUDIO})

    assert told(stack.provider) == []
