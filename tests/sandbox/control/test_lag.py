"""Readings that lag behind the writes, as those of a replica or a cache do; and who asks caches to stay out."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException
from vapi_sms.sandbox.kept import Kept

from tests.sandbox import world
from tests.sandbox.world import AC, MG, ORG, SUB, SUPPORT, TOKEN, VAPI_SMS, import_number, to_import, twilio

if TYPE_CHECKING:
    from twilio.rest import Client
    from vapi_sms.sandbox import RunningSandbox

LONG = 60_000


def test_twilios_readings_show_what_was(sandbox: RunningSandbox, client: Client) -> None:
    """Lists and single records alike; a POST answers, and has, the present."""
    numbers = client.incoming_phone_numbers
    sid, before = sandbox.number(world.SILENT)["sid"], numbers.list(phone_number=world.SILENT)[0].date_updated
    sandbox.behaviour(reads_lag_ms={"twilio": LONG})

    answer = numbers(sid).update(sms_url="https://example.com/1")
    answer = numbers(sid).update(sms_method="GET")

    assert (answer.sms_url, answer.sms_method) == ("https://example.com/1", "GET")
    assert sandbox.number(world.SILENT)["sms_method"] == "GET"
    for old in (numbers(sid).fetch(), numbers.list(phone_number=world.SILENT)[0]):
        assert (old.sms_url, old.sms_method, old.date_updated) == ("", "POST", before)


def test_a_reading_catches_up(sandbox: RunningSandbox, client: Client) -> None:
    """Change by change, each when its time has come by the sandbox's clock."""
    number = client.incoming_phone_numbers(sandbox.number(world.SILENT)["sid"])
    sandbox.behaviour(reads_lag_ms={"twilio": LONG})
    seen = []

    number.update(sms_url="https://example.com/1")
    sandbox.advance(30)
    number.update(sms_url="https://example.com/2")
    seen.append(number.fetch().sms_url)
    sandbox.advance(30)
    seen.append(number.fetch().sms_url)
    sandbox.advance(30)
    seen.append(number.fetch().sms_url)

    assert seen == ["", "https://example.com/1", "https://example.com/2"]


def test_what_is_younger_than_the_lag_is_not_there(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """By id a 404 in the vendor's words; in lists not at all; a PATCH and a DELETE find it all the same."""
    sandbox.behaviour(reads_lag_ms={"vapi": LONG})
    record = import_number(http)
    path = f"/phone-number/{record['id']}"

    young = http.get(path)
    listed = http.get("/phone-number").json() + http.get("/v2/phone-number").json()["results"]
    patched = http.patch(path, json={"name": "Desk"})

    assert (young.status_code, young.json()["error"]) == (404, "Not Found")
    assert listed == []
    assert (patched.status_code, patched.json()["name"]) == (200, "Desk")
    assert "Existing Phone Number" in http.post("/phone-number", json=to_import()).text
    assert http.delete(path).status_code == 200
    assert sandbox.vapi_numbers() == []


def test_what_was_deleted_is_still_shown(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """Until the lag has passed."""
    record = import_number(http)
    sandbox.settle()
    sandbox.behaviour(reads_lag_ms={"vapi": LONG})
    path = f"/phone-number/{record['id']}"

    http.delete(path)

    assert http.get(path).json() == record
    assert [each["id"] for each in http.get("/phone-number").json()] == [record["id"]]
    assert http.delete(path).status_code == 404
    sandbox.advance(60)
    assert http.get(path).status_code == 404


def test_a_switch_shows_also_what_was_before_it(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """Readings lag from there on: the past was kept all the time, unless somebody settled it."""
    record = import_number(http)
    sandbox.outside_vapi("edit", org=ORG, id=record["id"], set={"name": "Desk"})
    path = f"/phone-number/{record['id']}"

    sandbox.behaviour(reads_lag_ms={"vapi": LONG})
    assert http.get(path).status_code == 404

    sandbox.settle()
    assert http.get(path).json()["name"] == "Desk"

    sandbox.behaviour(reads_lag_ms={"vapi": 0})
    http.patch(path, json={"name": "Other"})
    assert http.get(path).json()["name"] == "Other"


def test_each_vendor_has_its_own_lag(sandbox: RunningSandbox, client: Client, http: httpx.Client) -> None:
    """What Vapi wrote at Twilio is seen at once, while Vapi's own record is not there yet."""
    sandbox.behaviour(reads_lag_ms={"vapi": LONG})

    import_number(http)

    assert client.incoming_phone_numbers.list(phone_number=world.WEBHOOK)[0].sms_url == VAPI_SMS
    assert http.get("/phone-number").json() == []


def test_everything_that_is_read_lags(sandbox: RunningSandbox, client: Client, http: httpx.Client) -> None:
    """Services, pools, apps, accounts, assistants: what others do is seen later."""
    sandbox.behaviour(reads_lag_ms={"twilio": LONG, "vapi": LONG})
    hidden, app = sandbox.number(world.HIDDEN)["sid"], client.applications(world.APP).fetch()

    sandbox.outside("service", sid=MG, set={"friendly_name": "Renamed"})
    sandbox.outside("application", sid=world.APP, delete=True)
    sandbox.outside_move(world.HIDDEN, SUB)
    sandbox.outside_account(SUB, friendly_name="Branch")
    sandbox.outside_vapi("edit", kind="assistant", org=ORG, id=SUPPORT, set={"name": "Renamed"})

    service = client.messaging.v1.services(MG)
    assert service.fetch().friendly_name == "Service"
    assert service.phone_numbers(hidden).fetch().phone_number == world.HIDDEN
    assert [member.sid for member in service.phone_numbers.list()] == [hidden]
    assert client.incoming_phone_numbers(hidden).fetch().account_sid == AC
    assert client.applications(world.APP).fetch().sms_url == app.sms_url
    assert client.api.v2010.accounts(SUB).fetch().friendly_name == "Account"
    assert http.get(f"/assistant/{SUPPORT}").json()["name"] == "Support"
    with pytest.raises(TwilioRestException):
        twilio(sandbox, AC, TOKEN, SUB).incoming_phone_numbers(hidden).fetch()


def test_credentials_and_texts_are_of_the_present(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """A revoked key is refused at once, and a text goes where the number points now."""
    sandbox.behaviour(reads_lag_ms={"twilio": LONG, "vapi": LONG})
    import_number(http)
    sandbox.outside("credentials", account=AC, auth_token="rotated")

    path = f"/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers.json"
    assert httpx.get(f"{sandbox.url}{path}", auth=(AC, TOKEN)).status_code == 401
    assert httpx.get(f"{sandbox.url}{path}", auth=(AC, "rotated")).status_code == 200
    assert sandbox.text(world.SENDER, world.WEBHOOK)["answered_by"] == "Vapi assistant Support"


@pytest.mark.parametrize("says", [None, "no-cache", "max-age=60", "No-Cache, no-store"])
def test_a_cache_stays_out_when_it_is_asked(
    sandbox: RunningSandbox, http: httpx.Client, says: str | None
) -> None:
    """A replica cannot help it."""
    headers = {} if says is None else {"cache-control": says}
    sandbox.behaviour(cached_reads_ms={"vapi": LONG})
    record = import_number(http)
    path = f"/phone-number/{record['id']}"

    through_cache = http.get(path, headers=headers).status_code
    sandbox.behaviour(reads_lag_ms={"vapi": LONG})
    through_replica = http.get(path, headers=headers).status_code

    assert through_cache == (200 if says and "no-cache" in says.lower() else 404)
    assert through_replica == 404


def test_a_reset_has_no_past(sandbox: RunningSandbox, client: Client) -> None:
    """What the seed says was always so."""
    sandbox.outside_number(world.SILENT, sms_url="https://example.com")
    sandbox.reset()
    sandbox.behaviour(reads_lag_ms={"twilio": LONG})

    assert client.incoming_phone_numbers.list(phone_number=world.WEBHOOK)[0].sms_url
    assert client.incoming_phone_numbers.list(phone_number=world.SILENT)[0].sms_url == ""


def test_a_world_that_was_copied_remembers_the_same(sandbox: RunningSandbox, client: Client) -> None:
    """Matrices go back to a moment by a copy of both vendors."""
    sandbox.outside_number(world.SILENT, sms_url="https://example.com/1")
    kept = copy.deepcopy(sandbox._world.twilio)
    sandbox.outside_number(world.SILENT, sms_url="https://example.com/2")
    sandbox._world.twilio = kept

    now = client.incoming_phone_numbers.list(phone_number=world.SILENT)[0].sms_url
    sandbox.behaviour(reads_lag_ms={"twilio": LONG})
    then = client.incoming_phone_numbers.list(phone_number=world.SILENT)[0].sms_url

    assert (now, then) == ("https://example.com/1", "")


def test_more_than_a_minute_is_not_remembered(sandbox: RunningSandbox) -> None:
    """So it cannot be asked for."""
    with pytest.raises(ValueError, match="has to be at most 60,000"):
        sandbox.behaviour(reads_lag_ms={"vapi": LONG + 1})


def test_what_is_older_than_a_minute_is_forgotten() -> None:
    """Each change drops what can be asked for no more, so that a long run does not fill the memory."""
    things: Kept[int] = Kept()
    things["a"] = 1
    things["a"] = 2
    when, name, before = things._past[0]
    things._past[0] = (when - 61, name, before)

    things["b"] = 3

    assert [(name, before) for _, name, before in things._past] == [("a", 1), ("b", None)]
    assert things.as_of(when - 1) == {"a": 1}
    assert things == {"a": 2, "b": 3}
