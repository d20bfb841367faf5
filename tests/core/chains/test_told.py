"""The chain of a number of which only a line is known: it says no more than the line does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from vapi_sms.core.chains.links import State
from vapi_sms.core.chains.told import chain_told, kind_told, served
from vapi_sms.core.routings.describe import handler_line, who_answers_texts
from vapi_sms.core.routings.handlers import Handler, Kind
from vapi_sms.core.values import Observed, VapiSettings

from tests.core.doctor.patients import BY_HAND, EXECUTIONS, HOOK, OFF
from tests.core.samples import (
    ANSWERED_BY_SUPPORT,
    AP,
    AT_VAPI,
    DEMO,
    EH,
    FW,
    KS,
    NAMES,
    NOTHING,
    NUMBER,
    OLD_APP,
    SERVICE,
    SQUAD,
    STUDIO,
    TWIML_APP,
    WORKFLOW,
    found,
)

UNANSWERED = "nobody is known to answer there"


def hidden(**fields: Any) -> Observed:
    """Return a number whose service keeps texts from its own routing."""
    return replace(found(), hidden_by=replace(SERVICE, **fields))


@pytest.mark.parametrize(
    ("observed", "kind", "links"),
    [
        (found(), Kind.WEBHOOK, [("Webhook", State.DECIDES)]),
        (found(STUDIO), Kind.STUDIO_FLOW, [("Studio Flow", State.DECIDES)]),
        (found(Handler.twiml_bin(EH)), Kind.TWIML_BIN, [("TwiML Bin", State.DECIDES)]),
        (found(Handler.proxy(KS)), Kind.PROXY, [("Proxy service", State.DECIDES)]),
        (found(Handler.function("https://a-1.twil.io/b")), Kind.FUNCTION, [("Function", State.DECIDES)]),
        (found(DEMO), Kind.DEMO, [("Demo", State.DECIDES)]),
        (found(TWIML_APP), Kind.TWIML_APP, [("TwiML App", State.DECIDES)]),
        (found(NOTHING), Kind.NOTHING, [("URL", State.BROKEN)]),
        (found(BY_HAND), Kind.NO_TEXTS, [("Handler", State.BROKEN)]),
        (found(EXECUTIONS), Kind.EXECUTIONS, [("Handler", State.BROKEN)]),
        (found(AT_VAPI, settings=ANSWERED_BY_SUPPORT), Kind.VAPI, [("Vapi assistant", State.DECIDES)]),
        (found(AT_VAPI, settings=VapiSettings("", SQUAD)), Kind.VAPI, [("Vapi squad", State.DECIDES)]),
        (
            found(AT_VAPI, settings=VapiSettings("", "", WORKFLOW)),
            Kind.VAPI,
            [("Vapi workflow", State.DECIDES)],
        ),
        (found(AT_VAPI, settings=VapiSettings()), Kind.VAPI, [("Vapi", State.BROKEN)]),
        (found(AT_VAPI, settings=OFF), Kind.VAPI, [("Vapi assistant", State.BROKEN)]),
        (found(AT_VAPI), Kind.VAPI, [("Vapi", State.BROKEN)]),
        (hidden(), Kind.WEBHOOK, [("Messaging Service", State.PASSES), ("Webhook", State.DECIDES)]),
        (
            hidden(inbound_url=AT_VAPI.url),
            Kind.VAPI,
            [("Messaging Service", State.PASSES), ("Vapi", State.DECIDES)],
        ),
        (hidden(inbound_url=""), Kind.NOTHING, [("Messaging Service", State.PASSES), ("URL", State.BROKEN)]),
        (hidden(unread="no right to read it"), None, [("Handler", State.PASSES)]),
    ],
)
def test_what_describe_writes_is_read_back(
    observed: Observed, kind: Kind | None, links: list[tuple[str, State]]
) -> None:
    """Each line that says who answers gives its kind and its chain."""
    line = who_answers_texts(observed, NAMES)

    chain = chain_told(NUMBER, line, kind_told(line))

    assert kind_told(line) is kind
    assert [(link.what, link.state) for link in chain] == [("Number", State.PASSES), *links]
    assert chain[-1].label in line or chain[-1].label in ("none", "Vapi")
    assert "canary" not in str(chain)


def test_a_number_that_is_not_there_is_a_dead_end_itself() -> None:
    """Nothing comes behind it."""
    line = who_answers_texts(Observed(None), NAMES)

    (number,) = chain_told(NUMBER, line, kind_told(line))

    assert (number.state, number.why) == (State.BROKEN, "the number is not on this Twilio account")
    assert kind_told(line) is Kind.NOTHING


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("a Vapi assistant that is known only during up", Kind.VAPI),
        ("Webhookish", None),
        ("nobody knows", Kind.NOTHING),
        ("not known here", None),
        (f"Studio Flow {FW}", Kind.STUDIO_FLOW),
    ],
)
def test_kinds_of_other_lines(line: str, kind: Kind | None) -> None:
    """What is known only later is of a kind; what is not known is of none."""
    assert kind_told(line) is kind


def test_why_a_dead_end_is_one() -> None:
    """Said where the line does not say it of itself."""
    lines = [
        who_answers_texts(observed, NAMES)
        for observed in (
            found(AT_VAPI),
            found(AT_VAPI, settings=OFF),
            found(AT_VAPI, settings=VapiSettings()),
        )
    ]
    whys = [chain_told(NUMBER, line, kind_told(line))[-1].why for line in (*lines, handler_line(BY_HAND))]

    assert whys == [
        "this Vapi org does not know the number",
        "texts are switched off at Vapi",
        "Vapi's record has no assistant",
        UNANSWERED,
    ]


def test_who_sleeps_is_grey() -> None:
    """The fallback, and who comes back on destroy; who answers on is no original."""
    answer, before = "Vapi assistant Support", handler_line(OLD_APP)

    chain = chain_told(NUMBER, answer, Kind.VAPI, fallback=f"TwiML App {AP}", original=before)
    same = chain_told(NUMBER, answer, Kind.VAPI, original=answer)

    assert [(link.what, link.label, link.state, link.why) for link in chain[2:]] == [
        ("Fallback: TwiML App", AP, State.SKIPPED, "only asked where the URL before it fails"),
        (
            "Original: Webhook",
            before.removeprefix("Webhook "),
            State.SKIPPED,
            "recorded, and put back on destroy",
        ),
    ]
    assert len(same) == 2


def test_a_service_that_is_known_beside_the_line() -> None:
    """One that answers itself, and one that defers, stand before who answers."""
    own, deferred = (
        chain_told(NUMBER, HOOK, Kind.WEBHOOK, service=served("campaigns", defers=defers))
        for defers in (False, True)
    )

    for chain in (own, deferred):
        assert [(link.what, link.state) for link in chain[1:]] == [
            ("Messaging Service", State.PASSES),
            ("Webhook", State.DECIDES),
        ]
    assert [own[1].why, deferred[1].why] == [
        "answers for all of its numbers",
        "defers to the sender's webhook",
    ]
