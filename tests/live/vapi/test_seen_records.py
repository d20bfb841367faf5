"""What is known of Vapi's records: one that is forgotten is looked up, whatever else is known."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import NoReturn

from vapi_sms.core.values import VapiRecord, VapiSettings
from vapi_sms.live.calling.limiter import Outages
from vapi_sms.live.vapi.client import VapiClient
from vapi_sms.live.vapi.seen_records import SeenRecords
from vapi_sms.sandbox import RunningSandbox

from tests.sandbox.world import AC, BIN, ORG, STUDIO, SUPPORT, WEBHOOK


class LookedUp(dict[str, dict[str, VapiRecord]]):
    """What may be asked for one number, and not for all."""

    def values(self) -> NoReturn:
        """Fail."""
        raise AssertionError("all were walked for one")


def record(id_: str, number: str) -> VapiRecord:
    """Give a record as Vapi answers a write."""
    return VapiRecord(id_, ORG, number, AC, VapiSettings(SUPPORT))


def test_a_forgotten_record_is_gone_wherever_it_stood_and_others_stay(vapi: VapiClient) -> None:
    """Also under the number that it had before; none of the other numbers is looked at."""
    seen = SeenRecords(vapi, Outages(time.monotonic), time.monotonic)
    for id_, number in (("one", WEBHOOK), ("two", WEBHOOK), ("three", STUDIO)):
        seen.learn(record(id_, number))
    seen.learn(record("one", BIN))
    seen._by_number = LookedUp(seen._by_number)

    seen.forget("one")
    seen.forget("never seen")

    ids = {number: [each.id for each in seen.of(number)] for number in (WEBHOOK, STUDIO, BIN)}
    assert ids == {WEBHOOK: ["two"], STUDIO: ["three"], BIN: []}
    seen.learn(record("one", WEBHOOK))
    assert {each.id for each in seen.of(WEBHOOK)} == {"one", "two"}


def test_a_look_up_keeps_what_vapi_answered_to_our_own_writes(
    sandbox: RunningSandbox, vapi: VapiClient
) -> None:
    """Of that number; a list that does not show it yet takes nothing away, what it shows of others is new."""
    (shown,) = vapi.search_number(
        str(sandbox.outside_vapi("create", org=ORG, set={"number": BIN, "twilioAccountSid": AC})["number"])
    )
    seen = SeenRecords(vapi, Outages(time.monotonic), time.monotonic)
    ours = record("ours", BIN)
    seen.learn(ours)
    seen.learn(record("elsewhere", STUDIO))

    seen.look_up(BIN)

    assert {each.id: each for each in seen.of(BIN)} == {"ours": ours, shown.id: shown}
    assert [each.id for each in seen.of(STUDIO)] == ["elsewhere"]
    seen.forget(shown.id)
    assert seen.of(BIN) == [replace(ours)]
