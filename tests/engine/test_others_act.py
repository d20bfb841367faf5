"""Others act while a run is at it: nobody's change is lost without a word, and no original either."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.stack import errors
from tests.engine.test_fleet import fleet, program
from tests.engine.world import (
    AC,
    FOREIGN,
    KEY,
    KEY_SECRET,
    OLD_APP,
    SPARES,
    STUDIO,
    STUDIO_FLOW,
    SUB_AC,
    SUPPORT_ON_WEBHOOK,
    WEBHOOK,
)

if TYPE_CHECKING:
    from tests.engine.project import Run, Running
    from tests.engine.stack import Stack

ONE_AT_A_TIME = {"VAPI_SMS_CONCURRENCY": "1", "VAPI_SMS_READING_SECONDS": "1"}
LAG_MS = 12_000
FORTY = SPARES[:40]


def rerouted_while_it_runs(stack: Stack, command: str, first: str, last: str) -> Run:
    """Hold the run at its first number until its reading is old, and route its last number elsewhere meanwhile."""
    path = f"*/IncomingPhoneNumbers/{stack.number(first)['sid']}.json"
    stack.sandbox.fault(vendor="twilio", method="POST", path=path, hold="before")
    running: Running = stack.project.start(command)
    stack.wait_for_held()
    stack.sandbox.outside_number(last, sms_url=FOREIGN)
    stack.wait(1.5)
    stack.sandbox.release("go")
    stack.sandbox.clear_faults()
    ran = running.wait()
    stack.runs.append(ran)
    return ran


def test_up_overwrites_nothing_that_changed_while_it_ran(stack: Stack) -> None:
    """A fleet of 40, one call at a time: the number routed elsewhere meanwhile is refused by name."""
    program(stack, fleet(FORTY))
    with stack.with_env(**ONE_AT_A_TIME):
        stack.sandbox.fault(vendor="vapi", method="POST", path="/phone-number", hold="before")
        running = stack.project.start("up")
        stack.wait_for_held()
        stack.sandbox.outside_number(FORTY[-1], sms_url=FOREIGN)
        stack.wait(1.5)
        stack.sandbox.release("go")
        ran = running.wait()

    assert ran.code != 0
    assert f"1 of 40 numbers failed (39 are as declared): texts to {FORTY[-1]} are answered by" in errors(ran)
    assert stack.number(FORTY[-1])["sms_url"] == FOREIGN
    assert stack.answers(FORTY[0]) == "Vapi assistant Support"

    stack.destroy()
    after = stack.snapshot()
    assert after["numbers"].pop(FORTY[-1])["sms_url"] == FOREIGN
    del stack.before["numbers"][FORTY[-1]]
    assert after == stack.before


def test_destroy_overwrites_nothing_that_changed_while_it_ran(stack: Stack) -> None:
    """The number that was routed elsewhere while the others were put back keeps its new routing, and that is told."""
    program(stack, fleet(FORTY))
    stack.up()
    with stack.with_env(**ONE_AT_A_TIME):
        ran = rerouted_while_it_runs(stack, "destroy", FORTY[0], FORTY[-1])

    assert ran.code == 0, ran.text
    assert f"texts to {FORTY[-1]} stay" in ran.text, ran.text
    after = stack.snapshot()
    assert after["numbers"].pop(FORTY[-1])["sms_url"] == FOREIGN
    del stack.before["numbers"][FORTY[-1]]
    assert after == stack.before


def test_destroy_right_after_up_gives_all_back_though_readings_lag(stack: Stack) -> None:
    """Twelve seconds behind, readings show what was before `up`; what was written and proved counts for more."""
    stack.declare(SUPPORT_ON_WEBHOOK, f'VapiSmsNumber("studio", number="{STUDIO}", assistant="Support")')
    stack.up()
    stack.sandbox.behaviour(reads_lag_ms={"twilio": LAG_MS, "vapi": LAG_MS})

    stack.destroy()

    stack.sandbox.behaviour(reads_lag_ms={"twilio": 0, "vapi": 0})
    assert stack.snapshot() == stack.before
    assert (stack.answers(WEBHOOK), stack.answers(STUDIO)) == (OLD_APP, STUDIO_FLOW)


def test_every_reading_asks_caches_to_stay_out(stack: Stack) -> None:
    """With caches between that only such requests pass, `destroy` right after `up` sees what is."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.sandbox.behaviour(cached_reads_ms={"twilio": LAG_MS, "vapi": LAG_MS})
    stack.up()
    stack.settled()

    stack.destroy()

    assert stack.snapshot() == stack.before


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_answer_about_another_number_is_not_believed(stack: Stack, method: str) -> None:
    """Answered with another SID's record, `destroy` fails, and B never gets the original of A."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    sid, other = stack.number(WEBHOOK)["sid"], stack.number(STUDIO)["sid"]
    path = f"*/IncomingPhoneNumbers/{sid}.json"
    stack.sandbox.fault(vendor="twilio", method=method, path=path, answers_for=other, count=None)

    told = errors(stack.fail("destroy", "--yes", "--skip-preview"))

    assert "the answer is about another one" in told, told
    assert stack.snapshot()["numbers"][STUDIO] == stack.before["numbers"][STUDIO]
    stack.sandbox.clear_faults()
    stack.destroy()
    assert stack.snapshot() == stack.before


def moved_into_a_subaccount(stack: Stack) -> None:
    """Let the number of WEBHOOK move, while it is switched, to a subaccount."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    stack.sandbox.outside_move(WEBHOOK, SUB_AC)


WITH_A_KEY = {"TWILIO_API_KEY": KEY, "TWILIO_API_SECRET": KEY_SECRET}


def is_back_there(stack: Stack) -> bool:
    """Tell whether the original stands on the number, wherever it is."""
    was = stack.before["numbers"][WEBHOOK]
    return all(stack.number(WEBHOOK)[field] == was[field] for field in ("sms_url", "sms_method", "voice_url"))


def test_a_number_that_moved_to_a_subaccount_is_put_back_there(stack: Stack) -> None:
    """The main account's token sees where it is; refresh drops nothing; Vapi's record goes once texts are back."""
    moved_into_a_subaccount(stack)
    stack.refresh()
    assert "support" in stack.resources()

    told = stack.destroy().text

    assert f"moved to Twilio account {SUB_AC}" in told, told
    assert is_back_there(stack)
    assert stack.snapshot()["vapi"] == stack.before["vapi"]


def test_a_number_that_is_nowhere_keeps_its_record_until_a_way_out_is_taken(stack: Stack) -> None:
    """An API key sees no subaccount: destroy fails with the original and the ways out, and each of them works."""
    with stack.with_env(**WITH_A_KEY, TWILIO_AUTH_TOKEN=None):
        moved_into_a_subaccount(stack)
        held = stack.vapi()
        told = stack.refused("destroy")
        assert "is not on Twilio account" in told, told
        assert "it may have moved, so it is still recorded" in told
        assert "old.example.com/sms" in told
        for way in (
            f"credentials of {AC} that see where it is",
            "`vapi-sms restore --to-account`",
            f"VAPI_SMS_RELEASED={WEBHOOK}",
        ):
            assert way in told, told
        stack.refresh()
        assert "support" in stack.resources()
        assert stack.vapi() == held

    stack.destroy()  # the first way out: credentials that see it
    assert is_back_there(stack)
    assert stack.snapshot()["vapi"] == stack.before["vapi"]


def test_a_number_that_was_released_is_let_go_when_that_is_said(stack: Stack) -> None:
    """Nobody can see that from here, so a person says it; our own import is cleaned up by its id."""
    stack.declare(SUPPORT_ON_WEBHOOK, f'VapiSmsNumber("studio", number="{STUDIO}", assistant="Support")')
    stack.up()
    stack.sandbox.outside_release(WEBHOOK)

    told = errors(stack.fail("destroy", "--yes", "--skip-preview", "--continue-on-error"))
    assert "is not on Twilio account" in told, told
    assert stack.answers(STUDIO) == STUDIO_FLOW
    with stack.with_env(VAPI_SMS_RELEASED=WEBHOOK):
        stack.destroy()

    assert stack.snapshot()["vapi"] == stack.before["vapi"]
    assert not stack.resources()


def test_a_number_bought_again_is_another_number(stack: Stack) -> None:
    """Its import is cleaned up by its id, the others of the fleet go on, and `up` captures it anew."""
    program(stack, fleet([WEBHOOK, STUDIO]))
    stack.up()
    stack.sandbox.outside_release(WEBHOOK)
    stack.sandbox.outside_buy(WEBHOOK, AC)
    stack.sandbox.outside_number(WEBHOOK, sms_url=FOREIGN)

    told = stack.up().text

    assert "bought again" in told, told
    assert {stack.answers(n) for n in (WEBHOOK, STUDIO)} == {"Vapi assistant Support"}
    assert [r["number"] for r in stack.sandbox.vapi_numbers()].count(WEBHOOK) == 1
    stack.settled()
    stack.destroy()
    assert stack.number(WEBHOOK)["sms_url"] == FOREIGN
    assert stack.snapshot()["vapi"] == stack.before["vapi"]
    assert stack.answers(STUDIO) == STUDIO_FLOW


def test_a_number_bought_again_is_not_routed_by_destroy(stack: Stack) -> None:
    """What is there now is its new owner's; our own import goes, and that is told."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    stack.sandbox.outside_release(WEBHOOK)
    stack.sandbox.outside_buy(WEBHOOK, AC)
    stack.sandbox.outside_number(WEBHOOK, sms_url=FOREIGN)

    told = stack.destroy().text

    assert "was released and bought again" in told, told
    assert stack.number(WEBHOOK)["sms_url"] == FOREIGN
    assert stack.snapshot()["vapi"] == stack.before["vapi"]
