"""Texts are answered, they are not, or nobody can tell; and why."""

from __future__ import annotations

from dataclasses import replace

import pytest
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
)
from vapi_sms.core.proof.verdict import Fate, Outcome, Verdict, judge, moment

NUMBER, RECORD, ASSISTANT = "+14155550100", "record", "assistant"
CUSTOMER = Customer("+12025550134")
NOON = 1_796_040_000  # 2026-11-30 12:00:00 UTC
LATER = NOON + 3600
SUBJECT = Subject(NUMBER, record_id=RECORD, assistant_id=ASSISTANT)
TEXT = Text("SM1", NUMBER, CUSTOMER, NOON)
REPLY = Reply("SM2", NUMBER, CUSTOMER, NOON + 4)
SESSION = Session(RECORD, CUSTOMER, NOON + 3, ASSISTANT, cost=0.01)
ANSWERED = Evidence(NOON - 60, LATER, (TEXT,), (REPLY,), (), (SESSION,))


def verdict(evidence: Evidence, subject: Subject = SUBJECT, deadline: int = 120) -> Verdict:
    """Judge one number."""
    return judge([subject], evidence, deadline=deadline)[0]


def test_a_text_with_a_reply_and_a_session_is_answered() -> None:
    """In how many seconds, when the last one came, and what the session costs is told too."""
    found = verdict(ANSWERED)

    assert (found.outcome, found.reasons, found.unanswered) == (Outcome.ANSWERED, (), ())
    assert (found.count(Fate.ANSWERED), found.median, found.last, found.cost) == (1, 4, NOON, 0.01)


def test_no_text_proves_nothing() -> None:
    """Nights are quiet: that is no failure."""
    found = verdict(replace(ANSWERED, texts=()))

    assert (found.outcome, found.reasons) == (Outcome.INCONCLUSIVE, ("no text came in",))
    assert (found.median, found.last) == (None, None)


def test_a_text_to_another_number_is_none_of_this_one() -> None:
    """Thousands of numbers are judged from one list."""
    other = replace(SUBJECT, number="+14155550101")

    mine, theirs = judge([SUBJECT, other], ANSWERED)

    assert (mine.outcome, theirs.outcome) == (Outcome.ANSWERED, Outcome.INCONCLUSIVE)


@pytest.mark.parametrize(
    "reply",
    [
        replace(REPLY, at=NOON - 1),
        replace(REPLY, at=NOON + 121),
        replace(REPLY, customer=Customer("+12025550135")),
        replace(REPLY, sender="+14155550101"),
    ],
    ids=["before it", "too late", "to somebody else", "by another number"],
)
def test_what_was_sent_otherwise_is_no_reply(reply: Reply) -> None:
    """Later, in time, to the same customer, by the number itself."""
    found = verdict(replace(ANSWERED, replies=(reply,)))

    assert found.outcome is Outcome.FAILED
    assert found.reasons == (
        "1 of 1 texts: no reply (nothing was sent within 120 s): SM1 of 2026-11-30 12:00:00 UTC from ...34",
    )


def test_any_number_of_the_service_may_reply() -> None:
    """Twilio chooses a sender of the pool."""
    subject = replace(SUBJECT, pool=frozenset({NUMBER, "+14155550101"}))

    found = verdict(replace(ANSWERED, replies=(replace(REPLY, sender="+14155550101"),)), subject)

    assert found.outcome is Outcome.ANSWERED


def test_one_reply_answers_all_texts_in_a_row() -> None:
    """People write two texts where one would do."""
    second = replace(TEXT, sid="SM3", at=NOON + 2)

    found = verdict(replace(ANSWERED, texts=(second, TEXT)))

    assert (found.outcome, found.count(Fate.ANSWERED), found.median) == (Outcome.ANSWERED, 2, 2)


def test_an_alert_says_why_nobody_answered() -> None:
    """Twilio logs what went wrong with the webhook by the message's SID."""
    found = verdict(replace(ANSWERED, replies=(), alerts=(Alert("SM1", 11200),)))

    assert found.reasons[0].startswith(
        "1 of 1 texts: no reply (11200: the handler could not be reached, or answered an error): SM1 of 2026-11-30"
    )
    assert found.reasons[0].endswith(
        ". See status.vapi.ai and the handler's own log; a fallback would have answered"
    )


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (
            replace(REPLY, status="undelivered", code=30034),
            "reply SM2 is undelivered, 30034: the number is in no registered 10DLC campaign",
        ),
        (replace(REPLY, status="failed"), "reply SM2 is failed, Twilio gives no code"),
        (
            replace(REPLY, status="failed", code=39999),
            "reply SM2 is failed, 39999: Twilio explains it at www.twilio.com/docs/errors/39999",
        ),
    ],
    ids=["no campaign", "no code", "a code of tomorrow"],
)
def test_a_reply_that_does_not_arrive_is_a_failure(reply: Reply, told: str) -> None:
    """Its code says why."""
    found = verdict(replace(ANSWERED, replies=(reply,)))

    assert (found.outcome, found.unanswered[0].fate, found.unanswered[0].why) == (
        Outcome.FAILED,
        Fate.UNDELIVERED,
        told,
    )


@pytest.mark.parametrize("code", [21610, 30003, 30006])
def test_a_customer_who_takes_no_reply_is_no_failure_of_the_answer(code: int) -> None:
    """STOP was written, or the handset is off."""
    found = verdict(replace(ANSWERED, replies=(replace(REPLY, status="undelivered", code=code),)))

    assert (found.outcome, found.reasons) == (
        Outcome.INCONCLUSIVE,
        ("1 came from customers who take no reply",),
    )


def test_a_second_reply_that_arrives_makes_up_for_the_first() -> None:
    """Whoever sends again is believed."""
    lost = replace(REPLY, sid="SM9", at=NOON + 1, status="failed", code=30008)

    assert verdict(replace(ANSWERED, replies=(REPLY, lost))).outcome is Outcome.ANSWERED


def test_a_text_of_just_now_is_waited_for() -> None:
    """Its deadline has not passed."""
    found = verdict(replace(ANSWERED, replies=(), until=NOON + 60))

    assert (found.outcome, found.reasons) == (Outcome.INCONCLUSIVE, ("1 may still be answered",))


def test_a_reply_on_its_way_is_waited_for() -> None:
    """Twilio has taken it, and may still fail to send it; once the deadline has passed it counts as sent."""
    underway = replace(ANSWERED, replies=(replace(REPLY, status="queued"),))

    assert verdict(replace(underway, until=NOON + 60)).followed[0].fate is Fate.WAITING
    assert verdict(underway).outcome is Outcome.ANSWERED


@pytest.mark.parametrize(
    ("sessions", "why"),
    [
        ((replace(SESSION, record_id="another"),), "Vapi has no session of it"),
        ((replace(SESSION, customer=Customer("+12025550135")),), "Vapi has no session of it"),
        ((replace(SESSION, updated=NOON - 3600),), "Vapi has no session of it"),
        ((replace(SESSION, assistant_id="another"),), "another assistant's session at Vapi"),
    ],
    ids=["another number's", "with somebody else", "an old one", "another assistant's"],
)
def test_an_answer_of_somebody_else_is_none_of_vapis(sessions: tuple[Session, ...], why: str) -> None:
    """Texts look answered, and nobody at Vapi has seen them."""
    found = verdict(replace(ANSWERED, sessions=sessions))

    assert (found.outcome, found.unanswered[0].fate, found.unanswered[0].why) == (
        Outcome.FAILED,
        Fate.BY_OTHERS,
        why,
    )


@pytest.mark.parametrize(
    ("subject", "session"),
    [
        (replace(SUBJECT, assistant_id=""), SESSION),
        (SUBJECT, replace(SESSION, assistant_id="")),
        (
            replace(SUBJECT, assistant_id="", squad_id="squad"),
            replace(SESSION, assistant_id="", squad_id="squad"),
        ),
        (replace(SUBJECT, squad_id="squad"), SESSION),
        (SUBJECT, replace(SESSION, updated=NOON - 60)),
    ],
    ids=["none declared", "a session without one", "a squad", "a squad's own", "clocks that differ"],
)
def test_a_session_that_may_be_the_declared_ones_counts(subject: Subject, session: Session) -> None:
    """What is not known is not held against it."""
    assert verdict(replace(ANSWERED, sessions=(session,)), subject).outcome is Outcome.ANSWERED


def test_another_squad_is_somebody_else() -> None:
    """A number of a squad is not answered by another one."""
    subject, session = replace(SUBJECT, squad_id="squad"), replace(SESSION, squad_id="another")

    assert verdict(replace(ANSWERED, sessions=(session,)), subject).outcome is Outcome.FAILED


def test_who_answers_a_webhook_is_not_asked() -> None:
    """Vapi knows nothing of it, and need not."""
    subject = Subject(NUMBER, by_vapi=False)

    assert verdict(replace(ANSWERED, sessions=()), subject).outcome is Outcome.ANSWERED


def test_where_sessions_are_not_known_nobody_can_tell_who_answered() -> None:
    """The texts are answered all the same, and that is said."""
    found = verdict(replace(ANSWERED, unread={SESSIONS: "this key may not"}))

    assert (found.outcome, found.reasons) == (
        Outcome.INCONCLUSIVE,
        ("texts are answered, and by whom is not known: this key may not",),
    )


def test_without_any_session_it_was_somebody_else() -> None:
    """Whoever reads evidence says so where an org keeps none at all."""
    assert verdict(replace(ANSWERED, sessions=())).outcome is Outcome.FAILED


def test_who_answered_before_the_last_change_is_not_held_against_the_number() -> None:
    """It may have been whom people expected then; nothing follows from it, and that is said."""
    changed = replace(SUBJECT, since=ANSWERED.texts[0].at + 1)

    found = verdict(replace(ANSWERED, sessions=()), changed)

    assert (found.outcome, found.reasons) == (
        Outcome.INCONCLUSIVE,
        ("1 were answered before the number was last changed, by whomever it was then",),
    )
    assert verdict(ANSWERED, changed).outcome is Outcome.ANSWERED
    assert verdict(replace(ANSWERED, sessions=()), replace(changed, since=1)).outcome is Outcome.FAILED


def test_a_session_may_show_later_than_the_reply() -> None:
    """As long as people wait for an answer, who gave it is open."""
    found = verdict(replace(ANSWERED, sessions=(), until=ANSWERED.texts[0].at + 5))

    assert (found.outcome, found.reasons) == (Outcome.INCONCLUSIVE, ("1 may still be answered",))


def test_without_messages_nothing_is_known() -> None:
    """A key may be kept from them."""
    found = verdict(replace(ANSWERED, unread={MESSAGES: "this key may not"}))

    assert (found.outcome, found.reasons) == (
        Outcome.INCONCLUSIVE,
        ("messages could not be read: this key may not",),
    )


def test_alerts_that_cannot_be_read_are_missed_where_they_would_tell_why() -> None:
    """The failure stands; its cause may be there."""
    failed = replace(ANSWERED, replies=(), unread={ALERTS: "this key may not"})

    assert (
        verdict(failed).reasons[1] == "Twilio's alerts, which tell why, could not be read: this key may not"
    )
    assert verdict(replace(failed, replies=(REPLY,))).outcome is Outcome.ANSWERED


def test_what_happened_to_many_is_told_once() -> None:
    """The first ones by name, the others by their count; an unknown code sends to Twilio's page."""
    texts = tuple(replace(TEXT, sid=f"SM{nth:02}", at=NOON + nth) for nth in range(5))
    alerts = tuple(Alert(text.sid, 11999) for text in texts)

    found = verdict(replace(ANSWERED, texts=texts, replies=(), alerts=alerts))

    assert len(found.reasons) == 1
    assert found.reasons[0].startswith("5 of 5 texts: no reply (11999: Twilio explains it at")
    assert found.reasons[0].endswith("SM02 of 2026-11-30 12:00:02 UTC from ...34 and 2 more")


def test_what_was_answered_beside_is_not_among_the_reasons() -> None:
    """Half of the texts went well."""
    later = replace(TEXT, sid="SM3", at=NOON + 1800)

    assert verdict(replace(ANSWERED, texts=(TEXT, later))).reasons == (
        "1 of 2 texts: no reply (nothing was sent within 120 s): SM3 of 2026-11-30 12:30:00 UTC from ...34",
    )


def test_customers_are_shown_by_two_digits() -> None:
    """Their numbers are theirs."""
    assert str(CUSTOMER) == "...34"
    assert CUSTOMER.number not in repr(ANSWERED)
    assert CUSTOMER.number not in "".join(verdict(replace(ANSWERED, replies=())).reasons)


def test_moments_are_in_utc() -> None:
    """As both vendors' consoles can show them."""
    assert moment(NOON) == "2026-11-30 12:00:00 UTC"
