"""Many numbers in one run: side by side, each alone in failing, and few writes for each."""

from __future__ import annotations

from dataclasses import replace

from vapi_sms.core.errors import ProviderError
from vapi_sms.core.planning.goals import snapshot
from vapi_sms.sandbox import RunningSandbox

from tests.live.apply.attempts import STEPS, Make, giving_back, handing_over, record
from tests.live.evidence import all_put_back, all_switched, switched
from tests.resources.evidence import asked, standing, written
from tests.sandbox.world import AC, APPLICATION, BIN, DEMO, ORG, PROXY, SILENT, STUDIO, WEBHOOK


def test_many_are_switched_side_by_side_and_each_fails_alone(sandbox: RunningSandbox, make: Make) -> None:
    """One number's failure is its own: it is put back and named, the others are handed over."""
    vendors = make()
    numbers = [WEBHOOK, STUDIO, BIN, PROXY, DEMO, SILENT, APPLICATION]
    found = vendors.observer.observe(numbers)
    originals = {number: replace(snapshot(found[number]), org_id=ORG) for number in numbers}
    before = standing(sandbox)
    sandbox.fault(**STEPS["import"], containing=BIN, status=400, body={"message": "no"}, count=None)

    outcomes = all_switched({n: handing_over(vendors, originals[n]) for n in numbers}, vendors)

    assert {n for n, outcome in outcomes.items() if isinstance(outcome, ProviderError)} == {BIN}
    assert str(outcomes[BIN]).endswith("Nothing was changed.")
    assert {each["number"] for each in sandbox.vapi_numbers()} == {*numbers} - {BIN}
    assert standing(sandbox)["numbers"][BIN] == before["numbers"][BIN]
    assert written(sandbox).count("POST vapi /phone-number") == len(numbers)
    vendors = make()
    given_back = all_put_back({n: giving_back(vendors, originals[n]) for n in numbers}, vendors)
    assert [outcome for outcome in given_back.values() if isinstance(outcome, ProviderError)] == []
    assert standing(sandbox) == before


def test_one_at_a_time_where_that_is_wanted(sandbox: RunningSandbox, make: Make) -> None:
    """With a concurrency of 1 a number is switched when the one before is done."""
    vendors = make()
    vendors.settings = replace(vendors.settings, concurrency=1)
    found = vendors.observer.observe([WEBHOOK, STUDIO, BIN])
    originals = {number: replace(snapshot(reading), org_id=ORG) for number, reading in found.items()}
    sandbox.clear_journal()

    all_switched({n: handing_over(vendors, each) for n, each in originals.items()}, vendors)

    writes = [line.split()[1] for line in written(sandbox) if "POST" in line]
    assert writes == ["twilio", *("vapi", "twilio") * 3]  # the proof, then each number's import and route


def test_the_proof_is_written_once_a_process(sandbox: RunningSandbox, make: Make) -> None:
    """Before the first import, and then no more: the key has shown that it may write."""
    vendors = make()

    for number in (WEBHOOK, STUDIO):
        switched(handing_over(vendors, record(vendors, number)), vendors)

    proofs = [each for each in sandbox.journal() if "FriendlyName" in each["parameters"]]
    assert len(proofs) == 1
    assert [each["method"] for each in sandbox.journal() if each["method"] != "GET"][:2] == ["POST", "POST"]


def test_nothing_is_surprising_costs_two_writes(sandbox: RunningSandbox, make: Make) -> None:
    """After the proof, a number costs one write at Vapi and one at Twilio, and no reading of its own."""
    vendors = make()
    switched(handing_over(vendors, record(vendors)), vendors)
    vendors.observer.observe([STUDIO, BIN])
    planned = handing_over(vendors, record(vendors, STUDIO))
    sandbox.clear_journal()

    switched(planned, vendors)

    sid = sandbox.number(STUDIO)["sid"]
    assert asked(sandbox) == [
        "POST vapi /phone-number",
        f"POST twilio /2010-04-01/Accounts/{AC}/IncomingPhoneNumbers/{sid}.json",
    ]
