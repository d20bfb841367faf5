"""Our client for Twilio against the sandbox, over HTTP: the normal ways."""

from __future__ import annotations

import logging
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from vapi_sms.core.errors import VendorRefused
from vapi_sms.core.routings.handlers import Handler
from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.services.pool import Inbound, MessagingService
from vapi_sms.core.values import Service
from vapi_sms.live.settings import resolve_settings
from vapi_sms.live.twilio.client import TwilioClient
from vapi_sms.live.twilio.services import TwilioServices

from tests.live.evidence import the
from tests.sandbox.world import (
    AC,
    APP,
    APPLICATION,
    DEFERRED,
    DEFERRING,
    HIDDEN,
    HOSTED,
    KEY,
    KEY_SECRET,
    MG,
    REGULATED,
    SILENT,
    TRUNK,
    VOICE_ONLY,
    WEBHOOK,
)

if TYPE_CHECKING:
    from vapi_sms.live.settings import Settings
    from vapi_sms.sandbox import RunningSandbox

NOBODY = "PN" + "0" * 32


def writes(sandbox: RunningSandbox) -> list[dict[str, str]]:
    """Return the parameters of all POSTs."""
    return [entry["parameters"] for entry in sandbox.journal() if entry["method"] == "POST"]


def test_a_number_is_read_whole(twilio: TwilioClient) -> None:
    """Every field of both routings is kept byte for byte, fragments included."""
    number = the(twilio.find_number(WEBHOOK))

    assert number.number == WEBHOOK
    assert number.can_sms
    assert number.messaging == Routing(
        "http://127.0.0.1:9/sms?tenant=url-canary#rc=1", "POST", "http://127.0.0.1:9/fallback", "POST"
    )
    assert number.voice == VoiceRouting(
        "http://127.0.0.1:9/voice",
        "POST",
        "http://127.0.0.1:9/voice-fallback",
        "POST",
        status_callback="http://127.0.0.1:9/status",
        status_callback_method="POST",
    )
    assert twilio.fetch_number(number.sid) == number


def test_null_and_empty_are_one_value(twilio: TwilioClient) -> None:
    """A hosted number's null methods and SIDs read as empty."""
    number = the(twilio.find_number(HOSTED))

    assert number.messaging == Routing("", "", "", "", "")
    assert number.voice.trunk_sid == ""


def test_what_is_not_there_is_none(twilio: TwilioClient) -> None:
    """Neither a SID nor a number that these credentials do not see is an error."""
    assert twilio.fetch_number(NOBODY) is None
    assert twilio.find_number("+14155559999") is None


def test_a_part_of_a_number_is_not_the_number(twilio: TwilioClient) -> None:
    """Twilio's filter matches parts; only the very number is found."""
    assert twilio.find_number(WEBHOOK[:-1]) is None


@pytest.mark.parametrize("when", ["2020", "2030"])
def test_a_number_that_an_answer_shows_twice_is_the_one_that_changed_last(
    sandbox: RunningSandbox, twilio: TwilioClient, when: str
) -> None:
    """It was released and bought again a moment ago: whichever comes first, the other one is gone."""
    sid, other = sandbox.number(WEBHOOK)["sid"], sandbox.outside_buy(f"{WEBHOOK}9", AC)["sid"]
    shown = {"phone_number": WEBHOOK, "date_updated": f"Wed, 01 Jan {when} 00:00:00 +0000"}
    sandbox.fault(vendor="twilio", method="GET", shows={other: shown})

    assert the(twilio.find_number(WEBHOOK)).sid == (sid if when == "2020" else other)


def test_capabilities_are_read(twilio: TwilioClient) -> None:
    """A number that cannot receive texts says so."""
    assert not the(twilio.find_number(VOICE_ONLY)).can_sms


def test_all_numbers_are_listed_page_by_page(
    sandbox: RunningSandbox, env: dict[str, str], twilio: TwilioClient
) -> None:
    """2,001 numbers cost three requests."""
    numbers = [{"range": {"from": "+14155550000", "count": 2001}}]
    account = {"sid": env["TWILIO_ACCOUNT_SID"], "auth_token": env["TWILIO_AUTH_TOKEN"], "numbers": numbers}
    sandbox.reset({"twilio": {"accounts": [account]}})

    assert len({number.sid for number in twilio.list_numbers().read}) == 2001
    assert twilio.requests == 3


def test_a_routing_is_written_whole_in_one_request(sandbox: RunningSandbox, twilio: TwilioClient) -> None:
    """Every field of both channels is named, empty ones too, and the answer is a reading."""
    number = the(twilio.find_number(APPLICATION))
    sandbox.clear_journal()

    answered = twilio.update_routing(number, messaging=Routing("https://example.com/a"), voice=VoiceRouting())

    assert writes(sandbox) == [
        {
            "SmsUrl": "https://example.com/a",
            "SmsMethod": "POST",
            "SmsFallbackUrl": "",
            "SmsFallbackMethod": "POST",
            "SmsApplicationSid": "",
            "VoiceUrl": "",
            "VoiceMethod": "POST",
            "VoiceFallbackUrl": "",
            "VoiceFallbackMethod": "POST",
            "VoiceApplicationSid": "",
            "StatusCallback": "",
            "StatusCallbackMethod": "POST",
            "TrunkSid": "",
        }
    ]
    assert answered.messaging == Routing("https://example.com/a", "POST", "", "POST")
    assert answered == twilio.fetch_number(number.sid)


def test_the_other_channel_is_not_named(sandbox: RunningSandbox, twilio: TwilioClient) -> None:
    """Texts are routed without a word about calls, and the other way round."""
    number = the(twilio.find_number(WEBHOOK))
    sandbox.clear_journal()

    twilio.update_routing(number, messaging=number.messaging)
    twilio.update_routing(number, voice=number.voice)

    texts, calls = writes(sandbox)
    assert not any(name.startswith(("Voice", "Status", "Trunk")) for name in texts)
    assert not any(name.startswith("Sms") for name in calls)


@pytest.mark.parametrize(
    ("voice", "trunk", "application"),
    [
        (VoiceRouting(application_sid=APP, trunk_sid=TRUNK), TRUNK, ""),
        (VoiceRouting(application_sid=APP), "", APP),
    ],
)
def test_of_trunk_and_application_only_the_winner_is_sent(
    sandbox: RunningSandbox, twilio: TwilioClient, voice: VoiceRouting, trunk: str, application: str
) -> None:
    """Each deletes the other at Twilio."""
    answered = twilio.update_routing(the(twilio.find_number(WEBHOOK)), voice=voice)

    assert (answered.voice.trunk_sid, answered.voice.application_sid) == (trunk, application)
    assert (writes(sandbox)[0]["TrunkSid"], writes(sandbox)[0]["VoiceApplicationSid"]) == (trunk, application)


def test_a_routing_written_back_changes_nothing(sandbox: RunningSandbox, twilio: TwilioClient) -> None:
    """Handing texts over and giving them back leaves both records equal."""
    before, number = sandbox.routing_snapshot(), the(twilio.find_number(WEBHOOK))

    twilio.update_routing(number, messaging=Handler.webhook("https://api.vapi.ai/twilio/sms"))
    twilio.update_routing(number, messaging=number.messaging, voice=number.voice)

    assert sandbox.routing_snapshot() == before


def test_regulated_numbers_get_their_own_sids(sandbox: RunningSandbox, twilio: TwilioClient) -> None:
    """When Twilio asks for address, identity or bundle, the write is sent once more with the number's own."""
    number = the(twilio.find_number(REGULATED))

    answered = twilio.update_routing(number, messaging=Routing("https://example.com/a"))

    assert answered.messaging.url == "https://example.com/a"
    first, second = writes(sandbox)
    assert second == first | {
        "AddressSid": number.address_sid,
        "IdentitySid": number.identity_sid,
        "BundleSid": number.bundle_sid,
    }


def test_regulated_numbers_without_sids_are_refused_once(
    sandbox: RunningSandbox, twilio: TwilioClient
) -> None:
    """Where the number has none of them, the write is not repeated."""
    number = replace(the(twilio.find_number(REGULATED)), address_sid="", identity_sid="", bundle_sid="")

    with pytest.raises(VendorRefused, match="Regulatory Compliance"):
        twilio.update_routing(number, messaging=Routing("https://example.com/a"))

    assert len(writes(sandbox)) == 1


def test_proving_that_we_may_write_changes_nothing(sandbox: RunningSandbox, twilio: TwilioClient) -> None:
    """The number is given the name that it has."""
    before, number = sandbox.routing_snapshot(), the(twilio.find_number(SILENT))

    assert twilio.prove_write(number) == number
    assert writes(sandbox) == [{"FriendlyName": number.friendly_name}]
    assert sandbox.routing_snapshot() == before


def test_services_and_their_pools_are_read(twilio: TwilioClient) -> None:
    """A service that defers is told from one that hides its numbers' routings."""
    hiding, deferring = sorted(twilio.list_services().read, key=lambda service: service.sid)

    handler = Routing("http://127.0.0.1:9/service", "POST", "", "POST")
    assert hiding == MessagingService(MG, "Service", AC, Inbound(defers=False, handler=handler))
    assert deferring == MessagingService(
        DEFERRING, "Service", AC, Inbound(defers=True, handler=Routing("", "POST", "", "POST"))
    )
    hidden = the(twilio.find_number(HIDDEN))
    assert twilio.list_pool(MG).read == [hidden.sid]
    services = TwilioServices(twilio)
    assert services.hides(hidden) == Service(MG, "Service", "http://127.0.0.1:9/service")
    assert services.hides(the(twilio.find_number(DEFERRED))) is None


def test_twiml_apps_are_read_by_one_list(twilio: TwilioClient) -> None:
    """A TwiML App of another account is as good as none."""
    assert list(twilio.list_applications().read) == [(APP, Routing("http://127.0.0.1:9/application", "POST"))]


def test_an_api_key_works_like_the_token(env: dict[str, str]) -> None:
    """An API key goes with the account in the path."""
    del env["TWILIO_AUTH_TOKEN"]
    settings = resolve_settings({**env, "TWILIO_API_KEY": KEY, "TWILIO_API_SECRET": KEY_SECRET}, {})
    assert settings is not None
    client = TwilioClient(settings)

    assert the(client.find_number(WEBHOOK)).number == WEBHOOK
    client.close()


def test_threads_share_the_client(twilio: TwilioClient) -> None:
    """Many threads read at once, and every request is counted."""
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: the(twilio.find_number(WEBHOOK)).number, range(40)))

    assert set(found) == {WEBHOOK}
    assert twilio.requests == 40


def test_the_sdk_does_not_look_into_the_environment(
    monkeypatch: pytest.MonkeyPatch, twilio: TwilioClient
) -> None:
    """A region, an edge or a token in the environment does not reach Twilio's SDK behind our back."""
    for name, value in {"REGION": "ie1", "EDGE": "dublin", "AUTH_TOKEN": "x", "ACCOUNT_SID": "y"}.items():
        monkeypatch.setitem(os.environ, f"TWILIO_{name}", value)

    assert the(twilio.find_number(WEBHOOK)).number == WEBHOOK


def test_nothing_is_logged(twilio: TwilioClient, caplog: pytest.LogCaptureFixture) -> None:
    """The SDK's log of requests, phone numbers in it, goes nowhere."""
    with caplog.at_level(logging.DEBUG, logger="twilio.http_client"):
        the(twilio.find_number(WEBHOOK))

    assert [record for record in caplog.records if "twilio" in record.name] == []


def test_without_a_base_url_twilios_own_hosts_are_asked(settings: Settings) -> None:
    """Both of Twilio's APIs have a host of their own."""
    client = TwilioClient(replace(settings, twilio_base_url=""))

    assert client.sdk.api.base_url == "https://api.twilio.com"
    assert client.sdk.messaging.base_url == "https://messaging.twilio.com"
    client.close()
