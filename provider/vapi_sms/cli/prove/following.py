"""Following one text on its way, step by step: from a person's phone, or from another number of the account."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from vapi_sms.cli.doctor.reaching import NothingToTell
from vapi_sms.core.doctor.readiness import Prospect, readiness
from vapi_sms.core.inert import Line, line
from vapi_sms.core.numbers import country_of
from vapi_sms.core.proof.evidence import ALERTS, SESSIONS, Customer, Evidence, Subject, Text
from vapi_sms.core.proof.verdict import DEADLINE, Fate, Verdict, judge, moment
from vapi_sms.core.routings.handlers import Kind, classify
from vapi_sms.live.calling.many import Nobody
from vapi_sms.live.proving import read_evidence
from vapi_sms.live.survey import survey
from vapi_sms.live.twilio.messages import send_text
from vapi_sms.live.vendors import Vendors

_PAUSE = 2.5  # seconds between two looks
_EARLIER = 5  # seconds by which the clock at Twilio may be behind ours


@dataclass
class Steps:
    """Tells each step once, with the time it took since the text came."""

    tell: Callable[[Line], None]
    told: set[str] = field(default_factory=set)

    def step(self, key: str, says: str) -> None:
        """Tell something, unless it was told."""
        if key not in self.told:
            self.told.add(key)
            self.tell(line(says))


def follow(
    vendors: Vendors, subject: Subject, patience: int, steps: Steps, *, only: str = ""
) -> Verdict | None:
    """Wait for a text to a number, from `only` or from anybody, and give the verdict on it; None where none came.

    `patience` is how many seconds to wait for the text; from then on it is the reply's deadline that counts.
    """
    since = int(time.time()) - _EARLIER
    ends = time.monotonic() + patience
    text: Text | None = None
    while True:
        evidence = read_evidence(vendors, [subject], since, int(time.time()) + _EARLIER, Nobody())
        text = text or _first(evidence, only)
        if text is not None:
            steps.step(text.sid, f"{moment(text.at)}: a text from {text.customer} came in ({text.sid})")
            found = _judged(subject, evidence, text)
            _tell(evidence, text, found, subject, steps)
            if found.followed and found.followed[0].fate is not Fate.WAITING:
                return found
        elif time.monotonic() > ends:
            return None
        time.sleep(_PAUSE)


def _first(evidence: Evidence, only: str) -> Text | None:
    if why := evidence.unread.get("messages"):
        raise NothingToTell(f"messages could not be read: {why}")
    texts = [text for text in evidence.texts if not only or text.customer == Customer(only)]
    return min(texts, key=lambda text: text.at, default=None)


def _judged(subject: Subject, evidence: Evidence, text: Text) -> Verdict:
    """Judge this text alone."""
    alone = replace(evidence, until=evidence.until - _EARLIER, texts=(text,))
    return judge([subject], alone)[0]


def _tell(evidence: Evidence, text: Text, found: Verdict, subject: Subject, steps: Steps) -> None:
    for alert in evidence.alerts:
        if alert.message_sid == text.sid:
            steps.step(f"alert {alert.code}", f"Twilio logged {alert.code} about it")
    for reply in sorted(evidence.replies, key=lambda reply: reply.at):
        if reply.customer == text.customer and reply.at >= text.at and subject.sends(reply.sender):
            code = f" ({reply.code})" if reply.code else ""
            steps.step(
                f"{reply.sid} {reply.status}",
                f"{moment(reply.at)}: reply {reply.sid} is {reply.status}{code}, after {reply.at - text.at} s",
            )
    if any(
        session.record_id == subject.record_id and session.customer == text.customer
        for session in evidence.sessions
    ):
        steps.step("session", "Vapi has a session of it")
    for what in (ALERTS, SESSIONS):
        if why := evidence.unread.get(what):
            steps.step(what, f"{what} could not be read: {why}")
    if found.followed[0].fate is Fate.UNANSWERED:
        steps.step("unanswered", f"no reply within {DEADLINE} s")


def send(vendors: Vendors, sender: str, subject: Subject, words: str) -> str:
    """Send one text to a number from another one of the account; raises NothingToTell where that is no use."""
    if sender == subject.number:
        raise NothingToTell(f"{sender} cannot text itself (Twilio 21266): name another number with --from")
    if country_of(subject.number) != "US" or country_of(sender) != "US":
        raise NothingToTell("texts from one number of the account to another are tried within the US only")
    found = survey(vendors, [sender], Nobody()).readings[0]
    twilio = found.observed.twilio
    if twilio is None:
        raise NothingToTell(
            f"{sender} is not a number of this Twilio account: name one of its own with --from"
        )
    if found.service is not None and not found.service.defers and found.service.inbound_url:
        raise NothingToTell(f"{sender} is answered by {found.service}: two that answer each other never end")
    handler = classify(twilio.messaging)
    if handler.kind is not Kind.NOTHING:
        raise NothingToTell(f"{sender} is answered by {handler}: two that answer each other never end")
    ready = readiness(sender, found.service, found.registrations, can_sms=twilio.can_sms)
    if ready.prospect is not Prospect.PROBABLY_FINE:
        raise NothingToTell(f"a text from {sender} would cost and may not arrive: {ready.says}")
    return send_text(vendors.twilio, sender, subject.number, words)
