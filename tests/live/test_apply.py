"""Applying when things go wrong: every step fails in every way; all is as before, or the error says what is not."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from vapi_sms.core.errors import ApplyFailed, NotAsPlanned, ProviderError, VendorRefused, VendorTrouble
from vapi_sms.core.planning.goals import declared_goal, restored_goal, snapshot
from vapi_sms.core.planning.plan import Plan, plan
from vapi_sms.core.values import Desired, Observed, Original, VapiSettings, Voice
from vapi_sms.live.apply import Applied
from vapi_sms.live.engine import EngineGuard
from vapi_sms.live.settings import Settings
from vapi_sms.live.vendors import Vendors
from vapi_sms.sandbox import RunningSandbox

from tests.live.evidence import all_put_back, all_switched, put_back, switched
from tests.resources.evidence import asked, same_for_all, standing, written
from tests.sandbox.world import (
    AC,
    ADDRESS,
    APPLICATION,
    BIN,
    BUNDLE,
    DEMO,
    IDENTITY,
    ORG,
    PROXY,
    REGULATED,
    SALES,
    SILENT,
    STUDIO,
    SUPPORT,
    VAPI_SMS,
    WEBHOOK,
)

TWILIO_POST = {"vendor": "twilio", "method": "POST"}
STEPS: dict[str, dict[str, Any]] = {
    "proof": {**TWILIO_POST, "containing": "FriendlyName"},
    "import": {"vendor": "vapi", "method": "POST"},
    "change": {"vendor": "vapi", "method": "PATCH"},
    "route": {**TWILIO_POST, "containing": "Url"},
    "texts": {**TWILIO_POST, "containing": "SmsUrl"},
    "delete": {"vendor": "vapi", "method": "DELETE"},
}
FAILURES: dict[str, dict[str, Any]] = {
    "500": {"status": 500},
    "500 after": {"status": 500, "effect": True},
    "401": {"status": 401},
    "429": {"status": 429},
    "400": {"status": 400},
    "not JSON after": {"body": "<html>", "effect": True},
    "another shape after": {"body": {}, "effect": True},
    "truncated": {"truncate": 30},
    "hung up before": {"drop": "before"},
    "hung up after": {"drop": "after"},
    "hung up during": {"drop": "during"},
    "silent before": {"delay_ms": 2600},
    "silent after": {"delay_answer_ms": 2600},
}
# One after the other, so that a step that is tried again fails again; or until somebody takes the fault away.
TIMES: dict[str, int | None] = {"once": 1, "for ever": None}

# A busy machine needs longer than this for an honest answer now and then: only where silence is the failure.
SHORT = 2.0

Make = Callable[..., Vendors]


def timeout_of(failure: str) -> float:
    """Give how long to wait for an answer."""
    return SHORT if failure.startswith("silent") else 20.0


@pytest.fixture
def make(settings: Settings) -> Iterator[Make]:
    """Make both vendors as a new process does: with nothing read, and without patience."""
    made: list[Vendors] = []

    def new(timeout: float = 20.0) -> Vendors:
        hasty = replace(settings, patience=0.0, timeout=timeout, settle=0.01)
        made.append(Vendors(hasty, EngineGuard(None, None)))
        return made[-1]

    yield new

    for vendors in made:
        vendors.twilio.close()
        vendors.vapi.close()


def observed(vendors: Vendors, number: str = WEBHOOK) -> Observed:
    """Read a number on both sides."""
    return vendors.observer.observe([number])[number]


def record(vendors: Vendors, number: str = WEBHOOK) -> Original:
    """Record a number as it is."""
    return replace(snapshot(observed(vendors, number)), org_id=ORG)


def handing_over(vendors: Vendors, original: Original, assistant: str = SUPPORT) -> Plan:
    """Plan that an assistant answers texts, and calls are answered as before."""
    found = observed(vendors, original.number)
    wanted = Desired(VapiSettings(assistant_id=assistant, name="Front desk"), Voice.KEEP)
    return plan(found, declared_goal(wanted, original, found, vendors.settings.endpoints))


def giving_back(vendors: Vendors, original: Original) -> Plan:
    """Plan that all is as recorded."""
    found = observed(vendors, original.number)
    return plan(found, restored_goal(original, found))


def adopted(sandbox: RunningSandbox, **settings: object) -> None:
    """Let somebody else have imported the number."""
    usual = {"assistantId": SALES, "name": "Theirs", "smsEnabled": False}
    number = {"number": WEBHOOK, "twilioAccountSid": AC}
    sandbox.outside_vapi("create", org=ORG, set={**number, **usual, **settings})


OURS = {"assistantId": SUPPORT, "name": "Front desk", "smsEnabled": True}
"""The settings that `handing_over` imports with."""


def is_handed_over(sandbox: RunningSandbox, assistant: str = SUPPORT) -> bool:
    """Tell whether the number is as planned on both sides, once."""
    number, records = sandbox.number(WEBHOOK), sandbox.vapi_numbers()
    return (
        number["sms_url"] == VAPI_SMS
        and number["sms_fallback_url"] == "http://127.0.0.1:9/fallback"
        and number["voice_url"] == "http://127.0.0.1:9/voice"
        and number["status_callback"] == "http://127.0.0.1:9/status"
        and [(each["assistantId"], each["name"]) for each in records] == [(assistant, "Front desk")]
    )


def attempt(work: Callable[[], Applied]) -> ProviderError | None:
    """Do it; give the trouble that it ends in, in which no secret shows, not even in a traceback."""
    try:
        work()
    except ProviderError as trouble:
        return _fit(trouble)
    return None


def _fit(trouble: ProviderError) -> ProviderError:
    assert "canary" not in "".join(traceback.format_exception(trouble)) + repr(trouble)
    assert "\n" not in str(trouble)
    return trouble


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("step", ["proof", "import", "route", "texts"])
def test_a_first_switch_that_fails_leaves_all_as_it_was_or_says_what_is_not(
    sandbox: RunningSandbox, make: Make, step: str, failure: str, times: str
) -> None:
    """Law 6, and then law 5: the next run reaches the goal from wherever this one ended, and a destroy gives back."""
    sandbox.behaviour(import_takes_texts=step != "texts")
    vendors = make(timeout_of(failure))
    original, before = record(vendors), standing(sandbox)
    sandbox.fault(**STEPS[step], **FAILURES[failure], count=TIMES[times])

    trouble = attempt(lambda: switched(handing_over(vendors, original), vendors))

    assert any(entry["fault"] for entry in sandbox.journal())
    _held(sandbox, before, trouble)
    _one_import_at_a_time(sandbox)
    _next_run_succeeds(sandbox, make, original)
    put_back(giving_back(vendors := make(), original), vendors)
    assert standing(sandbox) == before


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("step", ["change", "route"])
def test_a_change_that_fails_leaves_all_as_it_was_or_says_what_is_not(
    sandbox: RunningSandbox, make: Make, step: str, failure: str, times: str
) -> None:
    """The same of a number that Vapi knows already: its own settings are put back."""
    adopted(sandbox)
    vendors = make(timeout_of(failure))
    original, before = record(vendors), standing(sandbox)
    sandbox.fault(**STEPS[step], **FAILURES[failure], count=TIMES[times])

    trouble = attempt(lambda: switched(handing_over(vendors, original), vendors))

    assert any(entry["fault"] for entry in sandbox.journal())
    _held(sandbox, before, trouble)
    _next_run_succeeds(sandbox, make, original)
    put_back(giving_back(vendors := make(), original), vendors)
    assert standing(sandbox) == before


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("step", ["route", "delete"])
def test_a_restore_that_fails_goes_on_next_time(
    sandbox: RunningSandbox, make: Make, step: str, failure: str, times: str
) -> None:
    """Nothing is undone on the way back: what is done stays done, and the next run does the rest."""
    vendors = make(timeout_of(failure))
    original, before = record(vendors), standing(sandbox)
    switched(handing_over(vendors, original), vendors)
    vendors = make(timeout_of(failure))
    sandbox.fault(**STEPS[step], **FAILURES[failure], count=TIMES[times])

    trouble = attempt(lambda: put_back(giving_back(vendors, original), vendors))

    assert any(entry["fault"] for entry in sandbox.journal())
    assert trouble is not None or standing(sandbox) == before
    if sandbox.number(WEBHOOK)["sms_url"] == VAPI_SMS:
        assert len(sandbox.vapi_numbers()) == 1, "texts point at a number that Vapi has forgotten"
    sandbox.clear_faults()
    put_back(giving_back(vendors := make(), original), vendors)
    assert standing(sandbox) == before


@pytest.mark.parametrize(
    "failure", ["500 after", "not JSON after", "truncated", "hung up after", "silent after"]
)
def test_a_lost_answer_of_an_import_is_looked_up(sandbox: RunningSandbox, make: Make, failure: str) -> None:
    """It took effect: one POST, then readings, and the switch goes on to its end."""
    vendors = make(timeout_of(failure))
    sandbox.fault(**STEPS["import"], **FAILURES[failure], count=None)

    switched(handing_over(vendors, record(vendors)), vendors)

    assert is_handed_over(sandbox)
    assert asked(sandbox).count("POST vapi /phone-number") == 1


@pytest.mark.parametrize("failure", ["500", "hung up before"])
def test_an_import_that_had_no_effect_is_sent_again_once(
    sandbox: RunningSandbox, make: Make, failure: str
) -> None:
    """Only after two readings have shown that nothing is there."""
    vendors = make()
    sandbox.fault(**STEPS["import"], **FAILURES[failure])

    switched(handing_over(vendors, record(vendors)), vendors)

    assert is_handed_over(sandbox)
    requests = [line for line in asked(sandbox) if "vapi /phone-number" in line or "vapi /v2" in line]
    first = requests.index("POST vapi /phone-number")
    assert requests[first:] == [
        "POST vapi /phone-number",
        "GET vapi /v2/phone-number",
        "GET vapi /v2/phone-number",
        "POST vapi /phone-number",
    ]


def test_our_own_unfinished_import_is_taken_up(sandbox: RunningSandbox, make: Make) -> None:
    """An earlier run imported it and was killed: "already exists" leads to that record, which bears our settings."""
    vendors = make()
    planned = handing_over(vendors, record(vendors))
    adopted(sandbox, **OURS)
    sandbox.clear_journal()

    switched(planned, vendors)

    assert is_handed_over(sandbox)
    assert not [line for line in written(sandbox) if line.startswith("PATCH")]


@pytest.mark.parametrize("theirs", [{}, {**OURS, "assistantId": SALES}, {**OURS, "name": "Theirs"}])
def test_somebody_elses_import_is_left_alone(
    sandbox: RunningSandbox, make: Make, theirs: dict[str, Any]
) -> None:
    """Since our reading somebody imported it with other settings: that is not ours to change."""
    vendors = make()
    planned = handing_over(vendors, record(vendors))
    adopted(sandbox, **theirs)
    before = standing(sandbox)

    with pytest.raises(ApplyFailed, match="imported by somebody else since it was looked at"):
        switched(planned, vendors)

    assert standing(sandbox) == before


def test_an_import_of_the_run_that_recorded_the_number_is_nobodys_of_ours(
    sandbox: RunningSandbox, make: Make
) -> None:
    """No run of ours came before the one that records a number: what is there by then is another stack's."""
    vendors = make()
    original = record(vendors)
    vendors.recorded_now.add(original.sid)
    planned = handing_over(vendors, original)
    adopted(sandbox, **OURS)
    before = standing(sandbox)

    with pytest.raises(ApplyFailed, match="imported by somebody else since it was looked at"):
        switched(planned, vendors)

    assert standing(sandbox) == before


def test_what_cannot_be_put_back_is_named_with_its_value_before(sandbox: RunningSandbox, make: Make) -> None:
    """Twilio takes no write any more after the import: who answered is told, for both channels, without a secret."""
    vendors = make()
    planned = handing_over(vendors, record(vendors))
    sandbox.fault(**STEPS["route"], status=500, count=None)

    with pytest.raises(ApplyFailed) as caught:
        switched(planned, vendors)

    assert caught.value.undo_trouble is not None
    assert [same_for_all(one) for one in caught.value.unrestored] == [
        f"texts: url is {VAPI_SMS}, not http://127.0.0.1:9/sms?tenant=***#rc=1",
        "calls: url is https://api.vapi.ai/twilio/inbound_call, not http://127.0.0.1:9/voice",
        "calls: status_callback is https://api.vapi.ai/twilio/status, not http://127.0.0.1:9/status",
        f"Vapi knows the number as {sandbox.vapi_numbers()[0]['id']}, which it did not before",
    ]
    line = same_for_all(str(caught.value))
    assert line.startswith(
        f"{WEBHOOK}: Writing the voice routing of {WEBHOOK}: Twilio failed: Internal "
        "Server Error (Twilio "
        "20500, request RQ...). See status.twilio.com, then run the same command again. Not put back: texts: url is "
    )
    assert line.endswith(
        "The original is still recorded: run `pulumi up` again to finish, or `pulumi destroy` to put it back."
    )


def test_a_number_that_cannot_be_read_any_more_is_told_whole(sandbox: RunningSandbox, make: Make) -> None:
    """Twilio is gone after the import: the error says who answered before."""
    vendors = make()
    planned = handing_over(vendors, record(vendors))
    sandbox.fault(vendor="twilio", skip=1, status=503, count=None)

    with pytest.raises(ApplyFailed) as caught:
        switched(planned, vendors)

    (left,) = caught.value.unrestored
    assert same_for_all(left) == (
        "unknown, since it cannot be read; before: texts: Webhook http://127.0.0.1:9/sms?tenant=***#rc=1 (fallback "
        "Webhook http://127.0.0.1:9/fallback); calls: Webhook http://127.0.0.1:9/voice (fallback Webhook "
        "http://127.0.0.1:9/voice-fallback); not in Vapi"
    )


def test_a_refused_first_write_changes_nothing_and_says_so(sandbox: RunningSandbox, make: Make) -> None:
    """A key that may not write is found out before Vapi overwrites anything."""
    vendors = make()
    before = standing(sandbox)
    sandbox.fault(**STEPS["proof"], status=403, count=None)

    with pytest.raises(ApplyFailed) as caught:
        switched(handing_over(vendors, record(vendors)), vendors)

    assert same_for_all(str(caught.value)) == (
        f"{WEBHOOK}: Proving on {WEBHOOK} that our key may write: Forbidden (Twilio 20003, request "
        "RQ...). The key may not "
        "do this: it needs to read and update phone numbers, and to read TwiML Apps and Messaging "
        "Services. Nothing was "
        "changed."
    )
    assert standing(sandbox) == before
    assert "POST vapi /phone-number" not in asked(sandbox)


def test_something_that_rewrites_is_found_out(sandbox: RunningSandbox, make: Make) -> None:
    """Law 3: not as planned after the last write, written once more; then both values are told, all is put back."""
    vendors = make()
    original, before = record(vendors), standing(sandbox)
    answer = {**sandbox.number(WEBHOOK), "sms_url": "https://rewriter.example/sms?key=url-canary"}
    sandbox.fault(**STEPS["route"], body=answer, effect=True, count=2)

    with pytest.raises(ApplyFailed) as caught:
        switched(handing_over(vendors, original), vendors)

    assert isinstance(caught.value.cause, NotAsPlanned)
    assert same_for_all(str(caught.value)) == (
        f"{WEBHOOK}: {WEBHOOK} is not as planned after the last write: planned texts answered by "
        "Vapi (fallback Webhook "
        "http://127.0.0.1:9/fallback) and calls answered by Webhook http://127.0.0.1:9/voice (fallback Webhook "
        "http://127.0.0.1:9/voice-fallback); found texts: url is https://rewriter.example/sms?key=***, not "
        f"{VAPI_SMS}. Something else writes to this number: find out what, then run the same "
        "command again. The number is "
        "back as it was before; run the same command again."
    )
    assert standing(sandbox) == before


@pytest.mark.parametrize("once", [True, False], ids=["once", "again and again"])
def test_what_vapi_rewrites_after_us_is_written_once_more(
    sandbox: RunningSandbox, make: Make, *, once: bool
) -> None:
    """A PATCH that takes calls away is answered with our own write; two surprises in a row are an error."""
    adopted(sandbox)
    sandbox.behaviour(patch_rewrites_voice=True, patch_rewrites_sms=True)
    vendors = make()
    original, before = record(vendors), standing(sandbox)
    if not once:
        answer = {**sandbox.number(WEBHOOK), "voice_url": "https://rewriter.example/voice"}
        sandbox.fault(**STEPS["route"], body=answer, effect=True, count=2)

    trouble = attempt(lambda: switched(handing_over(vendors, original), vendors))

    assert is_handed_over(sandbox) == once
    assert isinstance(trouble, ApplyFailed) != once
    put_back(giving_back(vendors := make(), original), vendors)
    assert standing(sandbox) == before


BEHAVIOURS: list[dict[str, Any]] = [
    {"delete": "clears"},
    {"delete": "resets"},
    {"patch_rewrites_sms": True, "patch_rewrites_voice": True},
    {"import_clears_application": True, "import_clears_fallback": True, "import_clears_trunk": True},
    {"delete": "resets", "patch_rewrites_voice": True, "import_clears_fallback": True},
]


@pytest.mark.parametrize("number", [WEBHOOK, STUDIO, APPLICATION, SILENT, DEMO, REGULATED])
@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=range(len(BEHAVIOURS)))
def test_whatever_vapi_does_at_twilio_the_outcome_is_the_same(
    sandbox: RunningSandbox, make: Make, behaviour: dict[str, Any], number: str
) -> None:
    """Handed over, changed, failed and undone, given back: byte for byte, and planning again is empty."""
    sandbox.behaviour(**behaviour)
    vendors = make()
    original, before = record(vendors, number), standing(sandbox)

    switched(handing_over(vendors, original), vendors)
    assert handing_over(make(), original).is_empty
    switched(handing_over(vendors := make(), original, SALES), vendors)
    assert handing_over(make(), original, SALES).is_empty
    assert sandbox.number(number)["sms_url"] == VAPI_SMS
    assert sandbox.number(number)["sms_application_sid"] == ""
    handed_over = standing(sandbox)
    sandbox.fault(**STEPS["change"], status=500, effect=True)
    assert attempt(lambda: switched(handing_over(vendors := make(), original), vendors)) is not None
    assert standing(sandbox) == handed_over

    put_back(giving_back(vendors := make(), original), vendors)
    assert standing(sandbox) == before
    assert giving_back(make(), original).is_empty


def test_a_regulated_number_brings_its_own_sids_once(sandbox: RunningSandbox, make: Make) -> None:
    """Asked for them, we send the SIDs that the number holds; they are not sent unasked, and not a third time."""
    vendors = make()
    switched(handing_over(vendors, record(vendors, REGULATED)), vendors)

    sent = [
        {name: entry["parameters"].get(name) for name in ("AddressSid", "IdentitySid", "BundleSid")}
        for entry in sandbox.journal()
        if entry["vendor"] == "twilio" and "VoiceUrl" in entry["parameters"]
    ]
    own = {"AddressSid": ADDRESS, "IdentitySid": IDENTITY, "BundleSid": BUNDLE}
    assert sent == [dict.fromkeys(own), own]
    assert sandbox.number(REGULATED)["sms_url"] == VAPI_SMS


def test_a_regulated_number_without_its_sids_is_refused_and_back(sandbox: RunningSandbox, make: Make) -> None:
    """There is nothing to send along: Twilio's refusal is told, and what Vapi did is undone."""
    vendors = make()
    planned = handing_over(vendors, record(vendors, WEBHOOK))
    before = standing(sandbox)
    sandbox.fault(
        **STEPS["route"], status=400, body={"code": 21631, "message": "Address required", "status": 400}
    )

    with pytest.raises(ApplyFailed) as caught:
        switched(planned, vendors)

    assert isinstance(caught.value.cause, VendorRefused)
    assert same_for_all(str(caught.value)) == (
        f"{WEBHOOK}: Writing the voice routing of {WEBHOOK}: Address required (Twilio "
        "21631, request RQ...). "
        "The rules for this number ask for an address: complete it in Twilio's Console (Phone Numbers, Regulatory "
        "Compliance), name it with address_sid= where a TwilioSmsRoute declares the number, then run the same command "
        "again. The number is back as it was before; run the same command again."
    )
    assert standing(sandbox) == before


def test_many_are_switched_side_by_side_and_each_fails_alone(sandbox: RunningSandbox, make: Make) -> None:
    """One number's failure is its own: it is put back and named, the others are handed over."""
    vendors = make()
    numbers = [WEBHOOK, STUDIO, BIN, PROXY, DEMO, SILENT, APPLICATION]
    found = vendors.observer.observe(numbers)
    originals = {number: replace(snapshot(found[number]), org_id=ORG) for number in numbers}
    before = standing(sandbox)
    sandbox.fault(**STEPS["import"], containing=BIN, status=400, body={"message": "no"}, count=None)

    outcomes = all_switched({n: handing_over(vendors, originals[n]) for n in numbers}, vendors)

    assert {n for n, outcome in outcomes.items() if isinstance(outcome, ProviderError)} == {BIN}
    assert str(outcomes[BIN]).endswith("Nothing was changed.")
    assert {each["number"] for each in sandbox.vapi_numbers()} == {*numbers} - {BIN}
    assert standing(sandbox)["numbers"][BIN] == before["numbers"][BIN]
    assert written(sandbox).count("POST vapi /phone-number") == len(numbers)
    vendors = make()
    given_back = all_put_back({n: giving_back(vendors, originals[n]) for n in numbers}, vendors)
    assert [outcome for outcome in given_back.values() if isinstance(outcome, ProviderError)] == []
    assert standing(sandbox) == before


def test_one_at_a_time_where_that_is_wanted(sandbox: RunningSandbox, make: Make) -> None:
    """With a concurrency of 1 a number is switched when the one before is done."""
    vendors = make()
    vendors.settings = replace(vendors.settings, concurrency=1)
    found = vendors.observer.observe([WEBHOOK, STUDIO, BIN])
    originals = {number: replace(snapshot(reading), org_id=ORG) for number, reading in found.items()}
    sandbox.clear_journal()

    all_switched({n: handing_over(vendors, each) for n, each in originals.items()}, vendors)

    writes = [line.split()[1] for line in written(sandbox) if "POST" in line]
    assert writes == ["twilio", *("vapi", "twilio") * 3]  # the proof, then each number's import and route


def test_the_proof_is_written_once_a_process(sandbox: RunningSandbox, make: Make) -> None:
    """Before the first import, and then no more: the key has shown that it may write."""
    vendors = make()

    for number in (WEBHOOK, STUDIO):
        switched(handing_over(vendors, record(vendors, number)), vendors)

    proofs = [each for each in sandbox.journal() if "FriendlyName" in each["parameters"]]
    assert len(proofs) == 1
    assert [each["method"] for each in sandbox.journal() if each["method"] != "GET"][:2] == ["POST", "POST"]


def test_nothing_is_surprising_costs_two_writes(sandbox: RunningSandbox, make: Make) -> None:
    """After the proof, a number costs one write at Vapi and one at Twilio, and no reading of its own."""
    vendors = make()
    switched(handing_over(vendors, record(vendors)), vendors)
    vendors.observer.observe([STUDIO, BIN])
    planned = handing_over(vendors, record(vendors, STUDIO))
    sandbox.clear_journal()

    switched(planned, vendors)

    sid = sandbox.number(STUDIO)["sid"]
    assert asked(sandbox) == [
        "POST vapi /phone-number",
        f"POST twilio /2010-04-01/Accounts/{AC}/IncomingPhoneNumbers/{sid}.json",
    ]


def _held(sandbox: RunningSandbox, before: dict[str, Any], trouble: ProviderError | None) -> None:
    """Hold the outcome to law 6: handed over, or as it was, or the error names what is left."""
    if trouble is None:
        assert is_handed_over(sandbox)
        return
    assert isinstance(trouble, ApplyFailed)
    assert isinstance(trouble.cause, VendorTrouble | NotAsPlanned)
    if standing(sandbox) == before:
        assert trouble.unrestored == (), "it names what is back in truth"
        return
    assert trouble.unrestored != (), f"not as before, and not told: {trouble}"
    assert trouble.changed
    _names_what_is_left(sandbox, before, trouble)


def _names_what_is_left(sandbox: RunningSandbox, before: dict[str, Any], trouble: ApplyFailed) -> None:
    told = "; ".join(trouble.unrestored)
    if "unknown" in told:
        assert "texts: Webhook" in told
        return
    then, now = before["numbers"][WEBHOOK], standing(sandbox)["numbers"][WEBHOOK]
    for field in ("sms_url", "voice_url", "status_callback"):
        if then[field] != now[field]:
            assert then[field].partition("?")[0] in told
    if sandbox.vapi_numbers() and not before["vapi"]:
        assert "which it did not before" in told


def _one_import_at_a_time(sandbox: RunningSandbox) -> None:
    """No import is sent again before a reading has shown that nothing is there."""
    requests = [line for line in asked(sandbox) if line.startswith(("POST vapi", "GET vapi /v2/"))]
    assert [here for here, next_ in pairwise(requests) if here == next_ == "POST vapi /phone-number"] == []
    assert sum("POST" in line for line in requests) <= 2
    assert len(sandbox.vapi_numbers()) <= 1


def _next_run_succeeds(sandbox: RunningSandbox, make: Make, original: Original) -> None:
    sandbox.clear_faults()
    vendors = make()
    switched(handing_over(vendors, original), vendors)
    assert is_handed_over(sandbox)
    assert handing_over(make(), original).is_empty
    assert json.dumps(sandbox.faults()) == "[]"
