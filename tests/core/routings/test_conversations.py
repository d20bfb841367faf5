"""Addresses of Conversations, and captures: what people are told whose texts others see beside the answer."""

from __future__ import annotations

from vapi_sms.core.readings import Address, Addresses, Capture, Captures, answers_beside
from vapi_sms.core.routings.routing import Routing

from tests.core.samples import AT_VAPI, NUMBER, TWIML_APP

ADDRESS = Address("IG" + "a" * 32, "studio")
KNOWN = Addresses({NUMBER: ADDRESS})


def test_two_that_may_answer_are_told_in_one_line() -> None:
    """The number, the address, what happens, and what to do about it."""
    assert answers_beside(NUMBER, AT_VAPI, KNOWN) == (
        f"{NUMBER} also has Conversations address {ADDRESS.sid}: Twilio starts a conversation with each text besides, "
        "so two systems may answer. Delete the address, or turn its autocreation off, unless both are meant to answer"
    )
    assert answers_beside(NUMBER, TWIML_APP, KNOWN)


def test_one_that_answers_alone_is_not_told() -> None:
    """No address, none that is known, or no handler beside it."""
    assert answers_beside("+14155550199", AT_VAPI, KNOWN) == ""
    assert answers_beside(NUMBER, AT_VAPI, Addresses(unread="it may not")) == ""
    assert answers_beside(NUMBER, Routing(), KNOWN) == ""


def test_a_capture_is_of_a_number_or_of_anybody() -> None:
    """Rules for texts that the number sends itself, or for other numbers, are none; the first one counts."""
    all_texts, one = Capture("conv_1"), Capture("conv_2", "Agents")
    ours = Captures((("+12125550100", "+14155550199", all_texts), ("*", NUMBER, one), ("*", "*", all_texts)))
    sending = Captures(((NUMBER, "*", all_texts),))

    assert (ours.of(NUMBER), ours.of("+13125550100"), sending.of(NUMBER)) == (one, all_texts, None)
    assert str(one) == "Conversation Orchestrator configuration Agents (conv_2)"
    assert str(all_texts) == "Conversation Orchestrator configuration conv_1"
