"""Reading evidence that texts are answered, in lists: requests grow with the traffic, and not with the numbers.

Nothing is written. Keys that may route numbers need not be allowed to read messages, alerts or sessions: what cannot be
read is told as such, by what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from vapi_sms.core.errors import BadCredentials, VendorTrouble
from vapi_sms.core.proof.evidence import ALERTS, MESSAGES, SESSIONS, Alert, Evidence, Session, Subject
from vapi_sms.core.readings import Declared
from vapi_sms.core.routings.handlers import Kind, classify
from vapi_sms.core.services.pool import MessagingService
from vapi_sms.core.values import Observed, VapiSettings
from vapi_sms.live.calling.many import Watch
from vapi_sms.live.survey import read_pools
from vapi_sms.live.twilio.messages import Messages, list_alerts, list_messages
from vapi_sms.live.twilio.session import TwilioSession
from vapi_sms.live.vapi.sessions import has_sessions, list_sessions, moment_of
from vapi_sms.live.vendors import Vendors

_FEW = 3  # numbers of which each is listed by itself, both ways; of more the account's list is read once
Found = TypeVar("Found")


def read_evidence(
    vendors: Vendors, subjects: Sequence[Subject], since: int, until: int, watch: Watch
) -> Evidence:
    """Read what is known of texts to numbers between two moments, in seconds since 1970.

    Alerts are read only where messages could be, and sessions only where Vapi is to answer one of the numbers.
    """
    unread: dict[str, str] = {}

    def asked(what: str, read: Callable[[], Found], otherwise: Found) -> Found:
        watch.expect(1)
        try:
            found = read()
        except VendorTrouble as trouble:
            unread[what] = _why(what, trouble)
            return otherwise
        watch.done(what)
        return found

    messages = asked(MESSAGES, lambda: _messages(vendors.twilio, subjects, since, until), Messages())
    alerts: list[Alert] = []
    if messages.texts:
        alerts = asked(ALERTS, lambda: list_alerts(vendors.twilio, since, until), alerts)
    sessions: list[Session] = []
    is_asked = any(subject.by_vapi for subject in subjects) and bool(messages.texts)
    if is_asked:
        records = {subject.record_id for subject in subjects}
        only = records.pop() if len(records) == 1 else ""
        if vendors.settings.vapi_api_key:
            sessions = asked(SESSIONS, lambda: list_sessions(vendors.vapi, since, only), sessions)
        else:
            unread[SESSIONS] = "there is no key of Vapi's (VAPI_API_KEY)"
    # None beside replies: whether the org keeps any says whether that means a thing.
    is_odd = is_asked and messages.replies and not sessions and SESSIONS not in unread
    if is_odd and not asked(SESSIONS, lambda: has_sessions(vendors.vapi), True):  # noqa: FBT003 as if it did
        unread[SESSIONS] = "Vapi shows no session at all: it may be told to keep none"
    if messages.unread:
        unread[MESSAGES] = f"{messages.unread:,} of them are not as Twilio promises"
    return Evidence(
        since,
        until,
        tuple(messages.texts.values()),
        tuple(messages.replies.values()),
        tuple(alerts),
        tuple(sessions),
        unread,
    )


def _why(what: str, trouble: VendorTrouble) -> str:
    said = trouble.in_brief
    return f"this key may not read {what}: {said}" if isinstance(trouble, BadCredentials) else said


def _messages(twilio: TwilioSession, subjects: Sequence[Subject], since: int, until: int) -> Messages:
    """Read the messages of a few numbers, or the account's: who answers for a service may be any of its numbers."""
    if len(subjects) > _FEW or any(subject.pool - {subject.number} for subject in subjects):
        return list_messages(twilio, since, until)
    found = Messages()
    for subject in subjects:
        for one in (
            list_messages(twilio, since, until, to=subject.number),
            list_messages(twilio, since, until, sender=subject.number),
        ):
            found.texts |= one.texts
            found.replies |= one.replies
            found.unread += one.unread
    return found


def subjects_of(
    vendors: Vendors, keys: Sequence[str], declared: Mapping[str, Declared], watch: Watch
) -> tuple[list[Subject], list[str]]:
    """Give the numbers to be proven, each by E.164 form or SID, and those that are not on this account.

    Where none is named, those of the account that Vapi answers. `declared` is what a stack says of them.
    """
    watch.expect(1)
    observe = vendors.observer.observe if vendors.settings.vapi_api_key else vendors.observer.observe_texts
    found = observe(keys) if keys else _all_at_vapi(vendors)
    watch.done("numbers")
    missing = [key for key, observed in found.items() if observed.twilio is None]
    here = {key: observed for key, observed in found.items() if observed.twilio is not None}
    pools = pools_of(vendors, [observed.twilio.sid for observed in here.values() if observed.twilio], watch)
    return [_subject(observed, declared, pools) for observed in here.values()], missing


def _all_at_vapi(vendors: Vendors) -> dict[str, Observed]:
    return {
        observed.twilio.sid: observed
        for observed in vendors.observer.observe_all()
        if observed.twilio is not None and classify(observed.twilio.messaging).kind is Kind.VAPI
    }


def pools_of(
    vendors: Vendors, sids: Sequence[str], watch: Watch
) -> dict[str, tuple[MessagingService, frozenset[str]]]:
    """Give the Messaging Service of each number that is in one, and all numbers that send for it."""
    services = read_pools(vendors.twilio, watch).services if sids else {}
    members: dict[str, list[str]] = {}
    for sid, service in services.items():
        members.setdefault(service.sid, []).append(sid)
    ours = {services[sid].sid for sid in sids if sid in services}
    senders = [sid for service in ours for sid in members[service]]
    numbers = {
        sid: observed.twilio.number
        for sid, observed in vendors.observer.observe_texts(senders).items()
        if observed.twilio is not None
    }
    pools = {
        service: frozenset(numbers[sid] for sid in members[service] if sid in numbers) for service in ours
    }
    return {sid: (services[sid], pools[services[sid].sid]) for sid in sids if sid in services}


def _subject(
    observed: Observed,
    declared: Mapping[str, Declared],
    pools: Mapping[str, tuple[MessagingService, frozenset[str]]],
) -> Subject:
    twilio, record = observed.twilio, observed.vapi
    assert twilio is not None  # noqa: S101 whoever asks has looked
    said = declared.get(twilio.number) or declared.get(twilio.sid)
    service, pool = pools.get(twilio.sid, (None, frozenset[str]()))
    handler = twilio.messaging if service is None or service.defers else service.inbound.answer
    settings = VapiSettings() if record is None else record.settings
    return Subject(
        twilio.number,
        classify(handler).kind is Kind.VAPI if said is None else said.by_vapi,
        "" if record is None else record.id,
        (said and said.assistant_id) or settings.assistant_id,
        (said and said.squad_id) or settings.squad_id,
        pool,
        max(twilio.updated, 0 if record is None else moment_of(record.updated)),
    )
