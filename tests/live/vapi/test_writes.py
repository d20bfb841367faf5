"""What our client sends Vapi when it imports, updates and deletes, over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from vapi_sms.core.errors import VendorRefused
from vapi_sms.core.values import VapiRecord, VapiSettings
from vapi_sms.live.vapi.client import VapiClient

from tests.live.vapi.recorder import ANSWERED, NOBODY, Recorder
from tests.sandbox.world import AC, KEY, KEY_SECRET, ORG, SQUAD, SUPPORT, TOKEN, WEBHOOK

if TYPE_CHECKING:
    from vapi_sms.live.settings import Settings
    from vapi_sms.sandbox import RunningSandbox


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


def test_a_rehearsals_import_says_nothing_of_texts(settings: Settings) -> None:
    """What Vapi makes of that is what it is to find out."""
    recorder = Recorder()
    recorder.client(settings).import_number(WEBHOOK, ANSWERED, leaves_out_texts=True)

    assert "smsEnabled" not in recorder.bodies[0]


def test_a_rehearsals_patch_sends_one_field(sandbox: RunningSandbox, vapi: VapiClient) -> None:
    """And the provider, which Vapi needs to know the rest; the answer is the record as it is then."""
    record = vapi.import_number(WEBHOOK, ANSWERED)
    sandbox.clear_journal()

    changed = vapi.patch_number(record.id, {"assistantId": None})

    assert changed.settings == VapiSettings()
    assert [set(entry["parameters"]) for entry in sandbox.journal()] == [{"provider", "assistantId"}]


def test_a_blocked_number_is_known_as_such(sandbox: RunningSandbox, vapi: VapiClient) -> None:
    """By its status at Vapi; every other one is none."""
    record = vapi.import_number(WEBHOOK, ANSWERED)
    sandbox.outside_vapi("edit", org=ORG, id=record.id, set={"status": "blocked"})

    found = vapi.fetch_number(record.id)

    assert not record.is_blocked
    assert found is not None
    assert found.is_blocked


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


def test_a_deletion_can_be_repeated(vapi: VapiClient) -> None:
    """That there is nothing to delete is fine."""
    record = vapi.import_number(WEBHOOK, ANSWERED)

    vapi.delete_number(record.id)
    vapi.delete_number(record.id)

    assert vapi.list_numbers() == []
