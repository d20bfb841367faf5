"""What a TwilioSmsRoute shows: outputs after an `up` and after a refresh, and the lines that people read."""

from __future__ import annotations

from typing import Any

from vapi_sms.core.errors import Refusal
from vapi_sms.core.inert import Line, line
from vapi_sms.core.planning.capture import not_on_account
from vapi_sms.core.routings.describe import (
    handler_line,
    original_line,
    routing_changes,
    routing_found,
    who_answers_at_twilio,
)
from vapi_sms.core.routings.handlers import classify
from vapi_sms.core.values import Observed, Original, Routed, TwilioNumber
from vapi_sms.live.apply import Applied
from vapi_sms.resources.inputs.number import kept
from vapi_sms.resources.inputs.route import routed_of
from vapi_sms.resources.record import readable
from vapi_sms.resources.record.state import TEXTS_ONLY_SCHEMA

Props = dict[str, Any]


def answered_by(routed: Routed, original: Original) -> Line:
    """Say who will answer texts, and instead of whom; where only a detail changes, which."""
    found = routing_found(original)
    handler, before = classify(routed.messaging), classify(found)
    if handler != before:
        return line(f"{handler}, instead of {before}")
    if routed.messaging.same_as(found):
        return line(f"{handler}, as before")
    changed = (text.split(" ", 1)[0] for text in routing_changes(found, routed.messaging))
    return line(f"{handler}, with another {' and '.join(changed)} than before")


def identity(number: TwilioNumber) -> Props:
    """Give what a number is known by."""
    return {"number": number.number, "twilioSid": number.sid, "accountSid": number.account_sid}


def outs(props: Props, original: Original, applied: Applied) -> Props:
    """Give all outputs after an `up`: the inputs, and what Twilio holds now."""
    twilio = applied.twilio
    if twilio is None:
        raise Refusal(original.number, not_on_account(original.number))
    return {
        **kept(props),
        "schema": TEXTS_ONLY_SCHEMA,
        **identity(twilio),
        **readable.of_number(
            answered_by=answered_by(routed_of(props, twilio.account_sid), original),
            original_summary=original_line(original),
        ),
        "routing": routing(twilio),
    }


def refreshed(props: Props, observed: Observed) -> Props:
    """Give outputs as Twilio has them now, under the names of what was declared."""
    twilio = observed.twilio
    if twilio is None:
        raise AssertionError("unreachable: a number that is gone is not read")
    live: Props = {**identity(twilio), "routing": routing(twilio)}
    declared = routed_of(props, twilio.account_sid)
    if observed.hidden_by is not None or not twilio.messaging.same_as(declared.messaging):
        live |= readable.of_answer(line(who_answers_at_twilio(observed)))
    return {**kept(props), **live}


def routing(twilio: TwilioNumber) -> Props:
    """Give a description, in which no secret shows."""
    return readable.of_routing(texts=line(handler_line(twilio.messaging)))
