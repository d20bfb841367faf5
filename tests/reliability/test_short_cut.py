"""A short, seeded cut of the matrices that script/reliability measures whole: nothing may be lost."""

from __future__ import annotations

import random
import time

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.reliability import faulting, kill_worlds, killing, others, worlds
from tests.reliability.bench import Bench
from tests.reliability.table import losses
from tests.sandbox.world import APPLICATION, FUNCTION

SEED = 6
KILLED = (
    "VapiSmsNumber create",
    "VapiSmsNumber replace number",
    "VapiSmsNumber adopt",
    "VapiSmsNumber delete",
    "VapiSmsFleet create, one fails",
    "VapiSmsFleet join and leave",
    "TwilioSmsRoute update handler",
    "MessagingServiceInbound create",
)
KILLED_IN_ANY_WORLD = (
    "VapiSmsNumber create",
    "VapiSmsNumber texts on",
    "VapiSmsNumber delete",
    "VapiSmsFleet adopt",
)
STRUCK = (
    "VapiSmsNumber create",
    "VapiSmsNumber texts off",
    "VapiSmsNumber repair drift",
    "VapiSmsFleet update assistant",
    "TwilioSmsRoute create",
    "MessagingServiceInbound delete",
)


AMONG_OTHERS = (
    "VapiSmsNumber create",
    "VapiSmsNumber delete",
    "VapiSmsFleet numbers leave",
    "VapiSmsFleet update assistant",
    "TwilioSmsRoute delete",
    "VapiSmsFleet create",
)


def chance(row: str) -> random.Random:
    """Choose the same cells in every run."""
    return random.Random(f"{SEED} {row}")


@pytest.mark.parametrize("row", KILLED)
def test_nothing_is_lost_when_the_provider_is_killed(sandbox: RunningSandbox, row: str) -> None:
    """Whatever it was about to do: `up` goes on, and destroy gives every field back, with or without that `up`."""
    results = killing.try_row(sandbox, row, chance(row), 2, "")

    assert len(results) == 4
    assert losses(results) == []


@pytest.mark.parametrize("row", KILLED_IN_ANY_WORLD)
def test_nothing_is_lost_when_the_provider_is_killed_in_any_world(sandbox: RunningSandbox, row: str) -> None:
    """The same, where Vapi does what nobody has documented: two moments, each in a world of its own."""
    results = kill_worlds.try_row(sandbox, row, chance(row), 2, "")

    assert len(results) == 4
    assert losses(results) == []


@pytest.mark.parametrize(
    ("row", "world", "point"),
    [
        (
            "VapiSmsFleet delete",
            "patch_rewrites_sms True, delete resets, import_clears_application True, import_clears_trunk True",
            "before the vendor, POST twilio {of_the_app} #2",
        ),
        (
            "VapiSmsNumber replace number",
            "patch_rewrites_sms True, delete resets, import_clears_trunk True",
            "before the vendor, GET twilio /IncomingPhoneNumbers.json #3",
        ),
        (
            "VapiSmsFleet numbers leave",
            "delete resets, import_clears_fallback True",
            "before the answer, POST twilio {of_the_function} #1",
        ),
    ],
    ids=["beneath an app", "replaced", "left"],
)
def test_a_demo_that_a_delete_writes_late_is_repaired_after_a_kill(
    sandbox: RunningSandbox, row: str, world: str, point: str
) -> None:
    """The texts were put back, and the reset after that not yet: nobody but us and Vapi had a hand in it."""
    paths = {
        name: f"/IncomingPhoneNumbers/{sandbox.number(number)['sid']}.json"
        for name, number in (("of_the_app", APPLICATION), ("of_the_function", FUNCTION))
    }
    cell = f"{world}, late_writes_ms 30: {point.format(**paths)}"

    results = kill_worlds.try_row(sandbox, row, chance(row), 1, cell)

    assert len(results) == 2
    assert losses(results) == []


@pytest.mark.parametrize("row", STRUCK)
def test_nothing_is_lost_by_a_fault(sandbox: RunningSandbox, row: str) -> None:
    """It is retried away, or told in one line; the next `up` finishes, and destroy gives every field back."""
    results = faulting.try_row(sandbox, row, chance(row), 3, "")

    assert len(results) == 3
    assert losses(results) == []


@pytest.mark.parametrize("row", AMONG_OTHERS)
def test_nothing_is_lost_when_others_act(sandbox: RunningSandbox, row: str) -> None:
    """Nobody's change goes without a word, nothing of ours stays unnamed, each original is on a vendor or recorded."""
    results = others.try_row(sandbox, row, chance(row), 3, "")

    assert results
    assert losses(results) == []


@pytest.mark.parametrize("row", worlds.CYCLES)
def test_every_pair_of_undocumented_behaviours_comes_to_the_same(sandbox: RunningSandbox, row: str) -> None:
    """Two worlds of those that `script/reliability --worlds` lives through; both vendors end as in the usual one."""
    results = worlds.try_row(sandbox, row, chance(row), 2, "")

    assert len(results) == 2
    assert losses(results) == []


def test_an_import_beneath_a_twiml_app_goes_on_after_a_kill(sandbox: RunningSandbox) -> None:
    """Vapi wrote its URL under the app, which answers on: that is our own unfinished work, and nobody's change."""
    cell = "before the answer, POST vapi /phone-number #1"

    results = killing.try_row(sandbox, "VapiSmsNumber replace number", chance(cell), None, cell)

    assert len(results) == 2
    assert losses(results) == []


def test_what_a_late_patch_takes_as_an_adopted_number_is_let_go_is_put_back(sandbox: RunningSandbox) -> None:
    """Destroy ends with Vapi's settings as they were, and no later `up` would see that this took the calls again."""
    late = {"patch_rewrites_voice": True, "late_writes_ms": 200}
    adoption, _ = worlds.CYCLES["VapiSmsNumber adopted"]
    bench = Bench(sandbox, adoption, late, {"VAPI_SMS_SETTLE_SECONDS": "1"})
    with bench.process() as provider:
        bench.run(provider, adoption.declared)
    time.sleep(0.4)

    bench.give_back()

    time.sleep(0.4)
    assert bench.standing() == bench.baseline


def test_few_worlds_hold_every_pair_of_behaviours() -> None:
    """The pairwise choice leaves no two values of two switches unmet."""
    chosen, everything = worlds.pairwise(random.Random(SEED)), list(worlds.all_worlds())
    pairs = [set().union(*(worlds.pairs_of(world) for world in some)) for some in (chosen, everything)]

    assert pairs[0] == pairs[1]
    assert len(chosen) < 12 < len(everything) == 192
