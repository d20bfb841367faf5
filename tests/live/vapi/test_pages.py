"""Vapi's lists: read whole, whatever a page holds and says of itself; what is not whole is never taken for it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from vapi_sms.core.errors import UnexpectedResponse
from vapi_sms.live.observe import Observer
from vapi_sms.live.settings import Settings
from vapi_sms.live.twilio.client import TwilioClient
from vapi_sms.live.twilio.services import TwilioServices
from vapi_sms.live.vapi.client import VapiClient
from vapi_sms.live.vapi.pages import Listing, Page
from vapi_sms.sandbox import RunningSandbox

from tests.resources.evidence import asked
from tests.sandbox.world import AC, ORG, seed
from tests.waiting import until

NUMBERS = [f"+1212{5550000 + n}" for n in range(250)]
METADATA = ["counts", "all", "no_total"]


@pytest.fixture
def many(sandbox: RunningSandbox) -> RunningSandbox:
    """Return a sandbox whose org knows 250 numbers and has 250 assistants, and lists a hundred at a time."""
    large = seed()
    org = large["vapi"]["orgs"][0]
    org["phone_numbers"] = [
        {"id": f"0b000000-0000-4000-8000-{n:012}", "number": number, "twilio_account_sid": AC}
        for n, number in enumerate(NUMBERS)
    ]
    org["assistants"] = [{"id": f"a5000000-0000-4000-8000-{n:012}", "name": f"No {n}"} for n in range(250)]
    sandbox.reset(large)
    sandbox.behaviour(page_cap={"vapi": 100})
    return sandbox


@pytest.fixture
def observer(twilio: TwilioClient, vapi: VapiClient) -> Observer:
    """Return what observes one account and org."""
    return Observer(twilio, vapi, TwilioServices(twilio), AC)


@pytest.mark.parametrize("metadata", METADATA)
def test_a_server_that_caps_its_pages_gives_the_whole_list(
    many: RunningSandbox, vapi: VapiClient, metadata: str
) -> None:
    """Whatever its pages say of themselves: a thousand are asked for, and a hundred come."""
    many.behaviour(page_metadata=metadata)

    assert {record.number for record in vapi.list_numbers()} == set(NUMBERS)
    assert len(asked(many)) == 3
    assert len(vapi.list_assistants()) == 250


@pytest.mark.parametrize("metadata", METADATA)
def test_what_stands_on_a_later_page_is_known(
    many: RunningSandbox, observer: Observer, metadata: str
) -> None:
    """One by a search, many by all pages: none of them looks as if Vapi did not know it."""
    many.behaviour(page_metadata=metadata)

    one = observer.observe([NUMBERS[0]])
    all_ = observer.observe(NUMBERS)

    assert one[NUMBERS[0]].vapi is not None
    assert [number for number, found in all_.items() if found.vapi is None] == []


def pages_asked(sandbox: RunningSandbox) -> list[str]:
    """Give the pages of the org's numbers that were asked for, in turn."""
    listed = [each for each in sandbox.journal() if each["path"] == "/v2/phone-number"]
    return [str(each["parameters"].get("page")) for each in listed]


@pytest.mark.parametrize(
    ("declared", "pages"),
    [(NUMBERS, 3), (NUMBERS[:2], 3), (NUMBERS[-2:], 1), (NUMBERS[:1], 1), (["PN" + "0" * 32], 1)],
    ids=["all", "two on the last page", "two on the first", "one on the last", "by its SID"],
)
def test_pages_that_will_be_needed_are_read_beside_twilios(
    many: RunningSandbox, observer: Observer, declared: list[str], pages: int
) -> None:
    """They come while Twilio's list is still under way, and nothing is read that is not read in turn: the newest first.

    Of one number that is not on the first page its own record is looked up.
    """
    many.fault(vendor="twilio", hold="before", count=None)

    observer.begin(declared, float("-inf"))

    until(lambda: len(pages_asked(many)) == pages and all(each["done"] for each in many.journal()))
    many.clear_faults()
    found = observer.observe(declared)
    assert len(pages_asked(many)) == pages + (declared == NUMBERS[:1])
    assert [key for key in declared if key.startswith("+") and found[key].vapi is None] == []


@pytest.mark.parametrize(("gone", "asked_again"), [(1, 1), (2, 3)])
def test_a_list_that_changes_while_it_is_read_ahead_misses_nobody(
    many: RunningSandbox, observer: Observer, gone: int, asked_again: int
) -> None:
    """Records go from the first page before the second is read: as many moved up, and are looked up, or listed anew."""
    many.fault(vendor="vapi", path="/v2/phone-number", skip=1, count=1, hold="before")
    observer.begin(NUMBERS, float("-inf"))
    until(many.held)
    for n in range(gone):
        many.outside_vapi("delete", org=ORG, id=f"0b000000-0000-4000-8000-{249 - n:012}")
    many.release()

    found = observer.observe(NUMBERS[: 250 - gone])

    assert [number for number, each in found.items() if each.vapi is None] == []
    assert len(pages_asked(many)) == 3 + asked_again


def page(number: int, ids: range, **metadata: Any) -> Page:
    """Return a page as it is read."""
    results = [{"id": str(id_), "number": f"+{id_}"} for id_ in ids]
    return Page.of({"results": results, "metadata": metadata}, number)


@pytest.mark.parametrize(
    ("metadata", "is_last"),
    [
        ({"hasNextPage": True, "totalPages": 1}, False),
        ({"hasNextPage": False, "totalItems": 30}, True),
        ({"hasNextPage": None, "totalPages": 2}, False),
        ({"totalPages": 1, "nextCursor": "abc"}, True),
        ({"totalItems": 31}, None),
        ({"totalItems": None, "nextCursor": "abc"}, False),
        ({"itemsPerPage": 30}, False),
        ({"itemsPerPage": 31, "currentPage": 1}, True),
        ({}, True),
    ],
)
def test_a_page_is_believed_in_what_it_says(metadata: dict[str, Any], *, is_last: bool | None) -> None:
    """The plainest word first: whether there is a next page, of how many, a cursor, or that it is not full."""
    assert page(1, range(30), **metadata).is_last is is_last


def test_a_count_alone_is_counted_up_to() -> None:
    """One that stands on two pages, since others came meanwhile, counts once."""
    listing = Listing()

    listing.take(page(1, range(100), totalItems=150))
    assert not listing.is_whole
    listing.take(page(2, range(99, 149), totalItems=150))
    assert (listing.is_whole, listing.next_page) == (False, 3)
    listing.take(page(3, range(149, 150), totalItems=150))

    assert (listing.is_whole, listing.changed) == (True, False)


def test_a_list_that_changes_is_known_as_such() -> None:
    """One more, and nothing new on the last page: who reads begins anew."""
    listing = Listing()

    listing.take(page(1, range(100), totalItems=150))
    listing.take(page(2, range(100, 150), totalItems=151))
    listing.take(page(3, range(0), totalItems=151))

    assert (listing.is_whole, listing.changed) == (True, True)


def test_an_empty_page_is_an_end_where_nothing_is_counted() -> None:
    """A page that promised another was the last all the same."""
    listing = Listing()

    listing.take(page(1, range(100), hasNextPage=True))
    listing.take(page(2, range(0), hasNextPage=True))

    assert listing.is_whole


@pytest.mark.parametrize(
    ("pages", "why"),
    [
        ([page(1, range(0), totalItems=10**12)], "the answer shows fewer phone numbers than it counts: 0"),
        (
            [page(1, range(100), totalItems=150, hasNextPage=False)],
            "the answer shows fewer phone numbers than it counts: 100",
        ),
        (
            [page(1, range(100), totalItems=150), page(2, range(100), totalItems=150)],
            "the answer shows fewer phone numbers than it counts: 100",
        ),
        (
            [page(1, range(100), hasNextPage=True), page(2, range(100), hasNextPage=True)],
            "the answer shows pages without end",
        ),
    ],
)
def test_what_is_not_whole_is_refused(pages: list[Page], why: str) -> None:
    """Numbers that are counted and not shown would look free; a server that knows no pages repeats its first one."""
    listing, (*before, last) = Listing(), pages
    for each in before:
        listing.take(each)

    with pytest.raises(UnexpectedResponse) as caught:
        listing.take(last)

    assert caught.value.why == why


def test_a_missing_count_is_no_error(settings: Settings) -> None:
    """What can be read without a name is counted too, by where it stands."""

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"results": [None, {"id": "x"}], "metadata": {"totalItems": None}})

    client = VapiClient(settings, httpx.MockTransport(answer))

    assert [record.id for record in client.list_numbers()] == ["x"]
    assert list(client.unread) == ["one without an id"]
