"""Delivers a text: finds who answers, asks it, falls back, and tells the whole way.

Only loopback is ever called. What lives elsewhere (Studio, Functions, the internet) has a stand-in that says
what would have been asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vapi_sms.sandbox.control.redaction import masked_url
from vapi_sms.sandbox.texts import message, vapi_answer
from vapi_sms.sandbox.texts.handlers import handler_of
from vapi_sms.sandbox.texts.precedence import route_of
from vapi_sms.sandbox.texts.webhook import Caller, WebhookError
from vapi_sms.sandbox.twilio.conversations import started_by_text

if TYPE_CHECKING:
    from vapi_sms.sandbox.texts.message import Text
    from vapi_sms.sandbox.texts.precedence import Route
    from vapi_sms.sandbox.twilio.number import Number
    from vapi_sms.sandbox.twilio.short_code import ShortCode
    from vapi_sms.sandbox.world import World

_STAND_INS = {
    "twiml_bin": "This is {name}: a static reply.",
    "studio_flow": "This is {name}.",
    "function": "This is {name}.",
    "proxy": "This is {name}: the text goes to the other party.",
    "demo": "Thanks for the message. Configure your number's SMS URL to change this message.",
    "webhook": "(stand-in) {name} would have been called",
}


async def deliver(world: World, text: Text) -> dict[str, Any]:
    """Deliver a text; return who answered, the reply, the steps in words, and the conversation beside it all."""
    number = world.twilio.recipient(text.to)
    answer = await _answered(world, number, text)
    return {**answer, "conversation": _conversation(world, number, text)}


def _conversation(world: World, number: Number | ShortCode | None, text: Text) -> dict[str, Any] | None:
    """Return the conversation that an address starts, which takes no notice of what else is done with the text."""
    if number is None or not number.can("sms"):
        return None
    addresses = world.twilio.account_of(number).conversation_addresses.values()
    found = started_by_text(addresses, text.to)
    return None if found is None else {"address": found["sid"], "type": found["auto_creation"]["type"]}


async def _answered(world: World, number: Number | ShortCode | None, text: Text) -> dict[str, Any]:
    trace: list[str] = []
    if number is None:
        return _nobody([f"no account here has {text.to}"])
    account = world.twilio.account_of(number)
    if not world.twilio.is_active(account):
        return _nobody([f"account {account.sid} or its parent is not active: Twilio takes no texts for it"])
    if not number.can("sms"):
        return _nobody([f"{text.to} cannot receive texts"])
    if text.media and not number.can("mms"):
        return _nobody([f"{text.to} cannot receive pictures"])
    route = route_of(world.twilio, number, trace)
    if not route.url:
        trace.append("there is no URL: nothing is called")
        return _nobody(trace)
    return await _asked(world, number, text, route, trace)


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked at one URL."""

    url: str
    method: str
    parameters: dict[str, str]


async def _asked(
    world: World, number: Number | ShortCode, text: Text, route: Route, trace: list[str]
) -> dict[str, Any]:
    parameters = message.parameters(number, text, route)
    first = _Question(route.url, route.method, parameters)
    try:
        return _told(route, await _ask(world, text, first, trace), trace)
    except WebhookError as error:
        trace.append(f"error {error.code}: {error}")
        failed = {"ErrorCode": str(error.code), "ErrorUrl": route.url}
    if not route.fallback_url:
        trace.append("there is no fallback: nothing is sent")
        return _nobody(trace)
    trace.append("the fallback is asked")
    second = _Question(route.fallback_url, route.fallback_method, parameters | failed)
    try:
        return _told(route, await _ask(world, text, second, trace), trace)
    except WebhookError as error:
        trace.append(f"error {error.code} at the fallback: {error}")
        return _nobody(trace)


@dataclass(frozen=True, slots=True)
class _Answered:
    """Who answered, and with what."""

    kind: str
    name: str
    reply: str | None


async def _ask(world: World, text: Text, question: _Question, trace: list[str]) -> _Answered | None:
    handler = handler_of(question.url, world.behaviour)
    trace.append(f"{question.method} {masked_url(question.url)}")
    if handler.dead is not None:
        raise WebhookError(*handler.dead)
    if handler.kind == "vapi":
        found = vapi_answer.answer(world, text, trace)
        return None if found is None else _Answered(handler.kind, *found)
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


def _told(route: Route, answered: _Answered | None, trace: list[str]) -> dict[str, Any]:
    if answered is None:
        return _nobody(trace)
    name = answered.name
    trace.append(f"{name} takes the text and sends no reply" if answered.reply is None else f"{name} answers")
    return {
        "answered_by": f"{route.through} ({name})" if route.through else name,
        "handler": "twiml_app" if route.through else answered.kind,
        "reply": answered.reply,
        "trace": trace,
    }


def _nobody(trace: list[str]) -> dict[str, Any]:
    return {"answered_by": "nobody", "handler": "none", "reply": None, "trace": trace}
