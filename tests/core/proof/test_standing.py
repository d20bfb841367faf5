"""What a switch has to be proven for, what was demanded, and how far its proof is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from vapi_sms.core.planning.goals import Goal, Presence
from vapi_sms.core.planning.plan import DeleteFromVapi, ImportNumber, Plan, RouteNumber, Step, UpdateVapi
from vapi_sms.core.proof.demand import Prove
from vapi_sms.core.proof.evidence import MESSAGES, Customer, Evidence, Reply, Session, Subject, Text
from vapi_sms.core.proof.standing import Standing, Switched, is_to_prove, standings
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.routings.shapes import TEXTS
from vapi_sms.core.values import Observed, VapiSettings

from tests.core.samples import twilio, vapi

NUMBER, OTHER = "+14155550100", "+14155550101"
CUSTOMER = Customer("+12125550123")
SINCE = 1_000_000
SUBJECT = Subject(NUMBER, record_id="record", assistant_id="assistant")
TEXT = Text("SM1", NUMBER, CUSTOMER, SINCE + 10)
REPLY = Reply("SM2", NUMBER, CUSTOMER, SINCE + 12)
SESSION = Session("record", CUSTOMER, SINCE + 12, "assistant")
AT_VAPI = Routing("https://api.vapi.ai/twilio/sms")
ON = VapiSettings(assistant_id="a")
RECORD = vapi(ON)


def standing(evidence: Evidence, prove: Prove, subject: Subject = SUBJECT) -> Standing:
    """Judge one number."""
    ((found, _),) = standings([Switched(subject, prove, SINCE)], evidence)
    return found


def seen(until: int, *, reply: bool = True, text: Text = TEXT) -> Evidence:
    """Give what is seen after so many seconds."""
    return Evidence(SINCE, SINCE + until, (text,), (REPLY,) if reply else (), (), (SESSION,) if reply else ())


@pytest.mark.parametrize(
    ("evidence", "prove", "found"),
    [
        (seen(13), Prove(within=60), Standing.SURE),
        (seen(13), Prove(within=60, at_least=2), Standing.OPEN),
        (seen(61), Prove(within=60, at_least=2), Standing.SILENT),
        (seen(13, reply=False), Prove(within=60), Standing.OPEN),
        (seen(71, reply=False), Prove(within=60), Standing.FAILED),
        (seen(129, reply=False), Prove(within=300), Standing.OPEN),
        (seen(131, reply=False), Prove(within=300), Standing.FAILED),
        (seen(65, reply=False, text=replace(TEXT, at=SINCE + 59)), Prove(within=60), Standing.OPEN),
        (seen(500, reply=False, text=replace(TEXT, at=SINCE + 61)), Prove(within=60), Standing.SILENT),
        (seen(500, reply=False, text=replace(TEXT, at=SINCE - 1)), Prove(within=60), Standing.SILENT),
        (seen(500, reply=False, text=replace(TEXT, number=OTHER)), Prove(within=60), Standing.SILENT),
        (Evidence(SINCE, SINCE + 9, unread={MESSAGES: "no"}), Prove(within=60), Standing.OPEN),
        (Evidence(SINCE, SINCE + 61, unread={MESSAGES: "no"}), Prove(within=60), Standing.SILENT),
    ],
)
def test_a_proof_is_as_far_as_its_texts(evidence: Evidence, prove: Prove, found: Standing) -> None:
    """A text has two minutes, or as long as is watched where that is less; one of before or after counts not."""
    assert standing(evidence, prove) is found


def test_numbers_with_different_patience_are_judged_by_their_own() -> None:
    """One reading is enough for all."""
    short, long = Prove(within=20), Prove(within=300)
    other = Switched(replace(SUBJECT, number=OTHER), long, SINCE)
    evidence = seen(40, reply=False)

    found = standings([Switched(SUBJECT, short, SINCE), other], evidence)

    assert [each for each, _ in found] == [Standing.FAILED, Standing.OPEN]


@pytest.mark.parametrize(
    ("steps", "is_proven"),
    [
        ([ImportNumber(NUMBER, ON)], True),
        ([RouteNumber(twilio(), messaging=AT_VAPI, voice=None)], True),
        ([RouteNumber(twilio(), messaging=None, voice=None)], False),
        ([UpdateVapi(RECORD, replace(ON, name="Desk"), hands_key=False)], False),
        ([UpdateVapi(RECORD, replace(ON, assistant_id="b"), hands_key=False)], True),
        ([DeleteFromVapi(RECORD)], False),
        ([], False),
    ],
)
def test_what_lets_somebody_else_answer_is_proven(steps: list[Step], is_proven: bool) -> None:
    """A new name or calls alone are not."""
    goal = Goal(AT_VAPI, None, ON, at_vapi=frozenset({TEXTS}))

    assert is_to_prove(Plan(Observed(twilio()), goal, tuple(steps))) is is_proven


@pytest.mark.parametrize(
    "goal",
    [
        Goal(AT_VAPI, None, Presence.ABSENT),
        Goal(AT_VAPI, None, replace(ON, sms_enabled=False), at_vapi=frozenset({TEXTS})),
        Goal(AT_VAPI, None, ON),
    ],
    ids=["given back", "texts off", "texts elsewhere"],
)
def test_a_way_back_proves_nothing(goal: Goal) -> None:
    """Vapi is not to answer there."""
    assert not is_to_prove(Plan(Observed(twilio()), goal, (ImportNumber(NUMBER, ON),)))


@pytest.mark.parametrize(
    ("prove", "told"),
    [
        (Prove(before="Open?", within=300, at_least=2), []),
        (
            Prove(),
            ["proves nothing: say before=, the question to ask first, or within=, the seconds to watch"],
        ),
        (Prove(before=" "), ["before must be a question of 1 to 1,000 characters"]),
        (Prove(before="x" * 1001), ["before must be a question of 1 to 1,000 characters"]),
        (Prove(within=0), ["within must be whole seconds from 1 to 86,400, such as 300"]),
        (Prove(within=86_401), ["within must be whole seconds from 1 to 86,400, such as 300"]),
        (Prove(within=True), ["within must be whole seconds from 1 to 86,400, such as 300"]),
        (Prove(within=5, at_least=0), ["at_least must be a whole number of texts, 1 or more"]),
        (Prove(within=5, on_failure="stay"), ["on_failure must be 'restore' or 'keep'"]),  # type: ignore[arg-type] # told
        (Prove(within=5, on_silence="stay"), ["on_silence must be 'restore' or 'keep'"]),  # type: ignore[arg-type] # told
    ],
)
def test_a_demand_that_means_nothing_is_told(prove: Prove, told: list[str]) -> None:
    """In the words of who wrote it."""
    assert list(prove.mistakes()) == told


@pytest.mark.parametrize(
    ("prove", "told"),
    [
        (Prove(before="Open?"), ""),
        (
            Prove(within=300),
            (
                "proof: after the switch texts are watched until 1 text to a number is answered, for 300 s at most; a "
                "number with an unanswered text is put back, one without enough texts stays."
            ),
        ),
        (
            Prove(within=1, on_silence="restore"),
            (
                "proof: after the switch texts are watched until 1 text to a number is answered, for 1 s at most; a "
                "number with an unanswered text, or without enough texts, is put back."
            ),
        ),
        (
            Prove(within=7200, at_least=3, on_failure="keep", on_silence="restore"),
            (
                "proof: after the switch texts are watched until 3 texts to a number are answered, for 7,200 s at "
                "most; a number with an unanswered text stays, and `up` fails, one without enough texts is put back. "
                "That is more than an hour, for which `up` holds the stack: nobody else can run one."
            ),
        ),
    ],
)
def test_a_preview_can_say_what_is_waited_for(prove: Prove, told: str) -> None:
    """What is asked depends on the number."""
    assert " ".join(prove.announced) == told
