"""Elsewhere: where a number is that the account does not show. Not here is not gone: it may have moved to a subaccount.

With a main account's token all of its subaccounts can be looked through, by the number's SID, which a move leaves as it
is. An API key, or a subaccount's credentials, see no other account: then nobody can tell from here.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Protocol

from vapi_sms.core.errors import EngineGone, ProviderError
from vapi_sms.core.values import TwilioNumber
from vapi_sms.live.calling.entries import Listed, Unread
from vapi_sms.live.twilio.client import Account
from vapi_sms.live.twilio.readings import may_be

_FEW = 5  # numbers that are looked up one by one; for more, each account is listed
_ACTIVE = "active"


class AccountReads(Protocol):
    """What is needed of Twilio."""

    def list_accounts(self) -> Listed[Account]:
        """Read the account and its subaccounts."""

    def fetch_number(self, sid: str, account_sid: str = "") -> TwilioNumber | None:
        """Read one number of an account."""

    def list_numbers(self, account_sid: str = "") -> Listed[TwilioNumber]:
        """Read every number of an account."""


class Elsewhere:
    """The other accounts that these credentials reach; listed once. Safe to use from many threads."""

    def __init__(self, twilio: AccountReads, account_sid: str) -> None:
        self._twilio, self._account_sid = twilio, account_sid
        self._accounts: list[Account] | None = None
        self._unseen = ""
        self._unread: list[Unread] = []
        self._lock = threading.Lock()

    def find(self, sids: Sequence[str]) -> dict[str, tuple[TwilioNumber, Account]]:
        """Give those of these numbers, by SID, that are on another account, as they are there now."""
        found: dict[str, tuple[TwilioNumber, Account]] = {}
        for account in self._others():
            missing = [sid for sid in sids if sid not in found]
            if not missing:
                break
            for number in self._read(missing, account):
                found[number.sid] = number, account
        return found

    def looked(self) -> str:
        """Say where was looked, for people."""
        others = self._others()
        if self._unseen:
            return f"its subaccounts cannot be looked through ({self._unseen})"
        strange = ", ".join(each.id for each in self._unread)
        besides = f" (Twilio's answer cannot be read of {strange}: nobody looked there)" if strange else ""
        if not others:
            return f"these credentials see no other account{besides}"
        return f"nor on {'its subaccount' if len(others) == 1 else f'any of its {len(others)} subaccounts'}{besides}"

    def _others(self) -> list[Account]:
        with self._lock:
            if self._accounts is None:
                try:
                    listed = self._twilio.list_accounts()
                except EngineGone:
                    raise
                except ProviderError as trouble:
                    # Who asks goes without: what these credentials do not show stays unknown, and is told so.
                    listed, self._unseen = Listed([]), str(trouble).split(". ", 1)[0]
                self._unread = [each for each in listed.unread if each.id != self._account_sid]
                self._accounts = [
                    account
                    for account in listed.read
                    if account.sid != self._account_sid and account.status == _ACTIVE
                ]
            return self._accounts

    def _read(self, sids: Sequence[str], account: Account) -> list[TwilioNumber]:
        found: list[TwilioNumber] = []
        if len(sids) > _FEW:
            wanted, listed = set(sids), self._twilio.list_numbers(account.sid)
            found = [number for number in listed.read if number.sid in wanted]
            # Not readable is not gone: what may be one of them is asked for by itself.
            sids = [sid for sid in sids if any(may_be(each, sid) for each in listed.unread)]
        read = (self._twilio.fetch_number(sid, account.sid) for sid in sids)
        return [*found, *(number for number in read if number is not None)]
