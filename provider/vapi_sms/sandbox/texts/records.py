"""What Twilio keeps of a text on its way: the message that came, those that left, and alerts of what failed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from vapi_sms.sandbox.control.clock import later
from vapi_sms.sandbox.twilio.traffic import alerts, messages
from vapi_sms.sandbox.twilio.traffic.alerts import Trouble
from vapi_sms.sandbox.twilio.traffic.messages import DELIVERED, RECEIVED, Draft, Outcome
from vapi_sms.sandbox.twilio.traffic.outcome import OPTED_OUT, note_opt_out, outcome_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vapi_sms.sandbox.texts.message import Text
    from vapi_sms.sandbox.texts.webhook import WebhookError
    from vapi_sms.sandbox.twilio.number import Number
    from vapi_sms.sandbox.twilio.short_code import ShortCode
    from vapi_sms.sandbox.twilio.traffic.messages import Message
    from vapi_sms.sandbox.twilio.traffic.seed import Direction
    from vapi_sms.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked at one URL."""

    url: str
    method: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a number sends, why, and how late."""

    body: str
    direction: Direction = "outbound-reply"
    after_ms: float = 0
    media: tuple[str, ...] = ()


def received(world: World, number: Number | ShortCode, text: Text, service_sid: str | None) -> Message:
    """Keep a text that has come to a number; its opt-out word counts from here on."""
    note_opt_out(world.twilio, number, text.sender, text.body)
    draft = Draft("inbound", text.sender, text.to, text.body, RECEIVED, len(text.media), service_sid)
    at = later(world.twilio.clock.now(), text.late_ms)
    return messages.keep(world.twilio.account_of(number), _retained(world, draft), at)


def sent(
    world: World, number: Number | ShortCode, to: str, reply: Reply, *, service_sid: str | None = None
) -> Message:
    """Keep what a number sends, with what becomes of it."""
    sender = str(number.record.get("phone_number") or number.record["short_code"])
    outcome = _outcome(world, number, to, reply, world.behaviour.at(sender).reply_error)
    draft = Draft(reply.direction, sender, to, reply.body, outcome, len(reply.media), service_sid)
    at = later(world.twilio.clock.now(), reply.after_ms)
    account = world.twilio.account_of(number)
    return messages.keep(account, _retained(world, draft), at, under_way_ms=world.behaviour.delivery_ms)


def failed(world: World, message: Message, question: Question, error: WebhookError) -> None:
    """Keep an alert of a webhook that failed for a message."""
    told = urlencode(question.parameters)
    url, method = question.url, question.method
    _alert(world, message, Trouble(error.code, str(error), message.sid, url, method, told, error.answer))


def refused(world: World, message: Message, reply: Message) -> None:
    """Keep an alert of a reply that Twilio does not send; one that carriers drop shows in the message alone."""
    if reply.record["error_code"] == OPTED_OUT.error_code:
        _alert(world, message, Trouble(21610, str(reply.record["error_message"]), reply.sid, ""))


def _alert(world: World, message: Message, trouble: Trouble) -> None:
    account = world.twilio.accounts[message.record["account_sid"]]
    alerts.keep(account, trouble, world.twilio.clock.now(), late_ms=world.behaviour.alerts_late_ms)


def _outcome(world: World, number: Number | ShortCode, to: str, reply: Reply, code: int | None) -> Outcome:
    found = outcome_of(world.twilio, number, to)
    if found == DELIVERED and code is not None and reply.direction == "outbound-reply":
        return Outcome("undelivered", code)
    return found


def _retained(world: World, draft: Draft) -> Draft:
    return replace(draft, is_retained=not world.behaviour.zero_retention.twilio)
