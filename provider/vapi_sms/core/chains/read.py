"""The chain of a number that was read: by the step that `answering` found to decide, with what is skipped and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from vapi_sms.core.chains.links import (
    ANSWERS,
    APPLICATION,
    AT_VAPI,
    BESIDE,
    DEFERS,
    FALLBACK,
    IF_IT_FAILS,
    IN_PLACE,
    NO_URL,
    NUMBER,
    OWN_URL,
    SERVICE,
    URL,
    Chain,
    Link,
    State,
    handler_link,
    link,
)
from vapi_sms.core.doctor import findings_twilio, findings_vapi
from vapi_sms.core.doctor.answering import Step
from vapi_sms.core.doctor.diagnosis import Diagnosis
from vapi_sms.core.doctor.findings import Case, Finding
from vapi_sms.core.inert import redacted_url
from vapi_sms.core.readings import Reading
from vapi_sms.core.routings.describe import attachment_line
from vapi_sms.core.routings.handlers import Kind, classify_url
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.values import TwilioNumber

# What each step does to the places behind the one that decides.
_SKIPPED = {
    Step.SERVICE: "not looked at: the service decides",
    Step.SERVICE_DROPS: "not looked at: the service drops texts",
    Step.APPLICATION: "not looked at: the TwiML App decides",
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
        number = link(NUMBER, reading.number, State.BROKEN, answered.why)
        return (number, *_asleep_at_vapi(reading, names, "never asked: Twilio does not have the number here"))
    case = Case(reading.as_usual, twilio, answered, names)
    elsewhere = "" if case.reaches_vapi else "never asked: texts go elsewhere"
    behind = (
        *_levels(reading, twilio, answered.step),
        *_end(reading, twilio, case),
        *_beside(reading, answered.fallback),
        *(_asleep_at_vapi(reading, names, elsewhere) if elsewhere else ()),
    )
    if not twilio.can_sms:
        behind = tuple(replace(each, state=State.SKIPPED, why=_NO_TEXTS) for each in behind)
    return (_number(twilio), *behind)


_NO_TEXTS = "never asked: the number takes no texts"


def _number(twilio: TwilioNumber) -> Link:
    if twilio.can_sms:
        return link(NUMBER, twilio.number, State.PASSES, detail=twilio.sid)
    why = "it takes no texts: Twilio shows no SMS capability"
    return link(NUMBER, twilio.number, State.BROKEN, why, twilio.sid)


def _levels(reading: Reading, twilio: TwilioNumber, step: Step) -> Iterator[Link]:
    """Give what texts pass on their way to a URL, and what is not looked at."""
    texts, service, app = twilio.messaging, reading.service, reading.app
    hidden = _SKIPPED.get(step, "")
    if service is not None:
        name = service.name or service.sid
        if step is Step.SERVICE_DROPS:
            why = "has no inbound URL: the text is dropped"
            yield link(SERVICE, name, State.BROKEN, why, service.sid)
        else:
            why = ANSWERS if step is Step.SERVICE else DEFERS
            yield link(SERVICE, name, State.PASSES, why, service.sid)
    if sid := texts.application_sid:
        name = app.name if app else sid
        if step is not Step.APPLICATION:
            yield link(APPLICATION, name, State.SKIPPED, hidden, sid)
        elif app is None:
            yield link(APPLICATION, name, State.BROKEN, "is gone: nothing is called", sid)
        else:
            yield link(APPLICATION, name, State.PASSES, IN_PLACE, sid)
    if hidden and (url := texts.url or texts.fallback_url):
        yield handler_link(str(classify_url(url)), State.SKIPPED, hidden, redacted_url(url), place=OWN_URL)


def _end(reading: Reading, twilio: TwilioNumber, case: Case) -> Iterator[Link]:
    """Give who answers, or why nobody does although texts come that far."""
    answered = case.answering
    if answered.handler.kind is Kind.NOTHING:
        if answered.step is Step.NOTHING or (answered.step is Step.APPLICATION and reading.app is not None):
            yield link(URL, "none", State.BROKEN, NO_URL)
        return
    routing = _in_force(reading, twilio, answered.step)
    detail = redacted_url(routing.url or routing.fallback_url)
    found = next(
        (finding for check in _ENDS.get(answered.handler.kind, ()) if (finding := check(case))), None
    )
    if found is None:
        yield handler_link(answered.line, State.DECIDES, detail=detail)
    else:
        yield handler_link(answered.line, State.BROKEN, found.says, detail)


def _in_force(reading: Reading, twilio: TwilioNumber, step: Step) -> Routing:
    """Give the routing that the step found, as it was read."""
    if step is Step.SERVICE and reading.service is not None:
        return reading.service.inbound.answer
    if step is Step.APPLICATION and reading.app is not None:
        return reading.app.messaging
    return twilio.messaging


def _beside(reading: Reading, fallback: str) -> Iterator[Link]:
    if fallback:
        yield handler_link(fallback, State.SKIPPED, IF_IT_FAILS, place=FALLBACK)
    if reading.address is not None:
        why = "starts a conversation with each text, whoever answers"
        yield link(BESIDE, str(reading.address), State.PASSES, why)
    if reading.capture is not None:
        why = "captures a copy of each text, whoever answers"
        yield link(BESIDE, str(reading.capture), State.PASSES, why)


def _asleep_at_vapi(reading: Reading, names: Mapping[str, str], why: str) -> Iterator[Link]:
    record = reading.observed.vapi
    if record is not None:
        said = ", though Vapi says that it answers them" if record.settings.sms_enabled else ""
        label = attachment_line(record.settings, names)
        yield link(AT_VAPI, label, State.SKIPPED, f"{why}{said}", f"id {record.id}")
