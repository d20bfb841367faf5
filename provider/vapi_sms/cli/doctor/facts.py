"""Facts that no reading shows, and that people should know who look at their numbers."""

from __future__ import annotations

from vapi_sms.resources.notices import AFTER_THE_SWITCH

_NOTICE = AFTER_THE_SWITCH.removeprefix("vapi-sms: ")

_BEFORE = (_NOTICE[0].upper() + _NOTICE[1:],)
_AFTER = (
    "Twilio shows no 10DLC state of a single number: a text to yourself is the only proof that replies arrive.",
)


def facts(addresses_unread: str) -> tuple[str, ...]:
    """Give the facts, in full sentences; `addresses_unread` says why addresses of Conversations are not known."""
    if not addresses_unread:
        return _BEFORE + _AFTER
    unread = (
        f"Addresses of Twilio Conversations and Flex could not be read ({addresses_unread}): where there is one, it "
        "answers beside what is shown."
    )
    return (*_BEFORE, unread, *_AFTER)
