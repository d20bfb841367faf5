"""A number's diff: offline, and a replacement for another number only."""

from __future__ import annotations

import pytest
from vapi_sms.resources.inputs.words import UNRECORDED
from vapi_sms.sandbox import RunningSandbox

from tests.resources.evidence import asked
from tests.resources.provider import UNKNOWN, Diffed, Props, Provider
from tests.sandbox.world import AC, BIN, ORG, SALES, SUPPORT, WEBHOOK

RECORD = {
    "PN1": {
        "sid": "PN1",
        "schema": 1,
        "number": WEBHOOK,
        "accountSid": AC,
        "messaging": {"url": "https://a.example"},
        "voice": {},
    }
}
INPUTS: Props = {
    "number": WEBHOOK,
    "twilioSid": "PN1",
    "assistant": "Support",
    "assistantId": SUPPORT,
    "squadId": "",
    "smsEnabled": True,
    "voice": "keep",
    "accountSid": AC,
    "orgId": ORG,
    "answeredBy": "Vapi assistant Support",
    "originalSummary": "texts: Webhook https://a.example",
    "owner": "organization/test/dev/support",
    "formerOwners": [],
    "original": RECORD,
}
OUTS: Props = {
    **INPUTS,
    "schema": 1,
    "vapiId": "v",
    "routing": {"texts": "Vapi", "calls": "nothing", "hash": "0"},
}
DIFFS: list[tuple[str, Props, Props, Diffed]] = [
    ("nothing", {}, {}, Diffed(changes=False)),
    ("the provider's pickle", {"__provider": "b2xk"}, {}, Diffed(changes=False)),
    ("the owner", {}, {"owner": "organization/test/dev/renamed"}, Diffed(changes=False)),
    ("former owners", {}, {"formerOwners": ["organization/test/old"]}, Diffed(changes=False)),
    ("outputs only", {"vapiId": "w", "routing": {"hash": "1"}}, {}, Diffed(changes=False)),
    (
        "computed without credentials",
        {},
        {"answeredBy": None, "originalSummary": None},
        Diffed(changes=False),
    ),
    ("drift", {}, {"drift": ["texts: url is a, not b"]}, Diffed(changes=None)),
    ("the assistant", {}, {"assistant": "Sales", "assistantId": SALES}, Diffed(changes=None)),
    ("what its name means", {}, {"assistantId": SALES}, Diffed(changes=None)),
    (
        "a squad for it",
        {},
        {"assistant": None, "assistantId": "", "squad": "E", "squadId": "s"},
        Diffed(changes=None),
    ),
    ("texts", {}, {"smsEnabled": False}, Diffed(changes=None)),
    ("the name", {}, {"name": "Front desk"}, Diffed(changes=None)),
    ("no name any more", {"name": "Front desk"}, {}, Diffed(changes=None)),
    ("calls", {}, {"voice": "vapi"}, Diffed(changes=None)),
    ("something unknown", {}, {"assistant": UNKNOWN, "assistantId": None}, Diffed(changes=None)),
    ("the record", {}, {"original": {"PN1": {**RECORD["PN1"], "source": "leave"}}}, Diffed(changes=None)),
    ("a record not known yet", {}, {"original": UNKNOWN}, Diffed(changes=None)),
    ("a placeholder now", {}, {"original": UNRECORDED}, Diffed(changes=None)),
    ("a placeholder before", {"original": UNRECORDED}, {}, Diffed(changes=None)),
    ("placeholders", {"original": UNRECORDED}, {"original": UNRECORDED}, Diffed(changes=None)),
    ("a record without the number", {}, {"original": {}}, Diffed(changes=None)),
    ("records without the number", {"original": {}}, {"original": {}}, Diffed(changes=None)),
    (
        "the number",
        {},
        {"number": BIN, "twilioSid": "PN2"},
        Diffed(changes=None, replaces=("number", "twilioSid"), delete_before_replace=True),
    ),
    (
        "its SID",
        {},
        {"twilioSid": "PN2"},
        Diffed(changes=None, replaces=("twilioSid",), delete_before_replace=True),
    ),
    ("a number not known yet", {}, {"number": UNKNOWN, "twilioSid": None}, Diffed(changes=None)),
]


@pytest.mark.parametrize(
    ("olds", "news", "expected"), [each[1:] for each in DIFFS], ids=[each[0] for each in DIFFS]
)
def test_diff(shared: Provider, calm: RunningSandbox, olds: Props, news: Props, expected: Diffed) -> None:
    """False where nothing of ours differs, None (with `replaces` for another number) where inputs do; offline."""
    before = len(asked(calm))

    assert shared.number.diff("PN1", {**OUTS, **olds}, {**INPUTS, **news}) == expected
    assert len(asked(calm)) == before
