"""How many numbers are switched side by side: as each vendor allows, by the same requests as one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from vapi_sms.core.errors import ProviderError
from vapi_sms.core.planning.goals import snapshot
from vapi_sms.live.calling.limiter import FIRST, MOST, Width
from vapi_sms.live.engine import EngineGuard
from vapi_sms.live.settings import Settings
from vapi_sms.live.vendors import Vendors
from vapi_sms.sandbox import RunningSandbox

from tests.live.apply.attempts import giving_back, handing_over
from tests.live.evidence import all_put_back, all_switched
from tests.resources.evidence import asked, standing
from tests.sandbox.world import APPLICATION, BIN, DEMO, ORG, PROXY, SILENT, STUDIO, WEBHOOK

NUMBERS = [WEBHOOK, STUDIO, BIN, PROXY, DEMO, SILENT, APPLICATION]
New = Callable[..., Vendors]


@pytest.fixture
def new(settings: Settings) -> Iterator[New]:
    """Make both vendors as a new process does, with patience."""
    made: list[Vendors] = []

    def make(most: int = MOST) -> Vendors:
        made.append(Vendors(replace(settings, settle=0.01, concurrency=most), EngineGuard(None, None)))
        return made[-1]

    yield make

    for vendors in made:
        vendors.twilio.close()
        vendors.vapi.close()


def widths(vendors: Vendors) -> dict[str, Width]:
    """Give how many requests each vendor is sent side by side."""
    return {
        "twilio": vendors.twilio._patience.limiter.width,
        "vapi": vendors.vapi._wire._patience.limiter.width,
    }


def there_and_back(vendors: Vendors, sandbox: RunningSandbox) -> list[str]:
    """Switch seven numbers, put them back, and give what that asked for; nothing fails, nothing is left."""
    found, before = vendors.observer.observe(NUMBERS), standing(sandbox)
    originals = {number: replace(snapshot(found[number]), org_id=ORG) for number in NUMBERS}
    sandbox.clear_journal()

    there = all_switched({n: handing_over(vendors, originals[n]) for n in NUMBERS}, vendors)
    back = all_put_back({n: giving_back(vendors, originals[n]) for n in NUMBERS}, vendors)

    assert [each for each in (*there.values(), *back.values()) if isinstance(each, ProviderError)] == []
    assert standing(sandbox) == before
    return asked(sandbox)


@pytest.mark.parametrize(("refusing", "other"), [("twilio", "vapi"), ("vapi", "twilio")])
def test_a_vendor_that_turns_requests_away_narrows_itself_alone(
    sandbox: RunningSandbox, new: New, refusing: str, other: str
) -> None:
    """Every number is switched and put back all the same; the other vendor is asked as before."""
    vendors = new()
    sandbox.fault(vendor=refusing, method="POST", status=429, count=1)

    there_and_back(vendors, sandbox)

    assert widths(vendors)[refusing].now < FIRST
    assert widths(vendors)[other].now >= FIRST


def test_side_by_side_takes_no_more_requests_than_one_after_the_other(
    sandbox: RunningSandbox, new: New
) -> None:
    """The same ones, but for the ids that Vapi gives."""
    alone = there_and_back(new(1), sandbox)
    together = there_and_back(new(), sandbox)

    assert len(alone) == len(together)
    assert sorted(line for line in alone if "vapi" not in line) == sorted(
        line for line in together if "vapi" not in line
    )


def test_a_most_of_one_is_one_at_a_time_at_both_vendors(sandbox: RunningSandbox, new: New) -> None:
    """However well it goes."""
    vendors = new(1)

    there_and_back(vendors, sandbox)

    assert {vendor: width.now for vendor, width in widths(vendors).items()} == {"twilio": 1, "vapi": 1}
