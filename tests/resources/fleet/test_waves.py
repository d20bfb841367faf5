"""A fleet in waves: each is proven before the next, one that fails is put back, and a share holds the rest."""

from __future__ import annotations

from typing import Any

import pytest
from vapi_sms import Prove
from vapi_sms.core.planning.waves import in_order
from vapi_sms.sandbox import RunningSandbox

from tests.resources.customers import once_at_vapi, paths, texting
from tests.resources.evidence import standing, written
from tests.resources.fleet_stack import CHANGED, SAME, FleetStack
from tests.resources.provider import ProviderError
from tests.sandbox.world import (
    BIN,
    FUNCTION,
    PROXY,
    SENDER,
    STUDIO,
    VAPI_SMS,
    WEBHOOK,
    seed,
)

FIVE = in_order([WEBHOOK, STUDIO, BIN, FUNCTION, PROXY])
WAVES = [1, "60%", "100%"]


def fleet(prove: Prove, **more: Any) -> dict[str, Any]:
    """Declare the five in waves of one, two and two."""
    numbers = {number: {"assistant": "Support", "prove": prove} for number in FIVE}
    return {"numbers": numbers, "waves": WAVES, **more}


def at_vapi(sandbox: RunningSandbox) -> list[str]:
    """Give the numbers that Vapi answers, in the order of the waves."""
    return [number for number in FIVE if sandbox.number(number)["sms_url"] == VAPI_SMS]


def told_by(stack: FleetStack) -> str:
    """Give all that people were told by the newest process."""
    return "\n".join(stack.provider.stderr())


def test_each_wave_is_proven_before_the_next(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """One answered text each; then all are switched, an `up` has nothing to do, and destroy gives all back."""
    before, seen = standing(sandbox), []
    with (
        once_at_vapi(sandbox, FIVE[0], lambda: seen.append(at_vapi(sandbox))),
        texting(sandbox, *FIVE),
    ):
        stack.up(**fleet(Prove(within=30)))

    assert seen[0] == FIVE[:1]
    assert at_vapi(sandbox) == FIVE
    assert told_by(stack).count("1 text answered") == len(FIVE)
    sandbox.clear_journal()
    assert stack.up(**fleet(Prove(within=30))) == SAME
    assert written(sandbox) == []
    stack.destroy()
    assert standing(sandbox) == before


def test_a_wave_that_fails_goes_back_whole(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """The earlier wave stays, the later one is untouched; the error says how far it came, and `up` goes on there."""
    before = standing(sandbox)
    second = FIVE[1]

    def falls_silent() -> None:
        sandbox.behaviour(webhook_fails=True)
        sandbox.text(SENDER, second)

    with (
        texting(sandbox, FIVE[0]),
        once_at_vapi(sandbox, second, falls_silent),
        pytest.raises(ProviderError, match="wave 2 of 3") as failed,
    ):
        stack.up(**fleet(Prove(within=4)))

    text = str(failed.value)
    assert (
        "wave 2 of 3 (2 numbers) failed; what waves before it switched stays; 2 numbers of later waves"
        in text
    )
    assert f"{second}: the proof failed: 1 of 1 texts: no reply (11200" in text
    assert f"{FIVE[2]}: the proof failed: that of {second}, which was switched with it" in text
    assert "2 of 5 numbers failed (1 is as declared)" in text
    assert at_vapi(sandbox) == FIVE[:1]
    sandbox.behaviour(webhook_fails=False)
    sandbox.clear_journal()
    stack.up(**fleet(Prove(within=1)))
    assert at_vapi(sandbox) == FIVE
    assert not [line for line in written(sandbox) if FIVE[0][1:] in line]
    stack.destroy()
    assert standing(sandbox) == before


def test_a_silent_assistant_takes_no_number_of_its_wave(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """It is asked once for all of them, and nothing is written."""
    before = standing(sandbox)
    sandbox.behaviour(no_card=True)
    sandbox.clear_journal()

    with pytest.raises(ProviderError, match="wave 1 of 3") as refused:
        stack.up(**fleet(Prove(before="Are you open?", within=1)))

    assert "4 numbers of later waves are untouched" in str(refused.value)
    assert standing(sandbox) == before
    assert paths(sandbox.journal(), "POST") == ["/chat"]


def test_without_waves_a_number_goes_back_alone(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """Each number is proven by itself; the others stay."""
    numbers = fleet(Prove(within=4))["numbers"]
    with (
        once_at_vapi(sandbox, FIVE[3], lambda: _unanswered(sandbox, FIVE[3])),
        pytest.raises(ProviderError, match=r"1 of 5 numbers failed \(4 are as declared\)"),
    ):
        stack.up(numbers=numbers)

    assert at_vapi(sandbox) == [number for number in FIVE if number != FIVE[3]]


def _unanswered(sandbox: RunningSandbox, number: str) -> None:
    sandbox.behaviour(replies_lost=True)
    sandbox.text(SENDER, number)


def test_other_waves_write_nothing(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """How fast is no matter of what is there; a reviewer sees the line all the same."""
    stack.up(**fleet(Prove(within=1)))
    sandbox.clear_journal()

    assert stack.up(**fleet(Prove(within=1), waves=["10%", "100%"])) == CHANGED
    assert written(sandbox) == []
    assert stack.fleet["waves"] == ["10%", "100%"]
    assert "vapi-sms: prod" not in told_by(stack)


def test_a_preview_names_the_waves(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """And what proves them; it writes nothing."""
    stack.preview(**fleet(Prove(before="Are you open?", within=60)))

    told = told_by(stack)
    assert "in waves of 1 (1 number), 60% (2 numbers), 100% (2 numbers), each proven before the next" in told
    assert "proof: after the switch texts are watched until 1 text to a number is answered, for 60 s" in told
    assert {entry["method"] for entry in sandbox.journal()} <= {"GET"}


def test_a_preview_says_where_two_percentages_are_the_same_numbers(
    sandbox: RunningSandbox, stack: FleetStack
) -> None:
    """Of five numbers a percent is one, and so are ten: the second wave is none, and the first failing one says so."""
    waves = ["1%", "10%", "100%"]
    stack.preview(**fleet(Prove(within=1), waves=waves))
    assert (
        "in waves of 1% (1 number), 10% (no number more), 100% (4 numbers), each proven before the next"
        in told_by(stack)
    )
    sandbox.behaviour(no_card=True)

    with pytest.raises(ProviderError, match=r"wave 1 of 3 \(1 number\) failed; 4 numbers of later waves are"):
        stack.up(**fleet(Prove(before="Are you open?", within=1), waves=waves))


def test_a_wave_counts_the_numbers_that_were_not_as_declared(
    sandbox: RunningSandbox, stack: FleetStack
) -> None:
    """One of its two was switched before, and is neither proven again nor put back."""
    numbers = fleet(Prove(before="Are you open?", within=1))["numbers"]
    stack.up(numbers={FIVE[1]: numbers[FIVE[1]]})
    sandbox.behaviour(no_card=True)

    with pytest.raises(ProviderError, match=r"wave 1 of 2 \(1 number\) failed; 3 numbers of later waves are"):
        stack.up(numbers=numbers, waves=[2, "100%"])

    assert at_vapi(sandbox) == [FIVE[1]]


def test_a_faulty_assistant_takes_ten_of_a_thousand(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """For the length of one wave; all ten are back by themselves, and nobody else was touched."""
    thousand = [f"+1415556{n:04}" for n in range(1000)]
    crowded = seed()
    everyone = {"range": {"from": thousand[0], "count": 1000}, "sms_url": "https://old.example/{number}"}
    crowded["twilio"]["accounts"][0]["numbers"].append(everyone)
    sandbox.reset(crowded)
    sandbox.behaviour(webhook_fails=True)
    before, first = standing(sandbox), in_order(thousand)[0]
    numbers = {number: {"assistant": "Support", "prove": Prove(within=3)} for number in thousand}
    sandbox.clear_journal()

    with texting(sandbox, first), pytest.raises(ProviderError, match=r"wave 1 of 3 \(10 numbers\)") as failed:
        stack.up(numbers=numbers, waves=["1%", "10%", "100%"])

    assert "990 numbers of later waves are untouched" in str(failed.value)
    taken = {line for line in written(sandbox) if "IncomingPhoneNumbers" in line}
    assert len(taken) == 10
    assert standing(sandbox) == before
