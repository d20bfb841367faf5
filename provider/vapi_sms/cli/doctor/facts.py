"""Facts that no reading shows, and that people should know who look at their numbers."""

from __future__ import annotations

from vapi_sms.resources.engine.notices import AFTER_THE_SWITCH

_NOTICE = AFTER_THE_SWITCH.removeprefix("vapi-sms: ")

_BEFORE = (_NOTICE[0].upper() + _NOTICE[1:],)
_AFTER = (
    "Twilio shows no 10DLC state of a single number: a text to yourself is the only proof that replies arrive.",
)


def facts(addresses_unread: str, *, asked_vapi: bool) -> tuple[str, ...]:
    """Give the facts, in full sentences; `addresses_unread` says why addresses of Conversations are not known."""
    told = _of_answers(addresses_unread)
    return told if asked_vapi else (*told, _NOT_ASKED)


_NOT_ASKED = "Without a key of Vapi's nothing was asked there: a route's texts are Twilio's matter alone."


def _of_answers(addresses_unread: str) -> tuple[str, ...]:
    if not addresses_unread:
        return _BEFORE + _AFTER
    unread = (
        f"Addresses of Twilio Conversations and Flex could not be read ({addresses_unread}): where there is one, it "
        "answers beside what is shown."
    )
    return (*_BEFORE, unread, *_AFTER)
