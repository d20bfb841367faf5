"""What the sandbox refuses and no vendor would: a wrong client, and requests that give a number away."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException
from vapi_sms.sandbox import RunningSandbox

from tests.sandbox import world
from tests.sandbox.world import AC, TOKEN

if TYPE_CHECKING:
    from twilio.rest import Client

ROOT = Path(__file__).parents[2]
NUMBERS = f"/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers"


@pytest.fixture
def raw(sandbox: RunningSandbox) -> Any:
    """Return a plain client with Twilio's credentials, for requests that the SDK would not send."""
    with httpx.Client(base_url=sandbox.url, auth=(AC, TOKEN), trust_env=False) as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "{number}"), ("POST", f"{NUMBERS}.json"), ("DELETE", "/v1/Services/{service}")],
)
def test_what_gives_a_number_away_is_forbidden(
    sandbox: RunningSandbox, raw: httpx.Client, method: str, path: str
) -> None:
    """Refused, marked in the journal, without effect."""
    before = sandbox.routing_snapshot()
    number = f"{NUMBERS}/{sandbox.number(world.SILENT)['sid']}.json"

    answer = raw.request(method, path.format(number=number, service=world.MG))

    assert (answer.status_code, answer.json()["code"]) == (400, 90003)
    assert sandbox.journal()[-1]["forbidden"]
    assert sandbox.routing_snapshot() == before


def test_moving_a_number_is_forbidden(sandbox: RunningSandbox, client: Client) -> None:
    """AccountSid in an update moves the number to another account."""
    sid = sandbox.number(world.SILENT)["sid"]

    with pytest.raises(TwilioRestException, match="would move the number"):
        client.incoming_phone_numbers(sid).update(account_sid=world.OTHER)

    assert sandbox.journal()[-1]["forbidden"]


def test_what_only_looks_like_a_sid_is_twilios_to_refuse(sandbox: RunningSandbox, raw: httpx.Client) -> None:
    """With the right prefix it is a SID that is not there."""
    answer = raw.get(f"{NUMBERS}/PNnonsense.json")

    assert (answer.status_code, answer.json()["code"]) == (404, 20404)
    assert not sandbox.journal()[-1]["refused"]


def test_a_release_can_be_played_for_other_clients(sandbox: RunningSandbox, client: Client) -> None:
    """A switch lets it happen, and it is still no request of ours."""
    sandbox.behaviour(plays_release=True)
    sid = sandbox.number(world.HIDDEN)["sid"]

    assert client.incoming_phone_numbers(sid).delete() is True

    assert not sandbox.journal()[-1]["forbidden"]
    assert client.incoming_phone_numbers.list(phone_number=world.HIDDEN) == []
    with pytest.raises(TwilioRestException, match="was not found"):
        client.incoming_phone_numbers(sid).delete()


def test_naming_a_numbers_own_account_is_no_move(sandbox: RunningSandbox, client: Client) -> None:
    """Some clients name it at each update; the rest of the form is what counts."""
    sid = sandbox.number(world.SILENT)["sid"]

    answer = client.incoming_phone_numbers(sid).update(account_sid=AC, friendly_name="Other")

    assert (answer.account_sid, answer.friendly_name) == (AC, "Other")
    assert not sandbox.journal()[-1]["forbidden"]


@pytest.mark.parametrize(
    ("method", "path", "form", "code"),
    [
        ("POST", "{number}", {"SmsURL": "https://example.com"}, 90002),
        ("GET", f"{NUMBERS}.json?Limit=5", None, 90002),
        ("GET", f"/2010-04-01/Accounts/{AC}/IncomingPhoneNumber.json", None, 90001),
        ("PUT", "{number}", None, 90001),
        ("GET", "/v1/Service", None, 90001),
        ("GET", f"{NUMBERS}/Local.json", None, 90001),
        ("GET", f"{NUMBERS}/Mobile.json", None, 90001),
        ("POST", f"{NUMBERS}/TollFree.json", {"PhoneNumber": "+18005550100"}, 90001),
        ("GET", f"{NUMBERS}/PN{'0' * 32}/AssignedAddOns.json", None, 90001),
        ("GET", "/2010-04-01/Accounts/me.json", None, 90001),
        ("GET", f"/2010-04-01/Accounts/{AC}.xml", None, 90001),
        ("GET", f"/2010-04-01/Accounts/{AC}/Applications/App.json", None, 90001),
        ("GET", f"/2010-04-01/Accounts/{AC}/SMS/ShortCodes/894546.json", None, 90001),
        ("GET", "/v1/Services/Usecases", None, 90001),
        ("GET", "/v1/Services/PreregisteredUsa2p", None, 90001),
        ("GET", f"/v1/Services/{world.MG}/ShortCodes", None, 90001),
        ("GET", f"/v1/Services/{world.MG}/PhoneNumbers/+14155550100", None, 90001),
        ("GET", "/v1/a2p/BrandRegistrations/Vettings", None, 90001),
        ("GET", "/v1/Events", None, 90001),
        ("GET", "/v2/Services", None, None),
        ("POST", "{number}", {"TrunkSid": world.TRUNK, "VoiceApplicationSid": world.APP}, 90004),
    ],
)
def test_a_wrong_client_cannot_pass(
    sandbox: RunningSandbox,
    raw: httpx.Client,
    method: str,
    path: str,
    form: dict[str, str] | None,
    code: int | None,
) -> None:
    """Unknown parameters, paths and methods are refused by name, never as a 404 that looks like "gone"."""
    number = f"{NUMBERS}/{sandbox.number(world.SILENT)['sid']}.json"

    answer = raw.request(method, path.format(number=number), data=form)

    assert (answer.status_code, answer.json().get("code")) == (400, code)
    assert answer.json()["message"].startswith("sandbox: ")
    assert sandbox.journal()[-1]["refused"]
    assert not sandbox.journal()[-1]["forbidden"]


def test_an_unknown_path_at_vapi_is_refused_in_vapis_shape(
    sandbox: RunningSandbox, http: httpx.Client
) -> None:
    """With a 400, too."""
    answer = http.get("/phone-numbers")

    assert answer.status_code == 400
    assert answer.json()["message"] == "sandbox: there is no GET /phone-numbers"
    assert sandbox.journal()[-1]["refused"] == "there is no GET /phone-numbers"
