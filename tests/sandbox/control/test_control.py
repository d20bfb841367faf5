"""The control surface: journal, state, outside edits, reset, refusals; and no secret in any of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import yaml
from vapi_sms.sandbox import RunningSandbox

from tests.sandbox import world
from tests.sandbox.world import AC, KEY_SECRET, ORG, ORG_KEY, SUPPORT, TOKEN, seed, to_import, twilio

if TYPE_CHECKING:
    from twilio.rest import Client

ROOT = Path(__file__).parents[3]
NUMBERS = f"/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers"


def test_the_journal_tells_every_request_in_order(
    sandbox: RunningSandbox, client: Client, http: httpx.Client
) -> None:
    """With vendor, method, path, parameters, status and request id."""
    sid = sandbox.number(world.SILENT)["sid"]
    client.incoming_phone_numbers(sid).update(sms_method="GET")
    http.get("/assistant", params={"limit": 5})

    first, second = sandbox.journal()
    assert (first["vendor"], first["method"], first["status"]) == ("twilio", "POST", 200)
    assert (first["path"], first["parameters"]) == (f"{NUMBERS}/{sid}.json", {"SmsMethod": "GET"})
    assert (second["vendor"], second["path"], second["parameters"]) == ("vapi", "/assistant", {"limit": "5"})
    assert sandbox.journal(since=first["n"]) == [second]


def test_a_cleared_journal_goes_on_counting(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """So that `since` never shows an old request again."""
    http.get("/assistant")
    last = sandbox.journal()[-1]["n"]
    sandbox.clear_journal()
    http.get("/squad")

    assert [(entry["n"], entry["path"]) for entry in sandbox.journal()] == [(last + 1, "/squad")]


def test_no_secret_is_in_journal_state_or_texts(
    sandbox: RunningSandbox, client: Client, http: httpx.Client
) -> None:
    """Tokens, keys and passwords nowhere; query values of webhooks not in the journal and not in traces."""
    record = http.post("/phone-number", json=to_import(server={"url": "https://e.com?k=url-canary"})).json()
    http.patch(f"/phone-number/{record['id']}", json={"twilioAuthToken": TOKEN})
    client.incoming_phone_numbers(sandbox.number(world.SILENT)["sid"]).update(
        sms_url="https://user:url-canary@example.com/a?token=url-canary#rc=2"
    )
    texts = [sandbox.text(world.SENDER, number) for number in (world.SILENT, world.FUNCTION)]

    journal, state = str(sandbox.journal()), str(sandbox.state())
    for secret in ("twilio-canary", "vapi-canary"):
        assert secret not in journal + state + str(texts)
    assert "url-canary" not in journal + str(texts)
    assert "https://***@example.com/a?token=***#rc=2" in journal


def test_the_state_shows_whether_vapis_copy_of_a_credential_changed(
    sandbox: RunningSandbox, http: httpx.Client
) -> None:
    """Fingerprints are equal where the secrets are."""
    http.post("/phone-number", json=to_import())

    account = sandbox.state()["twilio"]["accounts"][AC]
    assert sandbox.vapi_numbers()[0]["twilioAuthToken"] == account["auth_token"]
    sandbox.outside("credentials", account=AC, auth_token="rotated")
    rotated = sandbox.state()["twilio"]["accounts"][AC]["auth_token"]
    assert rotated != account["auth_token"]


def test_outside_edits_follow_no_rule_and_leave_no_trace_in_the_journal(sandbox: RunningSandbox) -> None:
    """Somebody in the Console is no client of ours."""
    sandbox.outside_number(world.VOICE_ONLY, sms_url="whatever")
    sandbox.outside_release(world.STUDIO)
    created = sandbox.outside_vapi(
        "create", org=ORG, set={"number": world.BIN, "twilioAccountSid": AC, "assistantId": SUPPORT}
    )
    sandbox.outside_vapi("edit", org=ORG, kind="assistant", id=SUPPORT, set={"name": "Renamed"})

    assert sandbox.number(world.VOICE_ONLY)["sms_url"] == "whatever"
    with pytest.raises(KeyError):
        sandbox.number(world.STUDIO)
    assert sandbox.vapi_numbers()[0]["id"] == created["id"]
    assert sandbox.state()["vapi"]["orgs"][ORG]["assistants"][SUPPORT]["name"] == "Renamed"
    assert sandbox.journal() == []


def test_a_released_number_is_gone_everywhere(sandbox: RunningSandbox, client: Client) -> None:
    """From its account and from its service."""
    sandbox.outside_release(world.HIDDEN)

    assert client.incoming_phone_numbers.list(phone_number=world.HIDDEN) == []
    assert client.messaging.v1.services(world.MG).phone_numbers.list() == []
    assert sandbox.text(world.SENDER, world.HIDDEN)["answered_by"] == "nobody"


@pytest.mark.parametrize(
    ("thing", "edit"),
    [
        ("number", {"number": "+19990000000"}),
        ("number", {"number": world.SILENT, "set": {"smsUrl": "x"}}),
        ("number", {"number": world.SILENT, "messaging_service": "MG"}),
        ("service", {"sid": "MG", "set": {}}),
        ("application", {"sid": "AP"}),
        ("vapi", {"do": "delete", "org": ORG, "id": "x"}),
        ("vapi", {"do": "delete", "id": "x"}),
        ("vapi", {"do": "create", "kind": "squad", "org": ORG}),
        ("credentials", {"account": "AC"}),
        ("nonsense", {}),
    ],
)
def test_an_outside_edit_of_nothing_is_refused(
    sandbox: RunningSandbox, thing: str, edit: dict[str, Any]
) -> None:
    """A test that misses its target hears of it."""
    with pytest.raises(ValueError, match="sandbox: "):
        sandbox.outside(thing, **edit)


def test_credentials_can_be_rotated_and_revoked(sandbox: RunningSandbox) -> None:
    """The old ones are refused from then on."""
    sandbox.outside("credentials", account=AC, auth_token="new", api_keys={world.KEY: None})
    sandbox.outside("credentials", org=ORG, api_key="new-key")

    assert httpx.get(f"{sandbox.url}{NUMBERS}.json", auth=(AC, TOKEN)).status_code == 401
    assert httpx.get(f"{sandbox.url}{NUMBERS}.json", auth=(world.KEY, KEY_SECRET)).status_code == 401
    assert httpx.get(f"{sandbox.url}{NUMBERS}.json", auth=(AC, "new")).status_code == 200
    assert (
        httpx.get(f"{sandbox.url}/squad", headers={"authorization": f"Bearer {ORG_KEY}"}).status_code == 401
    )


def test_a_reset_makes_everything_new(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """Records, behaviour, faults and journal are as at the start."""
    before = sandbox.routing_snapshot()
    http.post("/phone-number", json=to_import())
    sandbox.behaviour(delete="resets")
    sandbox.fault(status=500, count=None)

    sandbox.reset()

    assert sandbox.routing_snapshot() == before
    assert sandbox.state()["behaviour"]["delete"] == "leaves"
    assert sandbox.journal() == []
    assert sandbox.faults() == []


def test_a_reset_takes_another_seed(sandbox: RunningSandbox) -> None:
    """As YAML, too; a wrong one changes nothing."""
    text = yaml.safe_dump({"behaviour": {"delete": "clears"}})
    yaml_ = {"content-type": "application/yaml"}
    path = f"{sandbox.url}/_sandbox/reset"

    assert httpx.post(path, content="behaviour: {delete: burns}", headers=yaml_).status_code == 400
    assert sandbox.number(world.SILENT)
    assert httpx.post(path, content=text, headers=yaml_).status_code == 204
    assert sandbox.state()["twilio"]["accounts"] == {}
    assert sandbox.state()["behaviour"]["delete"] == "clears"


@pytest.mark.parametrize("switches", [{"delete": "burns"}, {"typo": True}, {"limits": {"twilio": 0}}])
def test_a_wrong_switch_is_refused(sandbox: RunningSandbox, switches: dict[str, Any]) -> None:
    """And the others stay as they are."""
    before = sandbox.state()["behaviour"]

    with pytest.raises(ValueError, match="sandbox: "):
        sandbox.behaviour(**switches)

    assert sandbox.state()["behaviour"] == before


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "behaviour", "{"),
        ("POST", "behaviour", "[]"),
        ("POST", "texts", "{}"),
        ("POST", "reset", "a: ["),
        ("GET", "journal?since=x", ""),
        ("DELETE", "faults?n=x", ""),
    ],
)
def test_a_senseless_control_request_is_refused(
    sandbox: RunningSandbox, method: str, path: str, body: str
) -> None:
    """With what is wrong, and no traceback."""
    headers = {"content-type": "application/json"}
    answer = httpx.request(method, f"{sandbox.url}/_sandbox/{path}", content=body, headers=headers)

    assert answer.status_code == 400
    assert answer.json()["error"]


def test_two_sandboxes_do_not_know_each_other(sandbox: RunningSandbox) -> None:
    """Nothing is global."""
    with RunningSandbox(seed()) as other:
        other.outside_number(world.SILENT, sms_url="https://example.com")

        assert twilio(other).incoming_phone_numbers.list(phone_number=world.SILENT)[0].sms_url
        assert sandbox.number(world.SILENT)["sms_url"] == ""
