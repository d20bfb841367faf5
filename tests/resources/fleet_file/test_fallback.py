"""`fallback` in a file of numbers: a word or a handler, as `restore_to` is spelled."""

from __future__ import annotations

import pytest
from vapi_sms import Handler

from tests.resources.fleet_file.file import FLOW, ONE, TWO, Write, numbers, wrong

URL = "https://backup.example/sms?key=canary"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("keep", "keep"),
        ("original", "original"),
        (f"{{studio_flow: {FLOW}}}", Handler.studio_flow(FLOW)),
        (f"{{webhook: '{URL}', method: GET}}", Handler.webhook(URL, "GET")),
        (f"{{twiml_app: AP{'0' * 32}}}", Handler.twiml_app("AP" + "0" * 32)),
    ],
)
def test_a_fallback_is_a_word_or_a_handler(write: Write, written: str, meant: object) -> None:
    """What a TwiML App calls only Twilio knows: preview refuses it, and says what to write."""
    path = write(f"numbers: {{{ONE}: {{assistant: A, fallback: {written}}}}}\n")

    assert numbers(path) == {ONE: {"assistant": "A", "fallback": meant}}


def test_a_number_may_take_back_what_the_defaults_say(write: Write) -> None:
    """With another word, or with null."""
    path = write(
        f"defaults: {{assistant: A, fallback: original}}\nnumbers: {{{ONE}: {{fallback: null}}, {TWO}: }}\n"
    )

    assert numbers(path) == {ONE: {"assistant": "A"}, TWO: {"assistant": "A", "fallback": "original"}}


HANDLERS = "webhook, twiml_bin, studio_flow, function, proxy, twiml_app"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("demo", f"must be keep, original, or a map with one of {HANDLERS}"),
        (f"'{URL}'", f"must be keep, original, or a map with one of {HANDLERS}"),
        (
            "{webhook: 'https://demo.twilio.com/welcome/sms/reply'}",
            (
                "is Twilio's demo reply, which tells customers that nobody is there: name a Handler that answers, or "
                "write 'keep', which leaves what is there"
            ),
        ),
        (
            "{webhook: 'https://api.vapi.ai/twilio/sms'}",
            "is Vapi's own URL, which fails where Vapi fails: name somebody else",
        ),
        (
            f"{{webhook: 'https://a.example', fallback: '{URL}'}}",
            "has a fallback of its own, which Twilio would not ask: leave it out",
        ),
    ],
    ids=["demo", "a URL", "the demo's", "Vapi's", "its own"],
)
def test_what_cannot_be_a_fallback_is_told_with_its_line(write: Write, written: str, text: str) -> None:
    """Before anything is asked of anybody, and without a token."""
    path = write(f"numbers: {{{ONE}: {{assistant: A, fallback: {written}}}}}\n")

    (line,) = wrong(path)

    assert line.startswith(f"numbers.yaml:1: numbers.{ONE}.fallback")
    assert line.endswith(f": {text}")
