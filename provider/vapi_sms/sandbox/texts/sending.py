"""Sends a text that a program of the account asks for: Twilio's refusals first, then its way through the sandbox."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vapi_sms.sandbox.errors import UNKNOWN_PARAMETER, SandboxRefusal, TwilioError
from vapi_sms.sandbox.texts import records
from vapi_sms.sandbox.texts.delivery import Chain, deliver_on
from vapi_sms.sandbox.texts.records import Reply
from vapi_sms.sandbox.twilio.traffic.outcome import is_opted_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vapi_sms.sandbox.twilio.account import Account
    from vapi_sms.sandbox.twilio.number import Number
    from vapi_sms.sandbox.twilio.short_code import ShortCode
    from vapi_sms.sandbox.twilio.traffic.messages import Message
    from vapi_sms.sandbox.world import World

_BAD = 400
_LONGEST = 1600
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_PARAMETERS = ("To", "From", "MessagingServiceSid", "Body", "MediaUrl")


async def send(world: World, account: Account, form: Mapping[str, str]) -> Message:
    """Send what the form says, or refuse it in Twilio's words; a recipient in the sandbox gets it at once."""
    for name in form:
        if name not in _PARAMETERS:
            raise SandboxRefusal(UNKNOWN_PARAMETER, f"the sandbox plays no parameter {name} of a Message")
    to = _recipient(form)
    _refuse_content(form)
    sender = _sender(world, account, form, to)
    if is_opted_out(world.twilio, sender, to):
        raise TwilioError(_BAD, 21610, "Attempt to send to unsubscribed recipient")
    reply = Reply(form.get("Body", ""), "outbound-api", media=tuple(_media(form)))
    message = records.sent(world, sender, to, reply, service_sid=form.get("MessagingServiceSid") or None)
    await deliver_on(world, message, Chain(), reply.media)
    return message


def _recipient(form: Mapping[str, str]) -> str:
    to = form.get("To", "")
    if not to:
        raise TwilioError(_BAD, 21604, "A 'To' phone number is required.")
    if _E164.fullmatch(to) is None:
        raise TwilioError(_BAD, 21211, f"Invalid 'To' Phone Number: {to}")
    return to


def _refuse_content(form: Mapping[str, str]) -> None:
    if not form.get("Body") and not form.get("MediaUrl"):
        raise TwilioError(_BAD, 21602, "Message body is required.")
    if len(form.get("Body", "")) > _LONGEST:
        raise TwilioError(
            _BAD, 21617, f"The concatenated message body exceeds the {_LONGEST} character limit"
        )


def _sender(world: World, account: Account, form: Mapping[str, str], to: str) -> Number | ShortCode:
    given = form.get("From", "")
    if not given:
        return _of_pool(account, form.get("MessagingServiceSid", ""), to)
    owned = world.twilio.recipient(given)
    if owned is None and _E164.fullmatch(given) is None:
        raise TwilioError(_BAD, 21212, f"Invalid From Number (caller ID): {given}")
    if given == to:
        raise TwilioError(_BAD, 21266, f"'To' and 'From' number cannot be the same: {to}")
    if owned is None or owned.record["account_sid"] != account.sid or not owned.can("sms"):
        why = "is not a valid, message-capable Twilio phone number for this destination"
        raise TwilioError(_BAD, 21606, f"The 'From' phone number provided ({given}) {why}.")
    return owned


def _of_pool(account: Account, sid: str, to: str) -> Number:
    if not sid:
        raise TwilioError(_BAD, 21603, "A 'From' phone number is required.")
    service = account.services.get(sid)
    if service is None:
        raise TwilioError(_BAD, 21701, "The Messaging Service does not exist.")
    numbers = (account.numbers[each] for each in service.pool if each in account.numbers)
    found = next((n for n in numbers if n.can("sms") and n.phone_number != to), None)
    if found is None:
        raise TwilioError(_BAD, 21703, "The Messaging Service does not have a phone number available.")
    return found


def _media(form: Mapping[str, str]) -> list[str]:
    return [form["MediaUrl"]] if form.get("MediaUrl") else []
