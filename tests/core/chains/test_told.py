"""The chain of a number of which only a line is known: it says no more than the line does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from vapi_sms.core.chains.links import Place, State
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


@pytest.mark.parametrize(
    ("observed", "kind", "links"),
    [
        (found(), Kind.WEBHOOK, [("URL", State.DECIDES), ("Answers", State.DECIDES)]),
        (found(STUDIO), Kind.STUDIO_FLOW, [("URL", State.DECIDES), ("Answers", State.DECIDES)]),
        (found(Handler.twiml_bin(EH)), Kind.TWIML_BIN, [("URL", State.DECIDES), ("Answers", State.DECIDES)]),
        (found(Handler.proxy(KS)), Kind.PROXY, [("URL", State.DECIDES), ("Answers", State.DECIDES)]),
        (
            found(Handler.function("https://a-1.twil.io/b")),
            Kind.FUNCTION,
            [("URL", State.DECIDES), ("Answers", State.DECIDES)],
        ),
        (found(DEMO), Kind.DEMO, [("URL", State.DECIDES), ("Answers", State.DECIDES)]),
        (found(TWIML_APP), Kind.TWIML_APP, [("TwiML App", State.DECIDES)]),
        (found(NOTHING), Kind.NOTHING, [("Answers", State.BROKEN)]),
        (found(BY_HAND), Kind.NO_TEXTS, [("URL", State.DECIDES), ("Answers", State.BROKEN)]),
        (found(EXECUTIONS), Kind.EXECUTIONS, [("URL", State.DECIDES), ("Answers", State.BROKEN)]),
        (
            found(AT_VAPI, settings=ANSWERED_BY_SUPPORT),
            Kind.VAPI,
            [("URL", State.DECIDES), ("Answers", State.DECIDES)],
        ),
        (
            found(AT_VAPI, settings=VapiSettings(squad_id=SQUAD)),
            Kind.VAPI,
            [("URL", State.DECIDES), ("Answers", State.DECIDES)],
        ),
        (
            found(AT_VAPI, settings=VapiSettings(workflow_id=WORKFLOW)),
            Kind.VAPI,
            [("URL", State.DECIDES), ("Answers", State.DECIDES)],
        ),
        (
            found(AT_VAPI, settings=VapiSettings()),
            Kind.VAPI,
            [("URL", State.DECIDES), ("Answers", State.BROKEN)],
        ),
        (found(AT_VAPI, settings=OFF), Kind.VAPI, [("URL", State.DECIDES), ("Answers", State.BROKEN)]),
        (found(AT_VAPI), Kind.VAPI, [("URL", State.DECIDES), ("Answers", State.BROKEN)]),
        (
            replace(found(), hidden_by=SERVICE),
            Kind.WEBHOOK,
            [("Messaging Service", State.DECIDES), ("Answers", State.DECIDES)],
        ),
        (
            replace(found(), hidden_by=replace(SERVICE, inbound_url=AT_VAPI.url)),
            Kind.VAPI,
            [("Messaging Service", State.DECIDES), ("Answers", State.DECIDES)],
        ),
        (
            replace(found(), hidden_by=replace(SERVICE, inbound_url="")),
            Kind.NOTHING,
            [("Messaging Service", State.DECIDES), ("Answers", State.BROKEN)],
        ),
        (
            replace(found(), hidden_by=replace(SERVICE, unread="no right to read it")),
            None,
            [("Answers", State.PASSES)],
        ),
    ],
)
def test_what_describe_writes_is_read_back(
    observed: Observed, kind: Kind | None, links: list[tuple[str, State]]
) -> None:
    """Each line that says who answers gives its kind and its chain."""
    line = who_answers_texts(observed, NAMES)

    chain = chain_told(NUMBER, line, kind_told(line))

    assert kind_told(line) is kind
    assert [(str(link.what), link.state) for link in chain] == [("Number", State.PASSES), *links]
    assert chain[-1].label in line


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

    assert [(link.label, link.state, link.why) for link in chain[3:]] == [
        (f"TwiML App {AP}", State.SKIPPED, "asked only where the one before fails"),
        (before, State.SKIPPED, "recorded, and put back on destroy"),
    ]
    assert len(same) == 3


def test_a_service_that_is_known_beside_the_line() -> None:
    """One that handles texts itself stands in the URL's place; one that defers, before it."""
    own, deferred = (
        chain_told(NUMBER, HOOK, Kind.WEBHOOK, service=served("campaigns", defers=defers))
        for defers in (False, True)
    )

    assert [(link.what, link.state) for link in own[1:]] == [
        (Place.SERVICE, State.DECIDES),
        (Place.ANSWER, State.DECIDES),
    ]
    assert [(link.what, link.state) for link in deferred[1:]] == [
        (Place.SERVICE, State.PASSES),
        (Place.URL, State.DECIDES),
        (Place.ANSWER, State.DECIDES),
    ]
    assert [own[1].why, deferred[1].why] == ["it handles texts itself", "it defers to its senders"]
