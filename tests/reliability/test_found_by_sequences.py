"""What any sequence of changes has found, each by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from vapi_sms.resources.program.restore_to import engine_value
from vapi_sms.sandbox import RunningSandbox

from tests.reliability.bench import Bench
from tests.reliability.judging import FOREIGN, THEIRS
from tests.reliability.machine import BACK
from tests.reliability.number_living import NumberLife
from tests.reliability.operations import BY_KEY, FLOW, Declared
from tests.reliability.route_living import RouteLife
from tests.sandbox.world import AC, APPLICATION, MG, ORG, STUDIO, WEBHOOK


@pytest.mark.parametrize("row", [row for row in BY_KEY if "repair drift" in row])
def test_the_same_drift_is_repaired_once_more(sandbox: RunningSandbox, row: str) -> None:
    """The inputs still hold the drift that the last `up` repaired: the same again must not look like no change."""
    operation = BY_KEY[row]
    bench = Bench(sandbox, operation)
    goals = []

    for _ in range(3):
        with bench.process() as provider:
            bench.run(provider, operation.declared)
        goals.append(bench.standing())
        operation.disturb(sandbox)

    assert goals[0] == goals[1] == goals[2] != bench.standing()


def test_calls_that_somebody_took_from_vapi_stay_and_vapi_is_told_of_them_no_more(
    sandbox: RunningSandbox,
) -> None:
    """Destroy leaves who answers, which is told, and puts back the status callback, which is still Vapi's."""
    life = NumberLife(sandbox, "VapiSmsNumber")
    options = {"assistant": "Support", "voice": "vapi"}
    assert life.up({WEBHOOK: options}, {"number": WEBHOOK, **options}) == ""
    sandbox.outside_number(WEBHOOK, voice_url=f"{FOREIGN}voice/1")

    life.destroy()

    number = sandbox.number(WEBHOOK)
    assert (number["voice_url"], number["status_callback"]) == (
        f"{FOREIGN}voice/1",
        "http://127.0.0.1:9/status",
    )


def test_a_restore_to_that_was_taken_away_by_an_up_that_failed_halfway_is_ours(
    sandbox: RunningSandbox,
) -> None:
    """The number still puts its old declaration back; its sibling, which knows better, goes on to what was found."""
    life = NumberLife(sandbox, "VapiSmsNumber")
    before = sandbox.number(WEBHOOK)
    options = {"assistant": "Support", "restore_to": BACK}
    assert life.up({WEBHOOK: options}, {"number": WEBHOOK, **options, "restore_to": engine_value(BACK)}) == ""
    sandbox.outside("number", number=WEBHOOK, messaging_service=MG)
    options = {"assistant": "Sales"}
    assert "handles texts itself" in life.up({WEBHOOK: options}, {"number": WEBHOOK, **options})
    sandbox.outside("number", number=WEBHOOK, messaging_service=None)

    life.destroy()

    now = sandbox.number(WEBHOOK)
    assert {name: now[name] for name in now if name.startswith("sms_")} == {
        name: before[name] for name in before if name.startswith("sms_")
    }


@pytest.mark.parametrize("row", ["VapiSmsNumber", "VapiSmsFleet"])
@pytest.mark.parametrize("fails", ["before", "after"])
def test_an_import_that_goes_with_a_number_that_was_bought_again_is_made_anew(
    sandbox: RunningSandbox, row: str, fails: str
) -> None:
    """An `up` that failed left it without its id, so that the old record takes it away: the plan stood on it."""
    life, options = NumberLife(sandbox, row), {WEBHOOK: {"assistant": "Support"}}
    program = {"numbers": options} if row == "VapiSmsFleet" else {"number": WEBHOOK, **options[WEBHOOK]}
    if fails == "after":
        assert life.up(options, program) == ""
        life.bought_again(WEBHOOK)
    life.fail(vendor="twilio", method="POST", skip=1, count=None, drop="before")
    assert "Vapi knows the number as" in life.up(options, program)
    if fails == "before":
        life.bought_again(WEBHOOK)

    assert life.up(options, program) == ""

    assert [record["number"] for record in sandbox.vapi_numbers()].count(WEBHOOK) == 1
    life.destroy()


@pytest.mark.parametrize("row", ["VapiSmsNumber", "VapiSmsFleet"])
@pytest.mark.parametrize("then", ["destroy", "routed elsewhere"])
def test_a_number_that_was_bought_again_is_put_back_beside_the_record_of_the_one_before(
    sandbox: RunningSandbox, row: str, then: str
) -> None:
    """Two records have one number, and the first is of nothing any more: what is said of it holds for it alone."""
    life, options = NumberLife(sandbox, row), {WEBHOOK: {"assistant": "Support"}}
    program = {"numbers": options} if row == "VapiSmsFleet" else {"number": WEBHOOK, **options[WEBHOOK]}
    for is_first in (True, False):
        life.fail(vendor="twilio", method="POST", skip=1, count=None, drop="before")
        assert "Vapi knows the number as" in life.up(options, program)
        if is_first:
            life.bought_again(WEBHOOK)
    assert "api.vapi.ai" in sandbox.number(WEBHOOK)["sms_url"]
    if then == "routed elsewhere":
        sandbox.outside_number(WEBHOOK, sms_url=f"{FOREIGN}sms")

    life.destroy()

    assert sandbox.number(WEBHOOK)["sms_url"] == (f"{FOREIGN}sms" if then == "routed elsewhere" else "")


@pytest.mark.parametrize(
    ("a_life", "options"),
    [
        (lambda sandbox: NumberLife(sandbox, "VapiSmsNumber"), {"assistant": "Support"}),
        (RouteLife, {"handler": FLOW}),
    ],
    ids=["number", "route"],
)
def test_nobody_is_told_of_a_number_that_was_back_before_somebody_edited_it(
    sandbox: RunningSandbox, a_life: Callable[[RunningSandbox], NumberLife], options: Declared
) -> None:
    """It went with its resource, was put back, and is its owner's: destroy leaves it without a word, and unwritten."""
    life = a_life(sandbox)
    assert life.up({WEBHOOK: options}, {"number": WEBHOOK, **options}) == ""
    assert life.up({APPLICATION: options}, {"number": APPLICATION, **options}) == ""
    sandbox.outside_number(WEBHOOK, sms_url=f"{FOREIGN}sms/1")
    now = sandbox.number(WEBHOOK)

    life.destroy()

    assert sandbox.number(WEBHOOK) == now


@pytest.mark.parametrize("row", ["VapiSmsNumber", "VapiSmsFleet"])
def test_what_was_imported_in_place_of_an_adopted_record_is_ours(sandbox: RunningSandbox, row: str) -> None:
    """Inputs know the adopted one alone, outputs both: no later run takes ours for somebody else's."""
    life, options = NumberLife(sandbox, row), {STUDIO: {"assistant": "Support", "adopt": True}}
    program: Declared = {"number": STUDIO, **options[STUDIO]}
    program = {"numbers": options} if row == "VapiSmsFleet" else program
    assert life.up(options, program) == ""
    (record,) = [each for each in sandbox.vapi_numbers() if each["number"] == STUDIO]
    sandbox.outside_vapi("delete", org=ORG, id=record["id"])

    for _ in range(2):
        assert life.up(options, program) == ""

    options[STUDIO]["assistant"] = "Sales"
    program |= {} if row == "VapiSmsFleet" else {"assistant": "Sales"}
    assert life.up(options, program) == ""
    (ours,) = [each["id"] for each in sandbox.vapi_numbers() if each["number"] == STUDIO]
    assert ours != record["id"]
    sandbox.outside_vapi("delete", org=ORG, id=ours)
    theirs = {"number": STUDIO, "twilioAccountSid": AC, "assistantId": THEIRS}
    stranger = sandbox.outside_vapi("create", org=ORG, set=theirs)["id"]
    told = life.up(options, program)
    assert f"{STUDIO} is in this Vapi org as {stranger}, imported by somebody else" in told
