"""Messaging Services and TwiML Apps, through Twilio's own client."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException

from tests.sandbox import world
from tests.sandbox.world import AC, APP, DEFERRING, MG, SUB, SUB_TOKEN, TOKEN, twilio

if TYPE_CHECKING:
    from twilio.rest import Client
    from vapi_sms.sandbox import RunningSandbox

POOL = 400


def crowded() -> dict[str, object]:
    """Return a seed with a full service and forty empty ones."""
    numbers = [f"+1415556{n:04}" for n in range(POOL)]
    services = [{"sid": MG, "numbers": numbers}, *({"sid": f"MG{n:032}"} for n in range(40))]
    many = {"range": {"from": numbers[0], "count": POOL}}
    account = {"sid": AC, "auth_token": TOKEN, "numbers": [many], "messaging_services": services}
    return {"twilio": {"accounts": [account]}}


def test_services_are_listed_and_fetched(client: Client) -> None:
    """With the flag that decides who answers."""
    services = client.messaging.v1.services

    assert [service.sid for service in services.list()] == [DEFERRING, MG]
    assert services(DEFERRING).fetch().use_inbound_webhook_on_number is True
    assert services(MG).fetch().inbound_request_url.endswith("/service")


def test_a_service_can_be_made_to_defer(sandbox: RunningSandbox, client: Client) -> None:
    """The update changes what it names, and empties with an empty value."""
    service = client.messaging.v1.services(MG).update(
        use_inbound_webhook_on_number=True, inbound_request_url=""
    )

    assert (service.use_inbound_webhook_on_number, service.inbound_request_url) == (True, None)
    answer = sandbox.text(world.SENDER, world.HIDDEN, "Hi")
    assert answer["answered_by"].endswith("/sms")


def test_the_links_between_pages_are_absolute_and_lead_here(running: RunningSandbox) -> None:
    """A pool of 400 numbers is paged through by links that name this host."""
    running.reset(crowded())
    client = twilio(running)

    pool = client.messaging.v1.services(MG).phone_numbers.list(page_size=150)
    services = client.messaging.v1.services.list(page_size=20)

    assert len({number.sid for number in pool}) == POOL
    assert pool[0].capabilities == ["Voice", "SMS", "MMS"]
    assert pool[0].country_code == "US"
    assert len(services) == 41


def test_membership_is_asked_by_number(sandbox: RunningSandbox, client: Client) -> None:
    """A number is in a service, or it is 20404."""
    pool = client.messaging.v1.services(MG).phone_numbers
    inside, outside = sandbox.number(world.HIDDEN)["sid"], sandbox.number(world.WEBHOOK)["sid"]

    assert pool(inside).fetch().phone_number == world.HIDDEN
    with pytest.raises(TwilioRestException) as caught:
        pool(outside).fetch()
    assert (caught.value.status, caught.value.code) == (404, 20404)


def test_a_number_is_in_one_service_at_most(sandbox: RunningSandbox, client: Client) -> None:
    """Joining another one leaves the first."""
    sandbox.outside("number", number=world.HIDDEN, messaging_service=DEFERRING)

    services = client.messaging.v1.services
    assert services(MG).phone_numbers.list() == []
    assert len(services(DEFERRING).phone_numbers.list()) == 2


def test_a_parent_does_not_reach_a_subaccounts_services(sandbox: RunningSandbox) -> None:
    """This API's paths name no account: the credentials do."""
    own = twilio(sandbox, SUB, SUB_TOKEN, SUB)
    parents = twilio(sandbox, AC, TOKEN, SUB)

    assert own.messaging.v1.services.list() == []
    assert len(parents.messaging.v1.services.list()) == 2


def test_a_deleted_service_leaves_its_numbers_to_themselves(sandbox: RunningSandbox, client: Client) -> None:
    """Somebody deleted it in the Console: it is 20404, and each number's own routing answers."""
    sandbox.outside("service", sid=MG, delete=True)

    assert [service.sid for service in client.messaging.v1.services.list()] == [DEFERRING]
    with pytest.raises(TwilioRestException) as caught:
        client.messaging.v1.services(MG).fetch()
    assert (caught.value.status, caught.value.code) == (404, 20404)
    assert (
        sandbox.text(world.SENDER, world.HIDDEN, "Hi")["trace"][0] == "the number is in no Messaging Service"
    )


def test_many_numbers_are_texted_at_once(sandbox: RunningSandbox) -> None:
    """As one by one, without a request for each."""
    numbers = (world.STUDIO, world.BIN, world.HIDDEN)

    at_once = sandbox.texts(world.SENDER, numbers, "Hi")

    assert at_once == {number: sandbox.text(world.SENDER, number, "Hi") for number in numbers}

    async def asked() -> dict[str, dict[str, Any]]:
        return sandbox.texts(world.SENDER, numbers, "Hi")

    assert asyncio.run(asked()) == at_once  # a test may run an event loop of its own


def test_wrong_credentials_are_refused_here_too(sandbox: RunningSandbox) -> None:
    """With Twilio's 20003."""
    with pytest.raises(TwilioException, match="20003"):
        twilio(sandbox, AC, "wrong").messaging.v1.services.list()


def test_twiml_apps_are_listed_and_fetched(client: Client) -> None:
    """An app that is not there is 20404."""
    assert [app.sid for app in client.applications.list()] == [APP]
    assert client.applications(APP).fetch().sms_url.endswith("/application")
    with pytest.raises(TwilioRestException) as caught:
        client.applications("AP" + "f" * 32).fetch()
    assert caught.value.code == 20404
