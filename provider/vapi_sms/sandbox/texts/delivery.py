"""Delivers a text: finds who answers, asks it, falls back, and tells the whole way.

Only loopback is ever called. What lives elsewhere (Studio, Functions, the internet) has a stand-in that says
what would have been asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vapi_sms.sandbox.control.redaction import masked_url
from vapi_sms.sandbox.texts import message, records, vapi_answer
from vapi_sms.sandbox.texts.handlers import handler_of
from vapi_sms.sandbox.texts.message import Media, Text
from vapi_sms.sandbox.texts.precedence import route_of
from vapi_sms.sandbox.texts.records import Question, Reply
from vapi_sms.sandbox.texts.webhook import TIMED_OUT, Caller, WebhookError
from vapi_sms.sandbox.twilio.conversations import started_by_text

if TYPE_CHECKING:
    from vapi_sms.sandbox.texts.handlers import Handler
    from vapi_sms.sandbox.texts.precedence import Route
    from vapi_sms.sandbox.texts.vapi_answer import Answering
    from vapi_sms.sandbox.twilio.number import Number
    from vapi_sms.sandbox.twilio.short_code import ShortCode
    from vapi_sms.sandbox.twilio.traffic.messages import Message
    from vapi_sms.sandbox.twilio.traffic.seed import Direction
    from vapi_sms.sandbox.world import World

_GIVES_UP_MS = 15_000
_MOST_ONWARD = 20
"""How many texts to other numbers of the sandbox come of one, before two that answer each other are stopped."""
LOST = "the text is lost on its way to Twilio (texts_lost)"
_BESIDE = "Somebody else answers this, too."
_TOLD = ("direction", "status", "error_code")
_STAND_INS = {
    "twiml_bin": "This is {name}: a static reply.",
    "studio_flow": "This is {name}.",
    "function": "This is {name}.",
    "proxy": "This is {name}: the text goes to the other party.",
    "demo": "Thanks for the message. Configure your number's SMS URL to change this message.",
    "webhook": "(stand-in) {name} would have been called",
}


@dataclass(slots=True)
class Chain:
    """Texts that come of one text: how many more there may be, however they branch."""

    left: int = _MOST_ONWARD


async def deliver(world: World, text: Text, chain: Chain | None = None) -> dict[str, Any]:
    """Deliver a text; return who answered, the reply, the steps in words, and the conversation beside it all.

    What is kept of it at Twilio comes along; a reply to a number of the sandbox is a text to that one.
    """
    heard = world.heard.open(text)
    answer = await _delivered(world, text, chain or Chain())
    heard.answered(answer)
    return answer


async def _delivered(world: World, text: Text, chain: Chain) -> dict[str, Any]:
    behaviour = world.behaviour.at(text.to)
    if behaviour.texts_lost:
        return {**_nobody([LOST]), "conversation": None, "messages": []}
    number = world.twilio.recipient(text.to)
    kept: list[Message] = []
    answer = await _answered(world, number, text, kept)
    if number is not None and kept and behaviour.answered_beside:
        kept.append(records.sent(world, number, text.sender, Reply(_BESIDE, "outbound-api", text.late_ms)))
        answer["trace"].append("somebody else answers, too (answered_beside)")
    for sent in kept[1:]:
        await deliver_on(world, sent, chain)
    told = [{name: each.record[name] for name in _TOLD} for each in kept]
    return {**answer, "conversation": _conversation(world, number, text), "messages": told}


async def deliver_on(world: World, sent: Message, chain: Chain, media: tuple[str, ...] = ()) -> None:
    """Deliver what a number sent to another number of the sandbox; two that answer each other stop after a while."""
    sender, to = sent.record["from"], sent.record["to"]
    is_ours = sender != to and world.twilio.recipient(to) is not None
    if not (is_ours and sent.is_delivered and chain.left):
        return
    chain.left -= 1
    late_ms = (sent.ends - world.twilio.clock.shown()).total_seconds() * 1000
    pictures = tuple(Media.at(url) for url in media)
    await deliver(world, Text(sender, to, sent.said, pictures, max(0.0, late_ms)), chain)


def _conversation(world: World, number: Number | ShortCode | None, text: Text) -> dict[str, Any] | None:
    """Return the conversation that an address starts, which takes no notice of what else is done with the text."""
    if number is None or not number.can("sms"):
        return None
    addresses = world.twilio.account_of(number).conversation_addresses.values()
    found = started_by_text(addresses, text.to)
    return None if found is None else {"address": found["sid"], "type": found["auto_creation"]["type"]}


def refusal_of(world: World, number: Number | ShortCode, text: Text) -> str | None:
    """Tell why Twilio takes no such text for a number, if it does not."""
    account = world.twilio.account_of(number)
    if not world.twilio.is_active(account):
        return f"account {account.sid} or its parent is not active: Twilio takes no texts for it"
    if not number.can("sms"):
        return f"{text.to} cannot receive texts"
    if text.media and not number.can("mms"):
        return f"{text.to} cannot receive pictures"
    return None


def asked(world: World, text: Text, handler: Handler) -> Answering | str | None:
    """Tell who answers at Vapi, or why nobody does; None elsewhere. Raise what Twilio is told of a failure."""
    if handler.dead is not None:
        raise WebhookError(*handler.dead)
    return vapi_answer.answering(world, text) if handler.kind == "vapi" else None


def refuse_too_late(after_ms: float) -> None:
    """Raise what comes of an answer that Twilio does not wait for."""
    if after_ms >= _GIVES_UP_MS:
        raise WebhookError(TIMED_OUT, "no answer within 15 seconds; it comes later all the same")


async def _answered(
    world: World, number: Number | ShortCode | None, text: Text, kept: list[Message]
) -> dict[str, Any]:
    if number is None:
        return _nobody([f"no account here has {text.to}"])
    refusal = refusal_of(world, number, text)
    if refusal is not None:
        return _nobody([refusal])
    route = route_of(world.twilio, number)
    trace = list(route.trace)
    if not route.is_dropped:
        kept.append(records.received(world, number, text, route.service_sid))
    if not route.url:
        trace.append("there is no URL: nothing is called")
        return _nobody(trace)
    return await _Asking(world, number, text, route, trace, kept).asked()


@dataclass(frozen=True, slots=True)
class _Answered:
    """Who answered, with what, and how late."""

    kind: str
    name: str
    reply: str | None
    after_ms: float = 0


@dataclass(frozen=True, slots=True)
class _Asking:
    """Twilio as it asks about one text: at the URL, then at the fallback; what it keeps goes to `kept`."""

    world: World
    number: Number | ShortCode
    text: Text
    route: Route
    trace: list[str]
    kept: list[Message]

    async def asked(self) -> dict[str, Any]:
        """Ask, and fall back; return who answered and what."""
        route, trace = self.route, self.trace
        parameters = message.parameters(self.number, self.text, route, self.kept[0].sid)
        first = Question(route.url, route.method, parameters)
        try:
            return self._told(await self._ask(first))
        except WebhookError as error:
            trace.append(f"error {error.code}: {error}")
            failed = {"ErrorCode": str(error.code), "ErrorUrl": route.url}
        if not route.fallback_url:
            trace.append("there is no fallback: nothing is sent")
            return _nobody(trace)
        trace.append("the fallback is asked")
        second = Question(route.fallback_url, route.fallback_method, parameters | failed)
        try:
            return self._told(await self._ask(second))
        except WebhookError as error:
            trace.append(f"error {error.code} at the fallback: {error}")
            return _nobody(trace)

    async def _ask(self, question: Question) -> _Answered | None:
        try:
            return self._in_time(await self._heard(question))
        except WebhookError as error:
            records.failed(self.world, self.kept[0], question, error)
            raise

    def _in_time(self, answered: _Answered | None) -> _Answered | None:
        """Return what was answered while Twilio waits; later it waits no more, and the answer leaves all the same."""
        if answered is not None:
            try:
                refuse_too_late(answered.after_ms)
            except WebhookError:
                self._send(answered, "outbound-api")
                raise
        return answered

    async def _heard(self, question: Question) -> _Answered | None:
        world, text, trace = self.world, self.text, self.trace
        handler = handler_of(question.url, world.behaviour)
        trace.append(f"{question.method} {masked_url(question.url)}")
        at_vapi = asked(world, text, handler)
        if isinstance(at_vapi, str):
            trace.append(at_vapi)
            return None
        if at_vapi is not None:
            said = vapi_answer.answer(world, text, at_vapi)
            return _Answered(handler.kind, at_vapi.spoken, said, world.behaviour.at(text.to).reply_after_ms)
        if handler.is_called:
            # Twilio signs with the token of the account that owns the number: a subaccount's own.
            token = world.twilio.accounts[question.parameters["AccountSid"]].auth_token
            caller = Caller(token, question.parameters, trace, world.cookies.of(text.sender, text.to))
            try:
                reply = await caller.call(question.url, question.method)
            finally:
                world.cookies.keep(text.sender, text.to, caller.cookies)
            return _Answered(handler.kind, handler.name, reply)
        return _Answered(handler.kind, handler.name, _STAND_INS[handler.kind].format(name=handler.name))

    def _told(self, answered: _Answered | None) -> dict[str, Any]:
        if answered is None:
            return _nobody(self.trace)
        name, through = answered.name, self.route.through
        said = f"{name} takes the text and sends no reply" if answered.reply is None else f"{name} answers"
        self.trace.append(said)
        self._send(answered, "outbound-reply")
        return {
            "answered_by": named(self.route, name),
            "handler": "twiml_app" if through else answered.kind,
            "reply": answered.reply,
            "trace": self.trace,
        }

    def _send(self, answered: _Answered, direction: Direction) -> None:
        """Send what was answered back to the customer, as far as it gets."""
        if answered.reply is None:
            return
        if self.world.behaviour.at(self.text.to).replies_lost:
            self.trace.append("the reply is lost (replies_lost)")
            return
        reply = Reply(answered.reply, direction, self.text.late_ms + answered.after_ms)
        service = self.route.service_sid
        sent = records.sent(self.world, self.number, self.text.sender, reply, service_sid=service)
        if not sent.is_delivered:
            code, status = sent.record["error_code"], sent.record["status"]
            self.trace.append(f"the reply is {status}: error {code}")
            records.refused(self.world, self.kept[0], sent)
        self.kept.append(sent)


def named(route: Route, name: str) -> str:
    """Return who answers, for people: with the TwiML App that leads there."""
    return f"{route.through} ({name})" if route.through else name


def _nobody(trace: list[str]) -> dict[str, Any]:
    return {"answered_by": "nobody", "handler": "none", "reply": None, "trace": trace}
