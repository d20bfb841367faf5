"""Proofs that do something: an assistant is asked, and one text is followed on its way."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from tests.cli.prove.running import QUESTION, imported, run
from tests.sandbox.world import (
    SENDER,
    SUPPORT,
    WEBHOOK,
    twilio,
)

if TYPE_CHECKING:
    from vapi_sms.sandbox import RunningSandbox


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
    reply, text = twilio(sandbox).messages.list()
    told = ran.stdout.splitlines()
    assert told[0] == f"text {WEBHOOK} from your phone now"
    assert "a text from ...23 came in (SM" in told[1]
    assert f"is delivered, after {(reply.date_sent - text.date_sent).seconds} s" in told[2]
    assert told[3:] == ["Vapi has a session of it", f"{WEBHOOK}: answered"]
    assert ran.returncode == 0


def test_no_text_from_a_phone_is_inconclusive(sandbox: RunningSandbox) -> None:
    """Nobody texted."""
    imported(sandbox)

    ran = run(sandbox, "prove", WEBHOOK, "--wait", "1")

    assert ran.stdout.splitlines()[-1] == "no text came in within 1 s"
    assert ran.returncode == 4
