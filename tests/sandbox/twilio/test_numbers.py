"""Twilio's numbers: list, fetch, update, and what Twilio refuses; through Twilio's own client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException

from tests.sandbox import world
from tests.sandbox.world import (
    AC,
    ADDRESS,
    APP,
    BUNDLE,
    IDENTITY,
    KEY,
    KEY_SECRET,
    OTHER,
    SUB,
    SUB_TOKEN,
    TOKEN,
    TRUNK,
    twilio,
)

if TYPE_CHECKING:
    from twilio.rest import Client
    from twilio.rest.api.v2010.account.incoming_phone_number import IncomingPhoneNumberInstance
    from vapi_sms.sandbox import RunningSandbox

TINY = "https://example.com/sms"


def find(client: Client, number: str) -> IncomingPhoneNumberInstance:
    """Find one number by its E.164."""
    found: IncomingPhoneNumberInstance = client.incoming_phone_numbers.list(phone_number=number)[0]
    return found


def refused(client: Client, number: str, **fields: Any) -> tuple[int, int]:
    """Return status and code with which Twilio refuses an update."""
    sid = find(client, number).sid
    with pytest.raises(TwilioRestException) as caught:
        client.incoming_phone_numbers(sid).update(**fields)
    return caught.value.status, caught.value.code


def test_unset_fields_are_null_or_empty_as_at_twilio(sandbox: RunningSandbox) -> None:
    """Twilio mixes null and "" for what is not set, and so does the sandbox."""
    record = sandbox.number(world.SILENT)

    assert (record["sms_url"], record["sms_application_sid"], record["status_callback"]) == ("", "", "")
    assert (record["voice_url"], record["voice_fallback_url"], record["trunk_sid"]) == (None, None, None)
    assert sandbox.number(world.HOSTED)["sms_method"] is None


def test_an_update_changes_what_it_names_and_nothing_else(sandbox: RunningSandbox, client: Client) -> None:
    """Only sent parameters change, and the date."""
    before = sandbox.number(world.WEBHOOK)

    answer = find(client, world.WEBHOOK).update(sms_url=TINY, sms_method="GET")

    after = sandbox.number(world.WEBHOOK)
    assert (answer.sms_url, answer.sms_method) == (TINY, "GET")
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"sms_url", "sms_method", "date_updated"}


def test_an_empty_value_clears(sandbox: RunningSandbox, client: Client) -> None:
    """An empty parameter empties its field."""
    find(client, world.APPLICATION).update(sms_application_sid="", sms_url="", sms_fallback_url="")

    record = sandbox.number(world.APPLICATION)
    assert (record["sms_application_sid"], record["sms_url"]) == ("", "")


def test_a_fragment_comes_back_byte_for_byte(client: Client) -> None:
    """Connection overrides in a URL's fragment are kept as they are."""
    url = "https://example.com/sms?a=%20b&c#rc=3&rp=ct,rt,5xx"

    find(client, world.SILENT).update(sms_url=url)

    assert find(client, world.SILENT).sms_url == url


@pytest.mark.parametrize(
    ("number", "fields", "code"),
    [
        (world.SILENT, {"sms_url": "example.com/sms"}, 21402),
        (world.SILENT, {"sms_url": "ftp://example.com"}, 21402),
        (world.SILENT, {"sms_method": "PUT"}, 21403),
        (world.SILENT, {"sms_method": ""}, 21403),
        (world.SILENT, {"sms_fallback_url": TINY}, 21406),
        (world.WEBHOOK, {"sms_url": ""}, 21406),
        (world.SILENT, {"voice_fallback_url": TINY}, 21405),
        (world.VOICE_ONLY, {"sms_url": TINY}, 21407),
        (world.SILENT, {"sms_application_sid": "AP" + "f" * 32}, 21420),
        (world.SILENT, {"sms_application_sid": "FW" + "f" * 32}, 20001),
        (world.SILENT, {"voice_receive_mode": "telex"}, 20001),
        (world.SILENT, {"voice_caller_id_lookup": "maybe"}, 20001),
        (world.SILENT, {"friendly_name": "x" * 65}, 20001),
        (world.SILENT, {"sms_url": "https://[::1"}, 21402),
        (world.REGULATED, {"sms_url": TINY}, 21631),
        (world.REGULATED, {"sms_url": TINY, "address_sid": "AD" + "f" * 32}, 21615),
        (world.REGULATED, {"sms_url": TINY, "address_sid": ADDRESS}, 21650),
        (world.REGULATED, {"sms_url": TINY, "address_sid": ADDRESS, "identity_sid": IDENTITY}, 21649),
    ],
)
def test_a_wrong_update_is_refused_and_changes_nothing(
    sandbox: RunningSandbox, client: Client, number: str, fields: dict[str, str], code: int
) -> None:
    """Each rule has Twilio's code, and a refused update leaves the number as it was."""
    before = sandbox.number(number)

    assert refused(client, number, **fields) == (400, code)

    assert sandbox.number(number) == before


def test_a_regulated_number_changes_with_its_own_sids(sandbox: RunningSandbox, client: Client) -> None:
    """The number holds the SIDs that a change needs: sent along, they let it through."""
    number = find(client, world.REGULATED)

    number.update(
        sms_url=TINY,
        address_sid=number.address_sid,
        identity_sid=number.identity_sid,
        bundle_sid=number.bundle_sid,
    )

    assert number.bundle_sid == BUNDLE
    assert sandbox.number(world.REGULATED)["sms_url"] == TINY


def test_trunk_and_voice_application_exclude_each_other(client: Client) -> None:
    """Setting one deletes the other."""
    number = find(client, world.SILENT)

    number = number.update(voice_application_sid=APP)
    assert (number.voice_application_sid, number.trunk_sid) == (APP, None)

    number = number.update(trunk_sid=TRUNK)
    assert (number.voice_application_sid, number.trunk_sid) == ("", TRUNK)


def test_an_api_key_and_a_parent_see_what_the_token_sees(sandbox: RunningSandbox) -> None:
    """A key of the account and the parent of a subaccount reach its numbers."""
    by_key = twilio(sandbox, KEY, KEY_SECRET)
    by_parent = twilio(sandbox, AC, TOKEN, SUB)
    by_parents_key = twilio(sandbox, KEY, KEY_SECRET, SUB)

    assert find(by_key, world.WEBHOOK).phone_number == world.WEBHOOK
    assert find(by_parent, world.IN_SUB).phone_number == world.IN_SUB
    assert find(by_parents_key, world.IN_SUB).phone_number == world.IN_SUB


@pytest.mark.parametrize(
    ("user", "password", "account"),
    [
        (AC, "wrong", AC),
        (KEY, "wrong", AC),
        (AC, TOKEN, OTHER),
        (SUB, SUB_TOKEN, AC),
        ("AC" + "9" * 32, TOKEN, "AC" + "9" * 32),
    ],
)
def test_wrong_credentials_are_20003(sandbox: RunningSandbox, user: str, password: str, account: str) -> None:
    """Wrong, and right for another account, cannot be told apart."""
    with pytest.raises(TwilioRestException) as caught:
        twilio(sandbox, user, password, account).incoming_phone_numbers("PN" + "0" * 32).fetch()

    assert (caught.value.status, caught.value.code, caught.value.msg) == (
        401,
        20003,
        "Unable to fetch record: Authenticate",
    )


def test_a_number_of_another_account_is_not_there(sandbox: RunningSandbox, client: Client) -> None:
    """Absent and not visible look the same: 20404 with the path."""
    sid = sandbox.number(world.IN_OTHER)["sid"]

    with pytest.raises(TwilioRestException) as caught:
        client.incoming_phone_numbers(sid).fetch()

    assert (caught.value.status, caught.value.code) == (404, 20404)
    assert f"/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers/{sid}.json was not found" in caught.value.msg


def test_filters_find_what_they_say(client: Client) -> None:
    """PhoneNumber is a partial match with wildcards; the others are exact."""
    numbers = client.incoming_phone_numbers

    assert {n.phone_number for n in numbers.list(phone_number="555010")} >= {world.WEBHOOK, world.CANADIAN}
    assert [n.phone_number for n in numbers.list(phone_number="+1416*550100")] == [world.CANADIAN]
    assert [n.phone_number for n in numbers.list(origin="hosted")] == [world.HOSTED]
    assert [n.phone_number for n in numbers.list(friendly_name="(415) 555-0100")] == [world.WEBHOOK]
    assert numbers.list(friendly_name="nobody") == []


def test_paging_gives_every_number_once(client: Client) -> None:
    """Relative links lead through all pages; the last one has none."""
    everything = [n.sid for n in client.incoming_phone_numbers.list()]

    by_page = [n.sid for n in client.incoming_phone_numbers.list(page_size=4)]

    assert len(everything) == len(set(everything)) == 15
    assert by_page == everything


def test_the_links_of_a_page_are_relative_and_null_at_the_ends(sandbox: RunningSandbox) -> None:
    """The envelope is Twilio's."""
    with httpx.Client(base_url=sandbox.url, auth=(AC, TOKEN), trust_env=False) as raw:
        first = raw.get(f"/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers.json?PageSize=8").json()
        last = raw.get(first["next_page_uri"]).json()

    assert first["previous_page_uri"] is None
    assert first["next_page_uri"].startswith(
        f"/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers.json?PageSize=8&Page=1"
    )
    assert (first["start"], first["end"], last["start"], last["end"]) == (0, 7, 8, 14)
    assert last["next_page_uri"] is None
    assert last["previous_page_uri"] == first["uri"]


@pytest.mark.parametrize("query", ["PageToken=nonsense", "Page=1", "PageToken=PAPN" + "0" * 32])
def test_a_bad_token_is_21481(sandbox: RunningSandbox, query: str) -> None:
    """A page is reached by the link to it, in no other way."""
    with httpx.Client(base_url=sandbox.url, auth=(AC, TOKEN), trust_env=False) as raw:
        answer = raw.get(f"/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers.json?{query}")

    assert (answer.status_code, answer.json()["code"]) == (400, 21481)


@pytest.mark.parametrize("size", ["0", "1001", "many"])
def test_a_page_size_out_of_range_is_refused(sandbox: RunningSandbox, size: str) -> None:
    """1 to 1000."""
    with httpx.Client(base_url=sandbox.url, auth=(AC, TOKEN), trust_env=False) as raw:
        answer = raw.get(f"/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers.json?PageSize={size}")

    assert (answer.status_code, answer.json()["code"]) == (400, 20001)


@pytest.mark.parametrize("header", ["", "Basic !!", "Basic bm9jb2xvbg==", "Bearer x"])
def test_a_malformed_authorization_is_20003(sandbox: RunningSandbox, header: str) -> None:
    """Missing, not base64, without a colon, of another scheme."""
    url = f"{sandbox.url}/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers.json"

    answer = httpx.get(url, headers={"authorization": header})

    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


def test_a_failing_list_is_twilios_bare_exception(sandbox: RunningSandbox) -> None:
    """A list with wrong credentials fails in the SDK as it does at Twilio."""
    with pytest.raises(TwilioException, match="Unable to fetch page"):
        twilio(sandbox, AC, "wrong").incoming_phone_numbers.list()


def test_every_answer_has_a_request_id(sandbox: RunningSandbox) -> None:
    """The id in the header is the one in the journal."""
    with httpx.Client(base_url=sandbox.url, auth=(AC, "wrong"), trust_env=False) as raw:
        answer = raw.get(f"/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers.json")

    assert answer.headers["twilio-request-id"] == sandbox.journal()[-1]["request_id"]


def test_five_thousand_numbers_are_five_pages(running: RunningSandbox) -> None:
    """A range in the seed makes many numbers, each with its own digits in its texts."""
    numbers = {"range": {"from": "+14155600000", "count": 5000}, "sms_url": "http://127.0.0.1:9/{number}"}
    running.reset({"twilio": {"accounts": [{"sid": AC, "auth_token": TOKEN, "numbers": [numbers]}]}})

    found = twilio(running).incoming_phone_numbers.list(page_size=1000)

    assert len({n.sid for n in found}) == 5000
    assert found[0].sms_url == "http://127.0.0.1:9/14155604999"
    assert len(running.journal()) == 5
