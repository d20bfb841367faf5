"""A seed whole: both vendors, and how the unknown parts of them behave. These models are its documentation."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from pydantic import AfterValidator

from vapi_sms.sandbox.behaviour import Behaviour, Strict
from vapi_sms.sandbox.twilio.seed import AccountSeed
from vapi_sms.sandbox.vapi.seed import OrgSeed

MOST_NUMBERS = 200_000


class TwilioSeed(Strict):
    """Twilio's side."""

    accounts: tuple[AccountSeed, ...] = ()
    """Accounts, and subaccounts beside them."""


class VapiSeed(Strict):
    """Vapi's side."""

    orgs: tuple[OrgSeed, ...] = ()
    """Organisations, each with its own key."""


def _consistent(twilio: TwilioSeed) -> TwilioSeed:
    sids = Counter(account.sid for account in twilio.accounts)
    numbers = (number for account in twilio.accounts for number in account.numbers)
    # A range is some letters, and stands for as many numbers as it says.
    if sum(number.range.count if number.range else 1 for number in numbers) > MOST_NUMBERS:
        raise ValueError(f"all numbers together are more than {MOST_NUMBERS:,}")
    for account in twilio.accounts:
        if account.status == "closed" and account.numbers:
            raise ValueError(f"account {account.sid} is closed: such an account has no numbers")
        if sids[account.sid] > 1:
            raise ValueError(f"two accounts have the SID {account.sid}")
        if account.parent is not None and account.parent not in sids:
            raise ValueError(
                f"account {account.sid} names a parent that is not in the seed: {account.parent}"
            )
    return twilio


class Seed(Strict):
    """What both vendors hold when the sandbox starts, and how the unknown parts of them behave."""

    twilio: Annotated[TwilioSeed, AfterValidator(_consistent)] = TwilioSeed()
    """What Twilio holds."""
    vapi: VapiSeed = VapiSeed()
    """What Vapi holds."""
    behaviour: Behaviour = Behaviour()
    """How the vendors behave where nobody knows; left out: the safe assumptions."""
