"""Conversations: addresses of Twilio Conversations and Flex, which take texts beside whoever answers them; pure.

Twilio starts a conversation with a text whatever the number's routing or Messaging Service says, so two may answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from vapi_sms.core.routings.handlers import Kind, classify
from vapi_sms.core.routings.routing import Routing


@dataclass(frozen=True, slots=True)
class Address:
    """An address that starts a conversation with each text; `kind` is who takes part: default, webhook or studio."""

    sid: str
    kind: str = ""

    def __str__(self) -> str:
        return f"Conversations address {self.sid}"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Those of an account, by E.164 form or a short code's digits; `unread` says why they are not known."""

    by_number: Mapping[str, Address] = field(default_factory=dict)
    unread: str = ""


TURN_OFF = "Delete the address, or turn its autocreation off, unless both are meant to answer"


def answers_beside(number: str, handler: Routing, addresses: Addresses) -> str:
    """Say that a conversation is started beside the handler that is about to answer; nothing where none is."""
    address = addresses.by_number.get(number)
    if address is None or classify(handler).kind is Kind.NOTHING:
        return ""
    return (
        f"{number} also has {address}: Twilio starts a conversation with each text besides, so two systems may answer. "
        f"{TURN_OFF}"
    )
