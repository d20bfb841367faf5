"""Records: what the engine's state holds of an original comes back as it was, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vapi_sms.core.errors import BadInput
from vapi_sms.core.planning.capture import LeaveAtVapi
from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.values import Original, Source, VapiEndpoints, VapiSettings
from vapi_sms.resources.inputs.words import LEAVE_AT_VAPI, UNRECORDED, to_camel
from vapi_sms.resources.record.state import (
    TEXTS_ONLY_SCHEMA,
    dump_original,
    dump_originals,
    load_original,
    load_originals,
    load_restore_to,
    records_of,
)

from tests.core.samples import (
    AC,
    ANSWERED_BY_SUPPORT,
    AT_VAPI,
    NUMBER,
    OLD_APP,
    OLD_CALLS,
    ORG,
    PN,
    SUPPORT,
    VAPI_ID,
    original,
)

TEXT = st.text(max_size=30)
METHOD = st.sampled_from(["", "GET", "POST"])
ROUTINGS = st.builds(Routing, TEXT, METHOD, TEXT, METHOD, TEXT)
ORIGINALS = st.builds(
    lambda record, in_vapi: replace(record, vapi_id=in_vapi[0], vapi=in_vapi[1]),
    st.builds(
        Original,
        sid=st.just(PN),
        number=st.just(NUMBER),
        account_sid=TEXT,
        org_id=TEXT,
        messaging=ROUTINGS,
        voice=st.builds(VoiceRouting, TEXT, METHOD, TEXT, METHOD, TEXT, TEXT, METHOD, TEXT),
        source=st.sampled_from(Source),
        found=st.none() | ROUTINGS,
        texts_only=st.booleans(),
        applied=st.lists(ROUTINGS, max_size=3).map(tuple),
        imports=st.none() | st.builds(VapiSettings, TEXT, TEXT, sms_enabled=st.booleans(), name=TEXT),
        import_id=TEXT,
        seen=st.integers(0, 1 << 40),
        written=st.integers(0, 1 << 40),
        written_at_vapi=TEXT,
        at_vapi=st.none() | st.builds(VapiEndpoints, TEXT, TEXT, TEXT),
    ),
    st.just(("", None)) | st.tuples(TEXT, st.builds(VapiSettings, TEXT, TEXT, TEXT, st.booleans(), TEXT)),
)
VAPIS_OWN = "restore_to is Vapi's own URL, which says nothing about who answered before"
WAYS = (
    "write a Routing, such as Handler.webhook(url), or LEAVE_AT_VAPI, or another resource's `original` output"
)


@given(ORIGINALS)
def test_record_comes_back_byte_for_byte(record: Original) -> None:
    """Through the engine's JSON, where numbers become floats, every text stays as it was."""
    kept = json.loads(json.dumps(dump_original(record)), parse_int=float)

    assert load_original(kept) == record
    assert load_originals({record.sid: kept}) == {record.sid: record}


@given(ORIGINALS)
def test_what_was_just_written_reads_as_anybody_would_read_it(record: Original) -> None:
    """In the process that wrote it records are not read again: every field is as it is in the text."""
    held = dump_originals([record])
    read = load_original(json.loads(json.dumps(held[PN])))

    assert records_of(held).by_sid[PN] is record
    assert [getattr(read, each.name) for each in fields(Original)] == [
        getattr(record, each.name) for each in fields(Original)
    ]


def test_route_record_in_the_state() -> None:
    """PERMANENT, too; its schema keeps versions away that would put back calls and Vapi as well."""
    studio = "https://webhooks.twilio.com/v1/Accounts/AC1/Flows/FW1"
    record = Original(
        PN, NUMBER, AC, "", OLD_APP, VoiceRouting(), texts_only=True, applied=(Routing(studio, "POST"),)
    )

    assert dump_original(record) == {
        "schema": 2,
        "sid": PN,
        "number": NUMBER,
        "accountSid": AC,
        "orgId": "",
        "messaging": {"url": OLD_APP.url, "fallbackMethod": ""},
        "voice": {"method": "", "fallbackMethod": "", "statusCallbackMethod": ""},
        "source": "captured",
        "textsOnly": True,
        "applied": [{"url": studio, "fallbackMethod": ""}],
    }


@given(ORIGINALS)
def test_record_holds_nothing_that_the_engine_drops(record: Original) -> None:
    """The engine leaves out what is None, and a record must not be read as another one."""
    assert None not in dump_original(record).values()


def test_record_in_the_state() -> None:
    """PERMANENT: records of this shape are in users' states, so later versions must read it."""
    record = replace(
        original(settings=ANSWERED_BY_SUPPORT, source=Source.DECLARED),
        messaging=Routing("https://a.example.com", "GET", "https://b.example.com", "", "AP" + "c" * 32),
        found=Routing(),
    )

    assert dump_original(record) == {
        "schema": 1,
        "sid": PN,
        "number": NUMBER,
        "accountSid": AC,
        "orgId": ORG,
        "messaging": {
            "url": "https://a.example.com",
            "method": "GET",
            "fallbackUrl": "https://b.example.com",
            "fallbackMethod": "",
            "applicationSid": "AP" + "c" * 32,
        },
        "voice": {
            "url": OLD_CALLS.url,
            "fallbackMethod": "",
            "statusCallback": OLD_CALLS.status_callback,
        },
        "source": "declared",
        "vapiId": VAPI_ID,
        "vapi": {
            "assistantId": SUPPORT,
            "squadId": "",
            "workflowId": "",
            "smsEnabled": True,
            "name": "",
        },
        "found": {"method": "", "fallbackMethod": ""},
    }


def test_number_that_was_not_in_vapi_has_no_settings_there() -> None:
    """Absence is what tells that destroy deletes Vapi's record."""
    assert not {"vapi", "vapiId", "found"} & dump_original(original()).keys()


def test_what_an_early_record_lacks_is_unset() -> None:
    """A record that names only what it must is read with everything else as unset, and methods as POST."""
    least = {
        "sid": PN,
        "number": NUMBER,
        "accountSid": AC,
        "messaging": {"url": "https://a.example.com"},
        "voice": {},
    }

    assert load_original(least) == Original(
        PN,
        NUMBER,
        AC,
        "",
        Routing("https://a.example.com", "POST", "", "POST"),
        VoiceRouting("", "POST", "", "POST", status_callback_method="POST"),
    )
    assert load_original(least | {"vapi": {}}).vapi == VapiSettings()


def test_record_of_a_newer_version_is_refused() -> None:
    """What this version does not understand, it must not put back."""
    newer = dump_original(original()) | {"schema": float(TEXTS_ONLY_SCHEMA + 1)}

    with pytest.raises(BadInput) as refused:
        load_original(newer)

    assert str(refused.value) == (
        "the recorded original was written by a newer vapi-sms: install that version"
    )
    assert refused.value.subject == NUMBER


@pytest.mark.parametrize("held", [None, UNRECORDED, "", {}])
def test_placeholder_holds_no_record(held: object) -> None:
    """Nothing, a placeholder and an empty map are no records."""
    assert load_originals(held) == {}


def test_restore_to_is_read_as_written() -> None:
    """Nothing, LEAVE_AT_VAPI, a routing, or another resource's records."""
    routing = replace(OLD_APP, fallback_url="https://f.example.com#rc=2", fallback_method="GET")
    record = original(source=Source.DECLARED)

    assert load_restore_to(NUMBER, None) is None
    assert isinstance(load_restore_to(NUMBER, LEAVE_AT_VAPI), LeaveAtVapi)
    assert (
        load_restore_to(NUMBER, {to_camel(name): value for name, value in routing.to_dict().items()})
        == routing
    )
    assert load_restore_to(NUMBER, {"url": "HTTPS://a.example.com"}) == Routing("HTTPS://a.example.com")
    assert load_restore_to(NUMBER, {PN: dump_original(record)}) == {PN: record}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("https://canary.example.com", f"restore_to is malformed: {WAYS}"),
        (7, f"restore_to is malformed: {WAYS}"),
        ({}, f"restore_to is malformed: {WAYS}"),
        (UNRECORDED, f"restore_to is malformed: {WAYS}"),
        ({"uri": "canary"}, f"restore_to has no field 'uri': {WAYS}"),
        ({"url": 7}, f"restore_to is malformed, its fields are texts: {WAYS}"),
        (
            {"applicationSid": "canary"},
            "restore_to is malformed: its application_sid is not a TwiML App's SID: write AP and 32 hex digits",
        ),
        ({"url": AT_VAPI.url}, f"{VAPIS_OWN}: write restore_to=LEAVE_AT_VAPI to leave texts there"),
        ({PN: {"messaging": {}}}, f"restore_to is malformed: {WAYS}"),
        ({PN: {"messaging": "canary", "number": NUMBER}}, f"restore_to is malformed: {WAYS}"),
        ({"url": "https://"}, "restore_to is malformed: its url is not an absolute http(s) URL"),
        ({"url": "/canary"}, "restore_to is malformed: its url is not an absolute http(s) URL"),
        (
            {"url": "https://a.example.com", "fallbackUrl": "ftp://canary"},
            "restore_to is malformed: its fallback_url is not an absolute http(s) URL",
        ),
        (
            {"fallbackUrl": "https://canary.example.com"},
            "restore_to is malformed: Twilio takes no fallback_url without a url",
        ),
        (
            {"url": "https://a.example.com", "method": "canary"},
            "restore_to is malformed: its methods are GET or POST",
        ),
        (
            {"url": "https://a.example.com", "fallbackMethod": "put"},
            "restore_to is malformed: its methods are GET or POST",
        ),
    ],
)
def test_malformed_restore_to_is_refused(value: object, told: str) -> None:
    """The mistake is told without the value, which may be a secret."""
    with pytest.raises(BadInput) as refused:
        load_restore_to(NUMBER, value)

    assert (refused.value.subject, str(refused.value)) == (NUMBER, told)
    assert "canary" not in str(refused.value)


def test_fallback_of_a_twiml_app_needs_no_url() -> None:
    """Under a TwiML App the number's own fields sleep; they may be anything."""
    declared: Mapping[str, Any] = {"applicationSid": "AP" + "c" * 32, "fallbackUrl": "https://f.example.com"}

    assert load_restore_to(NUMBER, declared) == Routing(
        fallback_url="https://f.example.com", application_sid="AP" + "c" * 32
    )
