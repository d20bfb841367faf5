"""`prove`, `waves` and `share` as programs write them: what the engine keeps, and each mistake in one line."""

from __future__ import annotations

from typing import Any

import pytest
from vapi_sms import Prove
from vapi_sms.core.planning.waves import in_order
from vapi_sms.resources.inputs import contradictions
from vapi_sms.resources.inputs.contradictions import Contradiction
from vapi_sms.resources.inputs.entries import held, merged, with_proof

from tests.resources.program.test_program import clear, run

TEN = [f"+1415555010{n}" for n in range(10)]
WATCHED = {"assistant": "Support", "prove": Prove(within=60)}
WAYS = 'write a percentage such as "10%", or a count of numbers such as 25'


def test_what_is_said_is_kept_and_nothing_else() -> None:
    """In the engine's words; what is as if nothing were said is not there."""
    found = run(
        "    from vapi_sms import Prove\n"
        "    VapiSmsNumber('support', number='+14155550100', squad='Desk', prove=Prove(within=300, at_least=2))\n"
        "    VapiSmsNumber('plain', number='+14155550101', assistant='Support')\n"
        "    VapiSmsFleet('desks', numbers={'+14155550102': {}, '+14155550103': {'prove': Prove(before='Open?')}},\n"
        "                 defaults={'assistant': 'Support'}, prove=Prove(within=60, on_failure='keep'))"
    )

    assert found["support"]["prove"] == {"within": 300, "atLeast": 2}
    assert "prove" not in found["plain"]
    numbers = clear(found["desks"]["numbers"])
    assert numbers["+14155550102"]["prove"] == {"within": 60, "onFailure": "keep"}
    assert numbers["+14155550103"]["prove"] == {"before": "Open?"}
    assert {"waves", "share"}.isdisjoint(found["desks"])


def test_a_share_declares_the_first_numbers_alone() -> None:
    """Of the others the engine hears nothing, and its sibling records nothing; a reviewer reads one line."""
    found = run(
        f"    VapiSmsFleet('desks', numbers=dict.fromkeys({TEN!r}, {{'assistant': 'Support'}}), share='30%')"
    )

    first = sorted(in_order(TEN)[:3])
    assert sorted(clear(found["desks"]["numbers"])) == first
    assert sorted(clear(found["desks-original"]["numbers"])) == first
    assert found["desks"]["share"] == "30%: 3 of 10 numbers"


def test_a_number_that_is_held_back_is_declared_all_the_same() -> None:
    """Another resource must not declare it beside."""
    last = in_order(TEN)[-1]
    with pytest.raises(AssertionError, match="twice"):  # of the process that runs it
        run(
            f"    VapiSmsFleet('desks', numbers=dict.fromkeys({TEN!r}, {{'assistant': 'Support'}}), share=1)\n"
            f"    VapiSmsNumber('one', number='{last}', assistant='Support')"
        )


@pytest.mark.parametrize(
    ("prove", "told"),
    [
        ("always", "prove must be a Prove, such as Prove(within=300)"),
        ({"within": 3}, "prove must be a Prove, such as Prove(within=300)"),
        (True, "prove must be a Prove, such as Prove(within=300)"),
        (
            Prove(),
            "prove: proves nothing: say before=, the question to ask first, or within=, the seconds to watch",
        ),
        (Prove(within=0), "prove: within must be whole seconds from 1 to 86,400, such as 300"),
    ],
    ids=str,
)
def test_another_proof_is_a_mistake(prove: object, told: str) -> None:
    """Told where the resource is made."""
    given = {"number": "+14155550100", "assistant": "Support", "prove": prove}

    with pytest.raises(Contradiction) as caught:
        contradictions.refuse_number("support", {**dict.fromkeys(("twilioSid", "squad")), **given})

    assert str(caught.value) == f"support: {told}"


@pytest.mark.parametrize(
    ("entry", "pace", "told"),
    [
        (WATCHED, {"waves": ["1%", "100%"]}, ""),
        ({"assistant": "Support", "smsEnabled": False}, {"waves": ["1%", "100%"]}, ""),
        (
            {"assistant": "Support"},
            {"waves": ["1%", "100%"]},
            (
                "each wave is proven before the next: say prove=Prove(within=300), of +14155550100, +14155550101, "
                "+14155550102 and 7 others too"
            ),
        ),
        (
            WATCHED,
            {"waves": ["10%"]},
            "the last wave, '10%', leaves numbers out: end with \"100%\", or hold the fleet with share=",
        ),
        (WATCHED, {"share": "some"}, f"share: 'some' says not how many: {WAYS}"),
        (WATCHED, {"share": 0}, f"share: 0 says not how many: {WAYS}"),
    ],
    ids=["proven", "texts off", "unproven", "not all", "no share", "nobody"],
)
def test_a_pace_that_means_nothing_is_a_mistake(
    entry: dict[str, Any], pace: dict[str, Any], told: str
) -> None:
    """Each in one line."""
    entries = dict.fromkeys(TEN, entry)
    whole = {"waves": None, "share": None, **pace}
    if not told:
        contradictions.refuse_pace("desks", entries, **whole)
        return

    with pytest.raises(Contradiction) as caught:
        contradictions.refuse_pace("desks", entries, **whole)

    assert str(caught.value) == f"desks: {told}"


def test_a_larger_share_only_adds() -> None:
    """However the file is ordered."""
    entries = merged("desks", {key: {"assistant": "Support"} for key in TEN}, {})
    smaller, larger = held(entries, "20%"), held(dict(reversed(entries.items())), "50%")

    assert (len(smaller), len(larger)) == (2, 5)
    assert smaller.keys() <= larger.keys()


def test_proof_is_said_once() -> None:
    """As an argument, or as a default."""
    with pytest.raises(Contradiction, match="prove= is in defaults too: leave one of them out"):
        with_proof("desks", {"prove": Prove(within=3)}, Prove(within=3))
