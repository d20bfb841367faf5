"""What can be wrong between both sides: Vapi says one thing, Twilio does another, or nobody at Vapi can answer."""

from __future__ import annotations

from vapi_sms.core.doctor.answering import Step
from vapi_sms.core.doctor.findings import LET_IT_DEFER, Case, Code, Finding, declare
from vapi_sms.core.inert import redacted_url
from vapi_sms.core.numbers import country_of
from vapi_sms.core.readings import Declared
from vapi_sms.core.routings.describe import attachment_line, handler_line
from vapi_sms.core.routings.handlers import Kind, classify
from vapi_sms.core.values import Observed, VapiSettings


def enabled_elsewhere(case: Case) -> Finding | None:
    """Tell that texts go somewhere else: Vapi's flag proves nothing."""
    if not case.is_enabled_at_vapi or not case.twilio.can_sms:
        return None
    if case.points_at_vapi or case.reaches_vapi or case.is_hidden:
        return None
    if case.answering.handler.kind is Kind.NO_TEXTS:
        return None  # told by itself
    return Finding(
        Code.ENABLED_ELSEWHERE,
        f"Vapi says that it answers texts (smsEnabled), but they go elsewhere ({case.answering.handler.kind})",
        "To hand texts to Vapi: `pulumi up` where it is declared, else VapiSmsNumber with adopt=True; to leave them: "
        "switch SMS off in Vapi",
    )


def no_texts_at_address(case: Case) -> Finding | None:
    """Tell that texts go to Vapi's host, at an address where nothing is known to take them."""
    if case.answering.handler.kind is not Kind.NO_TEXTS:
        return None
    return Finding(
        Code.NO_TEXTS_AT_ADDRESS,
        f"texts go to an {Kind.NO_TEXTS}: no import writes it",
        "`pulumi up` where it is declared; else declare it with restore_to= (and adopt=True where Vapi knows it), or "
        "give texts another handler",
    )


def no_calls_at_address(case: Case) -> Finding | None:
    """Tell the same of calls."""
    if classify(case.twilio.voice).kind is not Kind.NO_CALLS:
        return None
    return Finding(
        Code.NO_CALLS_AT_ADDRESS,
        f"calls go to an {Kind.NO_CALLS}: no import writes it",
        "`pulumi up` where it is declared; else give calls another handler (Console: Voice > A call comes in)",
    )


def unknown_at_vapi(case: Case) -> Finding | None:
    """Tell that texts reach Vapi, where nobody knows the number."""
    if not case.reaches_vapi or case.vapi is not None or not case.reading.asked_vapi:
        return None
    return Finding(
        Code.UNKNOWN_AT_VAPI,
        "texts go to Vapi, and this Vapi org does not know the number: nobody answers, unless another org has it",
        f"If another org has it, use that org's VAPI_API_KEY; else {declare(case, 'restore_to=')}",
    )


def off_at_vapi(case: Case) -> Finding | None:
    """Tell that texts reach Vapi, which has them switched off."""
    if not case.reaches_vapi or case.vapi is None or case.vapi.settings.sms_enabled:
        return None
    return Finding(
        Code.OFF_AT_VAPI,
        "texts go to Vapi, where SMS is switched off for the number",
        "Switch SMS on in Vapi (`pulumi up` where it is declared), or give texts another handler",
    )


def blocked_at_vapi(case: Case) -> Finding | None:
    """Tell that texts reach Vapi, which has blocked the number."""
    if not case.reaches_vapi or case.vapi is None or not case.vapi.is_blocked:
        return None
    return Finding(
        Code.BLOCKED_AT_VAPI,
        "texts go to Vapi, which has blocked the number (its status there): nobody answers",
        "See in Vapi's dashboard (Phone Numbers, Billing) or ask Vapi why, or give texts another handler",
    )


def no_assistant(case: Case) -> Finding | None:
    """Tell that texts reach Vapi's record, and no assistant."""
    settings = _answering_settings(case)
    if settings is None or settings.assistant_id or settings.squad_id:
        return None
    only = (
        "only a workflow, and Vapi documents texts for assistants" if settings.workflow_id else "no assistant"
    )
    return Finding(
        Code.NO_ASSISTANT,
        f"Vapi's record has {only}: nobody answers texts",
        f"Choose an assistant in Vapi, or {declare(case, 'restore_to=')}",
    )


def assistant_missing(case: Case) -> Finding | None:
    """Tell that the assistant, or the squad, of Vapi's record is gone."""
    settings = _answering_settings(case)
    attached = "" if settings is None else settings.assistant_id or settings.squad_id
    if settings is None or not attached or attached in case.names:
        return None
    return Finding(
        Code.ASSISTANT_MISSING,
        f"{attachment_line(settings, {})} does not exist in this Vapi org: nobody answers texts",
        f"Choose another one in Vapi, or {declare(case, 'restore_to=')}",
    )


def no_fallback(case: Case) -> Finding | None:
    """Tell that nobody answers a number's texts while Vapi is down."""
    if not case.reaches_vapi or case.answering.step is not Step.URL or case.answering.fallback:
        return None
    if any(found(case) for found in (unknown_at_vapi, off_at_vapi, no_assistant, assistant_missing, not_us)):
        return None  # it is not answered as it is, which is told by itself
    console = "give it one (Console: Messaging > Primary handler fails)"
    declared = case.reading.declared
    where = f"where {declared.resource} declares it" if declared else "where it is declared"
    return Finding(
        Code.NO_FALLBACK,
        "Vapi answers its texts, and while Vapi is down nobody does: it has no fallback",
        f"Write fallback='original', or a Handler, {where}{'' if declared else f'; else {console}'}",
    )


def not_us(case: Case) -> Finding | None:
    """Tell that Vapi answers texts of US numbers only."""
    country = country_of(case.twilio.number)
    if country == "US" or not (case.reaches_vapi or case.is_enabled_at_vapi):
        return None
    return Finding(
        Code.NOT_US,
        f"it is a number of {country or 'an unknown country'}, and Vapi answers texts of US numbers only",
        "Give its texts another handler, and switch SMS off in Vapi",
    )


def calls_unknown_at_vapi(case: Case) -> Finding | None:
    """Tell that calls reach Vapi, where nobody knows the number."""
    if classify(case.twilio.voice).kind is not Kind.VAPI or case.vapi is not None:
        return None
    if not case.reading.asked_vapi:
        return None
    return Finding(
        Code.CALLS_UNKNOWN_AT_VAPI,
        "calls go to Vapi, and this Vapi org does not know the number",
        "If another org has it, use that org's VAPI_API_KEY; else give calls another handler",
    )


def not_as_declared(case: Case) -> Finding | None:
    """Tell that the stack's state says otherwise."""
    declared = case.reading.declared
    if declared is None or _is_as_declared(case, declared):
        return None
    if case.is_moved_at_vapi:
        return Finding(
            Code.NOT_AS_DECLARED,
            f"{declared.resource} was switched to {declared.texts_url} at Vapi, but texts go to "
            f"{redacted_url(case.twilio.messaging.url)}",
            "Run `pulumi preview` in the stack to see the drift, and `pulumi up` to repair it",
        )
    return Finding(
        Code.NOT_AS_DECLARED,
        f"{declared.resource} declares {declared.answered_by}, but texts are answered by {case.answering.line}",
        # What hides the number no `up` repairs: its preview would refuse.
        LET_IT_DEFER
        if case.is_hidden
        else "Run `pulumi preview` in the stack to see the drift, and `pulumi up` to repair it",
    )


def not_on_account(observed: Observed) -> Finding:
    """Tell that a number which somebody counts on is not there."""
    if observed.vapi is not None:
        return Finding(
            Code.NOT_ON_ACCOUNT,
            f"Vapi knows the number as {observed.vapi.id}, and this Twilio account no longer has it",
            "Delete it in Vapi, or get the number back at Twilio",
        )
    return Finding(
        Code.NOT_ON_ACCOUNT,
        "this Twilio account does not have the number",
        "Check the number, and that the credentials are those of the account or subaccount that owns it",
    )


def _answering_settings(case: Case) -> VapiSettings | None:
    """Give Vapi's settings where texts reach them."""
    return case.vapi.settings if case.reaches_vapi and case.vapi is not None else None


def _is_as_declared(case: Case, declared: Declared) -> bool:
    settings = _answering_settings(case)
    if declared.by_vapi:
        attached = (declared.assistant_id, declared.squad_id)
        return (
            settings is not None
            and settings.sms_enabled
            and not case.is_moved_at_vapi
            and (settings.assistant_id, settings.squad_id) == attached
        )
    if declared.texts:
        return not case.is_hidden and handler_line(case.twilio.messaging) == declared.texts
    return not case.reaches_vapi
