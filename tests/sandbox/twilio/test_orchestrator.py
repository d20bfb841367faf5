"""Conversation Orchestrator's configurations, read with Twilio's own client, for no excerpt has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException
from vapi_sms.sandbox.errors import FORBIDDEN

from tests.sandbox import world
from tests.sandbox.world import AC, OTHER, OTHER_TOKEN, SENDER, TOKEN, seed, twilio

if TYPE_CHECKING:
    from twilio.rest import Client
    from vapi_sms.sandbox import RunningSandbox

    from tests.sandbox.old_app import OldApp

PATH = "/v2/ControlPlane/Configurations"


@pytest.fixture
def ready(sandbox: RunningSandbox, app: OldApp) -> RunningSandbox:
    """Return a sandbox whose first account captures texts in two ways."""
    data: dict[str, Any] = seed(app.url)
    data["twilio"]["accounts"][0]["orchestrator_configurations"] = [
        {
            "id": "conv_configuration_1",
            "display_name": "Agents",
            "sms": [{"from": "*", "to": world.WEBHOOK}],
            "status_callbacks": [{"url": "https://agent.example.com/said"}],
        },
        {"id": "conv_configuration_2", "sms": [{}], "voice": []},
        {"id": "conv_configuration_3", "sms": None, "memory_store_id": "mem_1"},
    ]
    sandbox.reset(data)
    return sandbox


def test_configurations_are_listed_with_their_capture_rules(ready: RunningSandbox, client: Client) -> None:
    """A star stands for anybody; a channel that is not captured is not there."""
    found = client.conversations.v2.configurations

    first, second, third = found.list(page_size=2)

    rules = first.channel_settings["SMS"]["captureRules"]
    assert [(rule["from"], rule["to"]) for rule in rules] == [("*", world.WEBHOOK)]
    assert first.status_callbacks == [{"url": "https://agent.example.com/said", "method": "POST"}]
    assert (first.display_name, first.version) == ("Agents", 1)
    assert second.channel_settings["SMS"]["captureRules"][0]["to"] == "*"
    assert second.channel_settings["VOICE"]["captureRules"] == []
    assert third.channel_settings == {}
    assert [each.id for each in found.list(memory_store_id="mem_1")] == ["conv_configuration_3"]
    assert twilio(ready, OTHER, OTHER_TOKEN, OTHER).conversations.v2.configurations.list() == []


def test_one_configuration_is_fetched_or_20404(ready: RunningSandbox, client: Client) -> None:
    """By its id."""
    assert ready.url
    assert client.conversations.v2.configurations("conv_configuration_1").fetch().display_name == "Agents"

    with pytest.raises(TwilioRestException) as caught:
        client.conversations.v2.configurations("conv_configuration_9").fetch()

    assert caught.value.code == 20404


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", PATH), ("PUT", f"{PATH}/c"), ("PATCH", f"{PATH}/c"), ("DELETE", f"{PATH}/c")],
)
def test_who_captures_texts_is_not_ours_to_change(ready: RunningSandbox, method: str, path: str) -> None:
    """Refused, and marked in the journal as Twilio's."""
    answer = httpx.request(method, f"{ready.url}{path}", auth=(AC, TOKEN))

    assert (answer.status_code, answer.json()["code"]) == (400, FORBIDDEN)
    assert ready.journal()[-1]["vendor"] == "twilio"


@pytest.mark.parametrize(
    ("query", "code"), [("pageSize=0", 20001), ("pageToken=x", 20001), ("PageSize=5", 90002)]
)
def test_a_wrong_query_of_configurations_is_refused(ready: RunningSandbox, query: str, code: int) -> None:
    """This API writes its parameters small."""
    answer = httpx.get(f"{ready.url}{PATH}?{query}", auth=(AC, TOKEN))

    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_who_captures_only_observes(ready: RunningSandbox) -> None:
    """The number's own URL is asked all the same."""
    assert ready.text(SENDER, world.WEBHOOK, "Hi")["answered_by"].startswith("Webhook ")
