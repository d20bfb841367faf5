"""Addresses of Conversations: what people are told whose texts start a conversation beside the answer."""

from __future__ import annotations

from vapi_sms.core.readings import Address, Addresses, answers_beside
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
