"""Addresses of Conversations: read through Twilio's own client, and told beside who answers a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException
from vapi_sms.sandbox.errors import FORBIDDEN

from tests.sandbox import world
from tests.sandbox.world import AC, CODE, OTHER, OTHER_TOKEN, SENDER, VOICE_ONLY, WEBHOOK, seed, twilio

if TYPE_CHECKING:
    from collections.abc import Callable

    from twilio.rest import Client
    from vapi_sms.sandbox import RunningSandbox

    from tests.sandbox.old_app import OldApp

FLEX, WHATSAPP, OFF, SHORT, SILENT = (f"IG{n:032}" for n in range(5))
FLOW, SERVICE = "FW" + "a" * 32, "IS" + "a" * 32


def addresses() -> list[dict[str, Any]]:
    """Return addresses of every sort."""
    studio = {"type": "studio", "studio_flow_sid": FLOW, "conversation_service_sid": SERVICE}
    return [
        {"sid": FLEX, "address": WEBHOOK, "friendly_name": "Flex", "auto_creation": studio},
        {"sid": WHATSAPP, "address": f"whatsapp:{WEBHOOK}", "type": "whatsapp"},
        {"sid": OFF, "address": world.STUDIO, "auto_creation": {"enabled": False}},
        {"sid": SHORT, "address": CODE, "address_country": "US"},
        {"sid": SILENT, "address": VOICE_ONLY},
    ]


def client_of(sandbox: RunningSandbox, **login: str) -> Client:
    """Return Twilio's own client, its Conversations at the sandbox too."""
    client = twilio(sandbox, **login)
    client.conversations.base_url = sandbox.url
    return client


@pytest.fixture
def ready(sandbox: RunningSandbox, app: OldApp) -> RunningSandbox:
    """Return a sandbox whose first account has these addresses."""
    data = seed(app.url)
    data["twilio"]["accounts"][0]["conversation_addresses"] = addresses()
    sandbox.reset(data)
    return sandbox


def test_addresses_are_listed_and_fetched(ready: RunningSandbox) -> None:
    """All, those of a type, and one by its SID or by what it is the address of."""
    found = client_of(ready).conversations.v1.address_configurations

    (whatsapp,) = found.list(type="whatsapp")
    flex = found(WEBHOOK).fetch()

    assert [each.sid for each in found.list()] == [SILENT, SHORT, OFF, WHATSAPP, FLEX]
    assert (whatsapp.sid, whatsapp.address, whatsapp.account_sid) == (WHATSAPP, f"whatsapp:{WEBHOOK}", AC)
    assert (flex.sid, flex.type, flex.friendly_name, flex.address_country) == (FLEX, "sms", "Flex", None)
    studio = {"studio_flow_sid": FLOW, "conversation_service_sid": SERVICE}
    assert flex.auto_creation == {"enabled": True, "type": "studio", **studio}
    assert flex.url == f"{ready.url}/v1/Configuration/Addresses/{FLEX}"
    assert found(SHORT).fetch().date_created.year == 2024


def test_a_page_has_50_at_most(sandbox: RunningSandbox) -> None:
    """That is what Twilio documents of this list alone; more is refused."""
    data = seed()
    many = [{"sid": f"IG{n:032}", "address": f"+1415556{n:04}"} for n in range(120)]
    data["twilio"]["accounts"][0]["conversation_addresses"] = many
    sandbox.reset(data)
    found = client_of(sandbox).conversations.v1.address_configurations

    assert [each.sid for each in found.list(page_size=50)] == [each["sid"] for each in reversed(many)]
    assert len(sandbox.journal()) == 3
    with pytest.raises(TwilioException, match="PageSize is more than 50"):
        found.page(page_size=51)


def test_each_account_has_its_own(ready: RunningSandbox) -> None:
    """The path names no account: the credentials do."""
    others = client_of(ready, user=OTHER, password=OTHER_TOKEN, account=OTHER)

    assert others.conversations.v1.address_configurations.list() == []
    with pytest.raises(TwilioRestException) as caught:
        others.conversations.v1.address_configurations(FLEX).fetch()
    assert caught.value.code == 20404


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found.create(type="sms", address=WEBHOOK),
        lambda found: found(FLEX).update(auto_creation_enabled=False),
        lambda found: found(FLEX).delete(),
    ],
    ids=["create", "update", "delete"],
)
def test_nothing_here_may_change_them(ready: RunningSandbox, change: Callable[[Any], object]) -> None:
    """A request that would is refused, and marked in the journal."""
    with pytest.raises(TwilioRestException) as caught:
        change(client_of(ready).conversations.v1.address_configurations)

    assert caught.value.code == FORBIDDEN
    assert ready.journal()[-1]["forbidden"]
    assert len(ready.state()["twilio"]["accounts"][AC]["conversation_addresses"]) == 5


def test_a_text_starts_a_conversation_beside_its_answer(ready: RunningSandbox, app: OldApp) -> None:
    """Who answers is as it was; the conversation is told beside it, for short codes too."""
    told = ready.text(SENDER, WEBHOOK, "Hi")
    of_code = ready.text(SENDER, CODE, "Hi")

    assert told["answered_by"] == f"Webhook {app.url}/sms"
    assert told["conversation"] == {"address": FLEX, "type": "studio"}
    assert of_code["conversation"] == {"address": SHORT, "type": "default"}


@pytest.mark.parametrize("number", [world.STUDIO, world.BIN, VOICE_ONLY, "+14155559999"])
def test_other_texts_start_none(ready: RunningSandbox, number: str) -> None:
    """Switched off, without an address, unable to receive texts, nobody's."""
    assert ready.text(SENDER, number, "Hi")["conversation"] is None


def test_somebody_switches_one_off_or_deletes_it(ready: RunningSandbox) -> None:
    """As in the Console; the next text starts nothing."""
    ready.outside("address", sid=FLEX, set={"auto_creation": {"enabled": False, "type": "default"}})
    ready.outside("address", sid=SHORT, delete=True)

    assert ready.text(SENDER, WEBHOOK, "Hi")["conversation"] is None
    assert ready.text(SENDER, CODE, "Hi")["conversation"] is None
    with pytest.raises(ValueError, match=f"no address {SHORT}"):
        ready.outside("address", sid=SHORT, delete=True)
