"""Addresses of Twilio Conversations and Flex: one list a process, read for what people should know.

Nothing is planned on them, and a key that may route numbers need not be allowed to read them: what cannot be read is
told as such where that is asked for, and is no failure.
"""

from __future__ import annotations

import threading

from vapi_sms.core.errors import VendorTrouble
from vapi_sms.core.readings import Address, Addresses
from vapi_sms.live.calling.entries import Listed
from vapi_sms.live.calling.limiter import Outages
from vapi_sms.live.settings import CONVERSATIONS
from vapi_sms.live.twilio.readings import AddressReading, read_entries
from vapi_sms.live.twilio.session import TwilioSession
from vapi_sms.live.twilio.wire import ADDRESSES

_PAGE_SIZE = 50  # the most that Twilio gives of these; of everything else that we list it gives 1,000


class Conversations:
    """The addresses of one account, read when somebody first asks; safe to use from many threads."""

    def __init__(self, twilio: TwilioSession) -> None:
        self._twilio = twilio
        self._known: Addresses | None = None
        self._outages = Outages()
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Begin to read the addresses, unless that was done before."""
        with self._lock:
            if self._known is None:
                self._outages.begin("addresses", self._read)

    def addresses(self) -> Addresses:
        """Give the addresses that start a conversation with each text; empty, with the reason, where unreadable."""
        with self._lock:
            if self._known is None:
                self._known = self._outages.ask("addresses", self._read)
            return self._known

    def _read(self) -> Addresses:
        try:
            found = self._listed()
        except VendorTrouble as trouble:
            return Addresses(unread=trouble.in_brief)
        # As with Messaging Services, no account is in the path: a parent account's key lists the parent's addresses.
        account = self._twilio.settings.account_sid
        others = sorted({address.account_sid for address in found.read} - {account})
        if others:
            return Addresses(unread=f"the key shows those of account {others[0]} only")
        starting = [each for each in found.read if each.type == "sms" and each.starts_conversations]
        strange = ", ".join(each.id for each in found.unread)
        return Addresses(
            {each.address: Address(each.sid, each.kind) for each in starting},
            unread=f"Twilio's answer makes no sense of {strange}" if strange else "",
        )

    def _listed(self) -> Listed[AddressReading]:
        what = f"Listing the Conversations addresses of account {self._twilio.settings.account_sid}"
        fields = {"Type": "sms", "PageSize": _PAGE_SIZE}
        found = self._twilio.ask_pages(what, f"{CONVERSATIONS}{ADDRESSES}", "address_configurations", fields)
        return read_entries(AddressReading, found, "address")
