"""The verdict on a number: its texts are answered, they are not, or nobody can tell; each with its reasons; pure.

A text is paired with what was sent to the same customer after it, within a deadline, by the number or its service;
never by what either says. Of several texts in a row one reply answers all. No traffic proves nothing, and is no
failure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from vapi_sms.core.inert import Line, line
from vapi_sms.core.proof import codes
from vapi_sms.core.proof.evidence import (
    ALERTS,
    MESSAGES,
    SESSIONS,
    Alert,
    Customer,
    Evidence,
    Reply,
    Session,
    Subject,
    Text,
    by_customer,
)

DEADLINE = 120  # seconds in which people expect an answer, and a slow model gives one
SKEW = 120  # seconds by which the vendors' clocks may differ
_UNDERWAY = frozenset({"accepted", "scheduled", "queued", "sending"})
_LOST = frozenset({"failed", "undelivered", "canceled"})
_NAMED = 3  # texts that are named for each thing that went wrong


class Outcome(StrEnum):
    """What follows from the evidence."""

    ANSWERED = "answered"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"


class Fate(StrEnum):
    """What became of a text."""

    ANSWERED = "answered"
    UNANSWERED = "no reply"
    UNDELIVERED = "the reply did not arrive"
    BY_OTHERS = "answered by somebody else"
    WAITING = "no reply yet"
    CUSTOMERS = "the customer takes no reply"
    EARLIER = "answered before the last change"


_FAILURES = (Fate.UNANSWERED, Fate.UNDELIVERED, Fate.BY_OTHERS)


@dataclass(frozen=True, slots=True)
class Followed:
    """One text and what became of it: why, what to do, and after how many seconds it was answered."""

    text: Text
    fate: Fate
    why: str = ""
    do: str = ""
    seconds: int | None = None

    @property
    def named(self) -> str:
        """Say which text it is: its SID, its moment and the end of the customer's number."""
        return f"{self.text.sid} of {moment(self.text.at)} from {self.text.customer}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of one number's texts, in the order in which they came, and what follows."""

    number: str
    outcome: Outcome
    reasons: tuple[Line, ...]
    followed: tuple[Followed, ...] = ()
    cost: float = 0.0

    def count(self, *fates: Fate) -> int:
        """Tell how many texts met a fate."""
        return sum(each.fate in fates for each in self.followed)

    @property
    def unanswered(self) -> tuple[Followed, ...]:
        """The texts that were not answered as they should have been."""
        return tuple(each for each in self.followed if each.fate in _FAILURES)

    @property
    def median(self) -> int | None:
        """The seconds that half of the answers took at most."""
        taken = sorted(each.seconds for each in self.followed if each.seconds is not None)
        return taken[(len(taken) - 1) // 2] if taken else None

    @property
    def last(self) -> int | None:
        """When the last text came in."""
        return self.followed[-1].text.at if self.followed else None


def moment(at: int) -> str:
    """Give a moment as people read it, in UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def judge(subjects: Iterable[Subject], evidence: Evidence, *, deadline: int = DEADLINE) -> list[Verdict]:
    """Give the verdict on each number; `deadline` is in how many seconds a text is to be answered."""
    known = _Known.of(evidence, deadline)
    return [_judged(subject, known) for subject in subjects]


@dataclass(frozen=True, slots=True)
class _Known:
    """The evidence, indexed once for thousands of numbers."""

    evidence: Evidence
    deadline: int
    texts: Mapping[str, Sequence[Text]]
    replies: Mapping[Customer, Sequence[Reply]]
    alerts: Mapping[str, Alert]
    sessions: Mapping[tuple[str, Customer], Sequence[Session]]

    @classmethod
    def of(cls, evidence: Evidence, deadline: int) -> _Known:
        texts: dict[str, list[Text]] = {}
        for text in sorted(evidence.texts, key=lambda text: text.at):
            texts.setdefault(text.number, []).append(text)
        sessions: dict[tuple[str, Customer], list[Session]] = {}
        for session in evidence.sessions:
            sessions.setdefault((session.record_id, session.customer), []).append(session)
        alerts = {alert.message_sid: alert for alert in evidence.alerts}
        return cls(evidence, deadline, texts, by_customer(evidence.replies), alerts, sessions)

    def who_is_unknown(self, subject: Subject) -> str:
        """Say why nobody can tell whether it was Vapi who answered; nothing where it can be told."""
        return self.evidence.unread.get(SESSIONS, "") if subject.by_vapi else ""


def _judged(subject: Subject, known: _Known) -> Verdict:
    if why := known.evidence.unread.get(MESSAGES):
        return Verdict(subject.number, Outcome.INCONCLUSIVE, (line(f"messages could not be read: {why}"),))
    followed = tuple(_follow(text, subject, known) for text in known.texts.get(subject.number, ()))
    met = Counter(each.fate for each in followed)
    cost = sum(session.cost for session in _sessions_of(subject, followed, known))
    if any(met[fate] for fate in _FAILURES):
        return Verdict(subject.number, Outcome.FAILED, _failures(followed, known), followed, cost)
    unknown = known.who_is_unknown(subject)
    if met[Fate.ANSWERED] and not unknown:
        return Verdict(subject.number, Outcome.ANSWERED, (), followed, cost)
    return Verdict(subject.number, Outcome.INCONCLUSIVE, _open(met, unknown), followed, cost)


def _sessions_of(subject: Subject, followed: Sequence[Followed], known: _Known) -> list[Session]:
    customers = dict.fromkeys(each.text.customer for each in followed)
    return [
        session for customer in customers for session in known.sessions.get((subject.record_id, customer), ())
    ]


def _follow(text: Text, subject: Subject, known: _Known) -> Followed:
    """Tell what became of a text."""
    later = [
        reply
        for reply in known.replies.get(text.customer, ())
        if subject.sends(reply.sender) and text.at <= reply.at <= text.at + known.deadline
    ]
    arrived = next((reply for reply in later if reply.status not in _LOST and not reply.code), None)
    if arrived is not None:
        return _answered(text, arrived, subject, known)
    if later:
        meaning = codes.reply(later[0].code)
        fate = Fate.CUSTOMERS if meaning.is_customers else Fate.UNDELIVERED
        code = f"{later[0].code}: " if later[0].code else ""
        return Followed(
            text, fate, f"reply {later[0].sid} is {later[0].status}, {code}{meaning.says}", meaning.do
        )
    if text.at + known.deadline > known.evidence.until:
        return Followed(text, Fate.WAITING)
    alert = known.alerts.get(text.sid)
    if alert is None:
        return Followed(text, Fate.UNANSWERED, f"nothing was sent within {known.deadline} s")
    meaning = codes.webhook(alert.code)
    return Followed(text, Fate.UNANSWERED, f"{alert.code}: {meaning.says}", meaning.do)


def _answered(text: Text, reply: Reply, subject: Subject, known: _Known) -> Followed:
    seconds = reply.at - text.at
    # A session shows a moment later than the reply.
    may_change = text.at + known.deadline > known.evidence.until
    if reply.status in _UNDERWAY and may_change:
        return Followed(text, Fate.WAITING)
    if not subject.by_vapi or SESSIONS in known.evidence.unread:
        return Followed(text, Fate.ANSWERED, seconds=seconds)
    held = [
        session
        for session in known.sessions.get((subject.record_id, text.customer), ())
        if session.updated >= text.at - SKEW
    ]
    if any(_is_expected(session, subject) for session in held):
        return Followed(text, Fate.ANSWERED, seconds=seconds)
    if text.at < subject.since:
        return Followed(text, Fate.EARLIER)
    if may_change:
        return Followed(text, Fate.WAITING)
    why = "another assistant's session at Vapi" if held else "Vapi has no session of it"
    return Followed(text, Fate.BY_OTHERS, why, _WHO, seconds)


_WHO = "`vapi-sms doctor` tells who answers beside"


def _is_expected(session: Session, subject: Subject) -> bool:
    """Tell a session of the declared assistant or squad; one that names neither may be."""
    if subject.squad_id:
        return session.squad_id in ("", subject.squad_id)
    return not subject.assistant_id or session.assistant_id in ("", subject.assistant_id)


def _failures(followed: Sequence[Followed], known: _Known) -> tuple[Line, ...]:
    """Say what went wrong, each thing once: of how many texts, the first ones by name, and what to do."""
    kinds: dict[tuple[Fate, str, str], list[Followed]] = {}
    for each in followed:
        if each.fate in _FAILURES:
            # A reply's SID is its own; the code that says why is the same for many.
            kinds.setdefault((each.fate, each.why.partition(", ")[2] or each.why, each.do), []).append(each)
    told = []
    for (fate, _, do), those in kinds.items():
        named = "; ".join(each.named for each in those[:_NAMED])
        more = f" and {len(those) - _NAMED:,} more" if len(those) > _NAMED else ""
        what_to_do = f". {do[0].upper()}{do[1:]}" if do else ""
        told.append(
            f"{len(those):,} of {len(followed):,} texts: {fate} ({those[0].why}): {named}{more}{what_to_do}"
        )
    if why := known.evidence.unread.get(ALERTS):
        told.append(f"Twilio's alerts, which tell why, could not be read: {why}")
    return tuple(map(line, told))


def _open(met: Mapping[Fate, int], unknown: str) -> tuple[Line, ...]:
    """Say why nothing follows."""
    told = []
    if not sum(met.values()):
        told.append("no text came in")
    if met.get(Fate.ANSWERED) and unknown:
        told.append(f"texts are answered, and by whom is not known: {unknown}")
    if earlier := met.get(Fate.EARLIER):
        told.append(f"{earlier:,} were answered before the number was last changed, by whomever it was then")
    if waiting := met.get(Fate.WAITING):
        told.append(f"{waiting:,} may still be answered")
    if theirs := met.get(Fate.CUSTOMERS):
        told.append(f"{theirs:,} came from customers who take no reply")
    return tuple(map(line, told))
