"""The chain of a number that was read: by the step that `answering` found to decide, with what is skipped and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from vapi_sms.core.chains.links import Chain, Link, Place, State, link
from vapi_sms.core.doctor import findings_twilio, findings_vapi
from vapi_sms.core.doctor.answering import NOBODY, Answering, Step
from vapi_sms.core.doctor.diagnosis import Diagnosis
from vapi_sms.core.doctor.findings import Case, Finding
from vapi_sms.core.inert import redacted_url
from vapi_sms.core.readings import Reading
from vapi_sms.core.routings.describe import attachment_line
from vapi_sms.core.routings.handlers import Kind, classify_url
from vapi_sms.core.values import TwilioNumber

# The places that may decide, in Twilio's order.
_ORDER = (Place.SERVICE, Place.APPLICATION, Place.URL)
_DECIDING = {
    Step.SERVICE: Place.SERVICE,
    Step.SERVICE_DROPS: Place.SERVICE,
    Step.APPLICATION: Place.APPLICATION,
    Step.URL: Place.URL,
    Step.NOTHING: Place.URL,
}
_SKIPPED = {
    Step.SERVICE: "never asked: the Messaging Service handles texts itself",
    Step.SERVICE_DROPS: "never asked: the Messaging Service drops texts",
    Step.APPLICATION: "never asked: the TwiML App wins",
}
_Check = Callable[[Case], Finding | None]
# What keeps texts that come to an end there from being answered.
_ENDS: Mapping[Kind, tuple[_Check, ...]] = {
    Kind.VAPI: (
        findings_vapi.unknown_at_vapi,
        findings_vapi.off_at_vapi,
        findings_vapi.blocked_at_vapi,
        findings_vapi.no_assistant,
        findings_vapi.assistant_missing,
        findings_vapi.not_us,
    ),
    Kind.NO_TEXTS: (findings_vapi.no_texts_at_address,),
    Kind.EXECUTIONS: (findings_twilio.studio_executions,),
}


def chain_read(diagnosis: Diagnosis, names: Mapping[str, str]) -> Chain:
    """Give the chain of a number; `names` are what people call assistants and squads, by id."""
    reading, answered = diagnosis.reading, diagnosis.answering
    twilio = reading.observed.twilio
    if twilio is None:
        number = link(Place.NUMBER, reading.number, State.BROKEN, answered.why)
        return (number, *_asleep_at_vapi(reading, names, "never asked: Twilio does not have the number here"))
    case = Case(reading.as_usual, twilio, answered, names)
    elsewhere = "" if case.reaches_vapi else "never asked: texts go elsewhere"
    return (
        _number(twilio),
        *_deciding(reading, twilio, answered),
        _answer(case),
        *_beside(reading, answered),
        *(_asleep_at_vapi(reading, names, elsewhere) if elsewhere else ()),
    )


def _number(twilio: TwilioNumber) -> Link:
    if twilio.can_sms:
        return link(Place.NUMBER, twilio.number, State.PASSES)
    why = "it takes no texts: Twilio shows no SMS capability"
    return link(Place.NUMBER, twilio.number, State.BROKEN, why)


def _deciding(reading: Reading, twilio: TwilioNumber, answered: Answering) -> Iterator[Link]:
    """Give what may decide: what lets texts pass, what decides, and what is never asked."""
    texts, service, app = twilio.messaging, reading.service, reading.app
    if service is not None:
        name = service.name or service.sid
        yield _judged(Place.SERVICE, name, answered, service.sid, passes="it defers to its senders")
    if texts.application_sid:
        name = app.name if app else texts.application_sid
        yield _judged(Place.APPLICATION, name, answered, texts.application_sid)
    if url := texts.url or texts.fallback_url:
        shown = redacted_url(url)
        is_asked = answered.step is Step.URL
        told = shown if is_asked else str(classify_url(url))
        yield _judged(Place.URL, told, answered, "" if told.endswith(shown) else shown)


def _judged(place: Place, label: str, answered: Answering, detail: str, passes: str = "") -> Link:
    decides = _DECIDING[answered.step]
    if place is decides:
        is_dead = answered.handler.kind is Kind.NOTHING
        return link(place, label, State.BROKEN if is_dead else State.DECIDES, answered.why, detail)
    if _ORDER.index(place) < _ORDER.index(decides):
        return link(place, label, State.PASSES, passes, detail)
    return link(place, label, State.SKIPPED, _SKIPPED[answered.step], detail)


def _answer(case: Case) -> Link:
    """Give who answers, or why nobody does although texts come that far."""
    answered = case.answering
    if answered.handler.kind is Kind.NOTHING:
        return link(Place.ANSWER, NOBODY, State.BROKEN, _why_nobody(case))
    detail = f"id {case.vapi.id}" if case.reaches_vapi and case.vapi is not None else ""
    for check in _ENDS.get(answered.handler.kind, ()):
        if finding := check(case):
            return link(Place.ANSWER, answered.line, State.BROKEN, finding.says, detail)
    return link(Place.ANSWER, answered.line, State.DECIDES, detail=detail)


def _why_nobody(case: Case) -> str:
    """Say what the link before does not say already."""
    if case.answering.step is Step.APPLICATION:
        return "" if case.reading.app is None else "the TwiML App has no messaging URL"
    return case.answering.why if case.answering.step is Step.NOTHING else ""


def _beside(reading: Reading, answered: Answering) -> Iterator[Link]:
    if answered.fallback:
        yield link(Place.FALLBACK, answered.fallback, State.SKIPPED, "asked only where the one before fails")
    if reading.address is not None:
        why = "starts a conversation with each text, whoever answers"
        yield link(Place.BESIDE, str(reading.address), State.PASSES, why)
    if reading.capture is not None:
        why = "captures a copy of each text, whoever answers"
        yield link(Place.BESIDE, str(reading.capture), State.PASSES, why)


def _asleep_at_vapi(reading: Reading, names: Mapping[str, str], why: str) -> Iterator[Link]:
    record = reading.observed.vapi
    if record is not None:
        said = ", though Vapi says that it answers them" if record.settings.sms_enabled else ""
        label = attachment_line(record.settings, names)
        yield link(Place.VAPI, label, State.SKIPPED, f"{why}{said}", f"id {record.id}")
