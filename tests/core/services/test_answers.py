"""Who answers a pool before and after: told in few lines, and refused where somebody would notice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from vapi_sms.core.errors import Refusal
from vapi_sms.core.inert import Line
from vapi_sms.core.routings.routing import GET, Routing
from vapi_sms.core.services.answers import answer_lines, answers, inbound_line, original_line
from vapi_sms.core.services.plan import (
    SetInbound,
    left_alone,
    plan_restore,
    plan_service,
    refuse_changed,
    refuse_stale_service,
    service_drift,
)
from vapi_sms.core.services.pool import Inbound, PoolReading, ServiceOriginal, ServiceWish
from vapi_sms.core.values import Observed

from tests.core.samples import (
    ANSWERED_BY_SUPPORT,
    AP,
    AT_VAPI,
    DEMO,
    FW,
    NAMES,
    NOTHING,
    OLD_APP,
    STUDIO,
    TWIML_APP,
    vapi,
)
from tests.core.services.test_pool import HANDLER, KEEP, MG, OTHER_HANDLER, number, pool, record

ITSELF = ServiceWish(defers=False)
OURS = "Webhook https://app.example.com/service?token=***"


def told(reading: PoolReading, wish: ServiceWish, original: ServiceOriginal | None = None) -> list[Line]:
    """Return the lines that a preview shows."""
    return answer_lines(answers(reading, wish, original or record(), NAMES), 0)


def refusal(reading: PoolReading, wish: ServiceWish, original: ServiceOriginal | None = None) -> str:
    """Return why it is refused; a line without a secret."""
    original = original or record()
    with pytest.raises(Refusal) as caught:
        refuse_changed(reading, answers(reading, wish, original, NAMES), wish, original)
    assert "canary" not in str(caught.value)
    assert caught.value.subject == MG
    return str(caught.value)


def test_a_pool_of_400_is_told_in_few_lines() -> None:
    """Equal answers are counted; every number is named that goes somewhere else."""
    own = [STUDIO] * 386 + [HANDLER] * 4
    wish = ServiceWish(
        keep_others=True, declared=frozenset(number(last, STUDIO).number for last in range(10))
    )

    lines = answer_lines(answers(pool(*own), wish, record(), NAMES), 10)

    assert lines == [
        f"10 numbers answered by {OURS}, then as declared for each:",
        (
            "  +14155550000, +14155550001, +14155550002, +14155550003, +14155550004, +14155550005, +14155550006, "
            "+14155550007"
        ),
        "  +14155550008, +14155550009",
        f"376 numbers answered by {OURS}, before and after: it is written onto each first",
        f"4 numbers answered by {OURS}, before and after",
        "10 numbers cannot receive texts",
    ]


def test_a_service_that_defers_already_changes_nothing() -> None:
    """Each number's own handler answers, Vapi's assistants by name."""
    reading = pool(STUDIO, NOTHING, AT_VAPI, defers=True)
    reading = replace(
        reading, numbers=(*reading.numbers[:2], Observed(number(2, AT_VAPI), vapi(ANSWERED_BY_SUPPORT)))
    )

    assert told(reading, ServiceWish()) == [
        f"1 number answered by Studio Flow {FW}, before and after",
        "1 number answered by nobody, before and after",
        "1 number answered by Vapi assistant Support, before and after",
    ]


def test_a_service_that_answers_again_is_told_number_by_number() -> None:
    """Those with its handler as their own stay as they are."""
    assert told(pool(HANDLER, STUDIO, NOTHING, defers=True), ITSELF) == [
        f"1 number answered by Studio Flow {FW}, then by {OURS}:",
        "  +14155550001",
        f"1 number answered by nobody, then by {OURS}:",
        "  +14155550002",
        f"1 number answered by {OURS}, before and after",
    ]


def test_a_service_without_a_url_answers_by_nobody() -> None:
    """Whatever fallback it has: Twilio drops the text."""
    reading = pool(STUDIO, handler=Routing("", GET, "https://spare.example.com", GET))

    assert told(reading, KEEP, record(handler=reading.service.inbound.handler)) == [
        "1 number answered by nobody, before and after: it is written onto each first"
    ]


def test_the_same_handler_with_another_fallback_is_another_answer() -> None:
    """The line says what is different."""
    own = replace(HANDLER, fallback_url="https://app.example.com/other?key=canary")

    assert told(pool(own), ServiceWish()) == [
        (
            f"1 number answered by {OURS}, then by {OURS}, but fallback_url is https://app.example.com/other?key=***, "
            "not https://app.example.com/spare:"
        ),
        "  +14155550000",
    ]


def test_numbers_that_nobody_declared_are_refused() -> None:
    """They are named with who would answer, the first of them, and both ways out are told."""
    assert refusal(pool(STUDIO, HANDLER, TWIML_APP), ServiceWish()) == (
        f"Messaging Service Campaigns ({MG}) answers texts to its numbers itself, by {OURS}. If it defers, 2 numbers "
        f"that nobody declares here would be answered by somebody else (+14155550000: Studio Flow {FW}; +14155550002: "
        f"TwiML App {AP}). Declare them in this program with messaging_service=, or write keep_others=True: then the "
        "service's handler is written onto them first, and nobody notices"
    )
    assert "+14155550009: nobody; and 2 more)" in refusal(pool(*[NOTHING] * 12), ServiceWish())


def test_declared_and_kept_numbers_are_not_refused() -> None:
    """Nor are those whose own routing is the service's; a number is declared by its SID as well."""
    sid = ServiceWish(declared=frozenset([number(0, STUDIO).sid]))
    for wish in (sid, KEEP):
        reading = pool(STUDIO, HANDLER)
        refuse_changed(reading, answers(reading, wish, record(), NAMES), wish, record())


def test_a_service_found_deferring_does_not_answer_itself_over_others() -> None:
    """No handler on a number could help: the service hides it. Back to what was found is no news."""
    reading = pool(STUDIO, defers=True)

    assert refusal(reading, ITSELF, record(defers=True)) == (
        f"Messaging Service Campaigns ({MG}) was found deferring to its numbers' own webhooks. If it answers itself, 1 "
        f"number would be answered by somebody else (+14155550000: {OURS}). Write defer_to_sender=True, or change "
        "the service in Twilio's Console"
    )
    refuse_changed(reading, answers(reading, ITSELF, record(), NAMES), ITSELF, record())


def test_numbers_at_vapi_are_not_hidden_again() -> None:
    """Neither by a restore nor by a change of mind; a service whose own handler is Vapi's hides nothing."""
    reading = pool(AT_VAPI, HANDLER, defers=True)
    line = (
        f"Messaging Service Campaigns ({MG}) would hide +14155550000 again, whose texts are handed to Vapi: Vapi would "
        "never see one. First let go of what declares them (in another stack, too), or write sms_enabled=False there; "
        "or leave the service deferring for good, with retain_on_delete=True"
    )

    with pytest.raises(Refusal) as restoring:
        plan_restore(reading, record(STUDIO))
    with pytest.raises(Refusal) as changing:
        plan_service(reading, ITSELF, record(STUDIO))

    assert (str(restoring.value), str(changing.value)) == (line, line)
    assert plan_restore(pool(AT_VAPI, defers=True), record(defers=True)).is_empty
    assert plan_restore(pool(AT_VAPI), record()).is_empty
    assert plan_restore(pool(AT_VAPI, defers=True, handler=AT_VAPI), record(handler=AT_VAPI)).inbound


def test_a_service_with_another_handler_than_recorded_is_refused() -> None:
    """What would be put back later is not what answers now; empty and equal go on, as does one that defers."""
    with pytest.raises(Refusal) as caught:
        refuse_stale_service(pool(handler=OTHER_HANDLER), record())
    assert str(caught.value) == (
        f"texts to Messaging Service Campaigns ({MG}) are answered by Webhook https://new.example.com/service, but the "
        f"recorded original is {OURS} (fallback Webhook https://app.example.com/spare): somebody changed it since. "
        "Put the recorded one back in Twilio's Console; or, to take the new one, remove this resource, `pulumi up`, "
        "and declare it again"
    )
    with pytest.raises(Refusal, match=r"\(method is POST, not GET\), but the recorded"):
        refuse_stale_service(pool(handler=replace(HANDLER, method="POST")), record())
    for same in (pool(), pool(handler=NOTHING), pool(handler=OTHER_HANDLER, defers=True)):
        refuse_stale_service(same, record())


def test_drift_is_told_by_who_decides_first() -> None:
    """A service that somebody let answer again; then a handler that sleeps, and is another one by now."""
    assert service_drift(pool(), ServiceWish(), record()) == [
        f"texts are answered by {OURS}, not by each number's own webhook"
    ]
    assert service_drift(
        pool(defers=True, handler=OTHER_HANDLER), ServiceWish(), record(handler=OLD_APP)
    ) == [
        "the service's own url is https://new.example.com/service, not https://app.example.com/sms?token=***"
    ]
    assert service_drift(pool(defers=True), ServiceWish(), record()) == []


def test_what_a_restore_leaves_is_told() -> None:
    """A service and a number that somebody else set since, with what was recorded of each."""
    reading = pool(OLD_APP, HANDLER, defers=True, handler=OTHER_HANDLER)

    assert left_alone(reading, record(DEMO, DEMO)) == [
        (
            f"Messaging Service Campaigns ({MG}) keeps Webhook https://new.example.com/service, which is not ours; the "
            f"recorded original was {OURS} (fallback Webhook https://app.example.com/spare)"
        ),
        (
            "texts of +14155550000 itself stay with Webhook https://app.example.com/sms?token=***, which is not ours; "
            "the recorded original was Twilio's demo reply"
        ),
    ]
    assert left_alone(pool(HANDLER, defers=True), record(DEMO)) == []


def test_records_and_steps_are_told_in_a_line() -> None:
    """Without a secret."""
    step = SetInbound(pool().service, Inbound(defers=True, handler=HANDLER))

    assert (
        str(step) == f"texts to Messaging Service Campaigns ({MG}) from {OURS} to each number's own webhook"
    )
    assert original_line(record()) == f"texts: {OURS} (fallback Webhook https://app.example.com/spare)"
    assert original_line(record(DEMO, STUDIO)).endswith(
        "; own routings of 2 numbers that get the service's handler"
    )
    assert original_line(record(defers=True)) == "texts: each number's own webhook"
    assert original_line(record(handler=NOTHING)) == "texts: nobody"
    assert inbound_line(Inbound(defers=False, handler=NOTHING)) == "nobody"
    assert str(record().as_found) == str(record()) == f"Messaging Service Campaigns ({MG})"


def test_a_service_is_read_by_what_doctor_asks_of_it() -> None:
    """Whether it defers, and what it calls itself."""
    service = pool(defers=True).service

    assert (service.defers, service.inbound_url) == (True, HANDLER.url)
    assert service.fallback_url == "https://app.example.com/spare"
