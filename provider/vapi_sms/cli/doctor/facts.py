"""Facts that no reading shows, and that people should know who look at their numbers."""

from __future__ import annotations

from vapi_sms.resources.notices import AFTER_THE_SWITCH

_NOTICE = AFTER_THE_SWITCH.removeprefix("vapi-sms: ")

FACTS = (
    _NOTICE[0].upper() + _NOTICE[1:],
    "Addresses of Twilio Conversations and Flex are not read: where there is one, it answers beside what is shown.",
    "Twilio shows no 10DLC state of a single number: a text to yourself is the only proof that replies arrive.",
)
