"""Whether Vapi answers a text that reached its webhook, and with what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vapi_sms.sandbox.texts.nanp import country_of, is_us
from vapi_sms.sandbox.vapi.models import is_twilios

if TYPE_CHECKING:
    from vapi_sms.sandbox.texts.message import Text
    from vapi_sms.sandbox.twilio.number import Record
    from vapi_sms.sandbox.vapi.models import Org
    from vapi_sms.sandbox.world import World


def answer(world: World, text: Text, trace: list[str]) -> tuple[str, str] | None:
    """Return who answers at Vapi and the reply; None, with the reason in the trace, when nobody does."""
    held = _held(world, text)
    if held is None:
        trace.append(f"Vapi does not know {text.to}: the text goes into the void")
        return None
    org, record = held
    refusal = _refusal(world, text, record)
    if refusal is not None:
        trace.append(refusal)
        return None
    name = _attached(org, record)
    if name is None:
        trace.append("the Vapi phone number has no assistant and no squad (or a deleted one): nobody answers")
        return None
    return f"Vapi {name}", f"This is {name.partition(' ')[2]} (an AI assistant). You wrote: {text.body}"


def _held(world: World, text: Text) -> tuple[Org, Record] | None:
    """Return the import of the text's number: that of its account rather than another's; the latest."""
    imports = [(org, record) for org, record in world.vapi.holding(text.to) if is_twilios(record)]
    number = world.twilio.recipient(text.to)
    account = None if number is None else number.record["account_sid"]
    own = [(org, record) for org, record in imports if record.get("twilioAccountSid") == account]
    return next(iter(reversed(own or imports)), None)


def _refusal(world: World, text: Text, record: Record) -> str | None:
    if record.get("smsEnabled") is False:
        return "texts are not enabled on the Vapi phone number"
    if not world.behaviour.answers_non_us:
        for number, role in ((text.sender, "sender"), (text.to, "recipient")):
            if not is_us(number):
                return f"the {role} {number} is not US ({country_of(number)}): Vapi takes US to US only"
    if text.media and not world.behaviour.answers_mms:
        return "the text has pictures: Vapi does not answer them"
    return None


def _attached(org: Org, record: Record) -> str | None:
    for field, kind in (("assistantId", "assistant"), ("squadId", "squad")):
        found = org.collection(kind).get(record.get(field, ""))
        if found is not None:
            return f"{kind} {found.get('name') or found['id']}"
    return None
