"""Addresses of Twilio Conversations and Flex: each may start a conversation with every text to its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vapi_sms.sandbox.control.clock import iso_seconds

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from vapi_sms.sandbox.twilio.number import Record
    from vapi_sms.sandbox.twilio.seed import AddressSeed


def address(seed: AddressSeed, account_sid: str, at: datetime) -> Record:
    """Return the address that the seed describes; of its autocreation only what is given is there, as at Twilio."""
    date = iso_seconds(at)
    return {
        **seed.model_dump(exclude={"auto_creation"}),
        "auto_creation": seed.auto_creation.model_dump(exclude_none=True),
        "account_sid": account_sid,
        "date_created": date,
        "date_updated": date,
    }


def started_by_text(addresses: Iterable[Record], to: str) -> Record | None:
    """Return the address that starts a conversation with a text to this number, if there is one."""
    return next((each for each in addresses if _starts(each) and each["address"] == to), None)


def _starts(record: Record) -> bool:
    return record["type"] == "sms" and bool(record["auto_creation"]["enabled"])
