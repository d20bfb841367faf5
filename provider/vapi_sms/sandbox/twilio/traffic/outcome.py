"""What becomes of a message that leaves a number: opted out, unregistered, or delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vapi_sms.sandbox.texts.message import opt_out_type
from vapi_sms.sandbox.texts.nanp import is_us
from vapi_sms.sandbox.twilio.traffic.messages import DELIVERED, Outcome

if TYPE_CHECKING:
    from vapi_sms.sandbox.twilio.account import Account
    from vapi_sms.sandbox.twilio.models import Twilio
    from vapi_sms.sandbox.twilio.number import Number
    from vapi_sms.sandbox.twilio.short_code import ShortCode

OPTED_OUT = Outcome("failed", 21610)
_UNREGISTERED, _UNVERIFIED_TOLLFREE = Outcome("undelivered", 30034), Outcome("undelivered", 30032)


def note_opt_out(twilio: Twilio, number: Number | ShortCode, customer: str, body: str) -> None:
    """Remember a customer's STOP, or forget it with a START; it counts for the whole service of a number."""
    opt_outs, name = twilio.account_of(number).opt_outs, _pair(twilio, number, customer)
    kind = opt_out_type(body)
    if kind == "STOP":
        opt_outs[name] = customer
    elif kind == "START" and name in opt_outs:
        del opt_outs[name]


def is_opted_out(twilio: Twilio, number: Number | ShortCode, customer: str) -> bool:
    """Tell whether a customer wants no more from this number."""
    return _pair(twilio, number, customer) in twilio.account_of(number).opt_outs


def outcome_of(twilio: Twilio, number: Number | ShortCode, customer: str) -> Outcome:
    """Return what becomes of a message from a number to a customer."""
    if is_opted_out(twilio, number, customer):
        return OPTED_OUT
    account = twilio.account_of(number)
    if customer.startswith("+") and is_us(customer):
        if not _is_registered(account, twilio, number):
            return _UNREGISTERED
        if any(_refuses_tollfree(record, number.sid) for record in account.tollfree.values()):
            return _UNVERIFIED_TOLLFREE
    return DELIVERED


def _is_registered(account: Account, twilio: Twilio, number: Number | ShortCode) -> bool:
    """Tell whether the number's campaign is verified; without any campaign the sandbox's carriers ask for none."""
    service = twilio.service_of(number)
    campaign = None if service is None else account.campaigns.get(service.sid)
    return campaign is None or (campaign["campaign_status"] == "VERIFIED" and not campaign["mock"])


def _refuses_tollfree(record: dict[str, object], number_sid: str) -> bool:
    return record["tollfree_phone_number_sid"] == number_sid and record["status"] != "TWILIO_APPROVED"


def _pair(twilio: Twilio, number: Number | ShortCode, customer: str) -> str:
    service = twilio.service_of(number)
    return f"{number.sid if service is None else service.sid} {customer}"
