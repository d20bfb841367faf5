"""A reading that failed in spite of all patience is not waited for again at once. Time stands still unless moved."""

from __future__ import annotations

import pytest
from vapi_sms.core.errors import VendorRefused, VendorUnavailable
from vapi_sms.live.calling.limiter import STAYS, Outages

from tests.waiting import until


class Vendor:
    """A vendor that fails until it is well; counts how often it is asked."""

    def __init__(self) -> None:
        self.asked, self.now = 0, 100.0
        self.trouble: Exception | None = VendorUnavailable("Twilio", "Listing", "it is down", "Try later.")

    def read(self) -> str:
        """Give an answer, or trouble."""
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        return "answer"


@pytest.fixture
def vendor() -> Vendor:
    """Return a vendor that is down."""
    return Vendor()


def test_the_next_who_ask_are_told_the_same_at_once(vendor: Vendor) -> None:
    """A hundred resources wait once."""
    outages = Outages(lambda: vendor.now)

    for _ in range(100):
        with pytest.raises(VendorUnavailable, match="Listing: it is down"):
            outages.ask("numbers", vendor.read)

    assert vendor.asked == 1


def test_after_a_while_the_vendor_is_asked_again(vendor: Vendor) -> None:
    """What is over is over, and a new failure counts from its own moment."""
    outages = Outages(lambda: vendor.now)
    for _ in range(2):
        with pytest.raises(VendorUnavailable):
            outages.ask("numbers", vendor.read)
        vendor.now += STAYS
    vendor.trouble = None

    assert outages.ask("numbers", vendor.read) == "answer"
    assert outages.ask("numbers", vendor.read) == "answer"
    assert vendor.asked == 4


def test_each_reading_fails_for_itself(vendor: Vendor) -> None:
    """Services that cannot be read say nothing of numbers."""
    outages = Outages(lambda: vendor.now)
    with pytest.raises(VendorUnavailable):
        outages.ask("services", vendor.read)
    vendor.trouble = None

    assert outages.ask("numbers", vendor.read) == "answer"


def test_a_refusal_is_no_outage(vendor: Vendor) -> None:
    """It came at once, and may be about one number only."""
    vendor.trouble = VendorRefused("Twilio", "Reading", "no", "Correct it.")
    outages = Outages(lambda: vendor.now)

    for _ in range(2):
        with pytest.raises(VendorRefused):
            outages.ask("numbers", vendor.read)

    assert vendor.asked == 2


def test_what_was_begun_is_not_read_again(vendor: Vendor) -> None:
    """Whoever asks is given what came of it, with the moment before it was read; the next one asks anew."""
    vendor.trouble = None
    outages = Outages(lambda: vendor.now)
    outages.begin("numbers", vendor.read)
    outages.begin("numbers", vendor.read)
    until(lambda: vendor.asked)
    began, vendor.now = vendor.now, vendor.now + 10

    assert outages.ask_at("numbers", vendor.read) == (began, "answer")
    assert vendor.asked == 1
    assert outages.ask_at("numbers", vendor.read) == (vendor.now, "answer")


def test_what_was_begun_too_early_is_read_again(vendor: Vendor) -> None:
    """A reading that must not be older than a moment is none from before it."""
    vendor.trouble = None
    outages = Outages(lambda: vendor.now)
    outages.begin("numbers", vendor.read)
    until(lambda: vendor.asked)
    vendor.now += 10

    assert outages.ask_at("numbers", vendor.read, not_before=vendor.now) == (vendor.now, "answer")
    assert vendor.asked == 2


@pytest.mark.parametrize(
    "trouble", [VendorUnavailable("Twilio", "Listing", "it is down", "Wait."), ValueError()]
)
def test_the_trouble_of_what_was_begun_is_told_to_who_asks(vendor: Vendor, trouble: Exception) -> None:
    """Whatever it is, and nobody has to ask the vendor for it again."""
    vendor.trouble = trouble
    outages = Outages(lambda: vendor.now)
    outages.begin("numbers", vendor.read)

    with pytest.raises(type(trouble)):
        outages.ask("numbers", vendor.read)

    assert vendor.asked == 1


def test_trouble_that_nobody_was_told_does_not_outlive_what_is_begun_next(vendor: Vendor) -> None:
    """Who did not get to ask, since something else failed before, begins anew the next time."""
    vendor.trouble = ValueError()
    outages = Outages(lambda: vendor.now)
    outages.begin("numbers", vendor.read)
    until(outages._begun["numbers"].done)
    vendor.trouble = None

    outages.begin("numbers", vendor.read)

    assert outages.ask("numbers", vendor.read) == "answer"
