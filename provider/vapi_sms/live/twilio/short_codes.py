"""Short codes of one account: few, so read by one list, kept with its age."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from vapi_sms.core.values import TwilioNumber
from vapi_sms.live.calling.entries import Listed, Unread
from vapi_sms.live.twilio.readings import lacks, may_be

ANY_AGE = float("-inf")


class ShortCodeReads(Protocol):
    """What is needed of Twilio."""

    def list_short_codes(self) -> Listed[TwilioNumber]:
        """Read every short code of the account."""


class ShortCodes:
    """The account's short codes by SID and by digits; whoever shares it between threads locks."""

    def __init__(self, twilio: ShortCodeReads, now: Callable[[], float] = time.monotonic) -> None:
        self._twilio, self._now = twilio, now
        self._by_key: dict[str, TwilioNumber] = {}
        self._unread: tuple[Unread, ...] = ()
        self.read_at = ANY_AGE

    def find(self, key: str, *, not_before: float) -> TwilioNumber | None:
        """Give a short code by its digits or SID, read no earlier than `not_before` (monotonic seconds).

        Raises UnexpectedResponse where it may be one that cannot be read.
        """
        if self.read_at == ANY_AGE or self.read_at < not_before:
            read_at = self._now()
            found = self._twilio.list_short_codes()
            self._unread = found.unread
            listed = {key for code in found.read for key in (code.sid, code.number)}
            self._by_key = {key: code for key, code in self._by_key.items() if key in listed}
            self.read_at = read_at
            for code in found.read:
                self.learn(code)
        known = self._by_key.get(key)
        strange = next((each for each in self._unread if may_be(each, key)), None)
        if known is None and strange is not None:
            raise lacks(f"Looking for short code {key}", strange)
        return known

    def learn(self, code: TwilioNumber) -> None:
        """Take Twilio's answer to our own write as the newest reading, or a list from before it as an older one."""
        known = self._by_key.get(code.sid, code)
        newer = known if 0 < code.updated < known.updated else code
        self._by_key |= {newer.sid: newer, newer.number: newer}
