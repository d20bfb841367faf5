"""The account's numbers as this process has seen them, each with the moment of its reading.

Twilio says of each number when it was last changed, and that moment never goes back: of two readings the one with the
later change is the newer one, whichever came last. A reading from before our own write is so known for what it is.
Short codes are few: one list reads them all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol

from vapi_sms.core.values import TwilioNumber
from vapi_sms.live.calling.entries import Listed, Unread
from vapi_sms.live.calling.limiter import Outages
from vapi_sms.live.twilio.readings import lacks, may_be


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


ANY_AGE = float("-inf")
PAGE = 1000  # numbers on a page of Twilio's list, at most


class TwilioReads(ShortCodeReads, Protocol):
    """What is needed of Twilio."""

    def fetch_number(self, sid: str, account_sid: str = "") -> TwilioNumber | None:
        """Read one number by its SID, on this or another account."""

    def find_number(self, number: str) -> TwilioNumber | None:
        """Read one number by its E.164 form."""

    def list_numbers(self) -> Listed[TwilioNumber]:
        """Read every number of the account."""


@dataclass(slots=True)
class _Seen:
    number: TwilioNumber
    read_at: float


class SeenNumbers:
    """What is known of numbers by SID and by E.164 form; whoever shares it between threads locks."""

    def __init__(self, twilio: TwilioReads, outages: Outages, now: Callable[[], float]) -> None:
        self._twilio, self._outages, self._now = twilio, outages, now
        self._by_sid: dict[str, _Seen] = {}
        self._sids: dict[str, str] = {}
        self._absent: dict[str, float] = {}
        self.unread: tuple[Unread, ...] = ()
        self._listed_at = ANY_AGE
        self._single_look_ups = self._came_alone = 0
        self._served = (
            PAGE  # numbers that were asked for again since the last list, which tells what it was worth
        )

    def read(self, keys: Collection[str], not_before: float) -> dict[str, TwilioNumber | None]:
        """Give numbers, each by E.164 form or SID, read no earlier than `not_before` (monotonic seconds)."""
        missing = {key for key in keys if not self._is_known(key, not_before)}
        # The second number that nobody has read yet says that there are more to come: then a list is cheaper.
        if len(missing) == 1 and self._single_look_ups < 1:
            self._single_look_ups += 1
            self._outages.ask("numbers", lambda: self._look_up(missing.pop()))
        elif missing:
            self._outages.ask("numbers", lambda: self._list_for(missing, not_before))
        return {key: self._known(key) for key in keys}

    def read_again(self, sid: str, not_before: float, others: int) -> TwilioNumber | None:
        """Give a number read no earlier than `not_before`, by itself or by a list, whichever costs less for all.

        `others` are those that will be asked for next. Who comes one by one does not know of any: as many as came so
        since the last list are taken to come. How many a list serves until it is too old shows as it goes.
        """
        if not self._is_known(sid, not_before):
            pages = -(-len(self._by_sid) // PAGE)
            if min(max(others, self._came_alone), self._served) >= pages:
                self._served = 0
                self._list_for([sid], not_before)
            else:
                self._came_alone += 1
                self._look_up(sid)
        self._served += 1
        return self._known(sid)

    def read_all(self) -> list[TwilioNumber]:
        """Read every number of the account."""
        self._list()
        return [seen.number for seen in self._by_sid.values()]

    def read_at(self, sid: str) -> float:
        """Give the moment of what is known of a number."""
        seen = self._by_sid.get(sid)
        return seen.read_at if seen else ANY_AGE

    def learn(self, number: TwilioNumber) -> TwilioNumber:
        """Take an answer about a number; give what is known then, which may be newer than the answer."""
        return self._remember(number, self._now())

    def _look_up(self, key: str) -> None:
        read_at = self._now()
        number = self._twilio.find_number(key) if key.startswith("+") else self._twilio.fetch_number(key)
        if number is None:
            self._forget(key)
            self._absent[key] = read_at
        else:
            self._remember(number, read_at)

    def _list_for(self, keys: Collection[str], not_before: float) -> None:
        """List all numbers, unless what a list that young shows of these is just what cannot be read."""
        if self._listed_at == ANY_AGE or self._listed_at < not_before:
            self._list()
        for key in keys:
            if not self._is_known(key, not_before):
                self._look_up(key)

    def is_unread(self, key: str) -> bool:
        """Tell whether what the list showed and nobody could read is this number, or may be."""
        return any(may_be(each, key) for each in self.unread)

    def _list(self) -> None:
        read_at, self._came_alone = self._now(), 0
        listed = self._twilio.list_numbers()
        numbers, self.unread = listed.read, listed.unread
        before, self._by_sid, self._sids, self._absent = self._by_sid, {}, {}, {}
        self._listed_at = read_at
        # A number that is bought again while pages are read may be on two of them: it is the one that changed last.
        for number in sorted(numbers, key=lambda each: each.updated):
            known = before.get(number.sid)
            self._remember(_newer(number, known.number) if known else number, read_at)

    def _forget(self, key: str) -> None:
        gone = self._by_sid.pop(self._sids.get(key, key), None)
        if gone is not None:
            self._sids.pop(gone.number.number, None)

    def _remember(self, number: TwilioNumber, read_at: float) -> TwilioNumber:
        if self._sids.get(number.number, number.sid) != number.sid:
            self._forget(number.number)  # the number was bought again, under another SID
        known = self._by_sid.get(number.sid)
        number = _newer(number, known.number) if known else number
        self._by_sid[number.sid] = _Seen(number, read_at)
        self._sids[number.number] = number.sid
        self._absent.pop(number.sid, None)
        self._absent.pop(number.number, None)
        return number

    def _is_known(self, key: str, not_before: float) -> bool:
        seen = self._by_sid.get(self._sids.get(key, key))
        if seen is not None:
            return seen.read_at >= not_before
        listed_at = ANY_AGE if self.is_unread(key) else self._listed_at
        absent_at = max(listed_at, self._absent.get(key, ANY_AGE))
        return absent_at > ANY_AGE and absent_at >= not_before

    def _known(self, key: str) -> TwilioNumber | None:
        seen = self._by_sid.get(self._sids.get(key, key))
        return seen.number if seen else None


def _newer(found: TwilioNumber, known: TwilioNumber) -> TwilioNumber:
    """Give the newer of two readings; of the same second, the one that came last."""
    return known if 0 < found.updated < known.updated else found
