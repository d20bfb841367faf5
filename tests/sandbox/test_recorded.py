"""The sandbox's answers have the shapes that the vendors' were recorded in, with all their nulls and omissions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.sandbox import recorded, world
from tests.sandbox.recorded import differences
from tests.sandbox.world import AC, MG, ORG, SQUAD, TOKEN, import_number, seed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vapi_sms.sandbox import RunningSandbox

NUMBERS = f"/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers"
ALL = "?PageSize=1000"


@pytest.fixture
def raw(sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    """Return a plain client of Twilio's side."""
    with httpx.Client(base_url=sandbox.url, auth=(AC, TOKEN), trust_env=False) as client:
        yield client


def strange(sandbox: RunningSandbox, raw: httpx.Client, path: str, shape: dict[str, Any]) -> list[str]:
    """Return how the answer differs from its recorded shape."""
    assert sandbox.url in str(raw.base_url)
    return list(differences(shape, raw.get(path).json()))


def test_a_difference_is_seen() -> None:
    """A comparison that never complains proves nothing."""
    shape = {"a": recorded.TEXT, "b": recorded.Mixed(recorded.FLAG), "c": [recorded.NUMBER]}

    assert list(differences(shape, {"a": "x", "c": [1]})) == []
    assert list(differences(shape, {"a": None, "b": 1, "c": [True], "d": 1})) == [
        "it has d",
        "it.a is None",
        "it.b is 1",
        "it.c[0] is True",
    ]
    assert list(differences(shape, {"a": "x"})) == ["it lacks c"]


def test_twilios_numbers(sandbox: RunningSandbox, raw: httpx.Client) -> None:
    """Seeded, hosted, bought in either way, and one of which nothing is known."""
    sandbox.outside_release(world.BIN)
    sandbox.outside_buy(world.BIN, AC)
    sandbox.outside_buy("+14155559999", AC, where="console")
    sandbox.outside_number(world.DEMO, capabilities=None, friendly_name=None)
    page = {**recorded.PAGE_2010, "incoming_phone_numbers": [recorded.NUMBER_2010]}

    assert strange(sandbox, raw, f"{NUMBERS}.json{ALL}", page) == []
    assert strange(sandbox, raw, f"{NUMBERS}.json?PageSize=2", page) == []
    sid = sandbox.number(world.BIN)["sid"]
    assert strange(sandbox, raw, f"{NUMBERS}/{sid}.json", recorded.NUMBER_2010) == []


def test_twilios_services_accounts_and_errors(sandbox: RunningSandbox, raw: httpx.Client) -> None:
    """Also a service whose flag is null."""
    sandbox.outside("service", sid=MG, set={"use_inbound_webhook_on_number": None})
    services = {"meta": recorded.META_V1, "services": [recorded.SERVICE]}
    pool = {"meta": recorded.META_V1, "phone_numbers": [recorded.MEMBER]}
    accounts = {**recorded.PAGE_2010, "accounts": [recorded.ACCOUNT]}

    assert strange(sandbox, raw, "/v1/Services", services) == []
    assert strange(sandbox, raw, f"/v1/Services/{MG}/PhoneNumbers", pool) == []
    assert strange(sandbox, raw, "/2010-04-01/Accounts.json", accounts) == []
    assert strange(sandbox, raw, f"{NUMBERS}/PN{'0' * 32}.json", recorded.TWILIO_ERROR) == []
    with httpx.Client(base_url=sandbox.url, auth=(AC, "wrong"), trust_env=False) as stranger:
        assert strange(sandbox, stranger, f"{NUMBERS}.json", recorded.TWILIO_ERROR) == []


@pytest.mark.parametrize("nulls", [True, False])
def test_vapis_phone_numbers(sandbox: RunningSandbox, http: httpx.Client, *, nulls: bool) -> None:
    """Imports of today, of early 2024 and numbers that were bought at Vapi; what is not set is null, or not there."""
    sandbox.behaviour(shows_nulls=nulls)
    import_number(http)
    for number, provider in ((world.STUDIO, "twilio"), (world.BIN, None)):
        sandbox.outside_vapi("create", org=ORG, set={"number": number, "provider": provider})

    found = http.get("/phone-number").json()

    assert list(differences([recorded.PHONE_NUMBER], found)) == []
    assert [record.get("provider") for record in found] == [None, "twilio", "twilio"]
    assert [record.get("twilioAccountSid") for record in found] == [None, None, AC]
    for name in ("twilioAccountSid", "name", "squadId", "server"):
        assert (name in found[1]) == nulls
    assert ("provider" in found[0]) is False
    assert list(differences(recorded.VAPI_ERROR, http.get("/phone-number/none").json())) == []
    assert list(differences(recorded.VAPI_ERROR, http.get("/phone-number?limit=-1").json())) == []


@pytest.mark.parametrize("nulls", [True, False])
def test_vapis_squads_have_members(sandbox: RunningSandbox, http: httpx.Client, *, nulls: bool) -> None:
    """All of the organisation's assistants, unless the seed names some."""
    sandbox.behaviour(shows_nulls=nulls)
    everybody = [{"assistantId": world.SUPPORT}, {"assistantId": world.SALES}]

    squad = http.get(f"/squad/{SQUAD}").json()

    assert list(differences(recorded.SQUAD, squad)) == []
    assert (squad["members"], "membersOverrides" in squad) == (everybody, nulls)
    data = seed()
    data["vapi"]["orgs"][0]["squads"][0]["members"] = [world.SALES]
    sandbox.reset(data)
    assert http.get("/squad").json()[0]["members"] == [{"assistantId": world.SALES}]
    data["vapi"]["orgs"][0]["squads"][0]["members"] = ["nobody"]
    with pytest.raises(ValueError, match="nobody, which is no assistant of its organisation"):
        sandbox.reset(data)


@pytest.mark.parametrize("said", ["counts", "all", "no_total"])
def test_vapis_pages_say_of_themselves(sandbox: RunningSandbox, http: httpx.Client, said: str) -> None:
    """As before 2026-07-30, as since then, and without a count; to the last page."""
    numbers = (world.WEBHOOK, world.STUDIO, world.BIN)
    ids = [import_number(http, number)["id"] for number in numbers][::-1]
    sandbox.behaviour(page_metadata=said)

    pages = [http.get("/v2/phone-number", params={"limit": 2, "page": n}).json() for n in (1, 2, 3)]

    assert (
        list(differences([{"results": [recorded.PHONE_NUMBER], "metadata": recorded.METADATA}], pages)) == []
    )
    counts = [{"itemsPerPage": 2, "totalItems": 3, "currentPage": n} for n in (1, 2, 3)]
    ends = [{"hasNextPage": True, "nextCursor": ids[1]}, {"hasNextPage": False}, {"hasNextPage": False}]
    expected = {
        "counts": counts,
        "all": [{**count, "totalPages": 2, **end} for count, end in zip(counts, ends, strict=True)],
        "no_total": [
            {"itemsPerPage": 2, "currentPage": n, **end} for n, end in zip((1, 2, 3), ends, strict=True)
        ],
    }[said]
    assert [page["metadata"] for page in pages] == expected


def test_a_page_holds_no_more_than_the_vendor_likes(
    sandbox: RunningSandbox, raw: httpx.Client, http: httpx.Client
) -> None:
    """Whatever is asked for: the page says how large it is, and leads on."""
    for number in (world.WEBHOOK, world.STUDIO, world.BIN):
        import_number(http, number)
    sandbox.behaviour(page_cap={"twilio": 4, "vapi": 2})

    first = raw.get(f"{NUMBERS}.json{ALL}").json()
    second = raw.get(first["next_page_uri"]).json()
    capped = http.get("/v2/phone-number", params={"limit": 1000}).json()

    assert (first["page_size"], len(first["incoming_phone_numbers"])) == (4, 4)
    assert (second["page"], second["start"]) == (1, 4)
    assert (len(capped["results"]), capped["metadata"]["itemsPerPage"]) == (2, 2)
    assert len(http.get("/v2/phone-number", params={"limit": 1000, "page": 2}).json()["results"]) == 1
    assert len(http.get("/phone-number", params={"limit": 1000}).json()) == 2
    assert len(http.get("/assistant").json()) == 2


def test_twilios_lists_are_newest_first(sandbox: RunningSandbox, raw: httpx.Client) -> None:
    """As they are at Twilio; pages lead through all of them all the same, and a switch turns them round."""
    sandbox.behaviour(newest_first=False)
    usual = raw.get(f"{NUMBERS}.json{ALL}").json()["incoming_phone_numbers"]
    sandbox.behaviour(newest_first=True)
    sandbox.outside_buy("+14155559999", AC)

    found, path = [], f"{NUMBERS}.json?PageSize=5"
    while path is not None:
        page = raw.get(path).json()
        found += page["incoming_phone_numbers"]
        path = page["next_page_uri"]

    assert found[0]["phone_number"] == "+14155559999"
    assert found[1:] == usual[::-1]
    assert [s["sid"] for s in raw.get("/v1/Services").json()["services"]] == [world.DEFERRING, MG]
