"""What our client reads at Vapi: numbers, names, lists of many pages, and whose they are."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from vapi_sms.core.values import VapiSettings
from vapi_sms.live.calling.entries import Unread
from vapi_sms.live.vapi.client import Named, VapiClient

from tests.live.vapi.recorder import ANSWERED, NOBODY, Recorder
from tests.sandbox.world import AC, DEMO, ORG, ORG2_KEY, SALES, SQUAD, STUDIO, TOKEN, WEBHOOK

if TYPE_CHECKING:
    from vapi_sms.live.settings import Settings
    from vapi_sms.sandbox import RunningSandbox


def test_an_update_is_a_reading(vapi: VapiClient) -> None:
    """From an assistant to a squad and without texts, in one request."""
    record = vapi.import_number(WEBHOOK, ANSWERED)
    sent = vapi.requests

    updated = vapi.update_number(record.id, VapiSettings(squad_id=SQUAD, sms_enabled=False, name="Night"))

    assert updated.settings == VapiSettings(squad_id=SQUAD, sms_enabled=False, name="Night")
    assert vapi.fetch_number(record.id) == updated
    assert vapi.requests == sent + 2


def test_a_number_is_found_by_its_number(vapi: VapiClient) -> None:
    """The search matches parts of numbers; only the very number is found."""
    record = vapi.import_number(WEBHOOK, ANSWERED)

    assert vapi.search_number(WEBHOOK) == [record]
    assert vapi.search_number(WEBHOOK[:-1]) == []


def test_what_is_not_there_is_none(vapi: VapiClient) -> None:
    """No number, no assistant and no squad of that id are no errors."""
    assert vapi.fetch_number(NOBODY) is None
    assert vapi.fetch_assistant(NOBODY) is None
    assert vapi.fetch_squad(NOBODY) is None


def test_an_id_stays_within_its_path(settings: Settings) -> None:
    """What comes from a program as an id cannot reach another path."""
    paths: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.raw_path.decode())
        return httpx.Response(404)

    VapiClient(settings, httpx.MockTransport(answer)).fetch_assistant("../phone-number?x=#")

    assert paths == ["/assistant/..%2Fphone-number%3Fx%3D%23"]


def test_all_numbers_are_listed(vapi: VapiClient) -> None:
    """Newest first, as pages of a thousand."""
    records = [vapi.import_number(number, ANSWERED) for number in (WEBHOOK, STUDIO, DEMO)]

    assert {record.id for record in vapi.list_numbers()} == {record.id for record in records}
    assert (vapi.list_page(1).total, vapi.list_page(1).is_last) == (3, True)
    assert (vapi.list_page(2).records, vapi.list_page(2).total) == ([], 3)


def test_pages_are_asked_for_until_all_are_seen(settings: Settings) -> None:
    """2,001 numbers are three pages, and one that moved from page to page counts once."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params["page"])
        asked.append(str(request.url.params))
        ids = range((page - 1) * 1000 - (page > 1), min(page * 1000, 2001))
        results = [{**Recorder().record, "id": str(number)} for number in ids]
        return httpx.Response(200, json={"results": results, "metadata": {"totalItems": 2001}})

    assert len(VapiClient(settings, httpx.MockTransport(answer)).list_numbers()) == 2001
    assert asked == [f"limit=1000&page={page}" for page in (1, 2, 3)]


@pytest.mark.parametrize(
    ("strange", "origin"),
    [
        ({"provider": "byo-phone-number"}, "of provider byo-phone-number"),
        ({"provider": "vapi", "number": None}, "of provider vapi"),
        (
            {"twilioAccountSid": None, "name": None, "smsEnabled": None},
            "bought at Vapi, of no Twilio account",
        ),
        ({"provider": None}, "an old import that names no provider"),
    ],
)
def test_old_and_other_records_do_not_break_a_list(
    settings: Settings, strange: dict[str, Any], origin: str
) -> None:
    """Numbers of other providers, and old ones, have other shapes: they are read for what they are."""
    results = [{**Recorder().record, "id": "x", **strange}, Recorder().record]

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"results": results, "metadata": {"totalItems": 2}})

    client = VapiClient(settings, httpx.MockTransport(answer))
    page = client.list_page(1)
    old, usual = page.records

    assert (old.origin, usual.origin, page.total) == (origin, f"of Twilio account {AC}", 2)
    assert (old.settings.sms_enabled, list(client.unread)) == (True, [])


def test_what_cannot_be_read_at_all_is_known_by_its_id(settings: Settings) -> None:
    """One record that makes no sense keeps none of the others from us."""
    results = [{"id": "strange", "number": 7}, None, Recorder().record]

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"results": results, "metadata": {"totalItems": 3}})

    client = VapiClient(settings, httpx.MockTransport(answer))
    page = client.list_page(1)

    assert [record.number for record in page.records] == [WEBHOOK]
    assert list(client.unread) == ["strange", "one without an id"]


@pytest.mark.parametrize(
    "strange", [{"id": SQUAD, "orgId": ORG, "name": 7}, {"orgId": ORG, "name": "Old"}, {"id": 7}, None]
)
def test_one_name_that_cannot_be_read_keeps_no_other_from_us(settings: Settings, strange: object) -> None:
    """In lists of assistants and of squads, on more pages than one; one without an org is read for what it is."""
    usual: list[dict[str, Any]] = [
        {"id": f"{n}", "orgId": ORG, "name": f"No {n}", "createdAt": f"{n:03}"} for n in range(150)
    ]
    usual[120] |= {"orgId": None}

    def answer(request: httpx.Request) -> httpx.Response:
        upto = request.url.params.get("createdAtLe", "999")
        page = [each for each in reversed(usual) if each["createdAt"] <= upto]
        return httpx.Response(200, json=[strange, *page][:100])

    client = VapiClient(settings, httpx.MockTransport(answer))

    for kind, read in (("assistant", client.list_assistants), ("squad", client.list_squads)):
        assert sorted(named.name for named in read()) == sorted(each["name"] for each in usual)
        assert client.unread_named(kind) == [Unread.of(strange)]
    assert client.org_id == ORG


def test_a_record_that_does_not_say_whose_it_is_leaves_the_proof_to_others(settings: Settings) -> None:
    """The first assistant has no org, and the first number tells."""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            200, json=[{"id": SALES, "orgId": None if "assistant" in request.url.path else ORG}]
        )

    assert VapiClient(settings, httpx.MockTransport(answer)).prove_org() == ORG


def test_assistants_and_squads_are_read(vapi: VapiClient) -> None:
    """By list and by id."""
    assert {named.name for named in vapi.list_assistants()} == {"Support", "Sales"}
    assert vapi.fetch_assistant(SALES) == Named(SALES, "Sales", ORG)
    assert vapi.list_squads() == [Named(SQUAD, "Everybody", ORG)]
    assert vapi.fetch_squad(SQUAD) == Named(SQUAD, "Everybody", ORG)


def test_more_assistants_than_a_page_are_all_read(sandbox: RunningSandbox, vapi: VapiClient) -> None:
    """Lists of the first version go on from the oldest seen."""
    named = [{"id": f"a5000000-0000-4000-8000-{n:012}", "name": f"Number {n}"} for n in range(2500)]
    sandbox.reset({"vapi": {"orgs": [{"id": ORG, "api_key": "vapi-canary-1", "assistants": named}]}})

    assert {found.id for found in vapi.list_assistants()} == {each["id"] for each in named}
    assert vapi.requests == 3


def test_lists_may_come_under_results(settings: Settings) -> None:
    """A changelog of Vapi's says so of the first version's lists."""

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"results": [{"id": SALES, "orgId": ORG, "name": None}]})

    assert VapiClient(settings, httpx.MockTransport(answer)).list_assistants() == [Named(SALES, "", ORG)]


def test_the_org_is_proved_once(vapi: VapiClient) -> None:
    """The first record of any kind tells the org of the key."""
    assert vapi.prove_org() == ORG
    assert vapi.prove_org() == ORG
    assert vapi.requests == 1


def test_an_empty_org_proves_nothing(settings: Settings) -> None:
    """Assistants, numbers and squads are asked for; then the org stays unknown."""
    client = VapiClient(replace(settings, vapi_api_key=ORG2_KEY))

    assert client.prove_org() == ""
    assert client.requests == 3
    client.close()


def test_vapis_secrets_are_dropped(vapi: VapiClient) -> None:
    """Vapi's answers hold Twilio's token; our records do not."""
    assert TOKEN not in repr(vapi.import_number(WEBHOOK, ANSWERED))
    assert TOKEN not in repr(vapi.list_numbers())
    assert TOKEN not in repr(vars(vapi))


def test_threads_share_the_client(vapi: VapiClient) -> None:
    """Many threads read at once, and every request is counted."""
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: vapi.fetch_assistant(SALES), range(40)))

    assert set(found) == {Named(SALES, "Sales", ORG)}
    assert vapi.requests == 40
