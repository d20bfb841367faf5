"""What a VapiSmsNumber shows: outputs after a switch and after a refresh, and the lines that people read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from vapi_sms.core.errors import Refusal
from vapi_sms.core.inert import Line, line, redacted_url
from vapi_sms.core.planning.capture import not_on_account
from vapi_sms.core.planning.goals import Goal, declared_goal
from vapi_sms.core.routings.describe import (
    attachment_line,
    fallback_said,
    handler_line,
    original_line,
    who_answered,
    who_answers_texts,
)
from vapi_sms.core.routings.endpoints import as_usual
from vapi_sms.core.routings.handlers import Kind, classify
from vapi_sms.core.values import Desired, Observed, Original, Source, TwilioNumber
from vapi_sms.live.apply import Applied
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.inputs.number import desired_of, kept
from vapi_sms.resources.record import readable
from vapi_sms.resources.record.state import SCHEMA

Props = dict[str, Any]


def answered_by(
    desired: Desired, original: Original, goal: Goal, observed: Observed, names: Mapping[str, str]
) -> Line:
    """Say who will answer texts, and instead of whom; a fallback is told where it is declared.

    Others the summary tells, since the engine cuts long lines.

    Whom it takes over from is who really answered: what `restore_to` puts back is the summary's to tell.
    """
    before = who_answered(original, names)
    if desired.sms_enabled:
        vapi = attachment_line(desired.settings, names)
        # Texts that were Vapi's and stay there are taken over from nobody that anybody knows.
        stays = original.source is Source.LEAVE and before == Kind.VAPI
        fallback = fallback_said(goal.messaging) if goal.has_fallback and goal.messaging else ""
        return line(f"{vapi}{fallback}" + ("" if stays or before == vapi else f", instead of {before}"))
    if goal.messaging is None and observed.twilio is not None:
        return line(f"{handler_line(observed.twilio.messaging)}, not by Vapi")
    instead = "" if before == str(classify(original.messaging)) else f", instead of {before}"
    return line(f"{handler_line(original.messaging)}, not by Vapi{instead}")


def summary(original: Original) -> Line:
    """Say what comes back on destroy, with nothing secret in it."""
    return original_line(original)


def left_alone(observed: Observed) -> str:
    """Say that a foreign routing is left alone while texts are not Vapi's."""
    live = observed.twilio
    number = live.number if live else "the number"
    handler = handler_line(live.messaging) if live else "nobody"
    return (
        f"texts to {number} are answered by {handler}, neither Vapi nor the recorded original: left alone while "
        "sms_enabled is False"
    )


def outs(props: Props, original: Original, goal: Goal, applied: Applied, vendors: Vendors) -> Props:
    """Give all outputs after a switch: the inputs, and what both vendors hold now."""
    desired, twilio = desired_of(props), applied.twilio
    if twilio is None:
        raise Refusal(original.number, not_on_account(original.number))
    observed = Observed(twilio, applied.vapi)
    return {
        **kept(props),
        "schema": SCHEMA,
        "number": twilio.number,
        "twilioSid": twilio.sid,
        "accountSid": twilio.account_sid,
        "orgId": applied.vapi.org_id if applied.vapi else vendors.org_id(),
        "vapiId": applied.vapi.id if applied.vapi else "",
        "assistantId": desired.settings.assistant_id,
        "squadId": desired.settings.squad_id,
        **readable.of_number(
            answered_by=answered_by(desired, original, goal, observed, vendors.names.by_id()),
            original_summary=summary(original),
        ),
        **readable.of_texts_url(line(redacted_url(_texts_url(desired, applied)))),
        "routing": routing(as_usual(twilio, applied.endpoints, vendors.settings.endpoints)),
    }


def _texts_url(desired: Desired, applied: Applied) -> str:
    return applied.endpoints.sms if desired.sms_enabled and applied.endpoints is not None else ""


def refreshed(props: Props, original: Original | None, observed: Observed, vendors: Vendors) -> Props:
    """Give outputs as both vendors have them now, under the names of what was declared."""
    twilio, vapi = observed.twilio, observed.vapi
    if twilio is None:
        raise AssertionError("unreachable: a number that is gone is not read")
    names = _names(vendors)
    shown = as_usual(twilio, original.at_vapi if original else None, vendors.settings.endpoints)
    live: Props = {
        "number": twilio.number,
        "twilioSid": twilio.sid,
        "vapiId": vapi.id if vapi else "",
        "routing": routing(shown),
    }
    if original is None or not _as_applied(props, original, observed, vendors):
        answers = who_answers_texts(replace(observed, twilio=shown), names)
        at_vapi = desired_of(props).declares_fallback and classify(shown.messaging).kind is Kind.VAPI
        fallback = fallback_said(shown.messaging) if at_vapi and observed.hidden_by is None else ""
        live |= readable.of_answer(line(f"{answers}{fallback}"))
    if vapi is not None:
        live["orgId"] = vapi.org_id
        live |= _attachments(props, vapi.settings.assistant_id, vapi.settings.squad_id, names)
        # Vapi's flag proves nothing: texts that were not Vapi's by declaration are so only if they go there.
        declared = bool(props.get("smsEnabled", True))
        at_vapi = classify(shown.messaging).kind is Kind.VAPI
        live["smsEnabled"] = vapi.settings.sms_enabled and (declared or at_vapi)
        if "name" in props:
            live["name"] = vapi.settings.name
    return {**kept(props), **live}


def routing(twilio: TwilioNumber) -> Props:
    """Give a description of both channels, in which no secret shows, nor anything that is made of one."""
    return readable.of_routing(
        texts=line(handler_line(twilio.messaging)), calls=line(handler_line(twilio.voice))
    )


def _as_applied(props: Props, original: Original, observed: Observed, vendors: Vendors) -> bool:
    """Tell whether texts are still answered as the last switch left them."""
    if observed.twilio is None or observed.vapi is None:
        return False
    goal = declared_goal(desired_of(props), original, observed, vendors.settings.endpoints)
    texts = goal.messaging is not None and observed.twilio.messaging.same_as(goal.messaging)
    return texts and goal.vapi == observed.vapi.settings


def _attachments(props: Props, assistant_id: str, squad_id: str, names: Mapping[str, str]) -> Props:
    found: Props = {"assistantId": assistant_id, "squadId": squad_id}
    for declared, identifier in (("assistant", assistant_id), ("squad", squad_id)):
        if (props.get(f"{declared}Id") or "") != identifier:
            found[declared] = names.get(identifier, identifier)
    return found


def _names(vendors: Vendors) -> Mapping[str, str]:
    vendors.names.assistants.load()
    return vendors.names.by_id()
