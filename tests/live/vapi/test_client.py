"""Our client for Vapi against the sandbox, over HTTP: the normal ways."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from vapi_sms.core.errors import VendorRefused
from vapi_sms.core.values import VapiRecord, VapiSettings
from vapi_sms.live.calling.entries import Unread
from vapi_sms.live.vapi.client import Named, VapiClient

from tests.sandbox.world import (
    AC,
    DEMO,
    KEY,
    KEY_SECRET,
    ORG,
    ORG2_KEY,
    SALES,
    SQUAD,
    STUDIO,
    SUPPORT,
    TOKEN,
    WEBHOOK,
)

if TYPE_CHECKING:
    from vapi_sms.live.settings import Settings
    from vapi_sms.sandbox import RunningSandbox

NOBODY = "00000000-0000-4000-8000-000000000000"
ANSWERED = VapiSettings(assistant_id=SUPPORT)


class Recorder:
    """A Vapi that remembers what it is sent, and answers a record that fits."""

    def __init__(self, **record: Any) -> None:  # noqa: ANN401 - JSON
        self.bodies: list[Any] = []
        self.record = {
            "provider": "twilio",
            "id": NOBODY,
            "orgId": ORG,
            "number": WEBHOOK,
            "twilioAccountSid": AC,
            **record,
        }

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer."""
        self.bodies.append(httpx.Response(200, content=request.content).json() if request.content else None)
        return httpx.Response(200, json=self.record)

    def client(self, settings: Settings) -> VapiClient:
        """Return a client that talks to this one."""
        return VapiClient(settings, httpx.MockTransport(self))


def test_an_import_answers_the_record(sandbox: RunningSandbox, vapi: VapiClient) -> None:
    """The record has what we asked for, and the org is known from then on."""
    record = vapi.import_number(WEBHOOK, replace(ANSWERED, name="Support line"))

    assert record == VapiRecord(record.id, ORG, WEBHOOK, AC, VapiSettings(SUPPORT, name="Support line"))
    assert vapi.org_id == ORG
    assert sandbox.number(WEBHOOK)["sms_url"] == "https://api.vapi.ai/twilio/sms"


def test_an_import_without_texts_leaves_them(sandbox: RunningSandbox, vapi: VapiClient) -> None:
    """The default would take the texts, so the switch is always sent."""
    before = sandbox.number(WEBHOOK)["sms_url"]

    record = vapi.import_number(WEBHOOK, VapiSettings(SUPPORT, sms_enabled=False))

    assert not record.settings.sms_enabled
    assert sandbox.number(WEBHOOK)["sms_url"] == before


def test_an_import_sends_only_what_is_set(settings: Settings) -> None:
    """Vapi gets the token where we use one, and no empty ids."""
    recorder = Recorder()
    recorder.client(settings).import_number(WEBHOOK, VapiSettings(squad_id=SQUAD))

    assert recorder.bodies == [
        {
            "provider": "twilio",
            "number": WEBHOOK,
            "twilioAccountSid": AC,
            "twilioAuthToken": TOKEN,
            "smsEnabled": True,
            "squadId": SQUAD,
        }
    ]


def test_an_import_sends_a_key_where_there_is_one(settings: Settings) -> None:
    """A token would win over a key at Vapi: it is never sent beside one."""
    recorder = Recorder()
    keyed = replace(settings, vapi_twilio_key=KEY, vapi_twilio_secret=KEY_SECRET)
    recorder.client(keyed).import_number(WEBHOOK, ANSWERED)

    assert recorder.bodies[0]["twilioApiKey"] == KEY
    assert recorder.bodies[0]["twilioApiSecret"] == KEY_SECRET
    assert "twilioAuthToken" not in recorder.bodies[0]


def test_an_update_sends_all_that_we_manage(settings: Settings) -> None:
    """The ids that are not wanted are cleared; credentials and a workflow that is not there are not named."""
    recorder = Recorder()
    recorder.client(settings).update_number(NOBODY, ANSWERED)

    assert recorder.bodies == [
        {"provider": "twilio", "smsEnabled": True, "name": "", "assistantId": SUPPORT, "squadId": None}
    ]


def test_an_update_detaches_a_workflow_that_was_seen(settings: Settings) -> None:
    """A number that was read with a workflow is taken from it."""
    recorder = Recorder(workflowId="a-workflow")
    client = recorder.client(settings)
    client.fetch_number(NOBODY)
    client.update_number(NOBODY, ANSWERED)

    assert recorder.bodies[1]["workflowId"] is None


def test_an_update_puts_a_workflow_back(settings: Settings) -> None:
    """What was attached before can be attached again."""
    recorder = Recorder()
    recorder.client(settings).update_number(NOBODY, VapiSettings(workflow_id="a-workflow"))

    assert recorder.bodies[0]["workflowId"] == "a-workflow"
    assert recorder.bodies[0]["assistantId"] is None


def test_credentials_are_handed_only_where_asked(settings: Settings) -> None:
    """They go with everything else, in one request."""
    recorder = Recorder()
    recorder.client(settings).update_number(NOBODY, ANSWERED, hand_key=True)
    recorder.client(settings).update_number(NOBODY, ANSWERED)

    given, usual = recorder.bodies
    assert given == {**usual, "twilioAuthToken": TOKEN}


def test_a_key_takes_the_place_of_a_token(settings: Settings) -> None:
    """Vapi prefers a token where it has both: the one that it was given before goes."""
    recorder = Recorder()
    own = replace(settings, vapi_twilio_key=KEY, vapi_twilio_secret=KEY_SECRET)
    recorder.client(own).update_number(NOBODY, ANSWERED, hand_key=True)

    assert recorder.bodies == [
        {
            "provider": "twilio",
            "smsEnabled": True,
            "name": "",
            "assistantId": SUPPORT,
            "squadId": None,
            "twilioApiKey": KEY,
            "twilioApiSecret": KEY_SECRET,
            "twilioAuthToken": None,
        }
    ]


@pytest.mark.parametrize(
    ("shown", "names_the_token"),
    [
        ({}, True),
        ({"twilioAuthToken": "canary", "twilioApiKey": "canary"}, True),
        ({"twilioAuthToken": None, "twilioApiKey": "canary"}, False),
    ],
)
def test_a_token_is_named_only_where_there_may_be_one(
    settings: Settings, shown: dict[str, Any], *, names_the_token: bool
) -> None:
    """A record that shows a key and no token needs no null; where it shows neither, nobody knows."""
    recorder = Recorder(**shown)
    client = recorder.client(replace(settings, vapi_twilio_key=KEY, vapi_twilio_secret=KEY_SECRET))
    record = client.fetch_number(NOBODY)
    client.update_number(NOBODY, ANSWERED, before=record, hand_key=True)

    assert ("twilioAuthToken" in recorder.bodies[1]) == names_the_token
    assert "canary" not in repr(record)


def test_another_refusal_is_told_as_it_is(settings: Settings) -> None:
    """Only what Vapi says of the token means that the token stays."""

    def refuse(_: httpx.Request) -> httpx.Response:
        return httpx.Response(400, json={"message": ["name must be a string"]})

    own = replace(settings, vapi_twilio_key=KEY, vapi_twilio_secret=KEY_SECRET)
    client = VapiClient(own, httpx.MockTransport(refuse))

    with pytest.raises(VendorRefused) as caught:
        client.update_number(NOBODY, ANSWERED, hand_key=True)

    assert (type(caught.value), caught.value.why) == (VendorRefused, "name must be a string")


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


def test_a_deletion_can_be_repeated(vapi: VapiClient) -> None:
    """That there is nothing to delete is fine."""
    record = vapi.import_number(WEBHOOK, ANSWERED)

    vapi.delete_number(record.id)
    vapi.delete_number(record.id)

    assert vapi.list_numbers() == []


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
    usual = [{"id": f"{n}", "orgId": ORG, "name": f"No {n}", "createdAt": f"{n:03}"} for n in range(150)]
    usual[120] |= {"orgId": None}  # type: ignore[dict-item]

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
