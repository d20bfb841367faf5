"""What can be wrong on Twilio's side: a level that wins over the handler that people see, or none that answers."""

from __future__ import annotations

from vapi_sms.core.doctor.answering import Step
from vapi_sms.core.doctor.findings import LET_IT_DEFER, Case, Code, Finding, declare
from vapi_sms.core.readings import TURN_OFF
from vapi_sms.core.routings.handlers import Kind, classify, is_vapis
from vapi_sms.core.routings.vapi_urls import is_at_vapi


def hidden_by_service(case: Case) -> Finding | None:
    """Tell that Vapi never sees a text, since a Messaging Service handles them itself."""
    if not case.is_hidden or not case.is_meant_for_vapi or case.reaches_vapi:
        return None
    return Finding(
        Code.HIDDEN_BY_SERVICE,
        f"{case.reading.service} handles texts itself and hides the number's own webhook: Vapi never sees a text",
        LET_IT_DEFER,
    )


def service_drops(case: Case) -> Finding | None:
    """Tell that the number has a handler, and its service drops every text."""
    if case.answering.step is not Step.SERVICE_DROPS or case.is_meant_for_vapi:
        return None
    own = classify(case.twilio.messaging)
    if own.is_replaceable:
        return None
    return Finding(
        Code.SERVICE_DROPS,
        f"{case.reading.service} drops texts, unlogged, and the number's own {own.kind} is never asked",
        "Set the service's Integration to 'Defer to sender's webhook', or give it an inbound URL",
    )


def application_overrides(case: Case) -> Finding | None:
    """Tell that a TwiML App wins over the URL that would bring texts to Vapi."""
    if case.answering.step is not Step.APPLICATION or case.reading.app is None or case.reaches_vapi:
        return None
    if not case.points_at_vapi:
        return None
    return Finding(
        Code.APPLICATION_OVERRIDES,
        f"its TwiML App ({case.twilio.messaging.application_sid}) wins over its messaging URL: Vapi never sees a text",
        f"Empty the application SID in the Console; or {declare(case)}, which puts it back on destroy",
    )


def application_missing(case: Case) -> Finding | None:
    """Tell that texts go to a TwiML App that is gone."""
    if case.answering.step is not Step.APPLICATION or case.reading.app is not None:
        return None
    return Finding(
        Code.APPLICATION_MISSING,
        f"its TwiML App ({case.twilio.messaging.application_sid}) does not exist: nobody answers texts",
        f"Choose another handler in the Console, or {declare(case, 'restore_to=')}",
    )


def studio_executions(case: Case) -> Finding | None:
    """Tell that texts, or calls, go to where Studio starts a Flow by REST only."""
    texts = case.answering.handler.kind is Kind.EXECUTIONS
    if not texts and classify(case.twilio.voice).kind is not Kind.EXECUTIONS:
        return None
    what, channel = ("texts", "text") if texts else ("calls", "call")
    return Finding(
        Code.STUDIO_EXECUTIONS,
        f"{what} go to a {Kind.EXECUTIONS}: it starts a Flow by REST, with credentials that a {channel} does not bring",
        "Write the Flow's webhook URL in its place (Console: choose Studio Flow; for texts in a program: "
        "Handler.studio_flow)",
    )


def demo_reply(case: Case) -> Finding | None:
    """Tell that people who text a number in use get Twilio's sample text; declared, it is meant."""
    if case.answering.handler.kind is not Kind.DEMO or case.is_meant_for_vapi or not case.twilio.can_sms:
        return None
    evidence = _use(case) if case.reading.declared is None else ""
    if not evidence:
        return None
    return Finding(
        Code.DEMO_REPLY,
        f"texts are answered with Twilio's sample text, and the number is in use: {evidence}",
        f"Give it a handler in the Console, or {declare(case)}",
    )


def no_sms(case: Case) -> Finding | None:
    """Tell that texts are meant to be answered on a number that takes none."""
    own = classify(case.twilio.messaging)
    if case.twilio.can_sms or not (case.is_meant_for_vapi or not own.is_replaceable):
        return None
    who = "Vapi is" if case.is_meant_for_vapi else f"{own.kind} is"
    return Finding(
        Code.NO_SMS,
        f"it cannot receive texts (Twilio shows no SMS capability), and {who} set to answer them",
        "Use a number that can, and switch SMS off in Vapi or empty the messaging URL here",
    )


def stale_status_callback(case: Case) -> Finding | None:
    """Tell that Vapi hears of calls that it does not answer."""
    voice = case.twilio.voice
    if not is_at_vapi(voice.status_callback) or is_vapis(voice):
        return None
    return Finding(
        Code.STALE_STATUS_CALLBACK,
        f"its call status goes to Vapi, while calls are answered by {classify(voice).kind}: left over from an import",
        "Put the old status callback back, or empty it (Console: Voice > Call status changes)",
    )


def nobody_answers(case: Case) -> Finding | None:
    """Tell that a number has no handler at all."""
    if case.answering.step is not Step.NOTHING or not case.twilio.can_sms or _is_beside(case):
        return None
    return Finding(Code.NOBODY_ANSWERS, "nobody answers its texts", "Give it a handler if anybody texts it")


def handler_asleep(case: Case) -> Finding | None:
    """Tell that people see a handler on the number which its service never asks."""
    own = classify(case.twilio.messaging)
    if case.answering.step is not Step.SERVICE or case.is_meant_for_vapi or own.is_replaceable:
        return None
    return Finding(
        Code.HANDLER_ASLEEP,
        f"its own {own.kind} is never asked: {case.answering.why}",
        "Nothing, if the service is meant to answer; else let it defer to the sender's webhook",
    )


def conversation_beside(case: Case) -> Finding | None:
    """Tell that texts end in a conversation, too, or there alone."""
    if case.reading.address is None:
        return None
    starts = "a Conversations address starts a conversation with each text"
    if case.answering.handler.kind is Kind.NOTHING:
        return Finding(
            Code.CONVERSATION_BESIDE,
            f"{starts}, and nobody else answers",
            "Nothing, if Conversations or Flex is meant to answer; else give it a handler",
        )
    return Finding(Code.CONVERSATION_BESIDE, f"{starts} besides: two systems may answer", TURN_OFF)


def captured_beside(case: Case) -> Finding | None:
    """Tell that a copy of each text goes to whoever listens to Conversation Orchestrator, who may answer as well."""
    if case.reading.capture is None:
        return None
    captures = f"{case.reading.capture} captures a copy of each text"
    if case.answering.handler.kind is Kind.NOTHING:
        return Finding(
            Code.CAPTURED_BESIDE,
            f"{captures}, and nobody else answers",
            "Nothing, if what is built on it is meant to answer; else give it a handler",
        )
    return Finding(
        Code.CAPTURED_BESIDE,
        f"{captures} besides: two systems may answer",
        "Take the number out of its capture rules (channelSettings.SMS.captureRules), unless what is built on it only "
        "observes, or both are meant to answer",
    )


def _is_beside(case: Case) -> bool:
    """Tell whether texts are taken beside their routing."""
    return case.reading.address is not None or case.reading.capture is not None


def _use(case: Case) -> str:
    """Say what shows that a number is in use; nothing where nothing does."""
    calls = classify(case.twilio.voice)
    if case.vapi is not None:
        return f"Vapi knows it as {case.vapi.id}"
    if case.reading.service is not None:
        return f"it is in {case.reading.service}"
    return "" if calls.is_replaceable else f"its calls are answered by {calls.kind}"
