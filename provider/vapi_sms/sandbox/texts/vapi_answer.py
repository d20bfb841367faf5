"""Who answers a text that reached Vapi's webhook, if anybody does, and with what."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vapi_sms.sandbox.control.clock import later
from vapi_sms.sandbox.errors import VapiError
from vapi_sms.sandbox.texts.nanp import country_of, is_us
from vapi_sms.sandbox.texts.webhook import TIMED_OUT, WebhookError
from vapi_sms.sandbox.vapi.chats import NO_CARD, Said, answerer_of, chatted, session_of
from vapi_sms.sandbox.vapi.models import is_twilios

if TYPE_CHECKING:
    from vapi_sms.sandbox.behaviour import Behaviour
    from vapi_sms.sandbox.texts.message import Text
    from vapi_sms.sandbox.twilio.number import Record
    from vapi_sms.sandbox.vapi.chats import Answerer
    from vapi_sms.sandbox.vapi.models import Org
    from vapi_sms.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers a text at Vapi, and the phone number that it is attached to there."""

    org: Org
    record: Record
    answerer: Answerer

    @property
    def spoken(self) -> str:
        """Return it for people."""
        return f"Vapi {self.answerer.kind} {self.answerer.name}"


def answering(world: World, text: Text) -> Answering | str:
    """Tell who answers a text at Vapi, or why nobody does; raise what Twilio is told where the webhook itself fails."""
    behaviour = world.behaviour.at(text.to)
    _refuse_when_down(behaviour)
    held = _held(world, text)
    if held is None:
        return f"Vapi does not know {text.to}: the text goes into the void"
    org, record = held
    refusal = _refusal(world, text, record)
    if refusal is not None:
        return refusal
    answerer = answerer_of(org, record)
    if answerer is None:
        return "the Vapi phone number has no assistant and no squad (or a deleted one): nobody answers"
    if behaviour.no_card:
        raise _failure(NO_CARD)
    return Answering(org, record, answerer)


def answer(world: World, text: Text, found: Answering) -> str | None:
    """Return the reply, if there is one; Vapi keeps a session and a chat of it."""
    is_silent = world.behaviour.at(text.to).assistant_silent
    reply = None if is_silent else found.answerer.says(text.body)
    _keep(world, found.org, found.record, text, found.answerer, reply)
    return reply


def _refuse_when_down(behaviour: Behaviour) -> None:
    if behaviour.vapi_down == "error":
        raise _failure(VapiError(503, "Service Unavailable"))
    if behaviour.vapi_down == "timeout":
        raise WebhookError(TIMED_OUT, "no answer: Vapi takes longer than 15 seconds")


def _failure(error: VapiError) -> WebhookError:
    return WebhookError(11200, f"Vapi answers HTTP {error.status}", json.dumps(error.body()))


def _keep(  # noqa: PLR0913, PLR0917 - what an exchange is made of
    world: World, org: Org, record: Record, text: Text, answerer: Answerer, reply: str | None
) -> None:
    came = later(world.vapi.clock.now(), text.late_ms)
    session = session_of(org, record, text.sender, answerer.fields, came)
    answered = later(came, world.behaviour.at(text.to).reply_after_ms)
    kept = not world.behaviour.zero_retention.vapi
    chatted(org, Said(text.body, reply, answerer.fields, answered, session=session, is_retained=kept))


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
