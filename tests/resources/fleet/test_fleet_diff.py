"""A fleet's diff: offline, and never a replacement."""

from __future__ import annotations

import pytest
from vapi_sms.resources.inputs.words import UNRECORDED
from vapi_sms.sandbox import RunningSandbox

from tests.resources.evidence import asked
from tests.resources.fleet_stack import (
    fleet_life,
    line_of,
)
from tests.resources.provider import UNKNOWN, Diffed, Props, Provider, ProviderError
from tests.sandbox.world import (
    AC,
    BIN,
    ORG,
    SUPPORT,
    WEBHOOK,
)

RECORD = {
    "PN1": {"sid": "PN1", "schema": 1, "number": WEBHOOK, "accountSid": AC, "messaging": {}, "voice": {}}
}


ENTRY: Props = {"assistant": "Support", "assistantId": SUPPORT, "answeredBy": "Vapi assistant Support"}


INPUTS: Props = {
    "numbers": {WEBHOOK: ENTRY},
    "owner": "organization/test/dev/fleet",
    "accountSid": AC,
    "orgId": ORG,
    "original": RECORD,
}


OUTS: Props = {**INPUTS, "schema": 1, "summary": {"Vapi assistant Support": 1}}


DIFFS: list[tuple[str, Props, Props, bool | None]] = [
    ("nothing", {}, {}, False),
    ("the provider's pickle", {"__provider": "b2xk"}, {}, False),
    ("the owner", {}, {"owner": "organization/test/dev/renamed", "formerOwners": ["o/p/s"]}, False),
    ("outputs only", {"summary": {}}, {}, False),
    ("drift", {}, {"drift": [f"{WEBHOOK}: texts"]}, None),
    ("an assistant", {}, {"numbers": {WEBHOOK: {**ENTRY, "assistant": "Sales"}}}, None),
    ("who answers", {}, {"numbers": {WEBHOOK: {**ENTRY, "answeredBy": "nobody"}}}, None),
    ("protection", {}, {"numbers": {WEBHOOK: {**ENTRY, "protect": True}}}, None),
    ("one more", {}, {"numbers": {WEBHOOK: ENTRY, BIN: ENTRY}}, None),
    ("one less", {}, {"numbers": {}}, None),
    ("something unknown", {}, {"numbers": {WEBHOOK: {"assistant": UNKNOWN}}}, None),
    ("all unknown", {}, {"numbers": UNKNOWN}, None),
    ("the record", {}, {"original": {"PN1": {**RECORD["PN1"], "source": "leave"}}}, None),
    ("a record not known yet", {}, {"original": UNKNOWN}, None),
    ("a placeholder", {}, {"original": UNRECORDED}, None),
    ("placeholders", {"original": UNRECORDED}, {"original": UNRECORDED}, None),
    ("a number without a record", {"original": {}}, {"original": {}}, None),
]


@pytest.mark.parametrize(
    ("olds", "news", "changes"), [each[1:] for each in DIFFS], ids=[each[0] for each in DIFFS]
)
def test_diff(
    shared: Provider, calm: RunningSandbox, olds: Props, news: Props, *, changes: bool | None
) -> None:
    """False where nothing of ours differs, None where inputs do; never a replacement; offline."""
    before = len(asked(calm))

    assert fleet_life(shared).diff("fleet", {**OUTS, **olds}, {**INPUTS, **news}) == Diffed(changes=changes)
    assert len(asked(calm)) == before


def test_a_newer_records_diff_is_one_line(shared: Provider) -> None:
    """A state that a later version wrote names what to install."""
    newer = {"original": {"PN1": {**RECORD["PN1"], "schema": 99}}}

    with pytest.raises(ProviderError) as caught:
        fleet_life(shared).diff("fleet", {**OUTS, **newer}, INPUTS)

    assert line_of(caught).startswith("the recorded original was written by a newer vapi-sms")
