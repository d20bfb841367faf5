"""The diff of records: offline, and never a replacement."""

from __future__ import annotations

import pytest
from vapi_sms.resources.inputs.words import LEAVE_AT_VAPI, UNRECORDED
from vapi_sms.resources.record.state import records_of
from vapi_sms.sandbox import RunningSandbox

from tests.resources.evidence import asked
from tests.resources.provider import UNKNOWN, Diffed, Props, Provider
from tests.resources.records import OTHER_RECORD, RECORD, many
from tests.sandbox.world import BIN, WEBHOOK

INPUTS: Props = {
    **many(WEBHOOK),
    "originals": RECORD,
    "summary": {WEBHOOK: "texts: Webhook https://a.example"},
}
DIFFS: list[tuple[str, Props, Props, bool | None]] = [
    ("nothing", {}, {}, False),
    ("the provider's pickle", {"__provider": "b2xk"}, {}, False),
    ("the owner", {}, {"owner": "organization/test/dev/renamed"}, False),
    ("the summary", {}, {"summary": {WEBHOOK: "other words"}}, False),
    ("a number more", {}, {**many(WEBHOOK, BIN), "originals": {**RECORD, **OTHER_RECORD}}, None),
    ("a number less", {**many(WEBHOOK, BIN), "originals": {**RECORD, **OTHER_RECORD}}, {}, None),
    ("another number", {}, {**many(BIN), "originals": OTHER_RECORD}, None),
    ("restore_to", {}, {"restoreTo": {WEBHOOK: {"url": "https://b.example"}}}, None),
    ("no restore_to any more", {"restoreTo": {WEBHOOK: LEAVE_AT_VAPI}}, {}, None),
    ("the record", {}, {"originals": {"PN1": {**RECORD["PN1"], "source": "leave"}}}, None),
    ("a placeholder before", {"originals": UNRECORDED}, {}, None),
    ("a placeholder now", {}, {"originals": UNRECORDED}, None),
    ("placeholders", {"originals": UNRECORDED}, {"originals": UNRECORDED}, None),
    ("not known yet", {}, {"originals": UNKNOWN}, None),
    ("a number not known yet", {}, {"numbers": UNKNOWN, "originals": UNKNOWN}, None),
    ("records without the number", {"originals": {}}, {"originals": {}}, None),
]


def test_a_number_that_was_bought_again_has_the_later_record_whatever_order_the_engine_keeps() -> None:
    """Ours wrote the old one in the second in which the new one was bought; a SID means its own record."""
    old = {**RECORD["PN1"], "seen": 10.0, "written": 20.0}
    new = {**RECORD["PN1"], "sid": "PN0", "seen": 20.0}
    for held in ({"PN1": old, "PN0": new}, {"PN0": new, "PN1": old}):
        records = records_of(held)

        assert records.sid_of(WEBHOOK) == "PN0"
        assert records.by_key["PN1"].sid == "PN1"


@pytest.mark.parametrize(
    ("olds", "news", "expected"), [each[1:] for each in DIFFS], ids=[each[0] for each in DIFFS]
)
def test_diff(
    shared: Provider,
    calm: RunningSandbox,
    olds: Props,
    news: Props,
    expected: bool | None,
) -> None:
    """False where records and wishes are the same, None on placeholders and on records that lack a number."""
    before = len(asked(calm))

    found = shared.originals.diff("originals", {**INPUTS, **olds}, {**INPUTS, **news})

    assert found == Diffed(changes=expected)
    assert len(asked(calm)) == before
